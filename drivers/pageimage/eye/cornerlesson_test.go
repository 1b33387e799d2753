package eye

import (
	"math"
	"math/rand/v2"
)

// cornerLesson is what lies around a place, and whether it is a sheet's corner that can be seen: 1, or 0.
type cornerLesson struct {
	seen grid
	want float32
}

// newCornerLessons looks at the corners of a scene's page from almost where they are, and at places nearby.
func newCornerLessons(l look, m Map, rnd *rand.Rand) (out []cornerLesson) {
	corners, paper, ok := l.page()
	if !ok {
		return nil
	}
	tr := l.truth
	off := func(q Point, size float64) Point {
		size *= l.Step()
		return Point{q.X + size*rnd.NormFloat64(), q.Y + size*rnd.NormFloat64()}
	}
	learn := func(want float32, at, along, down Point) {
		out = append(out, cornerLesson{l.patch(m, paper, at, along, down), want})
	}
	for i, c := range corners {
		next, prev := corners[(i+1)%4], corners[(i+3)%4]
		if tr.Missing[i] {
			for k := range 4 {
				learn(0, off(c, 0.5+float64(k)/2), off(next, 1), off(prev, 1))
			}
			for range 2 { // where a fold meets an edge
				learn(0, l.along(c, next, prev, 2+12*rnd.Float64(), rnd), off(next, 1), off(prev, 1))
			}
			for range 2 { // where the picture's border cuts the page
				if at, along, down, cut := l.cut(c, next, prev, rnd); cut {
					learn(0, off(at, 1), along, down)
				}
			}
			continue
		}
		if tr.Near {
			continue
		}
		learn(1, off(c, 0.8), off(next, 2), off(prev, 2))
		learn(1, l.off(c, 3.2*rnd.Float64(), rnd), off(next, 3), off(prev, 3))
		// elsewhere: one edge or both are wrong
		q := l.off(c, 7+24*rnd.Float64(), rnd)
		if rnd.IntN(3) > 0 {
			q = l.along(c, next, prev, 7+24*rnd.Float64(), rnd)
		}
		learn(0, q, off(next, 4), off(prev, 4))
		if rnd.IntN(2) == 0 {
			learn(0, l.off(c, 7+60*rnd.Float64(), rnd), l.off(next, 40*rnd.Float64(), rnd), l.off(prev, 40*rnd.Float64(), rnd))
		}
	}
	return out
}

// off gives a place so many steps away.
func (l look) off(q Point, steps float64, rnd *rand.Rand) Point {
	sin, cos := math.Sincos(rnd.Float64() * 2 * math.Pi)
	d := steps * l.Step()
	return Point{q.X + d*cos, q.Y + d*sin}
}

// along gives a place so many steps away from a corner on one of its edges, or beyond it.
func (l look) along(c, next, prev Point, steps float64, rnd *rand.Rand) Point {
	to, d := next, steps*l.Step()
	if rnd.IntN(2) == 0 {
		to = prev
	}
	if rnd.IntN(2) == 0 {
		d = -d
	}
	d /= math.Hypot(to.X-c.X, to.Y-c.Y)
	return Point{c.X + d*(to.X-c.X), c.Y + d*(to.Y-c.Y)}
}

// cut gives what looks like a corner where one of its edges leaves the picture; false where it does not.
func (l look) cut(c, next, prev Point, rnd *rand.Rand) (at, along, down Point, ok bool) {
	w, h := float64(l.Luma.Width), float64(l.Luma.Height)
	in := func(q Point) bool { return q.X >= 0 && q.Y >= 0 && q.X < w && q.Y < h }
	if in(c) {
		return at, along, down, false
	}
	last := func(from Point) (Point, bool) { // of an edge, within the picture
		for t := range 200 {
			q := Point{c.X + float64(t)/200*(from.X-c.X), c.Y + float64(t)/200*(from.Y-c.Y)}
			if in(q) {
				return q, true
			}
		}
		return c, false
	}
	a, okA := last(next)
	b, okB := last(prev)
	switch {
	case okA && okB && rnd.IntN(2) == 0:
		return a, next, b, true
	case okA && okB:
		return b, a, prev, true
	case okA:
		return a, next, Point{a.X + prev.X - c.X, a.Y + prev.Y - c.Y}, true
	case okB:
		return b, Point{b.X + next.X - c.X, b.Y + next.Y - c.Y}, prev, true
	}
	return at, along, down, false
}

// varied mirrors the patch half of the time, in another light.
func (l cornerLesson) varied(rnd *rand.Rand) (grid, func(out grid) (float64, grid)) {
	out := newGrid(cornerIn, patch, patch)
	turn := rnd.IntN(2) == 0
	contrast := float32(1 + 0.15*rnd.NormFloat64())
	for c := range cornerIn {
		k := float32(1)
		if c < 4 { // luma and chroma
			k = contrast
		}
		from, to := l.seen.plane(c), out.plane(c)
		for j := range patch {
			for i := range patch {
				if turn {
					to[j*patch+i] = k * from[i*patch+j]
				} else {
					to[j*patch+i] = k * from[j*patch+i]
				}
			}
		}
	}
	return out, l.loss
}

func (l cornerLesson) loss(out grid) (float64, grid) {
	d := newGrid(1, out.width, out.height)
	p := sigmoid(float32(average(out)))
	for i := range d.v {
		d.v[i] = (p - l.want) / float32(len(d.v))
	}
	return entropy(p, l.want), d
}
