package lanes

import (
	"encoding/binary"
	"slices"
)

// Turn writes rows first to end of a plane into one that is turned clockwise by quarters, 1 to 3.
func Turn(to, from Plane, first, end, quarters int) {
	from.check(1)
	to.check(1)
	if quarters == 2 {
		for y := first; y < end; y++ {
			row := to.Pix[(from.Height-1-y)*to.Stride:][:from.Width]
			copy(row, from.Pix[y*from.Stride:][:from.Width])
			slices.Reverse(row)
		}
		return
	}
	at, across, down := from.Height-1, to.Stride, -1 // where the sample at 0, 0 goes, and how far from there the next ones go
	if quarters == 3 {
		at, across, down = (from.Width-1)*to.Stride, -to.Stride, 1
	}
	for y := first; y < end; y += block {
		rows := min(block, end-y)
		for x := 0; x < from.Width; x += block {
			corner := at + y*down + x*across
			if rows == block && x+block <= from.Width {
				turnBlock(to.Pix, corner, across, down, from.Pix[y*from.Stride+x:], from.Stride)
				continue
			}
			for j := range rows {
				for i, v := range from.Pix[(y+j)*from.Stride+x:][:min(block, from.Width-x)] {
					to.Pix[corner+j*down+i*across] = v
				}
			}
		}
	}
}

// block is how many samples each way are turned at a time: a row of them is a word.
const block = 8

// turnBlock writes eight rows of eight samples as columns: the first from corner on, each sample across from the one before
// it, each row down from the one before.
func turnBlock(to []byte, corner, across, down int, from []byte, stride int) {
	var w [block]uint64
	for j := range w {
		w[j] = binary.LittleEndian.Uint64(from[j*stride:])
	}
	if down < 0 { // rows are then written from the last to the first
		w[0], w[1], w[2], w[3], w[4], w[5], w[6], w[7] = w[7], w[6], w[5], w[4], w[3], w[2], w[1], w[0]
		corner += (block - 1) * down
	}
	const pairs, fours, eights = 0x00ff00ff00ff00ff, 0x0000ffff0000ffff, 0x00000000ffffffff
	swap := func(a, b *uint64, by uint, mask uint64) { // the upper parts of a with the lower ones of b
		t := (*a>>by ^ *b) & mask
		*a, *b = *a^t<<by, *b^t
	}
	for j := 0; j < block; j += 2 {
		swap(&w[j], &w[j+1], 8, pairs)
	}
	for _, j := range [4]int{0, 1, 4, 5} {
		swap(&w[j], &w[j+2], 16, fours)
	}
	for j := range block / 2 {
		swap(&w[j], &w[j+4], 32, eights)
	}
	for i, column := range w {
		binary.LittleEndian.PutUint64(to[corner+i*across:], column)
	}
}
