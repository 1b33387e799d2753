package emulator

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"os"
	"strings"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// NotoCollection is where Debian's fonts-noto-cjk keeps the regular weight.
const NotoCollection = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"

// Places of the simplified Chinese faces in the Noto CJK collection.
const (
	notoSansSC = 2
	notoMonoSC = 7 // half-width Latin is exactly half an em, as in a printer's Font A
)

// Typeface draws the text of the paper and of the pages on the desk.
type Typeface struct {
	sans, mono *sfnt.Font
}

// LoadTypeface reads the Noto CJK collection at path.
func LoadTypeface(path string) (*Typeface, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("load typeface (Debian package fonts-noto-cjk): %w", err)
	}
	c, err := opentype.ParseCollection(b)
	if err != nil {
		return nil, fmt.Errorf("load typeface %s: %w", path, err)
	}
	var t Typeface
	if t.sans, err = c.Font(notoSansSC); err != nil {
		return nil, fmt.Errorf("load typeface %s: %w", path, err)
	}
	if t.mono, err = c.Font(notoMonoSC); err != nil {
		return nil, fmt.Errorf("load typeface %s: %w", path, err)
	}
	return &t, nil
}

// Pen writes text of one size and colour onto a picture. One goroutine at a time.
type Pen struct {
	face   font.Face
	ink    image.Image
	ascent int
}

// Sans gives a pen for running text whose em is px pixels.
func (t *Typeface) Sans(px float64, ink color.Color) (*Pen, error) { return newPen(t.sans, px, ink) }

// Mono gives a pen whose Latin letters are exactly half an em wide.
func (t *Typeface) Mono(px float64, ink color.Color) (*Pen, error) { return newPen(t.mono, px, ink) }

func newPen(f *sfnt.Font, px float64, ink color.Color) (*Pen, error) {
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: px, DPI: 72, Hinting: font.HintingFull})
	if err != nil {
		return nil, fmt.Errorf("face of %g pixels: %w", px, err)
	}
	return &Pen{face: face, ink: image.NewUniform(ink), ascent: int(px * 0.88)}, nil
}

// Write draws s with the top left corner of its em box at (x, y) and gives the x behind it.
func (p *Pen) Write(dst draw.Image, x, y int, s string) int {
	d := font.Drawer{Dst: dst, Src: p.ink, Face: p.face, Dot: fixed.P(x, y+p.ascent)}
	d.DrawString(s)
	return d.Dot.X.Ceil()
}

// Width is how many pixels s takes.
func (p *Pen) Width(s string) int { return font.MeasureString(p.face, s).Ceil() }

// hangs are characters that may not begin a line.
const hangs = "，。；：、）”！？"

// Wrap breaks s into lines of about width pixels, anywhere but before closing punctuation.
func (p *Pen) Wrap(s string, width int) []string {
	var lines []string
	line := ""
	for _, r := range s {
		if line != "" && p.Width(line+string(r)) > width && !strings.ContainsRune(hangs, r) {
			lines = append(lines, line)
			line = ""
		}
		line += string(r)
	}
	return append(lines, line)
}
