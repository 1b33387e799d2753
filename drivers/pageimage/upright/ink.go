package upright

import "image"

// ink is how dark each place of a page is beside the paper around it: 0 bare, 255 black. Red is left out: a seal lies
// over the writing, turned as it was stamped.
type ink struct {
	dark          []byte
	width, height int
}

const (
	longest = 1800 // pixels of the longer side that are looked at: print of 2 mm has a dozen of A4's
	field   = 32   // pixels of a side of the squares in which the paper is taken for evenly lit
	written = 64   // darkness from which on a place is written on
	reddish = 150  // Cr from which on a place is red, not brown or black
)

// inkOf reduces a page by a whole number and takes the paper away.
func inkOf(page *image.YCbCr) ink {
	size := page.Rect.Size()
	by := max(1, (max(size.X, size.Y)+longest-1)/longest)
	k := ink{width: size.X / by, height: size.Y / by}
	k.dark = make([]byte, k.width*k.height)
	sums := make([]uint32, k.width)
	for y := range k.height {
		clear(sums)
		for j := range by {
			from := page.Y[(y*by+j)*page.YStride:][:k.width*by]
			for i := range by {
				for x, at := 0, i; x < len(sums) && at < len(from); x, at = x+1, at+by {
					sums[x] += uint32(from[at])
				}
			}
		}
		row := k.row(y)
		for x, sum := range sums {
			row[x] = byte(sum / uint32(by*by))
		}
	}
	for y := 0; y < k.height; y += field {
		for x := 0; x < k.width; x += field {
			k.darken(image.Rect(x, y, min(x+field, k.width), min(y+field, k.height)))
		}
	}
	k.leaveOutRed(page, by)
	return k
}

func (k ink) row(y int) []byte { return k.dark[y*k.width:][:k.width] }

// darken turns luma into darkness within a field, whose paper is what nine in ten places are darker than.
func (k ink) darken(f image.Rectangle) {
	var histogram [256]int
	for y := f.Min.Y; y < f.Max.Y; y++ {
		for _, v := range k.row(y)[f.Min.X:f.Max.X] {
			histogram[v]++
		}
	}
	paper, seen := 0, 0
	for v, n := range histogram {
		if seen += n; seen*10 >= f.Dx()*f.Dy()*9 {
			paper = v
			break
		}
	}
	var darkness [256]byte
	for v := range min(paper, 255) {
		darkness[v] = byte(255 * (paper - v) / paper)
	}
	for y := f.Min.Y; y < f.Max.Y; y++ {
		row := k.row(y)[f.Min.X:f.Max.X]
		for x, v := range row {
			row[x] = darkness[v]
		}
	}
}

// leaveOutRed makes places bare that are written on in red. by is how many pixels of the page a place has each way.
func (k ink) leaveOutRed(page *image.YCbCr, by int) {
	for y := range k.height {
		row := k.row(y)
		for x := range row {
			if row[x] >= written && page.Cr[page.COffset(x*by, y*by)] >= reddish {
				row[x] = 0
			}
		}
	}
}

// ruled is how many places in a row, written on one after the other, are a ruled line or a picture, and no stroke.
const ruled = 90

// withoutRules makes places bare that lie in long straight strokes, across or down.
func (k ink) withoutRules() {
	across := make([]bool, len(k.dark))
	for y := range k.height {
		k.mark(across, y*k.width, 1, k.width)
	}
	for x := range k.width {
		k.mark(across, x, k.width, k.height)
	}
	for i, is := range across {
		if is {
			k.dark[i] = 0
		}
	}
}

// mark marks the long strokes among n places, stride apart.
func (k ink) mark(long []bool, from, stride, n int) {
	run := 0
	for i := range n + 1 {
		if i < n && k.dark[from+i*stride] >= written {
			run++
			continue
		}
		if run >= ruled {
			for j := i - run; j < i; j++ {
				long[from+j*stride] = true
			}
		}
		run = 0
	}
}

// turned gives the ink of the page turned clockwise by a quarter.
func (k ink) turned() ink {
	out := ink{dark: make([]byte, len(k.dark)), width: k.height, height: k.width}
	for y := range k.height {
		for x, v := range k.row(y) {
			out.dark[x*out.width+k.height-1-y] = v
		}
	}
	return out
}
