package paper

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"strings"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

var (
	black  = color.RGBA{28, 28, 32, 255}
	blue   = color.RGBA{36, 48, 128, 255}
	red    = color.RGBA{196, 40, 44, 255}
	silver = color.RGBA{120, 120, 124, 255}
)

// sheet is a piece of paper that is being written on. Places and sizes are millimetres from its top left.
type sheet struct {
	*Desk
	rnd  *rand.Rand
	img  *image.RGBA
	k    float64 // pixels a millimetre
	w, h float64
	clip image.Rectangle // pixels that blend may change
	said strings.Builder // what was written
}

func (d *Desk) newSheet(rnd *rand.Rand, w, h, perMM float64, ground color.RGBA) *sheet {
	s := &sheet{Desk: d, rnd: rnd, k: perMM, w: w, h: h,
		img: image.NewRGBA(image.Rect(0, 0, int(math.Ceil(w*perMM)), int(math.Ceil(h*perMM))))}
	s.clip = s.img.Rect
	pix := s.img.Pix
	for i := 0; i < len(pix) && i < s.img.Stride; i += 4 {
		pix[i], pix[i+1], pix[i+2], pix[i+3] = ground.R, ground.G, ground.B, 255
	}
	for n := s.img.Stride; n < len(pix); n *= 2 {
		copy(pix[n:], pix[:n])
	}
	return s
}

// between gives a number from a to b.
func (s *sheet) between(a, b float64) float64 { return a + (b-a)*s.rnd.Float64() }

// box gives the pixels of a rectangle.
func (s *sheet) box(x, y, w, h float64) image.Rectangle {
	return image.Rect(int(x*s.k+0.5), int(y*s.k+0.5), int((x+w)*s.k+0.5), int((y+h)*s.k+0.5))
}

// fill paints a rectangle.
func (s *sheet) fill(x, y, w, h float64, c color.RGBA) {
	r := s.box(x, y, w, h)
	r.Max.X, r.Max.Y = max(r.Max.X, r.Min.X+1), max(r.Max.Y, r.Min.Y+1) // a hairline is still a line
	r = r.Intersect(s.img.Rect)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			s.img.SetRGBA(x, y, c)
		}
	}
}

// frame draws the four lines of a box, each thick millimetres wide.
func (s *sheet) frame(x, y, w, h, thick float64, c color.RGBA) {
	s.fill(x, y, w, thick, c)
	s.fill(x, y+h-thick, w, thick, c)
	s.fill(x, y, thick, h, c)
	s.fill(x+w-thick, y, thick, h, c)
}

// blend lays c over a pixel by a coverage of 0 to 255.
func (s *sheet) blend(x, y int, c color.RGBA, cover uint32) {
	if !(image.Point{X: x, Y: y}).In(s.clip) {
		return
	}
	p := s.img.Pix[s.img.PixOffset(x, y):][:3]
	for i, v := range [3]byte{c.R, c.G, c.B} {
		p[i] = byte((uint32(p[i])*(255-cover) + uint32(v)*cover + 127) / 255)
	}
}

// disc paints a round spot that hides what is below it by the part alpha.
func (s *sheet) disc(x, y, r, alpha float64, c color.RGBA) {
	for py := int((y - r) * s.k); py <= int((y+r)*s.k)+1; py++ {
		for px := int((x - r) * s.k); px <= int((x+r)*s.k)+1; px++ {
			in := r*s.k - math.Hypot(float64(px)+0.5-x*s.k, float64(py)+0.5-y*s.k) + 0.5
			if in > 0 {
				s.blend(px, py, c, uint32(255*alpha*math.Min(in, 1)))
			}
		}
	}
}

// ring draws a circle whose line is thick millimetres wide.
func (s *sheet) ring(x, y, r, thick, alpha float64, c color.RGBA) {
	for py := int((y - r) * s.k); py <= int((y+r)*s.k)+1; py++ {
		for px := int((x - r) * s.k); px <= int((x+r)*s.k)+1; px++ {
			d := math.Hypot(float64(px)+0.5-x*s.k, float64(py)+0.5-y*s.k)
			if in := math.Min(r*s.k-d, d-(r-thick)*s.k) + 0.5; in > 0 {
				s.blend(px, py, c, uint32(255*alpha*math.Min(in, 1)))
			}
		}
	}
}

