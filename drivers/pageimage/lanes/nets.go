package lanes

// #include "lanes.h"
import "C"

import "unsafe"

// What nets are made of: grids of channels, one after the other, of so many places each.

// Leak is what is left, where sums are bent, of those below nothing.
const Leak = C.YIMEN_LEAK

// Mix gives at each place, for channels from to to of out, bias and the sums of all channels of src there by their weights,
// which stand row by row, a row for each channel of out. Where bent, Leak is left of what is below nothing. What was at
// the same places of the same channels is added last, unless it is nil.
func Mix(out, src []float32, places int, weights, bias []float32, from, to int, bent bool, was []float32) {
	if from >= to || places < 1 {
		return
	}
	channels := len(src) / places
	out, weights, bias = out[:to*places], weights[:to*channels], bias[:to]
	onto := was != nil
	if onto {
		was = was[:to*places]
	}
	C.yimenMix(floats(out), floats(src), C.long(places), C.int(channels), floats(weights), floats(bias), C.int(from), C.int(to),
		truth(bent), truth(onto), floats(was))
}

// Neighbours mixes each place of channels from to to with its eight neighbours, by nine taps a channel. Beyond the border
// is nothing.
func Neighbours(out, src []float32, width, height int, taps []float32, from, to int) {
	if from >= to || width < 1 || height < 1 {
		return
	}
	n := width * height
	out, src, taps = out[:to*n], src[:to*n], taps[:9*to]
	C.yimenNeighbours(floats(out), floats(src), C.int(width), C.int(height), floats(taps), C.int(from), C.int(to))
}

func floats(v []float32) *C.float { return (*C.float)(unsafe.Pointer(unsafe.SliceData(v))) }

func truth(is bool) C.int {
	if is {
		return 1
	}
	return 0
}
