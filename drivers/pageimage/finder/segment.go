package finder

import "math"

// edges is where a plane changes: thin, one sample wide, with the direction in which it grows brighter.
type edges struct {
	width, height int
	gx, gy        []int16
	thin          []bool
}

// detect finds the edges of a smoothed plane that rise above its own noise.
func detect(p plane) edges {
	w, h := p.width, p.height
	e := edges{w, h, make([]int16, w*h), make([]int16, w*h), make([]bool, w*h)}
	size := make([]uint16, w*h)
	var histogram [2048]int
	for y := 1; y < h-1; y++ {
		a, b, c := p.pix[(y-1)*w:][:w], p.pix[y*w:][:w], p.pix[(y+1)*w:][:w]
		for x := 1; x < w-1; x++ { // Sobel
			gx := int(a[x+1]) + 2*int(b[x+1]) + int(c[x+1]) - int(a[x-1]) - 2*int(b[x-1]) - int(c[x-1])
			gy := int(c[x-1]) + 2*int(c[x]) + int(c[x+1]) - int(a[x-1]) - 2*int(a[x]) - int(a[x+1])
			m := max(gx, -gx) + max(gy, -gy)
			e.gx[y*w+x], e.gy[y*w+x], size[y*w+x] = int16(gx), int16(gy), uint16(m)
			histogram[min(m, 2047)]++
		}
	}
	least := uint16(threshold(histogram[:], w*h))
	for y := 2; y < h-2; y++ {
		for x := 2; x < w-2; x++ {
			i := y*w + x
			m := size[i]
			if m < least {
				continue
			}
			if o := across(int(e.gx[i]), int(e.gy[i]), w); m >= size[i-o] && m > size[i+o] {
				e.thin[i] = true
			}
		}
	}
	return e
}

// threshold is some times the gradient that three samples in ten stay below: noise and the weave of the bed, for edges
// are few.
func threshold(histogram []int, n int) int {
	seen := 0
	for m, c := range histogram {
		if seen += c; seen > n*3/10 {
			return min(max(3*m, 10), 48)
		}
	}
	return 48
}

// across gives the step from a sample to its neighbour across the edge.
func across(gx, gy, width int) int {
	ax, ay := max(gx, -gx), max(gy, -gy)
	switch {
	case ay*5 > ax*12:
		return width
	case ax*5 > ay*12:
		return 1
	case (gx < 0) != (gy < 0):
		return width - 1
	}
	return width + 1
}

// segment is a straight piece of an edge, in samples.
type segment struct {
	x0, y0, x1, y1 float64
	length         float64
}

// shortest is the length in samples below which a piece of an edge is not looked at: strokes of writing are shorter.
const shortest = 11

// segments joins thin edges to chains and cuts those into straight pieces.
func segments(e edges) []segment {
	var out []segment
	var chain []int32
	used := make([]bool, len(e.thin))
	for i := range e.thin {
		if !e.thin[i] || used[i] {
			continue
		}
		chain = e.follow(chain[:0], i, used)
		for l, r := 0, len(chain)-1; l < r; l, r = l+1, r-1 { // the other way from where it began
			chain[l], chain[r] = chain[r], chain[l]
		}
		chain = e.follow(chain[:max(len(chain)-1, 0)], i, used)
		if len(chain) >= shortest {
			out = straight(out, chain, e.width)
		}
	}
	return out
}

// follow appends the samples of a chain from i on: each next one a neighbour whose gradient points much the same way.
func (e edges) follow(chain []int32, i int, used []bool) []int32 {
	w := e.width
	chain, used[i] = append(chain, int32(i)), true
	for len(chain) < e.width+e.height { // no page's edge is longer, and cutting up a spiral would take for ever
		gx, gy := int(e.gx[i]), int(e.gy[i])
		next, best := -1, 0.0
		for _, o := range [8]int{-1, 1, -w, w, -w - 1, -w + 1, w - 1, w + 1} {
			j := i + o
			if j < 0 || j >= len(used) || !e.thin[j] || used[j] {
				continue
			}
			dot := float64(gx*int(e.gx[j]) + gy*int(e.gy[j]))
			alike := dot / (math.Hypot(float64(gx), float64(gy)) * math.Hypot(float64(e.gx[j]), float64(e.gy[j])))
			if alike > max(best, 0.85) {
				next, best = j, alike
			}
		}
		if next < 0 {
			return chain
		}
		i = next
		chain, used[i] = append(chain, int32(i)), true
	}
	return chain
}

// straight appends the straight pieces of a chain: where it leaves its chord by more than bend, it is cut in two.
func straight(out []segment, chain []int32, width int) []segment {
	const bend = 1.3
	if len(chain) < shortest {
		return out
	}
	at := func(k int) (float64, float64) { return float64(int(chain[k]) % width), float64(int(chain[k]) / width) }
	x0, y0 := at(0)
	x1, y1 := at(len(chain) - 1)
	length := math.Hypot(x1-x0, y1-y0)
	cut, most := -1, bend
	for k := range chain {
		x, y := at(k)
		off := math.Hypot(x-x0, y-y0)
		if length > 0 {
			off = math.Abs((x-x0)*(y1-y0)-(y-y0)*(x1-x0)) / length
		}
		if off > most {
			cut, most = k, off
		}
	}
	if cut < 0 {
		if length >= shortest {
			out = append(out, segment{x0, y0, x1, y1, length})
		}
		return out
	}
	return straight(straight(out, chain[:cut+1], width), chain[cut:], width)
}
