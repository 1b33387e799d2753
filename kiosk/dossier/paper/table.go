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

// cell is a Cell broken into lines.
type cell struct {
	Cell
	text, note []string
}

func (c cell) height() float64 {
	return float64(len(c.text))*lineHeight(c.look().Size) + float64(len(c.note))*lineHeight(Small)
}

// lay breaks a row's texts and tells how high the row is.
func (b *Book) lay(widths []float64, cells []Cell) (row []cell, height float64) {
	for i, c := range cells {
		inner := widths[i] - 2*padX
		laid := cell{Cell: c, text: b.wrap(c.Text, c.look(), inner)}
		if c.Note != "" {
			laid.note = b.wrap(c.Note, noteType, inner)
		}
		row, height = append(row, laid), max(height, laid.height()+2*padY)
	}
	return row, height
}

// Row sets cells side by side in a frame; widths are in millimetres and add up to Width. A row is never torn: it goes
// to a fresh page when it does not fit; no text of a table is higher than a page.
func (b *Book) Row(widths []float64, cells []Cell) {
	row, height := b.lay(widths, cells)
	b.Room(height)
	b.set(widths, row, height)
}

// Table sets rows under a head that stands again on every page.
func (b *Book) Table(widths []float64, head []Cell, rows [][]Cell) {
	b.Room(24)
	b.Row(widths, head)
	for _, cells := range rows {
		row, height := b.lay(widths, cells)
		if b.y+height > bottom {
			b.NewPage()
			b.Row(widths, head)
		}
		b.set(widths, row, height)
	}
}

// set draws a row where the book stands.
func (b *Book) set(widths []float64, row []cell, height float64) {
	x := Left
	for i, c := range row {
		if c.Head {
			b.draw(boxOp{x, b.y, widths[i], height, true, tint, 0})
		}
		b.draw(boxOp{x, b.y, widths[i], height, false, line, rule})
		y := b.y + (height-c.height())/2
		for _, l := range c.text {
			b.place(l, c.look(), x+padX, widths[i]-2*padX, y)
			y += lineHeight(c.look().Size)
		}
		for _, l := range c.note {
			b.place(l, noteType, x+padX, widths[i]-2*padX, y)
			y += lineHeight(Small)
		}
		x += widths[i]
	}
	b.y += height
}

var noteType = Type{Size: Small, Gray: Faint}

// Field is one line of a form. Fine sets the value in small type, as for digests.
type Field struct {
	Label, Value string
	Fine         bool
}

func (f Field) cell() Cell {
	if f.Fine {
		return Cell{Text: f.Value, Type: Type{Size: Small}}
	}
	return Cell{Text: f.Value}
}

// Fields sets labels and values as a form has them: two pairs to a row where both are short, one where not.
func (b *Book) Fields(fields []Field) {
	const label, value = 34.0, Width/2 - 34.0
	short := func(f Field) bool {
		return len(b.wrap(f.Label, Type{Size: Body}, label-2*padX)) <= 2 && len(b.wrap(f.Value, f.cell().look(), value-2*padX)) == 1
	}
	for i := 0; i < len(fields); i++ {
		f := fields[i]
		if i+1 < len(fields) && short(f) && short(fields[i+1]) {
			next := fields[i+1]
			b.Row([]float64{label, value, label, value}, []Cell{{Text: f.Label, Head: true}, f.cell(), {Text: next.Label, Head: true}, next.cell()})
			i++
			continue
		}
		b.Row([]float64{label, Width - label}, []Cell{{Text: f.Label, Head: true}, f.cell()})
	}
}

// Band is a table's heading over its full width.
func (b *Book) Band(text string) {
	b.Room(24) // at least a row or two below it
	b.Row([]float64{Width}, []Cell{{Text: text, Head: true, Type: Type{Size: Body, Weight: Bold}}})
}
