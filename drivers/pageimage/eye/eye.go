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
	cells := out.width * out.height
	gain := 200 / float32(max(brightest(luma), 30))
	all := [3]band{newBand(luma, across), newBand(cb, across), newBand(cr, across)}
	rows := [3][]int{bounds(luma.Height, down), bounds(cb.Height, down), bounds(cr.Height, down)}
	for y := range down {
		for i := range all {
			all[i].take(rows[i][y : y+2])
		}
		all[0].span()
		for x := range across {
			to := out.v[5*(2*(y%2)+x%2)*cells+(y/2)*out.width+x/2:] // five channels of a field, so many cells apart
			mean, b, r := all[0].mean(x), all[1].mean(x), all[2].mean(x)
			low, high := all[0].ends(x)
			to[0] = (mean*gain - 128) / 64
			to[cells] = (high - mean) * gain / 32
			to[2*cells] = (mean - low) * gain / 32
			to[3*cells] = (b - 128) * gain / 16
			to[4*cells] = (r - 128) * gain / 16
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
// fields is Fine or Coarse. No plane has more than 2,048 rows.
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
