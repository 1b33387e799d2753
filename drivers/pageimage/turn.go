package pageimage

import (
	"image"

	"yimen/drivers/device"
	"yimen/drivers/pageimage/lanes"
)

// Way is which way up a page is cut out.
type Way int

// The ways.
const (
	ByWriting Way = iota // as its writing stands, where that is sure; else as it lies
	AsGiven              // with the first of its corners at the top left
)

// turnedQuad gives the corners of a page that is turned clockwise by quarters.
func turnedQuad(q device.Quad, quarters int) (out device.Quad) {
	for i := range out {
		out[i] = q[(i+4-quarters)%4]
	}
	return out
}

// turned gives a page turned clockwise by quarters, without loss.
func turned(page *image.YCbCr, quarters int) *image.YCbCr {
	if quarters%4 == 0 {
		return page
	}
	size := page.Rect.Size()
	if quarters%2 == 1 {
		size.X, size.Y = size.Y, size.X
	}
	out := image.NewYCbCr(image.Rectangle{Max: size}, image.YCbCrSubsampleRatio420)
	to, from := planes(out), planes(page)
	inBands(from, func(i, first, end int) { lanes.Turn(to[i], from[i], first, end, quarters) })
	return out
}
