package shape

import "math"

// Spread moves dots into a box with sides from 0 to 1 so that their lines lie evenly apart: a crowded half of a character
// gets more of the box, as a font gives it and a hand may not. What is slender stays slender, though less so.
func Spread(dots []Dot) []Dot {
	left, top, right, bottom := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, d := range dots {
		left, right = min(left, d.X), max(right, d.X)
		top, bottom = min(top, d.Y), max(bottom, d.Y)
	}
	width, height := right-left, bottom-top
	across, down := proportions(width, height)
	var plumb, level profile
	out := make([]Dot, len(dots))
	for i, d := range dots {
		out[i] = Dot{share(d.X-left, width), share(d.Y-top, height), d.Cos, d.Sin}
		plumb.count(out[i].X, d.Sin*d.Sin)
		level.count(out[i].Y, d.Cos*d.Cos)
	}
	wide, high := plumb.evened(), level.evened()
	for i, d := range out {
		out[i].X = 0.5 + (wide.at(d.X)-0.5)*across
		out[i].Y = 0.5 + (high.at(d.Y)-0.5)*down
	}
	return out
}

// proportions are the sides that a shape gets: the longer one 1, the shorter one longer than it was.
func proportions(width, height float64) (across, down float64) {
	longer := max(width, height)
	if longer == 0 {
		return 1, 1
	}
	shorter := math.Sqrt(math.Sin(math.Pi / 2 * min(width, height) / longer))
	if width < height {
		return shorter, 1
	}
	return 1, shorter
}

func share(part, whole float64) float64 {
	if whole == 0 {
		return 0.5
	}
	return part / whole
}

// A profile counts how much line crosses each of its places, from side to side of the box.
const (
	places  = 64
	calming = 4.0 // standard deviation over which the count is smoothed, in places
)

type profile [places]float64

func (p *profile) count(at, weight float64) { p[min(places-1, int(at*places))] += weight }

// scale says where each border of the places comes to lie; evenly between.
type scale [places + 1]float64

// evened is the scale on which the smoothed count, and as much again spread evenly, is the same everywhere.
func (p *profile) evened() scale {
	var calm profile
	total := 0.0
	for i := range p {
		for k := -8; k <= 8; k++ {
			if i+k >= 0 && i+k < places {
				calm[i] += p[i+k] * math.Exp(-float64(k*k)/(2*calming*calming))
			}
		}
		total += calm[i]
	}
	even := total/places + 1e-9
	var s scale
	for i, v := range calm {
		s[i+1] = s[i] + v + even
	}
	whole := s[places]
	for i := range s {
		s[i] /= whole
	}
	return s
}

func (s *scale) at(v float64) float64 {
	i := min(places-1, int(v*places))
	return s[i] + (s[i+1]-s[i])*(v*places-float64(i))
}
