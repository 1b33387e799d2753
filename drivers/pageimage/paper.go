package pageimage

import (
	"image"
	"math"

	"yimen/drivers/device"
)

// What residents bring, besides A4: half of it, which an open household register also measures within a few
// millimetres, and an identity card (ISO/IEC 7810 ID-1).
var (
	A5  = Paper{148, 210}
	ID1 = Paper{85.6, 54}
)

// card tells whether a paper is as small as a card.
func (p Paper) card() bool { return p.Width > 0 && p.Width*p.Height < 2*ID1.Width*ID1.Height }

// guess tells which of the known papers lies there: by its shape, and by its size where the camera's model says how
// many millimetres of the bed it sees. A page of another shape stays unknown.
func guess(quad device.Quad, frame image.Rectangle, bed Paper) Paper {
	corners, err := pixels(quad, frame)
	if err != nil {
		return Paper{}
	}
	shape := shapeOf(corners, frame)
	across, down := sides(corners)
	best, least := Paper{}, math.Inf(1)
	for _, p := range []Paper{A4, A5, ID1} {
		if !like(shape, p) {
			continue
		}
		if bed == (Paper{}) {
			return p
		}
		perMM := float64(max(frame.Dx(), frame.Dy())) / max(bed.Width, bed.Height)
		off := math.Abs(math.Log(math.Hypot(across, down) / perMM / math.Hypot(p.Width, p.Height)))
		if off < least {
			best, least = p, off
		}
	}
	if least < math.Inf(1) && least > 0.2 { // an A-shaped sheet that is none of ours
		return Paper{}
	}
	return best
}
