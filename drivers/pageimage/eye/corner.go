package eye

import "math"

const (
	patch    = 24 // places across and down around a corner
	before   = 8  // of them lie outside of the page
	cornerIn = 7  // of each: luma and how much it varies, chroma, the map, and whether it lies in the picture
)

func cornerNet() net { return shapes(cornerIn, 16, 24, 32, 1) }

// Corner gives the log-odds that a sheet's corner lies at a place, or next to it, and can be seen. along and down are the
// next corners on both sides of it.
func (p Picture) Corner(m Map, paper Paper, at, along, down Point) float64 {
	return average(cornerer().look(p.patch(m, paper, at, along, down)))
}

func average(g grid) float64 {
	sum := 0.0
	for _, v := range g.v {
		sum += float64(v)
	}
	return sum / float64(len(g.v))
}

// patch is the picture around a corner, with the page's edges laid along the axes.
func (p Picture) patch(m Map, paper Paper, at, along, down Point) grid {
	out := newGrid(cornerIn, patch, patch)
	wide := 2 * p.Step()
	unit := func(q Point) Point {
		d := max(math.Hypot(q.X-at.X, q.Y-at.Y), 1e-6) / wide
		return Point{(q.X - at.X) / d, (q.Y - at.Y) / d}
	}
	u, v := unit(along), unit(down)
	gain := 200 / max(paper.Luma, 30)
	fx, fy := float64(p.Cb.Width)/float64(p.Luma.Width), float64(p.Cb.Height)/float64(p.Luma.Height)
	mx, my := float64(m.Width)/float64(p.Luma.Width), float64(m.Height)/float64(p.Luma.Height)
	for j := range patch {
		for i := range patch {
			a, b := float64(i-before)+0.5, float64(j-before)+0.5
			x, y := at.X+a*u.X+b*v.X, at.Y+a*u.Y+b*v.Y
			k := j*patch + i
			mean, varies := p.around(x, y)
			out.plane(0)[k] = (mean - paper.Luma) * gain / 32
			out.plane(1)[k] = varies * gain / 16
			out.plane(2)[k] = (float32(p.Cb.sample(int(x*fx), int(y*fy))) - paper.Cb) * gain / 8
			out.plane(3)[k] = (float32(p.Cr.sample(int(x*fx), int(y*fy))) - paper.Cr) * gain / 8
			sheet, corner := m.at(x*mx, y*my)
			out.plane(4)[k], out.plane(5)[k] = sheet/3, corner/3
			if x >= 0 && y >= 0 && x < float64(p.Luma.Width) && y < float64(p.Luma.Height) {
				out.plane(6)[k] = 1
			}
		}
	}
	return out
}

// around is the mean luma of four samples around a place, and how far they lie apart.
func (p Picture) around(x, y float64) (mean, varies float32) {
	i, j := int(x-0.5), int(y-0.5)
	a, b, c, d := p.Luma.sample(i, j), p.Luma.sample(i+1, j), p.Luma.sample(i, j+1), p.Luma.sample(i+1, j+1)
	return float32(a+b+c+d) / 4, float32(max(a, b, c, d) - min(a, b, c, d))
}

// at gives the log-odds of paper and corner at a place, in fields.
func (m Map) at(x, y float64) (sheet, corner float32) {
	at := min(max(int(y), 0), m.Height-1)*m.Width + min(max(int(x), 0), m.Width-1)
	return max(min(m.Paper[at], 6), -6), max(min(m.Corner[at], 6), -6)
}
