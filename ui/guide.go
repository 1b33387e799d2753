package ui

import (
	"encoding/json"

	"yimen/drivers/device"
	"yimen/kiosk/journey/view"
)

// guideEvent is what the page draws over the live picture. The words for the hint are on the page already, in its language.
type guideEvent struct {
	Quad []device.Point `json:"quad"` // in parts of the picture, four or none
	Hint string         `json:"hint"`
	Held float64        `json:"held"`
}

// encodeGuide writes a guide for touch/guide.ts.
func encodeGuide(g view.Guide) []byte {
	e := guideEvent{Quad: []device.Point{}, Hint: g.Hint, Held: g.Held}
	if g.Quad != (device.Quad{}) {
		e.Quad = g.Quad[:]
	}
	b, err := json.Marshal(e)
	if err != nil { // a corner that is no number
		return []byte(`{"quad":[],"hint":"","held":0}`)
	}
	return b
}
