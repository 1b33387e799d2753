package view

import "yimen/drivers/device"

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

// Face is somebody's face before the camera.
type Face struct {
	Live bool // the live picture is on, and a good face is being waited for
	Left int  // tries that are left, this one included; 0 where a person confirms now
	Said Phrase
}
