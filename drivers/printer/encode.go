package printer

import (
	"fmt"
	"strings"

	"golang.org/x/text/encoding/simplifiedchinese"

	"yimen/drivers/device"
)

// What one raster command holds at most: longer pictures overflow small printers (firmware-notes/escpos "Known troubles"), and a
// half-sent one must be shorter than the zeros that wake a printer (firmware-notes/escpos "Job protocol").
const (
	stripRows  = 256
	stripBytes = 8000
)

// encoder writes ESC/POS (firmware-notes/escpos "Commands"). It sends a style only where it changes.
type encoder struct {
	out   []byte
	align device.Align
	size  int
	bold  bool
}

// newEncoder begins a job: everything as after switching on, and two-byte Chinese.
func newEncoder() *encoder {
	e := &encoder{size: 1}
	e.cmd(0x1B, 0x40)
	e.cmd(0x1C, 0x26)
	return e
}

func (e *encoder) cmd(b ...byte) { e.out = append(e.out, b...) }

func (e *encoder) setAlign(a device.Align) {
	if a != e.align {
		e.align = a
		e.cmd(0x1B, 0x61, byte(a))
	}
}

// setSize takes 1 to 8 times the normal width and height.
func (e *encoder) setSize(n int) {
	if n != e.size {
		e.size = n
		e.cmd(0x1D, 0x21, byte(n-1)<<4|byte(n-1))
	}
}

func (e *encoder) setBold(on bool) {
	switch {
	case on && !e.bold:
		e.cmd(0x1B, 0x45, 1)
	case !on && e.bold:
		e.cmd(0x1B, 0x45, 0)
	}
	e.bold = on
}

// line prints text that gbk has encoded.
func (e *encoder) line(gbk []byte) {
	e.cmd(gbk...)
	e.cmd(0x0A)
}

// raster prints a picture at the left edge.
func (e *encoder) raster(b device.Bitmap) {
	w := max(b.Stride(), 1)
	strip := min(stripRows, stripBytes/w)
	for top := 0; top < b.Height; top += strip {
		rows := min(strip, b.Height-top)
		e.cmd(0x1D, 0x76, 0x30, 0, byte(w), byte(w>>8), byte(rows), byte(rows>>8))
		e.cmd(b.Bits[top*w : (top+rows)*w]...)
	}
}

// qr has the printer draw a code with modules of dots each (firmware-notes/escpos "QR").
func (e *encoder) qr(data string, dots int) {
	p := len(data) + 3
	e.cmd(0x1D, 0x28, 0x6B, 4, 0, 0x31, 0x41, 0x32, 0)
	e.cmd(0x1D, 0x28, 0x6B, 3, 0, 0x31, 0x43, byte(dots))
	e.cmd(0x1D, 0x28, 0x6B, 3, 0, 0x31, 0x45, 0x31)
	e.cmd(0x1D, 0x28, 0x6B, byte(p), byte(p>>8), 0x31, 0x50, 0x30)
	e.cmd([]byte(data)...)
	e.cmd(0x1D, 0x28, 0x6B, 3, 0, 0x31, 0x51, 0x30)
}

func (e *encoder) feedLines(n int) { e.cmd(0x1B, 0x64, byte(n)) }

func (e *encoder) feedDots(n int) { e.cmd(0x1B, 0x4A, byte(n)) }

// cut feeds to the cutter and leaves the paper hanging by a point.
func (e *encoder) cut() { e.cmd(0x1D, 0x56, 0x42, 0) }

// marker asks for an answer after everything before it is on paper (firmware-notes/escpos "Job protocol").
func (e *encoder) marker() { e.cmd(0x1D, 0x72, 1) }

// lateRow is the row of GBK whose characters, such as 䶮, came in after the fonts of most printers were made.
const lateRow = 0xFE

// gbk gives text in the printer's encoding, and false where a character is not among the two-byte ones that every
// Chinese printer has (firmware-notes/escpos "Text encoding").
func gbk(text string) (b []byte, ok bool) {
	enc := simplifiedchinese.GBK.NewEncoder()
	for _, r := range text {
		if r < 0x20 || r == 0x7F {
			return nil, false
		}
		c, err := enc.String(string(r))
		if err != nil || r >= 0x80 && (len(c) != 2 || c[0] == lateRow) {
			return nil, false
		}
		b = append(b, c...)
	}
	return b, true
}

// printable takes control characters out, so that no text from outside can command the printer. Tabs become spaces.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t':
			return ' '
		case r < 0x20 || 0x7F <= r && r < 0xA0:
			return -1
		}
		return r
	}, text)
}

// checkQR refuses what one code cannot hold at correction M.
func checkQR(data string) error {
	if len(data) == 0 || len(data) > 2331 {
		return fmt.Errorf("QR code of %d bytes", len(data))
	}
	return nil
}
