package eye

import "math"

// Point is a place in a picture, in samples.
type Point struct{ X, Y float64 }

// Picture is what edges are looked for in: luma, and chroma of half its width and height, or less.
type Picture struct{ Luma, Cb, Cr Plane }

// Paper is the colour of bare paper.
type Paper struct{ Luma, Cb, Cr float32 }

const (
	Places = 32 // along an edge
	Across = 48 // distances from the line, the outermost first
	edgeIn = 8  // of each: mean, darkest and lightest luma, chroma, the map, and whether it lies in the picture
	rows   = 5  // of the picture that are looked at for one place
)

func edgeNet() net { return shapes(edgeIn, 16, 16, 24, 1) }

// Step is the least number of samples from one distance to the next.
func (p Picture) Step() float64 { return float64(max(p.Luma.Width, p.Luma.Height)) / 640 }

// Edge tells where, at each place along the line from a to b and each distance from it, an edge of paper lies: log-odds
// against all other distances there. Paper lies to the right of who walks from a to b. step is how many samples lie from
// one distance to the next: the least, or twice as many.
func (p Picture) Edge(m Map, paper Paper, a, b Point, step float64) []float32 {
	out := edger().look(p.strip(m, paper, a, b, step))
	normalise(out)
	return out.v
}

// normalise has the likelihoods of all distances of a place sum up to one.
func normalise(g grid) {
	for k := range g.height {
		row := g.v[k*g.width:][:g.width]
		top := row[0]
		for _, v := range row {
			top = max(top, v)
		}
		sum := 0.0
		for _, v := range row {
			sum += math.Exp(float64(v - top))
		}
		all := top + float32(math.Log(sum))
		for i := range row {
			row[i] -= all
		}
	}
}

// strip is the picture along a line, laid straight: places below each other.
func (p Picture) strip(m Map, paper Paper, a, b Point, step float64) grid {
	out := newGrid(edgeIn, Across, Places)
	length := math.Hypot(b.X-a.X, b.Y-a.Y)
	nx, ny := -(b.Y-a.Y)/length*step, (b.X-a.X)/length*step
	gain := 200 / max(paper.Luma, 30)
	for k := range Places {
		var lines [rows]line
		for r := range lines {
			t := (float64(k) + (float64(r)+0.5)/rows) / Places
			x, y := a.X+t*(b.X-a.X)-Across/2*nx, a.Y+t*(b.Y-a.Y)-Across/2*ny
			lines[r] = walk(x, y, nx, ny)
		}
		p.place(out, k, m, lines, paper, gain)
	}
	return out
}

// line is a walk over a plane in 65536ths of a sample.
type line struct{ u, v, du, dv int }

func walk(x, y, dx, dy float64) line {
	const one = 1 << 16
	return line{int(x * one), int(y * one), int(dx * one), int(dy * one)}
}

func (l line) at(i int) (x, y int) { return (l.u + i*l.du) >> 16, (l.v + i*l.dv) >> 16 }

// scaled is the walk over a plane of another size.
func (l line) scaled(fx, fy float64) line {
	return line{int(float64(l.u) * fx), int(float64(l.v) * fy), int(float64(l.du) * fx), int(float64(l.dv) * fy)}
}

func (p Picture) place(out grid, k int, m Map, lines [rows]line, paper Paper, gain float32) {
	var to [edgeIn]*[Across]float32
	for c := range to {
		to[c] = (*[Across]float32)(out.plane(c)[k*Across:])
	}
	var sums, lows, highs [Across]int
	for r, l := range lines {
		for i, v := range p.Luma.along(l) {
			sums[i] += v
			if r == 0 {
				lows[i], highs[i] = v, v
			}
			lows[i], highs[i] = min(lows[i], v), max(highs[i], v)
		}
	}
	for i := range Across {
		mean := float32(sums[i]) / rows
		to[0][i] = (mean - paper.Luma) * gain / 32
		to[1][i] = (mean - float32(lows[i])) * gain / 32
		to[2][i] = (float32(highs[i]) - mean) * gain / 32
	}
	fx, fy := float64(p.Cb.Width)/float64(p.Luma.Width), float64(p.Cb.Height)/float64(p.Luma.Height)
	near, far := lines[1].scaled(fx, fy), lines[3].scaled(fx, fy)
	b, c, r, s := p.Cb.along(near), p.Cb.along(far), p.Cr.along(near), p.Cr.along(far)
	for i := range Across {
		to[3][i] = (float32(b[i]+c[i])/2 - paper.Cb) * gain / 8
		to[4][i] = (float32(r[i]+s[i])/2 - paper.Cr) * gain / 8
	}
	field := lines[2].scaled(float64(m.Width)/float64(p.Luma.Width), float64(m.Height)/float64(p.Luma.Height))
	for i := range Across {
		x, y := field.at(i)
		f := min(max(y, 0), m.Height-1)*m.Width + min(max(x, 0), m.Width-1)
		to[5][i] = max(min(m.Paper[f], 6), -6) / 3
		to[6][i] = max(min(m.Corner[f], 6), -6) / 3
		if p.Luma.holds(lines[2].at(i)) {
			to[7][i] = 1
		}
	}
}

// along gives the samples nearest to the places of a walk.
func (p Plane) along(l line) (out [Across]int) {
	if p.holds(l.at(0)) && p.holds(l.at(Across-1)) {
		for i := range out {
			x, y := l.at(i)
			out[i] = int(p.Pix[y*p.Stride+x])
		}
		return out
	}
	for i := range out {
		out[i] = p.sample(l.at(i))
	}
	return out
}

// holds tells whether a place lies in the plane.
func (p Plane) holds(x, y int) bool { return x >= 0 && y >= 0 && x < p.Width && y < p.Height }

// sample is the one nearest to a place of the plane.
func (p Plane) sample(x, y int) int {
	x, y = min(max(x, 0), p.Width-1), min(max(y, 0), p.Height-1)
	return int(p.Pix[y*p.Stride+x])
}
