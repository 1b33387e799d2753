package finder

import "slices"

const grid = 20 // places across and down at which a page's surface is looked at

// surface adds what lies inside and outside of a candidate: paper is of one colour, and ends at its edge. It returns
// false where too little of it lies in the picture.
func (c *candidate) surface(w working) bool {
	paper, ok := paperOf(*c, w)
	if !ok {
		return false
	}
	bare, tight := 0, 0
	for i := range grid {
		for j := range grid {
			x, y := c.inside((float64(i)+0.5)/grid, (float64(j)+0.5)/grid)
			if paper.like(w, x, y, 3) {
				bare++
				if paper.within(w, x, y, 3, 10, 7) {
					tight++
				}
			}
		}
	}
	const places = 4 * grid
	margin, steady, further, most := 0, 0, 0, 0.0
	var open [4]float64 // places of each edge where what is outside is like what is inside
	var least [4]int
	for i := range places {
		edge, t := i/grid, (float64(i%grid)+0.5)/grid
		x, y := c.inside(ring(edge, t, 0.025))
		if paper.like(w, x, y, 1) {
			margin++
			if paper.within(w, x, y, 1, 10, 7) {
				steady++
			}
		}
		inside := sample(w, x, y)
		x, y = c.inside(ring(edge, t, -0.035))
		if x < 1 || y < 1 || x > float64(w.luma.width)-2 || y > float64(w.luma.height)-2 {
			continue
		}
		least[edge]++
		if inside.same(sample(w, x, y)) {
			open[edge]++
		}
		if x, y = c.inside(ring(edge, t, -0.07)); paper.within(w, x, y, 3, 10, 7) {
			further++
		}
	}
	sum := 0.0
	for edge, n := range open {
		n /= max(float64(least[edge]), 1)
		sum, most = sum+n/4, max(most, n)
	}
	t := &c.traits
	t.bare, t.tight = float64(bare)/(grid*grid), float64(tight)/(grid*grid)
	t.margin, t.steady = float64(margin)/places, float64(steady)/places
	t.open, t.mostOpen, t.further = sum, most, float64(further)/places
	t.bright = float64(paper.luma-w.mean) / 255
	return true
}

// ring goes round the page, in parts of it, at a distance inside its edges.
func ring(edge int, t, in float64) (u, v float64) {
	switch edge {
	case 0:
		return t, in
	case 1:
		return 1 - in, t
	case 2:
		return t, 1 - in
	}
	return in, t
}

// paper is the colour of a candidate's bare surface.
type paper struct{ luma, cb, cr int }

// paperOf takes the brighter part of what lies inside: writing and pictures are darker.
func paperOf(c candidate, w working) (paper, bool) {
	var ls, bs, rs []int
	for i := range grid {
		for j := range grid {
			x, y := c.inside((float64(i)+0.5)/grid, (float64(j)+0.5)/grid)
			if x < 0 || y < 0 || x >= float64(w.luma.width) || y >= float64(w.luma.height) {
				continue
			}
			l, b, r := w.colour(x, y)
			ls, bs, rs = append(ls, l), append(bs, b), append(rs, r)
		}
	}
	if len(ls) < grid*grid/2 {
		return paper{}, false
	}
	slices.Sort(ls)
	slices.Sort(bs)
	slices.Sort(rs)
	return paper{ls[len(ls)*7/10], bs[len(bs)/2], rs[len(rs)/2]}, true
}

// like tells whether a place looks like this paper. Light falls unevenly: luma may differ by a third downwards; of the
// places around it within reach the brightest counts, so that writing does not.
func (p paper) like(w working, x, y float64, reach float64) bool {
	return p.within(w, x, y, reach, 26, 14)
}

// within is like with tolerances: per cent of luma downwards, and chroma.
func (p paper) within(w working, x, y, reach float64, darker, hue int) bool {
	l, b, r := w.colour(x, y)
	for _, d := range [4][2]float64{{-reach, 0}, {reach, 0}, {0, -reach}, {0, reach}} {
		if v := w.luma.at(x+d[0], y+d[1]); v > l {
			l, b, r = w.colour(x+d[0], y+d[1])
		}
	}
	off := func(a, b int) int { return max(a-b, b-a) }
	return l*100 >= p.luma*(100-darker) && l <= p.luma+45 && off(b, p.cb)+off(r, p.cr) <= hue
}

// foreign tells whether what is at a place is not this paper, even in a shadow or a reflection.
func (p paper) foreign(w working, x, y float64) bool {
	l, b, r := w.colour(x, y)
	off := func(a, b int) int { return max(a-b, b-a) }
	return l*100 < p.luma*55 || l < p.luma+10 && off(b, p.cb)+off(r, p.cr) > 13
}

func sample(w working, x, y float64) paper {
	l, b, r := w.colour(x, y)
	return paper{l, b, r}
}

// same tells whether two places close to each other look alike.
func (p paper) same(q paper) bool {
	off := func(a, b int) int { return max(a-b, b-a) }
	return off(p.luma, q.luma) < 6 && off(p.cb, q.cb)+off(p.cr, q.cr) < 8
}
