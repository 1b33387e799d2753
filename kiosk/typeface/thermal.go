package typeface

import (
	"fmt"
	"image"
	"math"
	"sync"

	"golang.org/x/image/vector"

	"yimen/drivers/device"
)

// A dot is printed where a shape covers more than this part of it, out of 255. HanaMin's level strokes are thinner
// than a dot: at the usual half 王 prints as 上 and 田 as 冂 (facts/text-and-voice.md, Fonts), and at the lower
// threshold alone a stroke that lies on the border of two rows still vanishes, such as that of 十 at 28 dots.
// So a rare character's dots are those of the shape a little higher and a little lower.
const (
	threshold     = 128
	thresholdRare = 80
	nudgeRare     = 0.25 // dots
)

// The line of a receipt is a quarter higher than its Chinese characters, as a printer's own lines are (24 dots
// high, 30 apart). The baseline leaves room for the deepest descenders and for accents on capitals.
const (
	linePitch = 1.25
	baseline  = 0.98 // ems from the top of the line
)

const maxDots = 256

// RasterLine draws one line of text for thermal paper: dots is the height of a Chinese character, from 16 to 256,
// and the bitmap is a quarter higher, which is the usual distance of lines. A Chinese character is dots wide, a
// Latin letter exactly half; the line is as wide as its characters, the caller breaks and places it. A character
// that no font draws becomes a crossed box.
func (f *Faces) RasterLine(text string, dots int, bold bool) (device.Bitmap, error) {
	if dots < 16 || dots > maxDots {
		return device.Bitmap{}, fmt.Errorf("line of %d dots: want 16 to %d", dots, maxDots)
	}
	var glyphs []dotGlyph
	width := 0
	for _, r := range text {
		g, err := f.dotGlyph(dotKey{r, dots, bold})
		if err != nil {
			return device.Bitmap{}, err
		}
		glyphs = append(glyphs, g)
		width += g.advance
	}
	line := device.Bitmap{Width: width, Height: lineHeight(dots)}
	line.Bits = make([]byte, line.Stride()*line.Height)
	x := 0
	for _, g := range glyphs {
		stamp(line, g, x)
		x += g.advance
	}
	trim(line)
	return line, nil
}

func lineHeight(dots int) int { return int(math.Ceil(float64(dots) * linePitch)) }

// dotKey names a glyph of the cache.
type dotKey struct {
	r    rune
	dots int
	bold bool
}

// dotGlyph is a character in dots. Its bitmap begins margin dots left of the pen, for shapes that reach over.
type dotGlyph struct {
	advance, margin int
	bits            device.Bitmap
}

// dotCache keeps glyphs: a slip uses the same few hundred over and over.
type dotCache struct {
	mu     sync.Mutex
	glyphs map[dotKey]dotGlyph
}

const dotCacheSize = 4096 // glyphs; about 100 bytes each at 24 dots

func (f *Faces) dotGlyph(k dotKey) (dotGlyph, error) {
	f.dots.mu.Lock()
	g, ok := f.dots.glyphs[k]
	f.dots.mu.Unlock()
	if ok {
		return g, nil
	}
	style := Thermal
	if k.bold {
		style = ThermalBold
	}
	outline, err := f.Outline(style, k.r)
	if err != nil {
		return dotGlyph{}, err
	}
	g = drawDots(outline, k.dots)
	f.dots.mu.Lock()
	defer f.dots.mu.Unlock()
	if len(f.dots.glyphs) >= dotCacheSize {
		clear(f.dots.glyphs)
	}
	f.dots.glyphs[k] = g
	return g, nil
}

// drawDots fills an outline and keeps the dots that are covered enough.
func drawDots(o Outline, dots int) dotGlyph {
	g := dotGlyph{advance: int(math.Round(o.Advance * float64(dots))), margin: dots/8 + 1}
	g.bits = device.Bitmap{Width: g.advance + 2*g.margin, Height: lineHeight(dots)}
	g.bits.Bits = make([]byte, g.bits.Stride()*g.bits.Height)
	limit, nudges := uint8(threshold), []float64{0}
	if o.Fallback {
		limit, nudges = thresholdRare, []float64{-nudgeRare, nudgeRare}
	}
	for _, nudge := range nudges {
		cover := fill(o, g, dots, nudge)
		for i, v := range cover.Pix {
			if x, y := i%cover.Stride, i/cover.Stride; v >= limit {
				g.bits.Bits[y*g.bits.Stride()+x/8] |= 0x80 >> (x % 8)
			}
		}
	}
	return g
}

// fill gives how far the outline, moved down by nudge dots, covers each dot.
func fill(o Outline, g dotGlyph, dots int, nudge float64) *image.Alpha {
	em := float64(dots)
	at := func(p Point) (float32, float32) {
		return float32(p.X*em + float64(g.margin)), float32((baseline-p.Y)*em + nudge)
	}
	z := vector.NewRasterizer(g.bits.Width, g.bits.Height)
	for _, s := range o.Segments {
		ax, ay := at(s.P[0])
		bx, by := at(s.P[1])
		cx, cy := at(s.P[2])
		switch s.Op {
		case MoveTo:
			z.ClosePath()
			z.MoveTo(ax, ay)
		case LineTo:
			z.LineTo(ax, ay)
		case QuadTo:
			z.QuadTo(ax, ay, bx, by)
		case CubicTo:
			z.CubeTo(ax, ay, bx, by, cx, cy)
		}
	}
	z.ClosePath()
	cover := image.NewAlpha(image.Rect(0, 0, g.bits.Width, g.bits.Height))
	z.Draw(cover, cover.Rect, image.Opaque, image.Point{})
	return cover
}

// stamp adds a glyph's dots to a line whose pen stands at x, eight at a time.
func stamp(line device.Bitmap, g dotGlyph, x int) {
	left := x - g.margin
	first, shift := left>>3, left&7 // of the line's bytes; rounded down where the glyph begins before the line
	for y := range line.Height {
		from, to := g.bits.Bits[y*g.bits.Stride():][:g.bits.Stride()], line.Bits[y*line.Stride():][:line.Stride()]
		for i, dots := range from {
			if dots == 0 {
				continue
			}
			at := first + i
			if at >= 0 && at < len(to) {
				to[at] |= dots >> shift
			}
			if at++; at >= 0 && at < len(to) {
				to[at] |= dots << (8 - shift)
			}
		}
	}
}

// trim clears the dots that a glyph at the end reached over the line, in the last byte of each row.
func trim(line device.Bitmap) {
	if line.Width%8 == 0 {
		return
	}
	for y := range line.Height {
		line.Bits[(y+1)*line.Stride()-1] &= 0xFF << (8 - line.Width%8)
	}
}
