package paper

import (
	"image"
	"strconv"
	"strings"

	"yimen/kiosk/typeface"
)

// A4 with room to bind on the left.
const (
	pageWidth, pageHeight = 210.0, 297.0
	Left, Right           = 25.0, 190.0 // edges of the text
	top, bottom           = 28.0, 272.0
	Width                 = Right - Left
)

// Size of type in points, and the distance of lines as a multiple of it.
const (
	Body    = 10.5 // 五号, the size of printed official forms
	Small   = 8.0
	Heading = 15.0 // 小三
	Title   = 22.0 // 二号
	leading = 1.6
)

// Gray is how much ink: 0 black to 1 white.
type Gray float64

const (
	Black Gray = 0
	Faint Gray = 0.38
	line  Gray = 0.55
	tint  Gray = 0.945
)

// Book is pages being filled from top to bottom. The first error of a font stops it and comes out of PDF.
type Book struct {
	measure
	running Running
	sheets  []*sheet
	page    int     // being filled, from 1
	y       float64 // where the next thing goes on it
	marks   []mark
}

// Running stands on every page.
type Running struct {
	HeadLeft, HeadRight string
	Foot                func(page, of int) string
}

// mark is a chapter's heading, for the tables of contents.
type mark struct {
	text string
	at   Place
}

// sheet is one page as a list of what is drawn on it.
type sheet struct{ ops []op }

// op is one of the following.
type op interface{ op() }

type textOp struct {
	x, y   float64 // of the baseline's left end
	text   string
	size   float64
	weight Weight
	gray   Gray
}

type boxOp struct {
	x, y, w, h float64
	fill       bool // else a frame
	gray       Gray
	pen        float64
}

type strokeOp struct {
	points []Point
	pen    float64
	gray   Gray
}

type jpegOp struct {
	x, y, w, h float64
	data       []byte
}

func (textOp) op()   {}
func (boxOp) op()    {}
func (strokeOp) op() {}
func (jpegOp) op()   {}

// Point is a place in a drawing, in millimetres.
type Point struct{ X, Y float64 }

// New begins a book with an empty page.
func New(faces *typeface.Faces, running Running) *Book {
	b := &Book{measure: measure{faces: faces, advances: map[advanceKey]float64{}}, running: running}
	b.NewPage()
	return b
}

// NewPage goes on at the top of a fresh page.
func (b *Book) NewPage() {
	b.sheets = append(b.sheets, &sheet{})
	b.page, b.y = len(b.sheets), top
}

// Place is where something can be added later, when the rest of the book is known.
type Place struct {
	page int
	y    float64
}

// Here gives the place where the next thing goes.
func (b *Book) Here() Place { return Place{b.page, b.y} }

// Resume goes on at a place.
func (b *Book) Resume(at Place) { b.page, b.y = at.page, at.y }

// Room goes to a fresh page unless height is left on this one. What is higher than a page begins one.
func (b *Book) Room(height float64) {
	if b.y+height > bottom && b.y > top {
		b.NewPage()
	}
}

// Space leaves a gap, but none at the top of a page.
func (b *Book) Space(height float64) {
	if b.y > top {
		b.y += height
	}
}

func (b *Book) draw(o op) {
	s := b.sheets[b.page-1]
	s.ops = append(s.ops, o)
}

// lineHeight is the distance of lines of a size, in millimetres.
func lineHeight(size float64) float64 { return size * mmPerPoint * leading }

// baseline is how far below a line's top its characters stand.
func baseline(size float64) float64 { return size * mmPerPoint * ((leading-1)/2 + 0.88) }

// Align of a line within its width.
type Align int

const (
	AlignLeft Align = iota
	AlignCentre
	AlignRight
)

// Type says how text looks.
type Type struct {
	Size   float64
	Weight Weight
	Align  Align
	Gray   Gray
	Indent int // ems before the first line, as Chinese paragraphs have two
}

// Para sets a paragraph over the full width, going on to a fresh page as needed.
func (b *Book) Para(text string, t Type) {
	for _, l := range b.wrap(text, t, Width) {
		b.Room(lineHeight(t.Size))
		b.place(l, t, Left, Width, b.y)
		b.y += lineHeight(t.Size)
	}
}

// wrap breaks a paragraph; the indent is of ideographic blanks, which stay in the text that a search sees.
func (b *Book) wrap(text string, t Type, width float64) []string {
	for range t.Indent {
		text = "　" + text
	}
	return b.lines(text, t.Size, t.Weight, width)
}

// place draws one line whose top is y.
func (b *Book) place(text string, t Type, x, width, y float64) {
	if text == "" {
		return
	}
	switch free := width - b.width(text, t.Size, t.Weight); t.Align {
	case AlignCentre:
		x += free / 2
	case AlignRight:
		x += free
	}
	b.draw(textOp{x, y + baseline(t.Size), text, t.Size, t.Weight, t.Gray})
}

