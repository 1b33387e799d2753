package eye

import "math"

const (
	patch    = 16 // places across and down around a corner
	before   = 4  // of them lie outside of the page
	cornerIn = 4  // of each: luma, chroma, and whether it lies in the picture
)

func cornerNet() net { return shapes(cornerIn, 12, 16, 24, 1) }

// Corner gives the log-odds that a sheet's corner lies at a place and can be seen. along and down are the next corners
// on both sides of it.
func (p Picture) Corner(paper Paper, at, along, down Point) float64 {
	return average(cornerer().look(p.patch(paper, at, along, down)))
}

func average(g grid) float64 {
	sum := 0.0
	for _, v := range g.v {
		sum += float64(v)
	}
	return sum / float64(len(g.v))
}

// patch is the picture around a corner, with the page's edges laid along the axes.
func (p Picture) patch(paper Paper, at, along, down Point) grid {
	out := newGrid(cornerIn, patch, patch)
	wide := 2 * p.Step()
	unit := func(q Point) Point {
		d := math.Hypot(q.X-at.X, q.Y-at.Y) / wide
		return Point{(q.X - at.X) / d, (q.Y - at.Y) / d}
	}
	u, v := unit(along), unit(down)
	gain := 200 / max(paper.Luma, 30)
	fx, fy := float64(p.Cb.Width)/float64(p.Luma.Width), float64(p.Cb.Height)/float64(p.Luma.Height)
	for j := range patch {
		for i := range patch {
			a, b := float64(i-before)+0.5, float64(j-before)+0.5
			x, y := at.X+a*u.X+b*v.X, at.Y+a*u.Y+b*v.Y
			k := j*patch + i
			out.plane(0)[k] = (p.around(x, y) - paper.Luma) * gain / 32
			out.plane(1)[k] = (float32(p.Cb.sample(int(x*fx), int(y*fy))) - paper.Cb) * gain / 8
			out.plane(2)[k] = (float32(p.Cr.sample(int(x*fx), int(y*fy))) - paper.Cr) * gain / 8
			if x >= 0 && y >= 0 && x < float64(p.Luma.Width) && y < float64(p.Luma.Height) {
				out.plane(3)[k] = 1
			}
		}
	}
	return out
}

// around is the mean luma of four samples around a place.
func (p Picture) around(x, y float64) float32 {
	i, j := int(x-0.5), int(y-0.5)
	return float32(p.Luma.sample(i, j)+p.Luma.sample(i+1, j)+p.Luma.sample(i, j+1)+p.Luma.sample(i+1, j+1)) / 4
}
