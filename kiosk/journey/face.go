package journey

import (
	"time"

	"yimen/drivers/device"
)

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

// HintFaceStill is said over the live picture of a good face: look here. What keeps a face from being good is said by
// FaceHint.
const HintFaceStill = "face.still"

// FaceHint is the id of the phrase that says what to do about a flaw.
func FaceHint(f device.FaceFlaw) string { return "face." + string(f) }

// FaceHints lists the ids of all that a Guide may say over the live picture of a face.
func FaceHints() []string {
	ids := []string{HintFaceStill}
	for _, f := range device.FaceFlaws() {
		ids = append(ids, FaceHint(f))
	}
	return ids
}

// FaceView is somebody's face before the camera.
type FaceView struct {
	Live bool // the live picture is on, and a good face is being waited for
	Left int  // tries that are left, this one included; 0 where a person confirms now
	Said Phrase
}