// affine turns a glyph's outline: x' = a·x + b·y, y' = c·x + d·y.
type affine struct{ a, b, c, d float64 }

var upright = affine{1, 0, 0, 1}

// shaken is how one character by hand differs from the next.
func (s *sheet) shaken() affine {
	turn, slant := 0.05*s.rnd.NormFloat64(), 0.06+0.04*s.rnd.NormFloat64()
	sx, sy := 1+0.05*s.rnd.NormFloat64(), 1+0.05*s.rnd.NormFloat64()
	return affine{sx, -slant - turn, turn, sy}
}

// text writes a line from x, with its em box's upper edge at y and an em of size, and gives the x behind it.
func (s *sheet) text(x, y, size float64, f face, c color.RGBA, line string) float64 {
	s.said.WriteString(line)
	for _, r := range line {
		m, dx, dy := upright, 0.0, 0.0
		if f == hand {
			m, dx, dy = s.shaken(), 0.04*size*s.rnd.NormFloat64(), 0.04*size*s.rnd.NormFloat64()
		}
		x += s.glyph(x+dx, y+dy+0.88*size, size, f, m, c, r)
	}
	return x
}

// glyph draws one character with its origin on the baseline at x, y and gives how far the next one lies.
func (s *sheet) glyph(x, y, size float64, f face, m affine, c color.RGBA, r rune) float64 {
	font := s.fonts[f]
	ppem := fixed.Int26_6(math.Round(size * s.k * 64))
	index, err := font.GlyphIndex(&s.buf, r)
	if err != nil {
		return size
	}
	segments, err := font.LoadGlyph(&s.buf, index, ppem, nil)
	if err != nil {
		return size
	}
	s.rasterize(segments, x*s.k, y*s.k, size*s.k, m, c)
	advance, err := font.GlyphAdvance(&s.buf, index, ppem, 0)
	if err != nil {
		return size
	}
	return float64(advance) / 64 / s.k
}

// rasterize fills an outline whose origin lies at pixel x, y; em is its size in pixels.
func (s *sheet) rasterize(segments sfnt.Segments, x, y, em float64, m affine, c color.RGBA) {
	side := int(2*em) + 4
	left, top := int(math.Floor(x-em/2)), int(math.Floor(y-1.4*em))
	at := func(p fixed.Point26_6) (float32, float32) {
		px, py := float64(p.X)/64, float64(p.Y)/64
		return float32(x + m.a*px + m.b*py - float64(left)), float32(y + m.c*px + m.d*py - float64(top))
	}
	z := vector.NewRasterizer(side, side)
	for _, g := range segments {
		x0, y0 := at(g.Args[0])
		switch g.Op {
		case sfnt.SegmentOpMoveTo:
			z.ClosePath()
			z.MoveTo(x0, y0)
		case sfnt.SegmentOpLineTo:
			z.LineTo(x0, y0)
		case sfnt.SegmentOpQuadTo:
			x1, y1 := at(g.Args[1])
			z.QuadTo(x0, y0, x1, y1)
		case sfnt.SegmentOpCubeTo:
			x1, y1 := at(g.Args[1])
			x2, y2 := at(g.Args[2])
			z.CubeTo(x0, y0, x1, y1, x2, y2)
		}
	}
	z.ClosePath()
	mask := image.NewAlpha(image.Rect(0, 0, side, side))
	z.Draw(mask, mask.Rect, image.Opaque, image.Point{})
	for py := range side {
		for px, a := range mask.Pix[py*mask.Stride:][:side] {
			if a != 0 {
				s.blend(left+px, top+py, c, uint32(a))
			}
		}
	}
}

// width is how wide a line will be; of what is shaken, without the shaking.
func (s *sheet) width(size float64, f face, line string) float64 {
	sum := 0.0
	for _, r := range line {
		index, err := s.fonts[f].GlyphIndex(&s.buf, r)
		if err != nil {
			continue
		}
		if a, err := s.fonts[f].GlyphAdvance(&s.buf, index, fixed.I(64), 0); err == nil {
			sum += float64(a) / 64 / 64 * size
		}
	}
	return sum
}
