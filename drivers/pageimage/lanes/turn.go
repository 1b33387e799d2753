package lanes

/*
#cgo noescape yimenTurn
#cgo nocallback yimenTurn
#include "lanes.h"
*/
import "C"

import (
	"fmt"
	"slices"
)

// Turn writes rows first to end of a plane into one that is turned clockwise by quarters, 1 to 3.
func Turn(to, from Plane, first, end, quarters int) {
	from.check(1)
	to.check(1)
	width, height := from.Width, from.Height
	if quarters != 2 {
		width, height = height, width
	}
	if first < 0 || end > from.Height || to.Width != width || to.Height != height || quarters < 1 || quarters > 3 {
		panic(fmt.Sprintf("lanes: rows %d to %d of %d × %d turned %d times into %d × %d", first, end, from.Width, from.Height, quarters, to.Width, to.Height))
	}
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
	C.yimenTurn(bytes(to.Pix[at:]), C.long(across), C.int(down), bytes(from.Pix), C.long(from.Stride), C.int(from.Width), C.int(first), C.int(end))
}
