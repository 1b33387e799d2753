// Package skeleton thins the print of a font to lines, as a hand would write it: what a recogniser of handwriting can
// learn from fonts.
package skeleton

import (
	"image"
	"math"

	"golang.org/x/image/vector"

	"yimen/kiosk/typeface"
	"yimen/ui/typing/shape"
)

const (
	side  = 80 // of the picture that is thinned, in pixels
	rim   = 3  // that stays free around the character
	solid = 110
)

// Dots are the pixels of the thinned outline, each with the direction of the line that it is of; none for an outline
// without area.
func Dots(o typeface.Outline) []shape.Dot {
	p := draw(o)
	thin(p)
	return directed(p)
}

// picture holds 1 where there is ink, row by row.
type picture []byte

// draw fills the outline, as large as the picture allows.
func draw(o typeface.Outline) picture {
	p := make(picture, side*side)
	left, bottom, right, top := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, s := range o.Segments {
		for _, q := range s.P[:points(s.Op)] {
			left, right = min(left, q.X), max(right, q.X)
			bottom, top = min(bottom, q.Y), max(top, q.Y)
		}
	}
	longer := max(right-left, top-bottom)
	if !(longer > 0) {
		return p
	}
	scale := (side - 2*rim) / longer
	at := func(q typeface.Point) (float32, float32) {
		return float32(side/2 + scale*(q.X-(left+right)/2)), float32(side/2 - scale*(q.Y-(bottom+top)/2))
	}
	z := vector.NewRasterizer(side, side)
	for _, s := range o.Segments {
		ax, ay := at(s.P[0])
		bx, by := at(s.P[1])
		cx, cy := at(s.P[2])
		switch s.Op {
		case typeface.MoveTo:
			z.ClosePath()
			z.MoveTo(ax, ay)
		case typeface.LineTo:
			z.LineTo(ax, ay)
		case typeface.QuadTo:
			z.QuadTo(ax, ay, bx, by)
		case typeface.CubicTo:
			z.CubeTo(ax, ay, bx, by, cx, cy)
		}
	}
	z.ClosePath()
	cover := image.NewAlpha(image.Rect(0, 0, side, side))
	z.Draw(cover, cover.Rect, image.Opaque, image.Point{})
	for i, v := range cover.Pix {
		if v >= solid {
			p[i] = 1
		}
	}
	return p
}

func points(op typeface.Op) int {
	switch op {
	case typeface.QuadTo:
		return 2
	case typeface.CubicTo:
		return 3
	}
	return 1
}

// reach is how far the pixels lie that say which way a line runs.
const reach = 4

// directed gives each pixel the direction in which its neighbours lie most (their first principal axis).
func directed(p picture) []shape.Dot {
	var dots []shape.Dot
	for y := range side {
		for x := range side {
			if p[y*side+x] != 0 {
				angle := axis(p, x, y)
				dots = append(dots, shape.Dot{X: float64(x) / side, Y: float64(y) / side, Cos: math.Cos(angle), Sin: math.Sin(angle)})
			}
		}
	}
	return dots
}

func axis(p picture, x, y int) float64 {
	var xx, xy, yy float64
	for j := max(0, y-reach); j <= min(side-1, y+reach); j++ {
		for i := max(0, x-reach); i <= min(side-1, x+reach); i++ {
			if p[j*side+i] != 0 {
				dx, dy := float64(i-x), float64(j-y)
				weight := math.Exp(-(dx*dx + dy*dy) / 8)
				xx += weight * dx * dx
				xy += weight * dx * dy
				yy += weight * dy * dy
			}
		}
	}
	return math.Atan2(2*xy, xx-yy) / 2
}
