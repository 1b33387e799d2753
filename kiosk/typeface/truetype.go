package typeface

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"maps"
	"math"
	"slices"
)

// unitsPerEm of the fonts made here: that of the Noto fonts, whose points therefore stay where they are.
const unitsPerEm = 1000

// TrueType makes a font file with the glyphs of some characters: codes says which character is found under which
// 16-bit code (never 0 or FFFF), so that one beyond the first plane can have a private code. PDF writers that embed
// fonts want this format, and neither collections nor the cubic outlines that Noto has. A character that no font
// draws has the crossed box. The same arguments give the same bytes.
func (f *Faces) TrueType(s Style, codes map[uint16]rune) ([]byte, error) {
	glyphs := []glyph{newGlyph(missingBox())}
	sorted := slices.Sorted(maps.Keys(codes))
	for _, code := range sorted {
		if code == 0 || code == 0xFFFF {
			return nil, fmt.Errorf("font: code %04X cannot be a character", code)
		}
		outline, err := f.Outline(s, codes[code])
		if err != nil {
			return nil, err
		}
		glyphs = append(glyphs, newGlyph(outline))
	}
	return assemble(glyphs, sorted, s == SansBold || s == SerifBold || s == ThermalBold), nil
}

// glyph is an outline in font units, all curves quadratic.
type glyph struct {
	advance  uint16
	contours [][]contourPoint
	min, max [2]int // corners of the box around the points
}

type contourPoint struct {
	at [2]int
	on bool // on the curve; else it draws the curve towards itself
}

func newGlyph(o Outline) glyph {
	g := glyph{advance: uint16(math.Round(o.Advance * unitsPerEm))}
	var contour []contourPoint
	var pen Point
	flush := func() {
		if n := len(contour); n > 1 && contour[0].at == contour[n-1].at {
			contour = contour[:n-1]
		}
		if len(contour) > 2 {
			g.contours = append(g.contours, contour)
		}
		contour = nil
	}
	add := func(p Point, on bool) {
		contour = append(contour, contourPoint{[2]int{units(p.X), units(p.Y)}, on})
	}
	for _, s := range o.Segments {
		switch s.Op {
		case MoveTo:
			flush()
			pen = s.P[0]
			add(pen, true)
		case LineTo:
			pen = s.P[0]
			add(pen, true)
		case QuadTo:
			add(s.P[0], false)
			pen = s.P[1]
			add(pen, true)
		case CubicTo:
			for _, q := range quadratics(pen, s.P) {
				add(q[0], false)
				add(q[1], true)
			}
			pen = s.P[2]
		}
	}
	flush()
	g.box()
	return g
}

func units(v float64) int { return int(math.Round(v * unitsPerEm)) }

func (g *glyph) box() {
	first := true
	for _, c := range g.contours {
		for _, p := range c {
			for axis, v := range p.at {
				if first || v < g.min[axis] {
					g.min[axis] = v
				}
				if first || v > g.max[axis] {
					g.max[axis] = v
				}
			}
			first = false
		}
	}
}

// quadratics gives curves (control point, end) that follow a cubic from pen within half a unit. The error of one
// quadratic for a cubic is √3/36 of its third difference, and falls with the cube of the number of pieces.
func quadratics(pen Point, c [3]Point) [][2]Point {
	third := Point{c[2].X - 3*c[1].X + 3*c[0].X - pen.X, c[2].Y - 3*c[1].Y + 3*c[0].Y - pen.Y}
	off := math.Sqrt(3) / 36 * math.Hypot(third.X, third.Y) * unitsPerEm
	n := max(1, int(math.Ceil(math.Cbrt(off/0.5))))
	at := func(t float64) Point {
		u := 1 - t
		a, b, d, e := u*u*u, 3*u*u*t, 3*u*t*t, t*t*t
		return Point{a*pen.X + b*c[0].X + d*c[1].X + e*c[2].X, a*pen.Y + b*c[0].Y + d*c[1].Y + e*c[2].Y}
	}
	slope := func(t float64) Point { // of the cubic at t
		u := 1 - t
		a, b, d := 3*u*u, 6*u*t, 3*t*t
		return Point{a*(c[0].X-pen.X) + b*(c[1].X-c[0].X) + d*(c[2].X-c[1].X),
			a*(c[0].Y-pen.Y) + b*(c[1].Y-c[0].Y) + d*(c[2].Y-c[1].Y)}
	}
	pieces := make([][2]Point, n)
	for i := range pieces {
		t0, t1 := float64(i)/float64(n), float64(i+1)/float64(n)
		p0, p1, s0, s1 := at(t0), at(t1), slope(t0), slope(t1)
		k := (t1 - t0) / 4
		pieces[i] = [2]Point{{(p0.X+p1.X)/2 + k*(s0.X-s1.X), (p0.Y+p1.Y)/2 + k*(s0.Y-s1.Y)}, p1}
	}
	return pieces
}

// bytes gives the glyph as the glyf table has it: flags and deltas of two bytes each, even in length.
func (g glyph) bytes() []byte {
	if len(g.contours) == 0 {
		return nil
	}
	var b, xs, ys bytes.Buffer
	put(&b, int16(len(g.contours)), int16(g.min[0]), int16(g.min[1]), int16(g.max[0]), int16(g.max[1]))
	end := -1
	for _, c := range g.contours {
		end += len(c)
		put(&b, uint16(end))
	}
	put(&b, uint16(0)) // no instructions
	var last [2]int
	for _, c := range g.contours {
		for _, p := range c {
			flag := byte(0)
			if p.on {
				flag = 1
			}
			b.WriteByte(flag)
			put(&xs, int16(p.at[0]-last[0]))
			put(&ys, int16(p.at[1]-last[1]))
			last = p.at
		}
	}
	b.Write(xs.Bytes())
	b.Write(ys.Bytes())
	if b.Len()%2 == 1 {
		b.WriteByte(0)
	}
	return b.Bytes()
}

// put writes big-endian numbers. A bytes.Buffer takes all of them.
func put(b *bytes.Buffer, values ...any) {
	for _, v := range values {
		_ = binary.Write(b, binary.BigEndian, v)
	}
}
