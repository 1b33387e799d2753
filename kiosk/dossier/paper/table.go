package paper

const (
	padX, padY = 2.0, 1.1 // between a cell's edge and its text
	rule       = 0.2      // thickness of a table's lines
)

// Cell of a table.
type Cell struct {
	Text string
	Note string // smaller, below
	Head bool   // a label: tinted
	Type Type   // zero: body type
}

func (c Cell) look() Type {
	t := c.Type
	if t.Size == 0 {
		t.Size = Body
	}
	return t
}

// Row sets cells side by side in a frame; widths are in millimetres and add up to Width. A row is never torn: it goes
// to a fresh page when it does not fit, and is cut to a page's lines only when it is higher than a page.
func (b *Book) Row(widths []float64, cells []Cell) {
	height, texts, notes := 0.0, make([][]string, len(cells)), make([][]string, len(cells))
	for i, c := range cells {
		inner := widths[i] - 2*padX
		texts[i] = b.wrap(c.Text, c.look(), inner)
		if c.Note != "" {
			notes[i] = b.wrap(c.Note, noteType, inner)
		}
		h := float64(len(texts[i]))*lineHeight(c.look().Size) + float64(len(notes[i]))*lineHeight(Small)
		height = max(height, h+2*padY)
	}
	b.Room(height)
	x := Left
	for i, c := range cells {
		if c.Head {
			b.draw(boxOp{x, b.y, widths[i], height, true, tint, 0})
		}
		b.draw(boxOp{x, b.y, widths[i], height, false, line, rule})
		y := b.y + padY
		if c.Head || len(notes[i]) == 0 { // in the middle of the row
			y = b.y + (height-float64(len(texts[i]))*lineHeight(c.look().Size)-float64(len(notes[i]))*lineHeight(Small))/2
		}
		for _, l := range texts[i] {
			b.place(l, c.look(), x+padX, widths[i]-2*padX, y)
			y += lineHeight(c.look().Size)
		}
		for _, l := range notes[i] {
			b.place(l, noteType, x+padX, widths[i]-2*padX, y)
			y += lineHeight(Small)
		}
		x += widths[i]
	}
	b.y += height
}

var noteType = Type{Size: Small, Gray: Faint}

// Field is one line of a form.
type Field struct{ Label, Value string }

// Fields sets labels and values as a form has them: two pairs to a row where both are short, one where not.
func (b *Book) Fields(fields []Field) {
	const label, value = 34.0, Width/2 - 34.0
	short := func(f Field) bool {
		return len(b.wrap(f.Label, Type{Size: Body}, label-2*padX)) <= 2 && len(b.wrap(f.Value, Type{Size: Body}, value-2*padX)) == 1
	}
	for i := 0; i < len(fields); i++ {
		f := fields[i]
		if i+1 < len(fields) && short(f) && short(fields[i+1]) {
			next := fields[i+1]
			b.Row([]float64{label, value, label, value}, []Cell{{Text: f.Label, Head: true}, {Text: f.Value}, {Text: next.Label, Head: true}, {Text: next.Value}})
			i++
			continue
		}
		b.Row([]float64{label, Width - label}, []Cell{{Text: f.Label, Head: true}, {Text: f.Value}})
	}
}

// Band is a table's heading over its full width.
func (b *Book) Band(text string) {
	b.Room(24) // at least a row or two below it
	b.Row([]float64{Width}, []Cell{{Text: text, Head: true, Type: Type{Size: Body, Weight: Bold}}})
}
