// Package lanes holds the few loops over pixels and numbers that cost a page nearly all of its time, in C: its compiler has
// the processor do eight, or thirty-two, of them at once, which Go's does not. What they do is said here; that they do
// just that is tested against plain loops. They work on what they are given, whole or by parts on several cores, and panic
// where it is too small.
package lanes

/*
#cgo CFLAGS: -O3
#cgo noescape yimenMix
#cgo nocallback yimenMix
#cgo noescape yimenNeighbours
#cgo nocallback yimenNeighbours
#cgo noescape yimenSumRows
#cgo nocallback yimenSumRows
#cgo noescape yimenSpanRows
#cgo nocallback yimenSpanRows
#cgo noescape yimenWarp
#cgo nocallback yimenWarp
#cgo noescape yimenFallsAlong
#cgo nocallback yimenFallsAlong
#cgo noescape yimenFallsDown
#cgo nocallback yimenFallsDown
#include "lanes.h"
*/
import "C"

import (
	"fmt"
	"unsafe"
)

// Plane is one component of a picture: Height rows of Width samples, that begin Stride bytes apart.
type Plane struct {
	Pix           []byte
	Stride        int
	Width, Height int
}

// check panics unless the plane has all its samples, and at least so many each way.
func (p Plane) check(least int) {
	if p.Width < least || p.Height < least || p.Stride < p.Width || len(p.Pix) < (p.Height-1)*p.Stride+p.Width {
		panic(fmt.Sprintf("lanes: a plane of %d × %d samples, %d a row, in %d bytes", p.Width, p.Height, p.Stride, len(p.Pix)))
	}
}

// Warp fills rows first to end of a plane with what m finds for them in another. m maps the middle of a sample, (x, y, 1),
// to (u·w, v·w, w); it is followed exactly at every 16th sample of a row and straight between. The four samples around a
// place are mixed; beyond the border stands what is on it.
func Warp(to Plane, first, end int, from Plane, m *[9]float64) {
	to.check(1)
	from.check(1)
	if first < 0 || end > to.Height || first > end {
		panic(fmt.Sprintf("lanes: rows %d to %d of %d", first, end, to.Height))
	}
	C.yimenWarp(bytes(to.Pix), C.long(to.Stride), C.int(to.Width), C.int(first), C.int(end), bytes(from.Pix), C.long(from.Stride),
		C.int(from.Width), C.int(from.Height), (*C.double)(unsafe.Pointer(m)))
}

// SumRows adds up rows first to end of a plane, 256 at most, column by column.
func SumRows(sums []uint16, p Plane, first, end int) {
	p.check(1)
	if first < 0 || end > p.Height || first >= end || end-first > 256 || len(sums) < p.Width {
		panic(fmt.Sprintf("lanes: sums of rows %d to %d of %d", first, end, p.Height))
	}
	C.yimenSumRows((*C.uint16_t)(unsafe.SliceData(sums)), bytes(p.Pix[first*p.Stride:]), C.long(p.Stride), C.int(p.Width), C.int(end-first))
}

// SpanRows gives the least and the greatest of rows first to end of a plane, column by column.
func SpanRows(lows, highs []byte, p Plane, first, end int) {
	p.check(1)
	if first < 0 || end > p.Height || first >= end || min(len(lows), len(highs)) < p.Width {
		panic(fmt.Sprintf("lanes: span of rows %d to %d of %d", first, end, p.Height))
	}
	C.yimenSpanRows(bytes(lows), bytes(highs), bytes(p.Pix[first*p.Stride:]), C.long(p.Stride), C.int(p.Width), C.int(end-first))
}

// A fall is a run of samples in which luma falls, or rises, from each to the next. Its width is how many samples luma takes
// from a fifth to four fifths of the way.

// Tenths and Longest: falls are counted by tenths of a sample of width, up to so many samples; the last count takes in
// what is longer.
const (
	Tenths  = C.yimenTenths
	Longest = C.yimenLongest
)

// Widths counts falls by their width.
type Widths [Tenths * Longest]uint32

// FallsAlong counts the falls of at least that much luma in each third row, from the second to the last but one.
func FallsAlong(p Plane, least int, w *Widths) {
	p.check(1)
	state := make([]byte, (3+p.Width)*C.yimenRows)
	C.yimenFallsAlong(bytes(p.Pix), C.long(p.Stride), C.int(p.Width), C.int(p.Height), 3, C.int(min(max(least, 1), 255)), bytes(state), counts(w))
}

// FallsDown counts them in each third column.
func FallsDown(p Plane, least int, w *Widths) {
	p.check(1)
	state := make([]byte, 3*p.Width)
	C.yimenFallsDown(bytes(p.Pix), C.long(p.Stride), C.int(p.Width), C.int(p.Height), 3, C.int(min(max(least, 1), 255)), bytes(state), counts(w))
}

func counts(w *Widths) *C.uint32_t { return (*C.uint32_t)(unsafe.Pointer(w)) }

func bytes(b []byte) *C.uint8_t { return (*C.uint8_t)(unsafe.SliceData(b)) }
