package eye

import (
	"math"
	"math/rand/v2"
	"slices"
)

// edgeLesson is one edge of a page as a net sees it, and where it lies.
type edgeLesson struct {
	seen grid
	at   [Places]float32 // distance at which the edge lies; negative where it is too far off
}

// newEdgeLesson looks along an edge of a page from somewhere near it.
func newEdgeLesson(p Picture, m Map, paper Paper, corners [4]Point, i int, rnd *rand.Rand) edgeLesson {
	a, b := corners[i], corners[(i+1)%4]
	step := p.Step() * float64(1+rnd.IntN(2))
	off := func(q Point) Point {
		size := 7 * step
		if rnd.IntN(3) == 0 {
			size *= 0.4
		}
		return Point{q.X + size*rnd.NormFloat64(), q.Y + size*rnd.NormFloat64()}
	}
	from, to := off(a), off(b)
	l := edgeLesson{seen: p.strip(m, paper, from, to, step)}
	length := math.Hypot(to.X-from.X, to.Y-from.Y)
	nx, ny := -(to.Y-from.Y)/length, (to.X-from.X)/length
	for k := range Places {
		t := (float64(k) + 0.5) / Places
		x, y := from.X+t*(to.X-from.X), from.Y+t*(to.Y-from.Y)
		// where the line from a to b crosses the normal through x, y
		ex, ey := b.X-a.X, b.Y-a.Y
		d := ((a.X-x)*ey - (a.Y-y)*ex) / (nx*ey - ny*ex)
		at := d/step + Across/2
		if at < 1 || at > Across-2 {
			at = -1
		}
		l.at[k] = float32(at)
	}
	return l
}

func (l edgeLesson) loss(out grid) (float64, grid) {
	d := newGrid(1, out.width, out.height)
	normalise(out)
	loss := 0.0
	for k, at := range l.at {
		if at < 0 {
			continue
		}
		var want [Across]float32
		sum := float32(0)
		for i := range want {
			e := (float32(i) + 0.5 - at) / 1.0
			want[i] = float32(math.Exp(float64(-e * e / 2)))
			sum += want[i]
		}
		for i, v := range out.v[k*Across:][:Across] {
			w := want[i] / sum
			d.v[k*Across+i] = (float32(math.Exp(float64(v))) - w) / Places
			loss -= float64(w*v) / Places
		}
	}
	return loss, d
}

// varied lays the strip the other way round half of the time, in another light.
func (l edgeLesson) varied(rnd *rand.Rand) (grid, func(out grid) (float64, grid)) {
	out := edgeLesson{seen: newGrid(edgeIn, Across, Places), at: l.at}
	turn := rnd.IntN(2) == 0
	contrast := float32(1 + 0.15*rnd.NormFloat64())
	bed := newTint(rnd, 0.3)
	for c := range edgeIn {
		k := float32(1)
		if c < 5 { // luma and chroma
			k = contrast
		}
		from, to := l.seen.plane(c), out.seen.plane(c)
		for y := range Places {
			u := y
			if turn {
				u = Places - 1 - y
			}
			out.at[y] = l.at[u]
			for x := range Across {
				to[y*Across+x] = k * from[u*Across+x]
			}
		}
	}
	for y, at := range out.at {
		for x := range Across {
			part := max(min(at-float32(x), 1), 0) * bed.much
			for c, want := range [5]float32{2*bed.luma - 1.4, 0, 0, 2 * bed.blue, 2 * bed.red} {
				v := &out.seen.plane(c)[y*Across+x]
				*v += part * (want - *v)
			}
		}
	}
	return out.seen, out.loss
}

// newEdgeLessons looks along the four edges of a scene's page.
func newEdgeLessons(l look, n *net, rnd *rand.Rand) []edgeLesson {
	corners, paper, ok := l.page()
	if !ok {
		return nil
	}
	m := mapOf(n.look(features(l.small, l.cb, l.cr, Fine)))
	var out []edgeLesson
	for i := range corners {
		out = append(out, newEdgeLesson(l.Picture, m, paper, corners, i, rnd))
	}
	return out
}

// page gives the corners of the scene's page in samples, and its paper; false where there is none, or too little to be seen.
func (l look) page() (corners [4]Point, paper Paper, ok bool) {
	for i, c := range l.truth.Corners {
		k := float64(l.Luma.Width) / float64(l.truth.Order.Size.X)
		corners[i] = Point{c.X * k, c.Y * k}
	}
	if l.truth.Page {
		paper, ok = paperIn(l.Picture, corners)
	}
	return corners, paper, ok
}

// paperIn is the colour of the bare paper of a page; false where too little of it can be seen.
func paperIn(p Picture, c [4]Point) (Paper, bool) {
	var ls, bs, rs []int
	for i := range 400 {
		u, v := (float64(i%20)+0.5)/20, (float64(i/20)+0.5)/20
		x := (1-v)*((1-u)*c[0].X+u*c[1].X) + v*((1-u)*c[3].X+u*c[2].X)
		y := (1-v)*((1-u)*c[0].Y+u*c[1].Y) + v*((1-u)*c[3].Y+u*c[2].Y)
		if x < 0 || y < 0 || x >= float64(p.Luma.Width) || y >= float64(p.Luma.Height) {
			continue
		}
		cx, cy := int(x)*p.Cb.Width/p.Luma.Width, int(y)*p.Cb.Height/p.Luma.Height
		ls, bs, rs = append(ls, p.Luma.sample(int(x), int(y))), append(bs, p.Cb.sample(cx, cy)), append(rs, p.Cr.sample(cx, cy))
	}
	n := len(ls)
	if n < 50 {
		return Paper{}, false
	}
	slices.Sort(ls)
	slices.Sort(bs)
	slices.Sort(rs)
	return Paper{float32(ls[n*7/10]), float32(bs[n/2]), float32(rs[n/2])}, true
}
