package printer

import (
	"image"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"yimen/drivers/emulator"
)

// Cells in dots (firmware-notes/escpos "Widths").
const (
	fontA       = 24 // height; half as wide, a Chinese character as wide as high
	fontB       = 18
	lineSpacing = 30 // ESC 2
)

// geta is printed for what is no character.
const geta = '〓'

// scale is how much larger characters are printed.
type scale struct{ w, h int }

// mode is what commands set and ESC @ resets (firmware-notes/escpos "Commands").
type mode struct {
	deselected           bool // ESC = 0: everything is ignored
	align                byte
	spacing, gap         int // between lines, between characters, in dots
	bold, inverse, under bool
	kanjiUnder           bool
	font                 int
	latin, kanji         scale
	kanjiOn, utf8On      bool
	dots, left, width    int    // the paper, and what of it is used
	lead                 []byte // a character of which more is to come
	page                 byte   // ESC t
	line                 []placed
	at                   int // where the next character goes, from the left margin
	qr                   qrCode
	stored               *bitmap // GS ( L
}

// placed is a character on the line that is being put together.
type placed struct {
	*bitmap
	x int
}

// lineWidth is how far the line reaches.
func (m *mode) lineWidth() int {
	width := 0
	for _, c := range m.line {
		width = max(width, c.x+c.w)
	}
	return width
}

// initialise is ESC @. Chinese characters are off until FS &: a driver that forgets it prints rubbish here,
// as it does on models that start so.
func (m *mode) initialise(dots int) {
	*m = mode{spacing: lineSpacing, font: fontA, latin: scale{1, 1}, kanji: scale{1, 1}, dots: dots, width: dots, qr: qrCode{size: 3, level: '0'}}
}

// pens draw and keep the printer's characters.
type pens struct {
	pens  map[int]*emulator.Pen
	cells map[cellKey]*bitmap
}

type cellKey struct {
	r    rune
	font int
}

func newPens(t *emulator.Typeface) (*pens, error) {
	p := &pens{pens: map[int]*emulator.Pen{}, cells: map[cellKey]*bitmap{}}
	for _, font := range []int{fontA, fontB} {
		pen, err := t.Mono(float64(font), image.Black)
		if err != nil {
			return nil, err
		}
		p.pens[font] = pen
	}
	return p, nil
}

// cell is the character's cell: half as wide as high, or square for a wide one.
func (p *pens) cell(r rune, font int, wide bool) *bitmap {
	key := cellKey{r, font}
	if b, ok := p.cells[key]; ok {
		return b
	}
	w := font / 2
	if wide {
		w = font
	}
	b := newBitmap(w, font)
	squeeze, threshold := 1, uint8(128)
	if p.pens[font].Width(string(r)) > w { // a rule, drawn as wide as high: each two columns become one
		squeeze, threshold = 2, 200
	}
	im := image.NewGray(image.Rect(0, 0, w*squeeze, font))
	for i := range im.Pix {
		im.Pix[i] = 255
	}
	p.pens[font].Write(im, 0, 0, string(r))
	for i, v := range im.Pix {
		if v < threshold {
			b.dots[i/squeeze] = 1
		}
	}
	p.cells[key] = b
	return b
}

// text puts characters on the line, and prints the line whenever it is full.
func (m *mechanism) text(b []byte) error {
	b = append(m.mode.lead, b...)
	m.mode.lead = nil
	for len(b) > 0 {
		r, n, wide := m.mode.decode(b)
		if n == 0 {
			m.mode.lead = b
			return nil
		}
		b = b[n:]
		if err := m.put(m.character(r, wide)); err != nil {
			return err
		}
	}
	return nil
}

// decode takes one character off b: its bytes and whether it is wide. 0 bytes: more are needed
// (firmware-notes/escpos "Text encoding").
func (m *mode) decode(b []byte) (r rune, n int, wide bool) {
	switch {
	case b[0] < 0x80:
		return rune(b[0]), 1, false
	case m.utf8On:
		if !utf8.FullRune(b) {
			return 0, 0, false
		}
		r, n = utf8.DecodeRune(b)
		return r, n, r >= 0x1100
	case !m.kanjiOn:
		return single(m.page, b[0]), 1, false
	case len(b) < 2:
		return 0, 0, false
	}
	if b[0] == 0xFE { // printers' fonts lack this row
		return geta, 2, true
	}
	if b[0] < 0x81 || b[0] > 0xFE || b[1] < 0x40 || b[1] == 0x7F || b[1] == 0xFF {
		return geta, 1, true // four-byte GB18030 ends up here: its digits are printed as digits
	}
	s, err := simplifiedchinese.GBK.NewDecoder().Bytes(b[:2])
	if r, _ = utf8.DecodeRune(s); err != nil || r == utf8.RuneError {
		r = geta
	}
	return r, 2, true
}

// character is the cell of r in the present style.
func (m *mechanism) character(r rune, wide bool) *bitmap {
	s, under := m.mode.latin, m.mode.under
	if wide {
		s, under = m.mode.kanji, m.mode.kanjiUnder
	}
	b := m.pens.cell(r, m.mode.font, wide)
	if m.mode.bold {
		b = b.emboldened()
	}
	b = b.scaled(s.w, s.h)
	out := newBitmap(b.w+m.mode.gap, b.h)
	out.place(0, 0, b)
	if under {
		out.fill(0, out.h-2, out.w, 2)
	}
	if m.mode.inverse {
		out.invert()
	}
	return out
}

// put adds one cell to the line.
func (m *mechanism) put(b *bitmap) error {
	if m.mode.at > 0 && m.mode.at+b.w > m.mode.width {
		if err := m.printLine(); err != nil {
			return err
		}
	}
	m.mode.line = append(m.mode.line, placed{b, m.mode.at})
	m.mode.at += b.w
	return nil
}

// printLine prints what is on the line, standing on a common base, and feeds to the next.
func (m *mechanism) printLine() error {
	height := 0
	for _, c := range m.mode.line {
		height = max(height, c.h)
	}
	strip := newBitmap(m.dots, max(height, m.mode.spacing))
	left := m.mode.indent(m.mode.lineWidth())
	for _, c := range m.mode.line {
		strip.place(left+c.x, height-c.h, c.bitmap)
	}
	m.mode.line, m.mode.at = nil, 0
	return m.print(strip)
}

// flush prints the line if anything is on it.
func (m *mechanism) flush() error {
	if len(m.mode.line) == 0 {
		return nil
	}
	return m.printLine()
}

// indent is where something of that width begins.
func (m *mode) indent(width int) int {
	free := max(0, m.width-width)
	switch m.align {
	case 1, '1':
		return m.left + free/2
	case 2, '2':
		return m.left + free
	}
	return m.left
}
