// Package finder finds the four corners of a page in a picture: straight edges, the lines that they lie on, the
// quadrangles that those bound, and of these the one with paper inside and something else outside. It knows no
// threshold of good enough: what it saw of each edge goes along.
package finder

import (
	"image"
	"math"
	"slices"

	"yimen/drivers/device"
)

// Page is a page that was found.
type Page struct {
	Quad      device.Quad // corners in parts of the picture, clockwise from the top left as the page lies in it
	Certainty float64     // 0 to 1
	Edges     [4]Edge     // from corner i to corner i+1
	Second    bool        // another page lies beside it
}

// Edge is what was seen of one edge of a page.
type Edge struct {
	Seen    float64 // part of it that looks like an edge, 0 to 1
	Outside bool    // the page goes on beyond the picture
	Hidden  float64 // longest part in a row along which something else than paper lies on the page, 0 to 1
}

// Find looks for the page in a picture that begins at 0, 0. fine corners cost another look at the full picture. It
// returns false where nothing looks like a page.
func Find(img *image.YCbCr, fine bool) (Page, bool) {
	w := reduce(img)
	found := segments(detect(w.luma))
	all, ranked := rank(w, found)
	if len(ranked) == 0 || ranked[0].score < enough {
		// Paper as bright as the bed may still differ from it in colour.
		fx, fy := float64(w.luma.width)/float64(w.cb.width), float64(w.luma.height)/float64(w.cb.height)
		for _, c := range []plane{w.cb, w.cr} {
			for _, s := range segments(detect(smoothed(c))) {
				s.x0, s.x1, s.y0, s.y1 = s.x0*fx, s.x1*fx, s.y0*fy, s.y1*fy
				s.length = math.Hypot(s.x1-s.x0, s.y1-s.y0)
				found = append(found, s)
			}
		}
		all, ranked = rank(w, found)
	}
	if len(ranked) == 0 {
		return Page{}, false
	}
	c := ranked[0]
	page := Page{Certainty: certainty(c, ranked[1:])}
	corners := c.corners
	if fine {
		corners = refine(img, w, c, all)
	}
	for i, p := range upright(corners) {
		page.Quad[i] = device.Point{X: (p.x + 0.5) / float64(w.luma.width), Y: (p.y + 0.5) / float64(w.luma.height)}
	}
	page.Edges = edgesOf(c, all, w, first(corners))
	page.Second = second(c, ranked[1:], w)
	return page, true
}

// enough is the score, in log-odds, of a page that was seen well: a better one need not be looked for.
const enough = 1.0

// leastSecond is the score of another page beside the one that was found.
const leastSecond = 1.5

// mostNested is how many candidates, the best first, are asked whether one is a part of another.
const mostNested = 60

// rank gives the lines and the quadrangles that look like a page, the best first.
func rank(w working, found []segment) ([]line, []candidate) {
	all := lines(slices.Clone(found), w.luma.width, w.luma.height)
	for i := range all {
		all[i].look(w)
	}
	all = append(promising(all), borders(w.luma.width, w.luma.height)...)
	ranked := candidates(all, w.luma.width, w.luma.height)
	n := 0
	for _, c := range ranked {
		if c.surface(w) {
			ranked[n] = c
			n++
		}
	}
	ranked = ranked[:n]
	nest(ranked[:min(n, mostNested)], w)
	for i := range ranked {
		ranked[i].score = ranked[i].traits.weigh()
	}
	return all, best(ranked)
}

// certainty is how likely the best candidate is a page, and that page: it falls where another, elsewhere, would do nearly
// as well.
func certainty(c candidate, others []candidate) float64 {
	sure := 1 / (1 + math.Exp(-c.score))
	for _, o := range others {
		if !near(c, o) {
			return sure / (1 + math.Exp(o.score-c.score))
		}
	}
	return sure
}

// near tells whether two candidates are the same page.
func near(a, b candidate) bool {
	size := math.Sqrt(math.Abs(a.area()))
	far := 0.0
	for _, p := range a.corners {
		least := math.Inf(1)
		for _, q := range b.corners {
			least = min(least, math.Hypot(p.x-q.x, p.y-q.y))
		}
		far = max(far, least)
	}
	return far < 0.04*size
}

// overlap is the part of the smaller candidate's grid that lies in the larger one.
func overlap(a, b candidate) float64 {
	if math.Abs(a.area()) < math.Abs(b.area()) {
		a, b = b, a
	}
	n := 0
	for i := range grid {
		for j := range grid {
			x, y := b.inside((float64(i)+0.5)/grid, (float64(j)+0.5)/grid)
			if a.holds(x, y) {
				n++
			}
		}
	}
	return float64(n) / (grid * grid)
}

func (c candidate) holds(x, y float64) bool {
	for i, a := range c.corners {
		b := c.corners[(i+1)%4]
		if (b.x-a.x)*(y-a.y)-(b.y-a.y)*(x-a.x) < 0 {
			return false
		}
	}
	return true
}

// second tells whether a page of its own lies beside the one that was found.
func second(c candidate, others []candidate, w working) bool {
	paper, _ := paperOf(c, w)
	for _, o := range others {
		if o.score < leastSecond || overlap(c, o) >= 0.1 || slices.Min(o.support[:]) < 0.6 || math.Abs(o.area()) < math.Abs(c.area())/8 {
			continue
		}
		if p, ok := paperOf(o, w); ok && p.luma*3 >= paper.luma*2 {
			return true
		}
	}
	return false
}

// upright has the corners begin with the one nearest the top left.
func upright(c [4]point) [4]point {
	var out [4]point
	k := first(c)
	for i := range c {
		out[i] = c[(k+i)%4]
	}
	return out
}

// first is the corner nearest the top left.
func first(c [4]point) int {
	k := 0
	for i, p := range c {
		if p.x+p.y < c[k].x+c[k].y {
			k = i
		}
	}
	return k
}

// edgesOf tells what was seen of each edge, in the order of the upright corners.
func edgesOf(c candidate, all []line, w working, from int) [4]Edge {
	var out [4]Edge
	paper, _ := paperOf(c, w)
	for k := range out {
		i := (from + k) % 4
		a, b := c.corners[i], c.corners[(i+1)%4]
		out[k] = Edge{Seen: c.support[i], Outside: all[c.lines[i]].border, Hidden: hidden(c, i, w, paper)}
		for _, p := range []point{a, b} {
			if p.x < -1 || p.y < -1 || p.x > float64(w.luma.width) || p.y > float64(w.luma.height) {
				out[k].Outside = true
			}
		}
	}
	return out
}

// hidden is the longest part of edge i along which something else lies on the page: what is just inside of it, and a
// little further, is darker than a shadow on paper, or of another colour.
func hidden(c candidate, i int, w working, p paper) float64 {
	const places = 200
	a, b, m := c.corners[i], c.corners[(i+1)%4], c.middle()
	length := math.Hypot(b.x-a.x, b.y-a.y)
	nx, ny := -(b.y-a.y)/length, (b.x-a.x)/length
	if nx*(m.x-a.x)+ny*(m.y-a.y) < 0 {
		nx, ny = -nx, -ny
	}
	most, row := 0, 0
	for k := range places {
		t := (float64(k) + 0.5) / places
		x, y := a.x+t*(b.x-a.x), a.y+t*(b.y-a.y)
		if !p.foreign(w, x+beside*nx, y+beside*ny) || !p.foreign(w, x+2*beside*nx, y+2*beside*ny) {
			row = 0
			continue
		}
		row++
		most = max(most, row)
	}
	return float64(most) / places
}
