package finder

import "math"

const (
	cardShape = 85.6 / 53.98 // ISO/IEC 7810 ID-1: its longer side over its shorter one
	mostGrown = 1.9          // times by which what was taken for a card's side may be too short, or too long
	leastMove = 0.1          // parts of a side by which it has to change to be another one
)

// cards are the quads that have a card's shape and three edges of this one: a portrait, or writing, is darker than the card,
// may look like the bed's pattern, and has its edge taken for the card's.
func (q quad) cards() []quad {
	length := func(i int) float64 { return math.Hypot(q[(i+1)%4].X-q[i%4].X, q[(i+1)%4].Y-q[i%4].Y) }
	var out []quad
	for i := range q { // edge i stays, and those next to it become longer or shorter
		side, was := (length(i)+length(i+2))/2, (length(i+1)+length(i+3))/2
		for _, want := range [2]float64{side * cardShape, side / cardShape} {
			k := want / was
			if max(k, 1/k) > mostGrown || math.Abs(k-1) < leastMove {
				continue
			}
			a, b, c, d := q[i], q[(i+1)%4], q[(i+2)%4], q[(i+3)%4]
			next := q
			next[(i+2)%4] = point{b.X + k*(c.X-b.X), b.Y + k*(c.Y-b.Y)}
			next[(i+3)%4] = point{a.X + k*(d.X-a.X), a.Y + k*(d.Y-a.Y)}
			out = append(out, next)
		}
	}
	return out
}
