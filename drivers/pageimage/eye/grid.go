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
			row := to[y*width:][:width]
			if y%2 > 0 {
				copy(row, to[(y-1)*width:])
				continue
			}
			a := from[(y/2)*g.width:][:g.width]
			for x := range row {
				row[x] = a[x/2]
			}
		}
	}
	return out
}
