package upright

import (
	"encoding/binary"
	"image"

	"yimen/drivers/pageimage/lanes"
)

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
	luma := lanes.Plane{Pix: page.Y, Stride: page.YStride, Width: size.X, Height: size.Y}
	sums, part := make([]uint16, size.X), uint64(1<<32/(by*by)+1) // dividing takes longer
	for y := range k.height {
		lanes.SumRows(sums, luma, y*by, (y+1)*by)
		for x, row := 0, k.row(y); x < len(row); x++ {
			sum := uint64(0)
			for _, v := range sums[x*by:][:by] {
				sum += uint64(v)
			}
			row[x] = byte(sum * part >> 32)
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
	var histogram [2][256]uint16 // by turns: neighbours are often alike, and one count waits for the other
	for y := f.Min.Y; y < f.Max.Y; y++ {
		for x, v := range k.row(y)[f.Min.X:f.Max.X] {
			histogram[x%2][v]++
		}
	}
	paper, seen := 0, 0
	for v, n := range histogram[0] {
		if seen += int(n + histogram[1][v]); seen*10 >= f.Dx()*f.Dy()*9 {
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
		for x := nextWritten(row, 0); x < len(row); x = nextWritten(row, x+1) {
			if page.Cr[page.COffset(x*by, y*by)] >= reddish {
				row[x] = 0
			}
		}
	}
}

// eight places of a row at a time: any of them is written on where one of these bits is set, for written is 64.
const anyWritten = 0xc0c0c0c0c0c0c0c0

// nextWritten gives the first place from x on that is written on, or where the row ends.
func nextWritten(row []byte, x int) int {
	for x < len(row) && row[x] < written {
		if x+8 <= len(row) && binary.LittleEndian.Uint64(row[x:])&anyWritten == 0 {
			x += 8
			continue
		}
		x++
	}
	return x
}

// ruled is how many places in a row, written on one after the other, are a ruled line or a picture, and no stroke.
const ruled = 90

// withoutRules makes places bare that lie in long straight strokes, across or down.
func (k ink) withoutRules() {
	long := make([]bool, len(k.dark))
	down := make([]byte, k.width) // how many places above each other, up to here, are written on: ruled at most
	for y := range k.height {
		row, first := k.row(y), y*k.width
		across, was := byte(0), -1
		for x := 0; x < len(row); x++ {
			if x+8 <= len(row) && binary.LittleEndian.Uint64(row[x:])&anyWritten == 0 {
				binary.LittleEndian.PutUint64(down[x:], 0)
				x += 7
				continue
			}
			if row[x] < written {
				down[x] = 0
				continue
			}
			if was != x-1 {
				across = 0
			}
			was = x
			across = k.mark(long, first+x, 1, across)
			down[x] = k.mark(long, first+x, k.width, down[x])
		}
	}
	for i, is := range long {
		if is {
			k.dark[i] = 0
		}
	}
}

// mark counts one more place to a stroke, and marks all of it as soon as it is long. Its places are stride apart.
func (k ink) mark(long []bool, at, stride int, run byte) byte {
	if run >= ruled {
		long[at] = true
		return ruled
	}
	if run++; run == ruled {
		for j := range ruled {
			long[at-j*stride] = true
		}
	}
	return run
}

// turned gives the ink of the page turned clockwise by a quarter.
func (k ink) turned() ink {
	out := ink{dark: make([]byte, len(k.dark)), width: k.height, height: k.width}
	lanes.Turn(out.plane(), k.plane(), 0, k.height, 1)
	return out
}

func (k ink) plane() lanes.Plane {
	return lanes.Plane{Pix: k.dark, Stride: k.width, Width: k.width, Height: k.height}
}
