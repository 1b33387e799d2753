package penman

import (
	"math"
	"math/rand/v2"
)

// reach is how far a finger moves between two reports of the panel: at 100 reports a second, a stroke across the box in
// half a second.
const reach = 0.02

// resample gives a stroke with points at most reach apart.
func resample(s Stroke) Stroke {
	out := Stroke{s[0]}
	for _, to := range s[1:] {
		from := out[len(out)-1]
		steps := math.Ceil(math.Hypot(to.X-from.X, to.Y-from.Y) / reach)
		for k := 1.0; k <= steps; k++ {
			t := k / steps
			out = append(out, Point{from.X + t*(to.X-from.X), from.Y + t*(to.Y-from.Y)})
		}
	}
	return out
}

// wobble moves a stroke as a whole, in slow waves, and point by point.
func (h Hand) wobble(s Stroke, r *rand.Rand) Stroke {
	dx, dy := r.NormFloat64()*h.Drift, r.NormFloat64()*h.Drift
	highX, highY := r.NormFloat64()*h.Sway, r.NormFloat64()*h.Sway
	turns, start := 0.5+r.Float64(), 2*math.Pi*r.Float64()
	out := make(Stroke, len(s))
	for i, p := range s {
		wave := math.Sin(start + 2*math.Pi*turns*float64(i)/float64(len(s)))
		out[i] = Point{
			p.X + dx + highX*wave + r.NormFloat64()*h.Tremor,
			p.Y + dy + highY*wave + r.NormFloat64()*h.Tremor,
		}
	}
	return out
}

// join leaves the finger down between a stroke and the next.
func join(strokes []Stroke, r *rand.Rand) []Stroke {
	if len(strokes) < 2 {
		return strokes
	}
	i := r.IntN(len(strokes) - 1)
	path := append(append(Stroke{}, strokes[i]...), strokes[i+1]...)
	out := append([]Stroke{}, strokes[:i]...)
	out = append(out, resample(path))
	return append(out, strokes[i+2:]...)
}

// place leans the character and puts it where the hand writes: all over the box, or somewhere in it. What would lie
// outside is cut at the edge, as the panel does.
func (h Hand) place(strokes []Stroke, r *rand.Rand) {
	lean := h.Slant * (2*r.Float64() - 1)
	left, top := (1-h.Size)*r.Float64(), (1-h.Size)*r.Float64()
	within := func(v float64) float64 { return min(max(v, 0), 1) }
	for _, s := range strokes {
		for i, p := range s {
			s[i] = Point{within(left + h.Size*(p.X+lean*(0.5-p.Y))), within(top + h.Size*p.Y)}
		}
	}
}
