package eye

// grid is some channels of the same width and height, one after the other.
type grid struct {
	channels, width, height int
	v                       []float32
}

// scratch is paper to write on: what a net makes on its way is written there, and gone with its next run.
type scratch struct {
	v    []float32
	used int
}

// grid gives a grid whose values are anything.
func (s *scratch) grid(channels, width, height int) grid {
	n := channels * width * height
	if s == nil || s.used+n > len(s.v) {
		return newGrid(channels, width, height)
	}
	s.used += n
	return grid{channels, width, height, s.v[s.used-n : s.used : s.used]}
}

func newGrid(channels, width, height int) grid {
	return grid{channels, width, height, make([]float32, channels*width*height)}
}

func (g grid) plane(c int) []float32 {
	n := g.width * g.height
	return g.v[c*n:][:n:n]
}

// spread mixes each place of some channels with its eight neighbours. Beyond the border is nothing.
func spread(out, src grid, taps []float32, from, to int) {
	w, h := src.width, src.height
	nothing := make([]float32, w)
	for c := from; c < to; c++ {
		p, o, t := src.plane(c), out.plane(c), taps[9*c:][:9:9]
		above, row := nothing, p[:w]
		for y := range h {
			below := nothing
			if y+1 < h {
				below = p[(y+1)*w:][:w]
			}
			spreadRow(o[y*w:][:w], above, row, below, t)
			above, row = row, below
		}
	}
}

func spreadRow(to, above, row, below, t []float32) {
	n := len(to)
	above, row, below = above[:n], row[:n], below[:n]
	t0, t1, t2, t3, t4, t5, t6, t7, t8 := t[0], t[1], t[2], t[3], t[4], t[5], t[6], t[7], t[8]
	var a0, b0, c0 float32
	a1, b1, c1 := above[0], row[0], below[0]
	for i := range to {
		var a2, b2, c2 float32
		if i+1 < n {
			a2, b2, c2 = above[i+1], row[i+1], below[i+1]
		}
		to[i] = t0*a0 + t1*a1 + t2*a2 + (t3*b0 + t4*b1 + t5*b2) + (t6*c0 + t7*c1 + t8*c2)
		a0, b0, c0, a1, b1, c1 = a1, b1, c1, a2, b2, c2
	}
}

// mixed gives at each place, for some channels, sums of all channels there.
func mixed(out, src grid, weights, bias []float32, from, to int) {
	for o := from; o < to; o++ {
		plane := out.plane(o)
		for i := range plane {
			plane[i] = bias[o]
		}
		addPlanes(plane, src, weights[o*src.channels:][:src.channels])
	}
}

// addPlanes adds every channel by its weight, several at a time.
func addPlanes(to []float32, src grid, w []float32) {
	c := 0
	for ; c+7 < src.channels; c += 8 {
		addEight(to, src, c, w[c:][:8])
	}
	for ; c+3 < src.channels; c += 4 {
		p, q, r, s := src.plane(c)[:len(to)], src.plane(c + 1)[:len(to)], src.plane(c + 2)[:len(to)], src.plane(c + 3)[:len(to)]
		wp, wq, wr, ws := w[c], w[c+1], w[c+2], w[c+3]
		for i := range to {
			to[i] += (wp*p[i] + wq*q[i]) + (wr*r[i] + ws*s[i])
		}
	}
	for ; c < src.channels; c++ {
		for i, v := range src.plane(c)[:len(to)] {
			to[i] += w[c] * v
		}
	}
}

func addEight(to []float32, src grid, c int, w []float32) {
	n := len(to)
	p0, p1, p2, p3 := src.plane(c)[:n], src.plane(c + 1)[:n], src.plane(c + 2)[:n], src.plane(c + 3)[:n]
	p4, p5, p6, p7 := src.plane(c + 4)[:n], src.plane(c + 5)[:n], src.plane(c + 6)[:n], src.plane(c + 7)[:n]
	w0, w1, w2, w3, w4, w5, w6, w7 := w[0], w[1], w[2], w[3], w[4], w[5], w[6], w[7]
	for i := range to {
		to[i] += ((w0*p0[i] + w1*p1[i]) + (w2*p2[i] + w3*p3[i])) + ((w4*p4[i] + w5*p5[i]) + (w6*p6[i] + w7*p7[i]))
	}
}

// leak is what is left of values below nothing.
const leak = 0.1

func bend(v []float32) {
	for i, x := range v {
		v[i] = max(x, leak*x)
	}
}

func add(to, o []float32) {
	for i, v := range o[:len(to)] {
		to[i] += v
	}
}

// halved takes the mean of every two by two places; at an odd end, of what is there.
func (s *scratch) halved(g grid) grid {
	out := s.grid(g.channels, (g.width+1)/2, (g.height+1)/2)
	for c := range g.channels {
		from, to := g.plane(c), out.plane(c)
		for y := range out.height {
			a, b := from[2*y*g.width:][:g.width], from[min(2*y+1, g.height-1)*g.width:][:g.width]
			row := to[y*out.width:][:out.width]
			for x := range row {
				l, r := 2*x, min(2*x+1, g.width-1)
				row[x] = (a[l] + a[r] + b[l] + b[r]) / 4
			}
		}
	}
	return out
}

// doubled repeats every place two by two times, to a width and a height.
func (s *scratch) doubled(g grid, width, height int) grid {
	out := s.grid(g.channels, width, height)
	for c := range g.channels {
		from, to := g.plane(c), out.plane(c)
		for y := range height {
			a, row := from[(y/2)*g.width:][:g.width], to[y*width:][:width]
			for x := range row {
				row[x] = a[x/2]
			}
		}
	}
	return out
}
