package finder

import (
	"cmp"
	"math"
	"slices"
)

type point struct{ x, y float64 }

// candidate is four lines that may bound a page.
type candidate struct {
	lines   [4]int // clockwise from the top: which lines
	corners [4]point
	support [4]float64 // of the edges: from corner i to corner i+1
	traits  traits
	score   float64
}

const (
	leastPage  = 0.02 // parts of the picture that a page fills at least: an identity card on a bed for A3
	mostBeyond = 0.08 // parts of the picture's longer side by which a corner may lie outside
	kept       = 160  // candidates whose surface is looked at
	apart      = 0.06 // parts of the picture's shorter side: edges nearer to each other bound no page
	tail       = 0.14 // part of an edge next to its corner
	leastEdge  = 0.1  // part of an edge that is seen at least, but for one edge of a page
)

// candidates gives the quadrangles whose edges can be seen best. Two lines that run much the same way are taken, then
// the stretches of others between them, and of those every two.
func candidates(all []line, width, height int) []candidate {
	var out []candidate
	var between []int
	least := math.Inf(-1)
	for i := range all {
		for j := i + 1; j < len(all); j++ {
			if !opposite(all[i], all[j], width, height) {
				continue
			}
			between = stretches(between[:0], all, i, j, width, height)
			for m, a := range between {
				for _, b := range between[m+1:] {
					if min(a, b) < i || !opposite(all[a], all[b], width, height) {
						continue // found, or to be found, the other way round
					}
					c, ok := bounded(all, [4]int{i, a, j, b}, width, height)
					if !ok || c.score <= least {
						continue
					}
					if out = append(out, c); len(out) >= 5*kept {
						if out = best(out); len(out) == kept {
							least = out[kept-1].score
						}
					}
				}
			}
		}
	}
	return best(out)
}

// best keeps the best candidates, and of those that hardly differ one: refine tells such apart.
func best(cs []candidate) []candidate {
	slices.SortStableFunc(cs, func(a, b candidate) int { return cmp.Compare(b.score, a.score) })
	var out []candidate
	for _, c := range cs {
		if len(out) == kept {
			break
		}
		if !slices.ContainsFunc(out, c.same) {
			out = append(out, c)
		}
	}
	return out
}

// same tells whether each corner of two candidates lies within a few samples of one of the other.
func (c candidate) same(o candidate) bool {
	const few = 4
	turn := 0
	for k, p := range o.corners {
		if math.Abs(p.x-c.corners[0].x) < few && math.Abs(p.y-c.corners[0].y) < few {
			turn = k
			break
		}
	}
	for i, p := range c.corners {
		q := o.corners[(i+turn)%4]
		if math.Abs(p.x-q.x) >= few || math.Abs(p.y-q.y) >= few {
			return false
		}
	}
	return true
}

// opposite tells whether two lines may be two opposite edges: alike in direction and apart.
func opposite(a, b line, width, height int) bool {
	alike := a.nx*b.nx + a.ny*b.ny
	if math.Abs(alike) < 0.86 || a.border && b.border && a.nx != b.nx {
		return false
	}
	x, y := float64(width)/2, float64(height)/2
	d := math.Abs(a.off(x, y) - math.Copysign(1, alike)*b.off(x, y))
	return d >= apart*float64(min(width, height))
}

// stretches appends the lines that cross both i and j and look like an edge between them.
func stretches(out []int, all []line, i, j, width, height int) []int {
	beyond := mostBeyond * float64(max(width, height))
	within := func(x, y float64) bool {
		return x >= -beyond && y >= -beyond && x <= float64(width)+beyond && y <= float64(height)+beyond
	}
	for k, l := range all {
		if k == i || k == j || math.Abs(l.nx*all[i].nx+l.ny*all[i].ny) > 0.64 {
			continue
		}
		ax, ay, ok := l.meet(all[i])
		bx, by, ok2 := l.meet(all[j])
		if !ok || !ok2 || !within(ax, ay) || !within(bx, by) {
			continue
		}
		a, b := l.along(ax, ay), l.along(bx, by)
		if s := max(l.support(a, b, 0), l.support(a, b, 1)); l.border || s >= leastEdge {
			out = append(out, k)
		}
	}
	return out
}

