package finder

import (
	"math"
	"slices"

	"yimen/drivers/pageimage/eye"
)

const (
	mostWalked  = 90   // steps of the eye that a corner is looked for along an edge, inwards and outwards
	eachWalked  = 2.5  // steps from one place to the next: a corner is seen within three
	mostOfSide  = 0.7  // parts of an edge that a walk along it takes at most
	leastWalked = 4    // steps: nearer, it has been looked for already
	mostBent    = 0.02 // of a page whose corner was moved: what looks like a corner where a hand lies over one bends it more
)

// walked looks for corners that are not seen along the edges that end at them, and gives the quads that have them where
// they are seen: on patterned cloth one edge may have been taken for another that is parallel.
func (w working) walked(m eye.Map, s sight) []quad {
	p := paperOf(s.quad, w)
	all := s.quad
	var out []quad
	for i, seen := range s.corners {
		if seen >= visible {
			continue
		}
		best, most := point{}, settled
		for _, from := range [2]int{(i + 1) % 4, (i + 3) % 4} {
			if c, v := w.walk(m, s.quad, i, from, p); v > most {
				best, most = c, v
			}
		}
		if most > settled {
			q := s.quad
			q[i], all[i] = best, best
			out = append(out, q)
		}
	}
	if len(out) > 1 {
		out = append(out, all)
	}
	return slices.DeleteFunc(out, func(q quad) bool { return q.bent() > mostBent })
}

// bent is how far a quad is from having opposite sides alike, in parts of a diagonal.
func (q quad) bent() float64 {
	return math.Hypot(q[0].X-q[1].X+q[2].X-q[3].X, q[0].Y-q[1].Y+q[2].Y-q[3].Y) / math.Hypot(q[2].X-q[0].X, q[2].Y-q[0].Y)
}

// walk goes along the edge between corners i and from, on both sides of i, and gives the place where a corner is likeliest.
// The other edge that ends at i stays parallel to where it was.
func (w working) walk(m eye.Map, q quad, i, from int, p paper) (best point, most float64) {
	step, other := w.picture().Step(), (2*i-from+4)%4
	length := math.Hypot(q[i].X-q[from].X, q[i].Y-q[from].Y)
	reach := min(mostWalked*step, mostOfSide*length)
	for d := -reach; d <= reach; d += eachWalked * step {
		dx, dy := d*(q[i].X-q[from].X)/length, d*(q[i].Y-q[from].Y)/length
		next := q
		next[i] = point{q[i].X + dx, q[i].Y + dy}
		next[other] = point{q[other].X + dx, q[other].Y + dy}
		if math.Abs(d) < leastWalked*step || w.outside(next[i]) {
			continue
		}
		if v := w.nearCorner(m, next, i, p); v > most {
			best, most = next[i], v
		}
	}
	return best, most
}
