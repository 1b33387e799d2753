package pageimage

import (
	"image"

	"yimen/drivers/device"
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

// turned gives a page turned clockwise by quarters, without loss but for half a sample of colour where a side is odd.
func turned(page *image.YCbCr, quarters int) *image.YCbCr {
	if quarters%4 == 0 {
		return page
	}
	size := page.Rect.Size()
	if quarters%2 == 1 {
		size.X, size.Y = size.Y, size.X
	}
	out := image.NewYCbCr(image.Rectangle{Max: size}, image.YCbCrSubsampleRatio420)
	w, h := page.Rect.Dx(), page.Rect.Dy()
	turnPlane(out.Y, out.YStride, plane{page.Y, page.YStride, w, h}, quarters)
	turnPlane(out.Cb, out.CStride, plane{page.Cb, page.CStride, (w + 1) / 2, (h + 1) / 2}, quarters)
	turnPlane(out.Cr, out.CStride, plane{page.Cr, page.CStride, (w + 1) / 2, (h + 1) / 2}, quarters)
	return out
}

// block is how many samples each way are turned at a time: few enough that the processor's cache holds their rows.
const block = 64

// turnPlane writes a plane into another whose rows are stride long.
func turnPlane(to []byte, stride int, from plane, quarters int) {
	var first, across, down int // where the sample at 0, 0 goes, and how far it is from there to the next
	switch quarters % 4 {
	case 1:
		first, across, down = from.height-1, stride, -1
	case 2:
		first, across, down = (from.height-1)*stride+from.width-1, -1, -stride
	case 3:
		first, across, down = (from.width-1)*stride, -stride, 1
	}
	for y0 := 0; y0 < from.height; y0 += block {
		for x0 := 0; x0 < from.width; x0 += block {
			for y := y0; y < min(y0+block, from.height); y++ {
				at := first + y*down + x0*across
				for _, v := range from.pix[y*from.stride+x0:][:min(block, from.width-x0)] {
					to[at] = v
					at += across
				}
			}
		}
	}
}