// Chapter begins a part of the document with a heading that the reader's table of contents shows.
func (b *Book) Chapter(text string) {
	b.Space(6)
	b.Room(40) // never a heading at the foot of a page
	b.marks = append(b.marks, mark{text, b.Here()})
	b.Para(text, Type{Size: Heading, Weight: Bold})
	b.draw(strokeOp{[]Point{{Left, b.y + 0.5}, {Right, b.y + 0.5}}, 0.5, Black})
	b.y += 3.5
}

// Contents lists the chapters with their pages.
func (b *Book) Contents(heading string) {
	const inset = 20
	b.Para(heading, Type{Size: 13, Weight: Bold, Align: AlignCentre})
	b.y += 2
	for _, m := range b.marks {
		page := strconv.Itoa(m.at.page)
		look := Type{Size: 12}
		b.place(m.text, look, Left+inset, Width-2*inset, b.y)
		from := Left + inset + b.width(m.text, look.Size, look.Weight) + 3
		to := Right - inset - b.width(page, look.Size, look.Weight) - 3
		b.draw(strokeOp{[]Point{{from, b.y + baseline(look.Size)}, {to, b.y + baseline(look.Size)}}, 0.15, line})
		b.place(page, Type{Size: look.Size, Align: AlignRight}, Left+inset, Width-2*inset, b.y)
		b.y += lineHeight(look.Size) + 1
	}
}

// Missing lists the characters so far that no font draws and that stand as boxes.
func (b *Book) Missing() []rune {
	var all strings.Builder
	for _, s := range b.sheets {
		for _, o := range s.ops {
			if t, ok := o.(textOp); ok {
				all.WriteString(t.text)
			}
		}
	}
	return b.faces.Missing(styles[Regular], all.String())
}

// Code draws a square of black and white modules at x, y, side wide.
func (b *Book) Code(modules [][]bool, x, y, side float64) {
	size := side / float64(len(modules))
	for r, row := range modules {
		for c := 0; c < len(row); c++ {
			from := c
			for c < len(row) && row[c] {
				c++
			}
			if c > from { // a run of black as one box: no hairlines between
				b.draw(boxOp{x + float64(from)*size, y + float64(r)*size, float64(c-from) * size, size, true, Black, 0})
			}
		}
	}
}

// Strokes draws pen strokes into a frame at the left, scaled from a pad of that size to the frame's height.
func (b *Book) Strokes(strokes [][]Point, pad Point, x, y, height float64) (width float64) {
	scale := height / pad.Y
	width = pad.X * scale
	b.draw(boxOp{x, y, width, height, false, line, 0.2})
	for _, s := range strokes {
		points := make([]Point, len(s))
		for i, p := range s {
			points[i] = Point{x + p.X*scale, y + p.Y*scale}
		}
		b.draw(strokeOp{points, 0.55, Black})
	}
	return width
}

// Picture draws a JPEG as large as fits below, centred, in a thin frame. size is the picture's in pixels.
func (b *Book) Picture(data []byte, size image.Point) {
	w, h := Width, bottom-b.y
	if scale := min(w/float64(size.X), h/float64(size.Y)); size.X > 0 && size.Y > 0 {
		w, h = float64(size.X)*scale, float64(size.Y)*scale
	}
	x := Left + (Width-w)/2
	b.draw(jpegOp{x, b.y, w, h, data})
	b.draw(boxOp{x, b.y, w, h, false, line, 0.2})
	b.y += h
}

// Skip moves down, at the top of a page too.
func (b *Book) Skip(height float64) { b.y += height }

// Stamp puts words in a double frame at the top right corner of the text.
func (b *Book) Stamp(text string) {
	look := Type{Size: 13, Weight: Bold, Align: AlignCentre}
	w, h := b.width(text, look.Size, look.Weight)+10, lineHeight(look.Size)+2
	x, y := Right-w, top-4.5
	if b.page == 1 {
		x, y = Left, top
	}
	b.draw(boxOp{x, y, w, h, false, Black, 0.6})
	b.draw(boxOp{x + 1, y + 1, w - 2, h - 2, false, Black, 0.2})
	b.place(text, look, x, w, y+1)
}

// Signed draws what was written on a pad, with a label beside it.
func (b *Book) Signed(label string, strokes [][]Point, pad Point, height float64) {
	b.Room(height + 50) // with the table that tells about it
	look := Type{Size: Body, Weight: Bold}
	b.place(label, look, Left, 34, b.y+height/2-lineHeight(Body)/2)
	b.Strokes(strokes, pad, Left+34, b.y, height)
	b.y += height + 3
}
