package printer

import (
	"errors"
	"fmt"
	"strings"

	"github.com/skip2/go-qrcode"

	"yimen/drivers/device"
)

// Dots of the printer's own Font A and of a Chinese character (firmware-notes/escpos "Widths"), and what stays white above and
// below a rule.
const (
	asciiDots = 12
	hanziDots = 24
	ruleSpace = 6
)

// quietModules is the light border that readers need around a code.
const quietModules = 4

// noLineStart are the marks that Chinese setting never puts first on a line.
const noLineStart = "，。、；：！？）》”’〉】,.;:!?)"

// LineRasterizer draws lines that the printer's own font cannot print.
type LineRasterizer interface {
	// RasterLine draws text on one line. Chinese characters are dots wide and high, Latin ones half as wide; the picture is
	// as wide as the text, and as high as the distance of two lines.
	RasterLine(text string, dots int, bold bool) (device.Bitmap, error)
}

// renderer turns slips into jobs for one printer.
type renderer struct {
	dots     int // width of the paper's printable part
	rasterQR bool
	ras      LineRasterizer
}

// job is the slip as the printer gets it, from initialising to cutting.
func (r renderer) job(slip device.Slip) ([]byte, error) {
	e := newEncoder()
	for i, row := range slip.Rows {
		if err := r.row(e, row); err != nil {
			return nil, fmt.Errorf("row %d: %w", i, err)
		}
	}
	e.setAlign(device.Left)
	e.feedLines(3)
	e.cut()
	return e.out, nil
}

func (r renderer) row(e *encoder, row device.Row) error {
	switch row := row.(type) {
	case device.Text:
		return r.text(e, row)
	case device.Columns:
		return r.columns(e, row)
	case device.Rule:
		e.setAlign(device.Left)
		e.feedDots(ruleSpace)
		e.raster(black(r.dots, 2))
		e.feedDots(ruleSpace)
	case device.QR:
		return r.qr(e, row)
	case device.Feed:
		if row.Lines > 0 {
			e.feedLines(min(row.Lines, 255))
		}
	default:
		return fmt.Errorf("row of unknown kind %T", row)
	}
	return nil
}

func (r renderer) text(e *encoder, row device.Text) error {
	size := min(max(row.Size, 1), 8)
	for paragraph := range strings.SplitSeq(row.Text, "\n") {
		for _, line := range r.wrap(printable(paragraph), size) {
			if err := r.line(e, line, row.Align, size, row.Bold); err != nil {
				return err
			}
		}
	}
	return nil
}

// line prints what fits on one line: by the printer's font where it has every character, else as a picture.
func (r renderer) line(e *encoder, text string, align device.Align, size int, bold bool) error {
	if b, ok := gbk(text); ok {
		e.setAlign(align)
		e.setSize(size)
		e.setBold(bold)
		e.line(b)
		return nil
	}
	pic, err := r.draw(text, size, bold)
	if err != nil {
		return err
	}
	if chars := []rune(text); pic.Width > r.dots && len(chars) > 1 { // a font wider than its promise
		half := len(chars) / 2
		return errors.Join(r.line(e, string(chars[:half]), align, size, bold), r.line(e, string(chars[half:]), align, size, bold))
	}
	return r.picture(e, pic, align)
}

// picture prints pic where align says. It is moved by white dots, since not every printer aligns pictures.
func (r renderer) picture(e *encoder, pic device.Bitmap, align device.Align) error {
	if pic.Width > r.dots {
		return fmt.Errorf("picture of %d dots on paper of %d", pic.Width, r.dots)
	}
	left := 0
	switch align {
	case device.Centre:
		left = (r.dots - pic.Width) / 2
	case device.Right:
		left = r.dots - pic.Width
	}
	page := white(left+pic.Width, pic.Height)
	paste(page, pic, left)
	e.setAlign(device.Left)
	e.raster(page)
	return nil
}

func (r renderer) draw(text string, size int, bold bool) (device.Bitmap, error) {
	if r.ras == nil {
		return device.Bitmap{}, errors.New("a character that the printer does not have, and nothing to draw it")
	}
	pic, err := r.ras.RasterLine(text, hanziDots*size, bold)
	if err == nil && len(pic.Bits) != pic.Stride()*pic.Height {
		err = fmt.Errorf("%d bytes for a picture of %d × %d dots", len(pic.Bits), pic.Width, pic.Height)
	}
	if err != nil {
		return device.Bitmap{}, fmt.Errorf("draw line: %w", err)
	}
	return pic, nil
}

func (r renderer) columns(e *encoder, row device.Columns) error {
	left, right := printable(row.Left), printable(row.Right)
	free := r.dots - width(left, 1) - width(right, 1)
	if free < asciiDots {
		if err := r.text(e, device.Text{Text: left, Bold: row.Bold}); err != nil {
			return err
		}
		return r.text(e, device.Text{Text: right, Align: device.Right, Bold: row.Bold})
	}
	line := left + strings.Repeat(" ", free/asciiDots) + right
	if _, ok := gbk(line); ok {
		return r.line(e, line, device.Left, 1, row.Bold)
	}
	return r.drawnColumns(e, left, right, row.Bold)
}

// drawnColumns draws both sides as one picture; a drawn side may be some dots off its promised width.
func (r renderer) drawnColumns(e *encoder, left, right string, bold bool) error {
	a, err := r.draw(left, 1, bold)
	if err != nil {
		return err
	}
	b, err := r.draw(right, 1, bold)
	if err != nil {
		return err
	}
	if a.Width+b.Width > r.dots {
		return errors.Join(r.picture(e, a, device.Left), r.picture(e, b, device.Right))
	}
	page := white(r.dots, max(a.Height, b.Height))
	paste(page, a, 0)
	paste(page, b, r.dots-b.Width)
	return r.picture(e, page, device.Left)
}

func (r renderer) qr(e *encoder, row device.QR) error {
	if err := checkQR(row.Data); err != nil {
		return err
	}
	code, err := qrcode.New(row.Data, qrcode.Medium)
	if err != nil {
		return fmt.Errorf("QR code: %w", err)
	}
	modules := code.Bitmap() // with its light border
	side := len(modules) - 2*quietModules
	dots := min(max(row.Dots/side, 1), r.dots/len(modules), 16)
	if dots == 0 {
		return fmt.Errorf("QR code of %d modules on paper of %d dots", side, r.dots)
	}
	if r.rasterQR {
		return r.picture(e, enlarge(modules, dots), device.Centre)
	}
	e.setAlign(device.Centre)
	e.feedDots(quietModules * dots)
	e.qr(row.Data, dots)
	e.feedDots(quietModules * dots)
	return nil
}

// wrap breaks text between characters into lines that fit. A mark that may not begin a line takes the character before it
// along. An empty text is one empty line.
func (r renderer) wrap(text string, size int) []string {
	var lines []string
	begin, last, used := 0, 0, 0 // byte where the line begins, and its last character; dots used
	for i, c := range text {
		w := charWidth(c) * size
		if used+w > r.dots && i > begin {
			end := i
			if strings.ContainsRune(noLineStart, c) && last > begin {
				end = last
			}
			lines = append(lines, text[begin:end])
			begin, used = end, width(text[end:i], size)
		}
		last = i
		used += w
	}
	return append(lines, text[begin:])
}

func width(text string, size int) (dots int) {
	for _, c := range text {
		dots += charWidth(c) * size
	}
	return dots
}

func charWidth(c rune) int {
	if c < 0x80 {
		return asciiDots
	}
	return hanziDots
}
