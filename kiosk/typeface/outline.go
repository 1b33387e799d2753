package typeface

import (
	"fmt"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// Op says what a Segment does.
type Op int

const (
	MoveTo  Op = iota // to P[0]
	LineTo            // to P[0]
	QuadTo            // by P[0] to P[1]
	CubicTo           // by P[0] and P[1] to P[2]
)

// Point is a place in an outline, in parts of the em: x to the right of the pen, y up from the baseline.
type Point struct{ X, Y float64 }

// Segment is a piece of a contour.
type Segment struct {
	Op Op
	P  [3]Point
}

// Outline is the shape of a character. Contours are closed, filled where their winding is not zero.
type Outline struct {
	Segments []Segment
	Advance  float64 // how far the pen goes on, in ems
	Font     string  // who drew it; empty for the box that stands for a missing character
	Fallback bool    // drawn by a font of hairlines
}

// Outline gives the shape of r. A character that no font draws has the shape of a crossed box.
// The error is of a font that is damaged or can no longer be read.
func (f *Faces) Outline(s Style, r rune) (Outline, error) {
	buf := buffers.Get().(*sfnt.Buffer)
	defer buffers.Put(buf)
	if silent(r) {
		return Outline{}, nil
	}
	face, index, ok := f.find(buf, s, r)
	if !ok {
		return missingBox(), nil
	}
	upem := fixed.Int26_6(face.font.UnitsPerEm())
	advance, err := face.font.GlyphAdvance(buf, index, upem, font.HintingNone)
	if err != nil {
		return Outline{}, fmt.Errorf("advance of %U in %s: %w", r, face.name, err)
	}
	segments, err := face.font.LoadGlyph(buf, index, upem, nil)
	if err != nil {
		return Outline{}, fmt.Errorf("outline of %U in %s: %w", r, face.name, err)
	}
	em := float64(upem)
	o := Outline{
		Segments: make([]Segment, len(segments)), Advance: float64(advance) / em, Font: face.name, Fallback: face.fallback,
	}
	for i, seg := range segments {
		o.Segments[i].Op = Op(seg.Op)
		for j, p := range seg.Args {
			o.Segments[i].P[j] = Point{float64(p.X) / em, -float64(p.Y) / em}
		}
	}
	return o, nil
}

// Advance tells how far the pen goes on after r, in ems.
func (f *Faces) Advance(s Style, r rune) (float64, error) {
	buf := buffers.Get().(*sfnt.Buffer)
	defer buffers.Put(buf)
	if silent(r) {
		return 0, nil
	}
	face, index, ok := f.find(buf, s, r)
	if !ok {
		return missingBox().Advance, nil
	}
	upem := fixed.Int26_6(face.font.UnitsPerEm())
	advance, err := face.font.GlyphAdvance(buf, index, upem, font.HintingNone)
	if err != nil {
		return 0, fmt.Errorf("advance of %U in %s: %w", r, face.name, err)
	}
	return float64(advance) / float64(upem), nil
}

// missingBox is a frame with a stroke across it, in the em box of a Chinese character.
func missingBox() Outline {
	const left, right, bottom, top, pen = 0.06, 0.94, -0.06, 0.82, 0.05
	rect := func(x0, y0, x1, y1 float64) []Segment {
		return []Segment{
			{MoveTo, [3]Point{{x0, y0}}}, {LineTo, [3]Point{{x1, y0}}}, {LineTo, [3]Point{{x1, y1}}}, {LineTo, [3]Point{{x0, y1}}},
		}
	}
	o := Outline{Advance: 1}
	o.Segments = append(o.Segments, rect(left, bottom, right, bottom+pen)...)
	o.Segments = append(o.Segments, rect(left, top-pen, right, top)...)
	o.Segments = append(o.Segments, rect(left, bottom, left+pen, top)...)
	o.Segments = append(o.Segments, rect(right-pen, bottom, right, top)...)
	o.Segments = append(o.Segments,
		Segment{MoveTo, [3]Point{{left, bottom}}}, Segment{LineTo, [3]Point{{left + 1.5*pen, bottom}}},
		Segment{LineTo, [3]Point{{right, top}}}, Segment{LineTo, [3]Point{{right - 1.5*pen, top}}})
	return o
}
