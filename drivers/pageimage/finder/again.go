package finder

import (
	"slices"

	"yimen/drivers/pageimage/eye"
)

const (
	mostTimes = 2   // that a doubtful page is looked at again
	mostCard  = 0.1 // parts of the picture that a card fills at most
)

// again looks again for a page that is not certain, beginning at what was seen of it: as if corners lay elsewhere on its
// edges, and as if a small one were a card of which one edge was missed. It gives what is most certain.
func (w working) again(m eye.Map, best sight, seen []sight) sight {
	for range mostTimes {
		was := best
		for _, s := range seen {
			for _, q := range w.possible(w.walked(m, s)) {
				best = surer(best, w.lookFrom(m, q, snappedNear))
			}
			if best.certainty <= sure && s.quad.area() < mostCard*float64(w.luma.width*w.luma.height) {
				for _, q := range w.possible(s.quad.cards()) {
					best = surer(best, w.lookFrom(m, q, snapped))
				}
			}
			if best.certainty > sure {
				return best
			}
		}
		if best.certainty <= was.certainty {
			break
		}
		seen = []sight{best}
	}
	return best
}

// possible leaves out the quads that no page can have.
func (w working) possible(all []quad) []quad {
	return slices.DeleteFunc(all, func(q quad) bool { return !q.convex() || !w.reaches(q) })
}

// snappedNear is snapped, from where corners are seen already.
func snappedNear(w working, m eye.Map, q quad, p paper) (quad, [4]side) {
	return snap(w, m, q, p, w.picture().Step()/2)
}
