// Package eye tells, for each part of a picture, how likely it shows a sheet of paper, and how likely a corner of one can
// be seen there. It is a small net of convolutions that learnt from scenes: where edges are faint or many, what a sheet
// looks like from some way off says more than they do.
package eye

// Plane is one component of a picture.
type Plane struct {
	Pix           []byte
	Stride        int
	Width, Height int
}

// Map is what was seen, by fields: evenly wide and high parts of the picture, row by row.
type Map struct {
	Width, Height int
	Paper, Corner []float32 // log-odds
}

const (
	mapIn  = 20 // of a cell: five of each of its four fields
	mapOut = 8  // of a cell: paper, then corner, of each of its four fields
)

func mapNet() net { return shapes(mapIn, 32, 40, 64, mapOut) }

// How many fields lie along the picture's longer side. Two by two of them are a cell.
const (
	Fine   = 80
	Coarse = 64 // for a glance
)

// sizes gives how many fields lie across and down.
func sizes(width, height, fields int) (across, down int) {
	longer := max(width, height)
	part := func(n int) int { return max(2*((n*fields/2+longer/2)/longer), 8) }
	return part(width), part(height)
}

// features gives what the net looks at: of each field the mean, the lightest and the darkest luma, and the chroma.
func features(luma, cb, cr Plane, fields int) grid {
	across, down := sizes(luma.Width, luma.Height, fields)
	out := newGrid(mapIn, across/2, down/2)
	gain := 200 / float32(max(brightest(luma), 30))
	rows, columns := [3][]int{}, [3][]int{} // where the fields begin in each plane, and the last ends
	for i, p := range [3]Plane{luma, cb, cr} {
		rows[i], columns[i] = bounds(p.Height, down), bounds(p.Width, across)
	}
	for y := range down {
		for x := range across {
			at := (y/2)*out.width + x/2
			k := 5 * (2*(y%2) + x%2)
			mean, low, high := luma.part(columns[0][x:x+2], rows[0][y:y+2])
			b, _, _ := cb.part(columns[1][x:x+2], rows[1][y:y+2])
			r, _, _ := cr.part(columns[2][x:x+2], rows[2][y:y+2])
			out.plane(k)[at] = (mean*gain - 128) / 64
			out.plane(k + 1)[at] = (high - mean) * gain / 32
			out.plane(k + 2)[at] = (mean - low) * gain / 32
			out.plane(k + 3)[at] = (b - 128) * gain / 16
			out.plane(k + 4)[at] = (r - 128) * gain / 16
		}
	}
	return out
}

// bounds cuts a length into parts as even as can be.
func bounds(length, parts int) []int {
	b := make([]int, parts+1)
	for i := range b {
		b[i] = i * length / parts
	}
	return b
}

// part gives the mean, the least and the greatest of the samples of a field between two columns and two rows, or of those
// next to it where the plane has fewer samples than fields.
func (p Plane) part(columns, rows []int) (mean, low, high float32) {
	x0, y0 := min(columns[0], p.Width-1), min(rows[0], p.Height-1)
	x1, y1 := max(columns[1], x0+1), max(rows[1], y0+1)
	sum, least, most := 0, 255, 0
	for j := y0; j < y1; j++ {
		for _, v := range p.Pix[j*p.Stride:][x0:x1] {
			sum += int(v)
			least, most = min(least, int(v)), max(most, int(v))
		}
	}
	return float32(sum) / float32((x1-x0)*(y1-y0)), float32(least), float32(most)
}

// brightest is the luma that one sample in twenty exceeds.
func brightest(p Plane) int {
	var histogram [256]int
	n := 0
	for y := 0; y < p.Height; y += 2 {
		for _, v := range p.Pix[y*p.Stride:][:p.Width] {
			histogram[v]++
			n++
		}
	}
	for v := 255; v > 0; v-- {
		if n -= 20 * histogram[v]; n <= 0 {
			return v
		}
	}
	return 0
}

// Look looks at a picture, of which the longer side should have about 320 samples of luma; of chroma it may have fewer.
// fields is Fine or Coarse.
func Look(luma, cb, cr Plane, fields int) Map {
	return mapOf(mapper().look(features(luma, cb, cr, fields)))
}

// mapOf lays out what the net says of cells by fields.
func mapOf(out grid) Map {
	m := Map{Width: 2 * out.width, Height: 2 * out.height}
	n := m.Width * m.Height
	m.Paper, m.Corner = make([]float32, n), make([]float32, n)
	for k := range 4 {
		paper, corner := out.plane(k), out.plane(4+k)
		for cell := range paper {
			at := (2*(cell/out.width)+k/2)*m.Width + 2*(cell%out.width) + k%2
			m.Paper[at], m.Corner[at] = paper[cell], corner[cell]
		}
	}
	return m
}