// bounded makes a quadrangle of four lines that follow each other round, if one comes of it.
func bounded(all []line, lines [4]int, width, height int) (candidate, bool) {
	c := candidate{lines: lines}
	borders := 0
	for i := range c.corners { // corner i is where edge i-1 and edge i meet
		x, y, ok := all[c.lines[(i+3)%4]].meet(all[c.lines[i]])
		if !ok {
			return c, false
		}
		c.corners[i] = point{x, y}
		if all[c.lines[i]].border {
			borders++
		}
	}
	area := c.area()
	if area < 0 {
		c.reverse()
		area = -area
	}
	if borders > 2 || area < leastPage*float64(width*height) || !c.convex() {
		return c, false
	}
	least, sum, whole, unseen, runsOn, ends := 1.0, 0.0, 0.0, 0, 0.0, 1.0
	m := c.middle()
	for i := range c.support {
		a, b := c.corners[i], c.corners[(i+1)%4]
		l := all[c.lines[i]]
		side := 1
		if l.off(m.x, m.y) > 0 {
			side = 0
		}
		from, to := l.along(a.x, a.y), l.along(b.x, b.y)
		c.support[i] = l.support(from, to, side)
		if c.support[i] < leastEdge {
			if unseen++; unseen > 2 {
				return c, false
			}
		}
		runsOn += min(l.runsOn(min(from, to), max(from, to))/max(c.support[i], 0.05), 1) / 4
		for _, e := range [2]float64{l.support(from, from+tail*(to-from), side), l.support(to-tail*(to-from), to, side)} {
			ends -= (1 - min(e/max(c.support[i], 0.05), 1)) / 8
		}
		length := math.Hypot(b.x-a.x, b.y-a.y)
		least = min(least, c.support[i])
		sum, whole = sum+c.support[i]*length, whole+length
	}
	known, square := c.shape()
	size := math.Sqrt(area / float64(width*height))
	c.traits = traits{seen: sum / whole, leastSeen: least, size: size, runsOn: runsOn, ends: ends, known: known, square: square, borders: float64(borders)}
	c.score = (0.6*sum/whole + 0.4*least) * (0.8 + 0.2*size) * (1 - 0.3*runsOn) * (0.4 + 0.6*ends) * (0.9 + 0.1*square) * (1 + 0.08*known)
	return c, sum/whole > 0.15
}

// shape tells how well the candidate has the shape of a sheet of paper (ISO 216) or a card (ISO/IEC 7810 ID-1), and
// how alike its opposite edges are, both 0 to 1.
func (c candidate) shape() (known, square float64) {
	var side [4]float64
	for i, a := range c.corners {
		b := c.corners[(i+1)%4]
		side[i] = math.Hypot(b.x-a.x, b.y-a.y)
	}
	shape := (side[0] + side[2]) / (side[1] + side[3])
	off := 1.0
	for _, s := range [2]float64{math.Sqrt2, 85.6 / 54} {
		off = min(off, math.Abs(math.Log(max(shape, 1/shape)/s)))
	}
	return max(1-off/0.05, 0), min(side[0]/side[2], side[2]/side[0]) * min(side[1]/side[3], side[3]/side[1])
}

func (c *candidate) reverse() {
	k := c.corners
	c.corners = [4]point{k[0], k[3], k[2], k[1]}
	l := c.lines
	c.lines = [4]int{l[3], l[2], l[1], l[0]}
}

// area is positive where the corners go round clockwise as one looks at the picture.
func (c candidate) area() float64 {
	sum := 0.0
	for i, a := range c.corners {
		b := c.corners[(i+1)%4]
		sum += a.x*b.y - b.x*a.y
	}
	return sum / 2
}

func (c candidate) convex() bool {
	for i := range c.corners {
		a, b, d := c.corners[i], c.corners[(i+1)%4], c.corners[(i+2)%4]
		turn := (b.x-a.x)*(d.y-b.y) - (b.y-a.y)*(d.x-b.x)
		if turn < 0.5*math.Hypot(b.x-a.x, b.y-a.y)*math.Hypot(d.x-b.x, d.y-b.y) {
			return false
		}
	}
	return true
}

func (c candidate) middle() point {
	var m point
	for _, k := range c.corners {
		m.x, m.y = m.x+k.x/4, m.y+k.y/4
	}
	return m
}

// inside gives the place that lies u across and v down the page, without perspective.
func (c candidate) inside(u, v float64) (x, y float64) {
	k := c.corners
	return (1-v)*((1-u)*k[0].x+u*k[1].x) + v*((1-u)*k[3].x+u*k[2].x),
		(1-v)*((1-u)*k[0].y+u*k[1].y) + v*((1-u)*k[3].y+u*k[2].y)
}
