package ink

import "math"

// even gives a stroke with its first and last points and, between them, points equally far apart along its way.
func even(s Stroke) Stroke {
	length := 0.0
	for i := 1; i < len(s); i++ {
		length += math.Hypot(s[i].X-s[i-1].X, s[i].Y-s[i-1].Y)
	}
	pieces := int(min(math.Round(length/spacing), MostPoints-1))
	if pieces == 0 {
		return Stroke{s[0]}
	}
	step := length / float64(pieces)
	out := Stroke{s[0]}
	behind := 0.0 // of the way, at the point before
	for i := 1; i < len(s) && len(out) < pieces; i++ {
		piece := math.Hypot(s[i].X-s[i-1].X, s[i].Y-s[i-1].Y)
		for at := step * float64(len(out)); at <= behind+piece && len(out) < pieces; at = step * float64(len(out)) {
			t := (at - behind) / piece
			out = append(out, Point{s[i-1].X + t*(s[i].X-s[i-1].X), s[i-1].Y + t*(s[i].Y-s[i-1].Y)})
		}
		behind += piece
	}
	return append(out, s[len(s)-1])
}

// passes is how often smooth takes a point to the middle of itself and its neighbours. More calm a shakier hand, and take
// the corners off a steady one's strokes.
const passes = 8

// smooth calms a stroke. Its ends stay where they are.
func smooth(s Stroke) Stroke {
	for range passes {
		out := append(Stroke{}, s...)
		for i := 1; i+1 < len(s); i++ {
			out[i] = Point{(s[i-1].X + 2*s[i].X + s[i+1].X) / 4, (s[i-1].Y + 2*s[i].Y + s[i+1].Y) / 4}
		}
		s = out
	}
	return s
}
