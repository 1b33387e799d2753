package journey

import (
	"yimen/drivers/device"
	"yimen/kiosk/journey/view"
)

// Touch is all that the screen may say: what was touched on which View. Step drops a Touch that was made on
// another View or that the View did not offer, so a double tap, a second tab or a page that lies changes nothing.
type Touch struct {
	Visit   string            `json:"visit"` // View.Visit
	Seq     uint64            `json:"seq"`   // View.Seq
	Do      view.Do           `json:"do"`
	Value   string            `json:"value,omitempty"`   // the chosen thing, or the entered text
	Quad    *device.Quad      `json:"quad,omitempty"`    // DoAccept: the four corners
	Strokes [][]device.Sample `json:"strokes,omitempty"` // DoSign: the signature as drawn
}
