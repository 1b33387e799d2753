// Package ink holds what a finger wrote and makes it fit for a recogniser: whatever size, place and device it came from,
// and whether or not it is writing at all.
//
// Ink is a resident's handwriting, often their name: nothing here keeps, logs or prints it.
package ink

import "math"

// Point is where the finger was: x runs right and y down, in any unit that both share.
type Point struct{ X, Y float64 }

// Stroke is the way of the finger between down and up.
type Stroke []Point

// Ink is the strokes of one character, in the order of writing.
type Ink []Stroke

// Limits of normalised ink. The character with the most strokes in GB 2312 has 30.
const (
	MostStrokes = 64  // those after them are ignored
	MostPoints  = 128 // in each stroke; a longer way is followed more coarsely
)

// spacing is how far apart the points of normalised ink lie, in shares of the box.
const spacing = 0.02

// farthest is a coordinate that no panel reports, in whatever unit.
const farthest = 1e6

// Normalise gives the ink in a box with sides from 0 to 1: its longer side reaches from margin to 1-margin, the shorter
// one keeps its proportion and lies in the middle. Points are equally far apart along each stroke, and tremor is smoothed
// away. Points that no panel could have reported are dropped, and strokes without points; ink without strokes gives none.
// Its result has at most MostStrokes strokes of at most MostPoints points, all finite, however large the argument, which
// it leaves alone.
func Normalise(raw Ink) Ink {
	clean := possible(raw)
	fit(clean)
	for i, s := range clean {
		clean[i] = smooth(even(s))
	}
	return clean
}

// possible copies what a panel can have reported.
func possible(raw Ink) Ink {
	clean := make(Ink, 0, min(len(raw), MostStrokes))
	for _, s := range raw {
		if len(clean) == MostStrokes {
			break
		}
		var kept Stroke
		for _, p := range s {
			if math.Abs(p.X) <= farthest && math.Abs(p.Y) <= farthest { // false for NaN
				kept = append(kept, p)
			}
		}
		if len(kept) > 0 {
			clean = append(clean, kept)
		}
	}
	return clean
}

// margin is what stays free on each side of the box.
const margin = 0.15

// fit moves the ink into the box. A single dot, which has no size, lies in the middle.
func fit(x Ink) {
	left, top, right, bottom := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, s := range x {
		for _, p := range s {
			left, right = min(left, p.X), max(right, p.X)
			top, bottom = min(top, p.Y), max(bottom, p.Y)
		}
	}
	scale := 0.0
	if longer := max(right-left, bottom-top); longer > 1/farthest {
		scale = (1 - 2*margin) / longer
	}
	for _, s := range x {
		for i, p := range s {
			s[i] = Point{0.5 + scale*(p.X-(left+right)/2), 0.5 + scale*(p.Y-(top+bottom)/2)}
		}
	}
}
