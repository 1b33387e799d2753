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
func newCornerLessons(l look, rnd *rand.Rand) (out []cornerLesson) {
	corners, paper, ok := l.page()
	if !ok {
		return nil
	}
	p, tr := l.Picture, l.truth
	for i, c := range corners {
		next, prev := corners[(i+1)%4], corners[(i+3)%4]
		off := func(q Point, size float64) Point {
			return Point{q.X + size*rnd.NormFloat64(), q.Y + size*rnd.NormFloat64()}
		}
		small := 0.8 * p.Step()
		if tr.Missing[i] {
			for range 4 {
				out = append(out, cornerLesson{p.patch(paper, off(c, small), off(next, small), off(prev, small)), 0})
			}
			continue
		}
		if tr.Near {
			continue
		}
		out = append(out, cornerLesson{p.patch(paper, off(c, small), off(next, 2*small), off(prev, 2*small)), 1})
		// elsewhere: one edge or both are wrong
		angle := rnd.Float64() * 2 * math.Pi
		d := p.Step() * (6 + 24*rnd.Float64())
		q := Point{c.X + d*math.Cos(angle), c.Y + d*math.Sin(angle)}
		if rnd.IntN(3) > 0 { // along an edge
			to := next
			if rnd.IntN(2) == 0 {
				to = prev
			}
			l := math.Hypot(to.X-c.X, to.Y-c.Y)
			if rnd.IntN(2) == 0 {
				d = -d
			}
			q = Point{c.X + d*(to.X-c.X)/l, c.Y + d*(to.Y-c.Y)/l}
		}
		out = append(out, cornerLesson{p.patch(paper, q, off(next, 4*small), off(prev, 4*small)), 0})
	}
	return out
}

// varied mirrors the patch half of the time, in another light.
func (l cornerLesson) varied(rnd *rand.Rand) (grid, func(out grid) (float64, grid)) {
	out := newGrid(cornerIn, patch, patch)
	turn := rnd.IntN(2) == 0
	contrast := float32(1 + 0.15*rnd.NormFloat64())
	for c := range cornerIn {
		k := float32(1)
		if c < 3 {
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
