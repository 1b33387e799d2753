// Package finder finds the four corners of a page in a picture: eye tells where paper seems to lie, the outline of that
// gives four edges, and the picture itself where exactly they run. It knows no threshold of good enough: what it saw of
// each edge and corner goes along.
package finder

import (
	"image"

	"yimen/drivers/device"
	"yimen/drivers/pageimage/eye"
)

// Page is a page that was found.
type Page struct {
	Quad      device.Quad // corners in parts of the picture, clockwise from the top left as the page lies in it
	Certainty float64     // of the corners, 0 to 1
	Edges     [4]Edge     // from corner i to corner i+1
	Second    bool        // another page lies beside it
}

// Edge is what was seen of one edge of a page.
type Edge struct {
	Outside bool    // the page goes on beyond the picture
	Hidden  float64 // longest part in a row that something else than paper covers, 0 to 1; at least a tenth where a corner is covered
}

// Find looks for the page in a picture that begins at 0, 0. It returns false where nothing looks like a page. Unless fine,
// for a live picture, corners may be off by a hundredth of it.
func Find(img *image.YCbCr, fine bool) (Page, bool) {
	reduce, fields := glanced, eye.Coarse
	if fine {
		reduce, fields = reduced, eye.Fine
	}
	w := reduce(img)
	m := eye.Look(w.small.seen(), w.cb.seen(), w.cr.seen(), fields)
	part, outlines := sheet(m)
	if len(outlines) == 0 {
		return Page{}, false
	}
	seen := []sight{w.look(m, outlines[0].upright(), fine)}
	best := seen[0]
	for _, outline := range outlines[1:] {
		if !fine || best.certainty > sure {
			break
		}
		s := w.look(m, outline.upright(), fine)
		seen, best = append(seen, s), surer(best, s)
	}
	if fine && best.certainty <= sure {
		best = w.again(m, best, seen)
	}
	page := w.page(best)
	fx, fy := w.perField(m)
	page.Second = besides(m, best.quad.scaled(1/fx, 1/fy), part)
	return page, true
}

// sure is the certainty from which on no other outline is tried.
const sure = 0.95

// sight is what was seen of a page.
type sight struct {
	quad    quad
	corners [4]float64 // how likely each can be seen
	rim     float64    // samples from the picture's border within which a page whose corner is not seen may go on beyond it
	traits  traits

	certainty float64
}

// Likelihoods that corners can be seen.
const (
	visible = 0.5  // from here on they count as seen
	settled = 0.9  // those that do not lie where straight edges meet, from here on
	made    = 0.05 // below it, one by the picture's border is one that the border made
)

// surer is the one that is more certain.
func surer(a, b sight) sight {
	if b.certainty > a.certainty {
		return b
	}
	return a
}

// look looks for the page that an outline in fields hints at.
func (w working) look(m eye.Map, outline quad, fine bool) sight {
	fx, fy := w.perField(m)
	if fine {
		return w.lookFrom(m, outline.scaled(fx, fy), snapped)
	}
	s := sight{quad: outline.scaled(fx, fy), rim: 3 * w.hundredth()}
	p := paperOf(s.quad, w)
	var sides [4]side
	s.quad, sides = snap(w, m, s.quad, p, w.picture().Step())
	for i, c := range s.quad {
		s.corners[i] = seenCorner(m, point{c.X / fx, c.Y / fy})
	}
	s.traits = traitsOf(m, s.quad.scaled(1/fx, 1/fy), outline, sides, s.corners)
	s.certainty = s.traits.certainty(glanceWeights)
	// from afar, a page that the border cuts looks as if it had corners there; certainty learnt so
	for i, c := range s.quad {
		if w.atBorder(c, s.rim) && w.nearCorner(m, s.quad, i, p) < made {
			s.corners[i] = 0
		}
	}
	return s
}

