// Package pageimage makes a straight picture of a page out of a camera's frame. Pixels only: it knows no camera,
// no material and no case.
package pageimage

import (
	"errors"
	"fmt"
	"image"
	"math"

	"yimen/drivers/device"
)

const (
	maxDPI     = 300  // more adds bytes to a dossier and nothing to read
	maxPixels  = 40e6 // of a frame; the largest document cameras have 24 million
	leastSide  = 32   // pixels: a shorter edge of a page is a slip of the finger
	mmPerInch  = 25.4
	farOutside = 0.02 // parts of the picture by which a corner may lie outside of it
)

// ErrQuad: the four corners are no page: crossed, folded inwards, too small, or outside the picture. Ask for them again.
var ErrQuad = errors.New("corners do not make a page")

// Paper is a sheet's size in millimetres, upright. The zero value stands for a sheet of which nobody knows what it is.
type Paper struct{ Width, Height float64 }

// A4 is what nearly all papers of a case are.
var A4 = Paper{210, 297}

// pixels gives the corners in pixels, checked: convex, clockwise as the page reads, large enough, within the picture.
func pixels(quad device.Quad, r image.Rectangle) ([4]device.Point, error) {
	var c [4]device.Point
	for i, p := range quad {
		if !(p.X >= -farOutside && p.X <= 1+farOutside && p.Y >= -farOutside && p.Y <= 1+farOutside) {
			return c, fmt.Errorf("%w: corner %d lies outside the picture", ErrQuad, i)
		}
		c[i] = device.Point{X: p.X * float64(r.Dx()), Y: p.Y * float64(r.Dy())}
	}
	for i := range c {
		a, b, d := c[i], c[(i+1)%4], c[(i+2)%4]
		if distance(a, b) < leastSide {
			return c, fmt.Errorf("%w: edge %d is %.0f pixels long", ErrQuad, i, distance(a, b))
		}
		turn := (b.X-a.X)*(d.Y-b.Y) - (b.Y-a.Y)*(d.X-b.X)
		if turn < 0.05*distance(a, b)*distance(b, d) { // sine of the angle: flat, inward or crossed
			return c, fmt.Errorf("%w: corner %d is not convex", ErrQuad, (i+1)%4)
		}
	}
	return c, nil
}

func distance(a, b device.Point) float64 { return math.Hypot(a.X-b.X, a.Y-b.Y) }

// sizeOf gives the page's size in pixels, and its resolution where the paper is known.
func sizeOf(c [4]device.Point, frame image.Rectangle, paper Paper) (image.Point, float64) {
	if paper == (Paper{}) {
		return freeSize(c, shapeOf(c, frame)), 0
	}
	return pageSize(c, paper)
}

// pageSize gives the page's size in pixels, even ones, at the resolution that the frame has of it.
func pageSize(c [4]device.Point, paper Paper) (image.Point, float64) {
	across, down := sides(c)
	width, height := paper.Width/mmPerInch, paper.Height/mmPerInch
	if (across > down) != (width > height) {
		width, height = height, width
	}
	dpi := math.Min(maxDPI, math.Round(math.Max(across/width, down/height)))
	dpi = math.Max(dpi, 1)
	return image.Pt(even(width*dpi), even(height*dpi)), dpi
}

// even rounds a number of pixels: two by two of them have a sample of colour in common.
func even(pixels float64) int { return max(2*int(math.Round(pixels/2)), 2) }
