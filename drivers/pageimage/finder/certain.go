package finder

import (
	"math"

	"yimen/drivers/pageimage/eye"
)

// traits are what speaks for and against the corners that were found, each about 0 to 1.
type traits struct {
	seen, leastSeen float64 // how sure the edges lie there: all, and the worst
	ends            float64 // the worst next to a corner
	paper, around   float64 // mean likelihood of paper inside, and next to it outside
	corners, least  float64 // how likely corners can be seen from afar: all, and the worst
	near, leastNear float64 // the same from near
	moved           float64 // how far, in fields, the picture moved the outline's corners, at most four
	more            float64 // paper elsewhere, in parts of the page
}

func (t traits) list() []float64 {
	return []float64{t.seen, t.leastSeen, t.ends, t.paper, t.around, t.corners, t.least, t.near, t.leastNear, t.moved / 4, t.more, 1}
}

// certainty is the likelihood that the corners are right, by weights that were learnt from scenes by TestFitCertainty.
func (t traits) certainty(weights [12]float64) float64 {
	sum := 0.0
	for i, v := range t.list() {
		sum += weights[i] * v
	}
	return likely(sum)
}

// For a picture that was looked at well, and for one that was glanced at.
var (
	lookWeights   = [12]float64{-0.27, 4.38, 1.55, -2.68, -0.82, -1.12, 0.50, 5.20, 0.71, -3.27, -2.13, -2.61}
	glanceWeights = [12]float64{0.91, 6.65, 2.63, -0.83, -0.24, -1.06, 0.05, -1.06, 0.05, 0.67, -2.30, -2.63}
)

// traitsOf looks at a page in a map; q is in fields. near are the likelihoods that its corners can be seen.
func traitsOf(m eye.Map, q, outline quad, sides [4]side, near [4]float64) traits {
	t := traits{leastSeen: 1, ends: 1, least: 1, leastNear: 1}
	for i := range q {
		s := sides[i]
		t.seen, t.leastSeen, t.ends = t.seen+s.seen/4, min(t.leastSeen, s.seen), min(t.ends, s.ends[0], s.ends[1])
		c := seenCorner(m, q[i])
		t.corners, t.least = t.corners+c/4, min(t.least, c)
		t.near, t.leastNear = t.near+near[i]/4, min(t.leastNear, near[i])
		t.moved = max(t.moved, min(math.Hypot(q[i].X-outline[i].X, q[i].Y-outline[i].Y), 4))
	}
	inner, outer, far := q.grown(-1), q.grown(1), q.grown(3)
	var in, all, out, ring, more float64
	for i, v := range m.Paper {
		if i%2 > 0 || i/m.Width%2 > 0 { // one field in four tells enough
			continue
		}
		x, y := middle(i, m.Width)
		p := likely(float64(v))
		switch {
		case inner.holds(x, y):
			in, all = in+p, all+1
		case outer.holds(x, y):
		case far.holds(x, y):
			out, ring = out+p, ring+1
		default:
			more += p
		}
	}
	t.paper, t.around, t.more = in/max(all, 1), out/max(ring, 1), min(more/max(all, 1), 1)
	return t
}

func likely(odds float64) float64 { return 1 / (1 + math.Exp(-odds)) }

// seenCorner is how likely a corner can be seen near a place of the map.
func seenCorner(m eye.Map, p point) float64 {
	const reach = 1.5
	best := math.Inf(-1)
	for y := max(int(p.Y-reach), 0); y <= min(int(p.Y+reach), m.Height-1); y++ {
		for x := max(int(p.X-reach), 0); x <= min(int(p.X+reach), m.Width-1); x++ {
			best = max(best, float64(m.Corner[y*m.Width+x]))
		}
	}
	return likely(best)
}
