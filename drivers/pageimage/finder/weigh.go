package finder

import "math"

// traits are what speaks for and against a candidate, each about 0 to 1.
type traits struct {
	seen, leastSeen float64 // support of all edges, and of the one seen least
	size            float64 // its side, in sides of the picture
	runsOn, ends    float64 // how much the edges go on beyond the corners, and are seen up to them
	known, square   float64 // whether it has the shape of known paper, and alike opposite edges
	borders         float64 // edges that are the picture's own
	bare, tight     float64 // parts of its inside that look like its paper: roughly, and closely
	margin, steady  float64 // the same along its edges
	open, mostOpen  float64 // parts of its edges where outside looks like inside: of all, and of the worst
	further         float64 // part of what lies further outside that looks like its paper
	bright          float64 // how much brighter its paper is than the picture
	within, around  float64 // how well the best candidate is seen of which it is a part, and that is a part of it
}

func (t traits) list() []float64 {
	return []float64{t.seen, t.leastSeen, t.size, t.runsOn, t.ends, t.known, t.square, t.borders, t.bare, t.tight,
		t.margin, t.steady, t.open, t.mostOpen, t.further, t.bright, t.within, t.around,
		t.seen * t.further, t.leastSeen * t.further, t.within * t.further, t.around * t.further, 1}
}

// weigh gives what speaks for a candidate on the whole: log-odds.
func (t traits) weigh() float64 {
	sum := 0.0
	for i, v := range t.list() {
		sum += weights[i] * v
	}
	return sum
}

// weights were learnt from scenes by TestFitWeights.
var weights = [23]float64{
	-0.83, 8.65, 2.13, -6.89, 4.17, 3.43, -1.52, -3.67, -1.65, -2.14, 3.73, 5.89, -0.57, -3.92, -2.56, 1.34, 0.59, 1.48,
	-2.48, -0.61, -3.12, 0.46, -7.53,
}

// nest tells candidates which are parts of which.
func nest(cs []candidate, w working) {
	for i := range cs {
		p, ok := paperOf(cs[i], w)
		if !ok {
			continue
		}
		for j := range cs {
			if math.Abs(cs[j].area()) > 1.03*math.Abs(cs[i].area()) && part(cs[i], cs[j], w, p) {
				cs[i].traits.within = max(cs[i].traits.within, cs[j].score)
				cs[j].traits.around = max(cs[j].traits.around, cs[i].score)
			}
		}
	}
}

// part tells whether o is a part of c: it lies within, and what lies around it in c is paper like its own.
func part(o, c candidate, w working, p paper) bool {
	for _, k := range o.corners {
		m := c.middle()
		if !c.holds(k.x+0.02*(m.x-k.x), k.y+0.02*(m.y-k.y)) {
			return false
		}
	}
	bare, around := 0, 0
	for i := range 14 {
		for j := range 14 {
			if x, y := c.inside((float64(i)+0.5)/14, (float64(j)+0.5)/14); !o.holds(x, y) {
				if around++; p.within(w, x, y, 4, 12, 8) {
					bare++
				}
			}
		}
	}
	return bare*100 >= around*80
}
