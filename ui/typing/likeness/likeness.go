// Package likeness recognises handwritten characters by what they look like, whatever the order and number of strokes. It
// learns from fonts, and needs nobody's handwriting.
package likeness

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"yimen/ui/typing/ink"
	"yimen/ui/typing/overlay"
	"yimen/ui/typing/shape"
)

// Axes is how many numbers describe a drawing in an Index.
const Axes = 128

// Index knows what characters look like. It is never changed once made, so that any number of goroutines may ask it. The
// 20,992 of the first block of Unicode, drawn by two fonts, take 16 MB.
type Index struct {
	axes       []float32 // shape.Size rows of Axes: what takes features to numbers
	unit       float32   // of the numbers in drawings
	characters []rune    // of each drawing, ascending
	numbers    []int8    // Axes for each
	drawings   []overlay.Drawing
}

// Candidate is a character that the ink may be.
type Candidate struct {
	Character rune
	Distance  float64 // by its features: the square of how far the ink is from a font's drawing, in what hands usually stray
	Apart     float64 // by its lines: how far the ink lies from a font's drawing, in sides of the box (overlay.Ink.Apart)
}

// newIndex describes each font's drawing of each character on the axes.
func newIndex(axes *mat.Dense, lessons []lesson) *Index {
	x := &Index{}
	for i := range shape.Size {
		for k := range Axes {
			x.axes = append(x.axes, float32(axes.At(i, k)))
		}
	}
	var all [][Axes]float32
	for _, l := range lessons {
		for k, m := range l.means {
			x.characters = append(x.characters, l.character)
			x.drawings = append(x.drawings, l.drawings[k])
			all = append(all, x.project(&m))
		}
	}
	for _, v := range all {
		for _, n := range v {
			x.unit = max(x.unit, float32(math.Abs(float64(n)))/math.MaxInt8)
		}
	}
	for _, v := range all {
		q := x.quantised(v)
		for _, n := range q {
			x.numbers = append(x.numbers, int8(n))
		}
	}
	return x
}

// project takes features to the axes.
func (x *Index) project(f *shape.Features) [Axes]float32 {
	var v [Axes]float32
	for i, amount := range f {
		if amount == 0 {
			continue
		}
		for k, weight := range x.axes[i*Axes : (i+1)*Axes] {
			v[k] += amount * weight
		}
	}
	return v
}

// quantised gives the numbers in units, none larger than an int8 holds.
func (x *Index) quantised(v [Axes]float32) [Axes]int32 {
	var q [Axes]int32
	for k, n := range v {
		q[k] = int32(max(-math.MaxInt8, min(math.MaxInt8, math.Round(float64(n/x.unit)))))
	}
	return q
}

// Characters are those that the index knows, each once, ascending.
func (x *Index) Characters() []rune { return slices.Compact(slices.Clone(x.characters)) }

// Classify gives the characters that look most like the ink by their features, the likest first, at most so many; none
// for ink in which nothing was drawn. Each is laid under the ink too. It expects ink that ink.Normalise gave.
func (x *Index) Classify(i ink.Ink, most int) []Candidate {
	dots := shape.Spread(shape.Dots(i))
	laid, ok := overlay.Lay(dots)
	if !ok || most <= 0 {
		return nil
	}
	f := shape.Of(dots)
	seen := x.quantised(x.project(&f))
	var nearest []Candidate
	for k, r := range x.characters {
		apart := distance(&seen, x.numbers[k*Axes:(k+1)*Axes])
		nearest = rank(nearest, Candidate{Character: r, Distance: float64(apart) * float64(x.unit) * float64(x.unit)}, most)
	}
	for k := range nearest {
		nearest[k].Apart = x.apart(laid, nearest[k].Character)
	}
	return nearest
}

// apart is how far the ink lies from the nearest drawing of a character. The characters must ascend.
func (x *Index) apart(laid *overlay.Ink, r rune) float64 {
	least := math.Inf(1)
	at, _ := slices.BinarySearch(x.characters, r)
	for ; at < len(x.characters) && x.characters[at] == r; at++ {
		least = min(least, laid.Apart(&x.drawings[at]))
	}
	return least
}

// distance is the square of how far two drawings are apart, in units.
func distance(a *[Axes]int32, b []int8) int32 {
	var sum int32
	for k, n := range b[:Axes] {
		d := a[k] - int32(n)
		sum += d * d
	}
	return sum
}

// rank keeps the nearest candidates in order, each character once.
func rank(nearest []Candidate, c Candidate, most int) []Candidate {
	if len(nearest) == most && c.Distance >= nearest[most-1].Distance {
		return nearest
	}
	if at := slices.IndexFunc(nearest, func(n Candidate) bool { return n.Character == c.Character }); at >= 0 {
		if nearest[at].Distance <= c.Distance {
			return nearest
		}
		nearest = slices.Delete(nearest, at, at+1)
	} else if len(nearest) == most {
		nearest = nearest[:most-1]
	}
	at, _ := slices.BinarySearchFunc(nearest, c, func(a, b Candidate) int { return cmp.Compare(a.Distance, b.Distance) })
	return slices.Insert(nearest, at, c)
}