// lookFrom looks well for the page that a quad hints at, whose edges snap lays where the picture shows them.
func (w working) lookFrom(m eye.Map, q quad, snap func(working, eye.Map, quad, paper) (quad, [4]side)) sight {
	fx, fy := w.perField(m)
	p := paperOf(q, w)
	s := sight{rim: w.hundredth()}
	var sides [4]side
	s.quad, sides = snap(w, m, q, p)
	for i := range s.quad {
		s.corners[i] = w.nearCorner(m, s.quad, i, p)
	}
	w.settle(m, &s, p)
	s.traits = traitsOf(m, s.quad.scaled(1/fx, 1/fy), q.scaled(1/fx, 1/fy), sides, s.corners)
	s.certainty = s.traits.certainty(lookWeights)
	return s
}

// nearCorner is how likely corner i can be seen from near.
func (w working) nearCorner(m eye.Map, q quad, i int, p paper) float64 {
	return likely(w.picture().Corner(m, p.seen(), eye.Point(q[i]), eye.Point(q[(i+1)%4]), eye.Point(q[(i+3)%4])))
}

// settle looks again for corners that are not seen where straight edges meet: the edges of a curled strip are bent.
func (w working) settle(m eye.Map, s *sight, p paper) {
	for i := range s.quad {
		if s.corners[i] >= visible {
			continue
		}
		q := s.quad
		c, ok := w.bent(m, q, i, p)
		if !ok {
			continue
		}
		if q[i] = c; !q.convex() || !w.reaches(q) {
			continue
		}
		if v := w.nearCorner(m, q, i, p); v > settled {
			s.quad, s.corners[i] = q, v
		}
	}
}

// perField is how many samples a field of the map is wide and high.
func (w working) perField(m eye.Map) (x, y float64) {
	return float64(w.luma.width) / float64(m.Width), float64(w.luma.height) / float64(m.Height)
}

// page tells what was seen in parts of the picture.
func (w working) page(s sight) Page {
	page := Page{Certainty: s.certainty}
	p := paperOf(s.quad, w)
	for i, c := range s.quad {
		page.Quad[i] = device.Point{X: c.X / float64(w.luma.width), Y: c.Y / float64(w.luma.height)}
		next := (i + 1) % 4
		page.Edges[i] = Edge{Outside: w.outside(c) || w.outside(s.quad[next]), Hidden: hidden(s.quad, i, w, p)}
		for _, k := range [2]int{i, next} {
			if s.corners[k] < visible {
				page.Edges[i].Outside = page.Edges[i].Outside || w.atBorder(s.quad[k], s.rim)
				page.Edges[i].Hidden = max(page.Edges[i].Hidden, 0.1)
			}
		}
	}
	return page
}

// hundredth is that of the picture's longer side, in samples.
func (w working) hundredth() float64 { return float64(max(w.luma.width, w.luma.height)) / 100 }

// atBorder tells whether a place lies within so many samples of the picture's border, or beyond it.
func (w working) atBorder(p point, near float64) bool {
	return w.outside(point{p.X - near, p.Y - near}) || w.outside(point{p.X + near, p.Y + near})
}

func (w working) outside(p point) bool {
	return p.X < 0 || p.Y < 0 || p.X > float64(w.luma.width) || p.Y > float64(w.luma.height)
}

// hidden is the longest part of edge i along which something else lies on the page: what is just inside of it, and a
// little further, is darker than a shadow on paper, or of another colour.
func hidden(q quad, i int, w working, p paper) float64 {
	const places = 200
	a, b := q[i], q[(i+1)%4]
	l := between(a, b)
	in := float64(max(w.luma.width, w.luma.height)) / 160
	most, row := 0, 0
	for k := range places {
		t := (float64(k) + 0.5) / places
		x, y := a.X+t*(b.X-a.X), a.Y+t*(b.Y-a.Y)
		if !p.foreign(w, x+in*l.nx, y+in*l.ny) || !p.foreign(w, x+2*in*l.nx, y+2*in*l.ny) {
			row = 0
			continue
		}
		row++
		most = max(most, row)
	}
	return float64(most) / places
}
