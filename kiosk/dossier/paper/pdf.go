package paper

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/jung-kurt/gofpdf"
)

// About is what the file says of itself.
type About struct {
	Title string
	At    time.Time // made when; the file has no other clock
}

// PDF writes the book. The same book gives the same bytes.
func (b *Book) PDF(about About) ([]byte, error) {
	for i, s := range b.sheets {
		b.frame(s, i+1)
	}
	if b.err != nil {
		return nil, fmt.Errorf("set pages: %w", b.err)
	}
	p := painter{pdf: gofpdf.New("P", "mm", "A4", ""), codes: map[Weight]map[rune]uint16{}}
	p.pdf.SetCatalogSort(true)
	p.pdf.SetCreationDate(about.At.UTC())
	p.pdf.SetModificationDate(about.At.UTC())
	p.pdf.SetTitle(simple(about.Title), true)
	p.pdf.SetMargins(0, 0, 0)
	p.pdf.SetAutoPageBreak(false, 0)
	p.pdf.SetLineCapStyle("round")
	p.pdf.SetLineJoinStyle("round")
	if err := p.embed(b); err != nil {
		return nil, fmt.Errorf("embed fonts: %w", err)
	}
	mark := 0
	for i, s := range b.sheets {
		p.pdf.AddPage()
		for ; mark < len(b.marks) && b.marks[mark].at.page == i+1; mark++ {
			p.pdf.SetFont(family, "", Body) // the outline is written in the current font's encoding
			p.pdf.Bookmark(simple(b.marks[mark].text), 0, b.marks[mark].at.y)
		}
		for _, o := range s.ops {
			p.paint(o)
		}
	}
	var out bytes.Buffer
	if err := p.pdf.Output(&out); err != nil {
		return nil, fmt.Errorf("write PDF: %w", err)
	}
	return out.Bytes(), nil
}

// simple leaves out what gofpdf's own conversion to UTF-16 stumbles over, in texts that it writes outside of pages.
func simple(text string) string {
	return strings.Map(func(r rune) rune {
		if r > 0xFFFF {
			return '〓'
		}
		return r
	}, strings.ToValidUTF8(text, "〓"))
}

// frame puts head and foot on a page, now that the number of pages is known.
func (b *Book) frame(s *sheet, page int) {
	look := Type{Size: Small, Gray: Faint}
	put := func(text string, align Align, y float64) {
		x := Left
		switch free := Width - b.width(text, look.Size, look.Weight); align {
		case AlignCentre:
			x += free / 2
		case AlignRight:
			x += free
		}
		s.ops = append(s.ops, textOp{x, y, text, look.Size, look.Weight, look.Gray})
	}
	put(b.running.HeadLeft, AlignLeft, 18)
	put(b.running.HeadRight, AlignRight, 18)
	s.ops = append(s.ops, strokeOp{[]Point{{Left, 20}, {Right, 20}}, rule, line})
	put(b.running.Foot(page, len(b.sheets)), AlignCentre, 284)
}

// painter draws ops with gofpdf.
type painter struct {
	pdf      *gofpdf.Fpdf
	codes    map[Weight]map[rune]uint16 // under which code the embedded font has a character
	pictures int
}

const family = "dossier"

var fontStyle = map[Weight]string{Regular: "", Bold: "B"}

// embed makes fonts of the characters that the book uses and hands them over.
func (p *painter) embed(b *Book) error {
	used := map[Weight]map[rune]bool{Regular: {}, Bold: {}}
	for _, s := range b.sheets {
		for _, o := range s.ops {
			if t, ok := o.(textOp); ok {
				for _, r := range t.text {
					used[t.weight][r] = true
				}
			}
		}
	}
	for _, weight := range []Weight{Regular, Bold} {
		codes := encode(used[weight])
		p.codes[weight] = codes
		glyphs := map[uint16]rune{' ': ' '}
		for r, code := range codes {
			glyphs[code] = r
		}
		font, err := b.faces.TrueType(styles[weight], glyphs)
		if err != nil {
			return err
		}
		p.pdf.AddUTF8FontFromBytes(family, fontStyle[weight], font)
	}
	return p.pdf.Error()
}

// encode gives each character a code of 16 bits: its own, or a private one where it lies beyond the first plane. A
// private character of the text itself keeps its code.
func encode(used map[rune]bool) map[rune]uint16 {
	codes := map[rune]uint16{}
	private := rune(0xE000)
	for _, r := range slices.Sorted(maps.Keys(used)) {
		switch {
		case r < 0x20: // a control character draws nothing
		case r < 0xFFFF:
			codes[r] = uint16(r)
		default:
			for used[private] {
				private++
			}
			codes[r] = uint16(private)
			private++
		}
	}
	return codes
}

func (p *painter) paint(o op) {
	switch o := o.(type) {
	case textOp:
		p.text(o)
	case boxOp:
		if o.fill {
			p.pdf.SetFillColor(ink(o.gray))
			p.pdf.Rect(o.x, o.y, o.w, o.h, "F")
			return
		}
		p.pen(o.pen, o.gray)
		p.pdf.Rect(o.x, o.y, o.w, o.h, "D")
	case strokeOp:
		p.stroke(o)
	case jpegOp:
		if err := p.picture(o); err != nil {
			p.pdf.SetError(err)
		}
	}
}

func ink(g Gray) (int, int, int) {
	v := int(float64(g)*255 + 0.5)
	return v, v, v
}

func (p *painter) pen(width float64, g Gray) {
	p.pdf.SetLineWidth(width)
	p.pdf.SetDrawColor(ink(g))
}

// text draws a line. A character with a private code is drawn by itself inside a span whose ActualText (PDF 32000-1,
// 14.9.4) is what a reader copies and searches.
func (p *painter) text(o textOp) {
	p.pdf.SetFont(family, fontStyle[o.weight], o.size)
	p.pdf.SetTextColor(ink(o.gray))
	x, plain := o.x, []rune(nil)
	flush := func() {
		if len(plain) > 0 {
			p.pdf.Text(x, o.y, string(plain))
			x += p.pdf.GetStringWidth(string(plain))
			plain = nil
		}
	}
	for _, r := range o.text {
		code, known := p.codes[o.weight][r]
		switch {
		case !known:
		case rune(code) == r:
			plain = append(plain, r)
		default:
			flush()
			p.pdf.RawWriteStr("/Span <</ActualText <FEFF" + hexUTF16(r) + ">>> BDC")
			p.pdf.Text(x, o.y, string(rune(code)))
			p.pdf.RawWriteStr("EMC")
			x += p.pdf.GetStringWidth(string(rune(code)))
		}
	}
	flush()
}

func hexUTF16(r rune) string {
	high, low := utf16.EncodeRune(r)
	return fmt.Sprintf("%04X%04X", high, low)
}

// stroke draws a pen's way; where it only touched, a dot.
func (p *painter) stroke(o strokeOp) {
	p.pen(o.pen, o.gray)
	switch len(o.points) {
	case 0:
		return
	case 1:
		p.pdf.SetFillColor(ink(o.gray))
		p.pdf.Circle(o.points[0].X, o.points[0].Y, o.pen/2, "F")
		return
	}
	p.pdf.MoveTo(o.points[0].X, o.points[0].Y)
	for _, at := range o.points[1:] {
		p.pdf.LineTo(at.X, at.Y)
	}
	p.pdf.DrawPath("D")
}
