package journey

import "time"

// MatchFace shows the live picture of the face camera, waits for a good face and has it compared with a card's photo, once:
// FaceMatched or FaceFault. No picture comes back: it is looked at beside the visit, and gone before the outcome is told
// (domain.md P05). StopFace ends it.
type MatchFace struct {
	Photo    []byte // of the card, decoded: device.Card.Picture
	Patience time.Duration
}

// StopFace ends a MatchFace whose outcome is no longer wanted.
type StopFace struct{}

// FaceMatched is what a comparison came to.
type FaceMatched struct {
	Confirmed bool // the living face is the card's; otherwise a person looks
	Band      FaceBand
}

// FaceBand is how much alike a face and a photo were found: as much of the score as is kept.
type FaceBand string

// The bands.
const (
	BandSame   FaceBand = "same"
	BandUnsure FaceBand = "unsure"
	BandOther  FaceBand = "other"
	BandDead   FaceBand = "not_living" // no living face, but perhaps a picture of one
)

// FaceFault says why nothing was compared: the camera is away, nobody looked into it in time (device.ErrNoMedia), or the
// card's photo cannot be used (device.ErrInvalidMedia).
type FaceFault struct{ Err error }

func (MatchFace) effect() {}
func (StopFace) effect()  {}

func (FaceMatched) happening() {}
func (FaceFault) happening()   {}
