// Package shape describes a character by where its lines run and in which direction, and by nothing else: the same for
// ink, in whatever order and with however many lifts of the finger it was written, and for the thinned print of a font.
package shape

import (
	"math"

	"yimen/ui/typing/ink"
)

// Dot is a short piece of line: where it lies, in any unit that both axes share (x runs right, y down), and the unit
// vector along it, whose sign means nothing.
type Dot struct{ X, Y, Cos, Sin float64 }

// The features: how much line of each of four directions (level, falling, plumb, rising) runs through each cell.
const (
	cells      = 8
	directions = 4
	Size       = cells * cells * directions
)

// Features describe a shape. Their squares sum up to 1, or to 0 where there is none.
type Features [Size]float32

// Of describes a shape whose dots Spread gave. One without dots has no features: all are 0.
func Of(dots []Dot) Features {
	var sums [Size]float64
	for _, d := range dots {
		add(&sums, d)
	}
	var f Features
	total := 0.0
	for _, v := range sums {
		total += v
	}
	if total == 0 {
		return f
	}
	for i, v := range sums {
		f[i] = float32(math.Sqrt(v / total)) // the root: a line twice as thick in dots counts for less than two
	}
	return f
}

// blur is how far a dot reaches into the cells around its own: the standard deviation, in cells.
const blur = 0.5

// add spreads one dot over the cells around it and the two directions beside its own.
func add(sums *[Size]float64, d Dot) {
	angle := math.Atan2(d.Sin, d.Cos)
	if angle < 0 {
		angle += math.Pi
	}
	sector := angle / (math.Pi / directions)
	part := sector - math.Floor(sector)
	this := int(sector) % directions
	next := (this + 1) % directions

	x, y := d.X*cells-0.5, d.Y*cells-0.5
	column, row := int(math.Round(x)), int(math.Round(y))
	for j := max(0, row-1); j <= min(cells-1, row+1); j++ {
		for i := max(0, column-1); i <= min(cells-1, column+1); i++ {
			dx, dy := float64(i)-x, float64(j)-y
			weight := math.Exp(-(dx*dx + dy*dy) / (2 * blur * blur))
			cell := (j*cells + i) * directions
			sums[cell+this] += weight * (1 - part)
			sums[cell+next] += weight * part
		}
	}
}

// perSide is how many dots a line across the whole box gives.
const perSide = 96

// Dots cuts ink into pieces of equal length. A stroke without length gives none.
func Dots(x ink.Ink) []Dot {
	var dots []Dot
	for _, s := range x {
		for i := 1; i < len(s); i++ {
			dx, dy := s[i].X-s[i-1].X, s[i].Y-s[i-1].Y
			length := math.Hypot(dx, dy)
			if length == 0 {
				continue
			}
			pieces := math.Ceil(length * perSide)
			for k := 0.5; k < pieces; k++ {
				dots = append(dots, Dot{s[i-1].X + dx*k/pieces, s[i-1].Y + dy*k/pieces, dx / length, dy / length})
			}
		}
	}
	return dots
}
