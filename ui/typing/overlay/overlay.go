// Package overlay lays ink over a font's drawing of a character, pulls it straight where hands bend, and says how far
// apart they still lie. It tells characters apart that differ in one short stroke; it is too slow to be asked about all.
package overlay

import (
	"math"

	"yimen/ui/typing/shape"
)

// Dots is how many dots stand for a drawing, however many it has: as many as an int8 numbers.
const Dots = 127

// Drawing is a font's drawing of a character, as Pack makes it: each dot's place in 64ths of the box, six bits for x and
// six for y, and its direction in 16ths of a half turn.
type Drawing [Dots]uint16

const (
	places = 64
	turns  = 16
)

// Pack takes an even choice of the dots that shape.Spread gave; false where there are none.
func Pack(dots []shape.Dot) (Drawing, bool) {
	var d Drawing
	if len(dots) == 0 {
		return d, false
	}
	for i := range d {
		p := dots[i*len(dots)/Dots]
		angle := math.Atan2(p.Sin, p.Cos)
		turn := int(math.Round(angle/math.Pi*turns)+2*turns) % turns
		d[i] = uint16(place(p.X)<<10 | place(p.Y)<<4 | turn)
	}
	return d, true
}

func place(v float64) int { return max(0, min(places-1, int(v*places))) }

// dot is a piece of line; its direction is the doubled angle's, in which opposite ways are one.
type dot struct{ x, y, cos, sin float32 }

// direction are the doubled directions of a Drawing's turns.
var direction = func() (d [turns][2]float32) {
	for i := range d {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / turns)
		d[i] = [2]float32{float32(cos), float32(sin)}
	}
	return d
}()

func (d *Drawing) dots() (out [Dots]dot) {
	for i, v := range d {
		way := direction[v&(turns-1)]
		out[i] = dot{(float32(v>>10) + 0.5) / places, (float32(v>>4&(places-1)) + 0.5) / places, way[0], way[1]}
	}
	return out
}

// Ink is writing to be laid over drawings. One goroutine may use it at a time.
type Ink struct {
	dots [Dots]dot
	near [2][Dots][Dots]float32 // how much a dot goes along with another, widely and narrowly
}

// How far a pull carries the dots beside it, as standard deviations in sides of the box.
const (
	wide   = 0.2
	narrow = 0.1
)

// Lay takes an even choice of the dots that shape.Spread gave; false where there are none.
func Lay(dots []shape.Dot) (*Ink, bool) {
	if len(dots) == 0 {
		return nil, false
	}
	x := &Ink{}
	for i := range x.dots {
		p := dots[i*len(dots)/Dots]
		x.dots[i] = dot{float32(p.X), float32(p.Y), float32(p.Cos*p.Cos - p.Sin*p.Sin), float32(2 * p.Cos * p.Sin)}
	}
	for k, reach := range []float64{wide, narrow} {
		for i, a := range x.dots {
			for j, b := range x.dots {
				dx, dy := float64(a.x-b.x), float64(a.y-b.y)
				x.near[k][i][j] = float32(math.Exp(-(dx*dx + dy*dy) / (2 * reach * reach)))
			}
		}
	}
	return x, true
}

// Apart is how far the ink lies from the drawing, and the drawing from the ink, after both were brought together: the sum
// of two mean distances, in sides of the box. Pieces of line that run in different ways count as lying apart.
func (x *Ink) Apart(d *Drawing) float64 {
	print := d.dots()
	moved := x.dots
	for _, near := range []*[Dots][Dots]float32{&x.near[0], &x.near[0], &x.near[1]} {
		pull(&moved, &print, near)
	}
	there, _ := nearest(&moved, &print)
	back, _ := nearest(&print, &moved)
	return there + back
}

const (
	across = 0.01 // what the square of a distance grows by where two lines cross at right angles
	lost   = 0.03 // the square of the distance beyond which nothing is nearest
)

// nearest gives the mean distance of the dots to the nearest of the others, and which that is; -1 for none.
func nearest(dots, others *[Dots]dot) (mean float64, which [Dots]int8) {
	for i := range dots {
		p := &dots[i]
		least, at := float32(lost), int8(-1)
		for k := range others {
			q := &others[k]
			dx, dy := p.x-q.x, p.y-q.y
			d := dx*dx + dy*dy
			if d >= least {
				continue
			}
			if d += across * (1 - p.cos*q.cos - p.sin*q.sin); d < least {
				least, at = d, int8(k)
			}
		}
		which[i] = at
		mean += math.Sqrt(float64(least)) / Dots
	}
	return mean, which
}

// calm keeps a dot with few neighbours from going all the way.
const calm = 1

// pull moves each dot as its neighbours would have to go to lie on the drawing.
func pull(dots, print *[Dots]dot, near *[Dots][Dots]float32) {
	_, which := nearest(dots, print)
	var wayX, wayY, counts [Dots]float32
	for i, k := range which {
		if k >= 0 {
			wayX[i], wayY[i], counts[i] = print[k].x-dots[i].x, print[k].y-dots[i].y, 1
		}
	}
	for i := range dots {
		weight, x, y := float32(calm), float32(0), float32(0)
		for j, w := range near[i] {
			weight += w * counts[j]
			x += w * wayX[j]
			y += w * wayY[j]
		}
		dots[i].x += x / weight
		dots[i].y += y / weight
	}
}
