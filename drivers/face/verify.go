package face

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"

	"yimen/drivers/jpeg"
)

// Verifier compares the photo of a card with who stands before the camera. None comes with this program: an operator
// installs one that was tried for the hall's light and people, and without it a person compares.
type Verifier interface {
	// Verify compares. The shots were taken one after the other, of one face that Judge found no flaw in. Neither they nor
	// the photo are kept, or leave the machine. An error tells why nothing can be said.
	Verify(ctx context.Context, photo image.Image, shots []Shot) (Verdict, error)
}

// Shot is a picture with the face in it.
type Shot struct {
	Picture *image.YCbCr
	Face    Face // in pixels of Picture
}

// Match says what a comparison came to.
type Match string

// What a comparison may come to.
const (
	Same   Match = "same"
	Other  Match = "other"
	Unsure Match = "unsure"
)

// Verdict is what a Verifier found.
type Verdict struct {
	Match  Match
	Score  float64 // the verifier's own measure, larger is more alike
	Living bool    // a living face was before the camera, and no picture of one
}

// Confirms tells whether a person need not look: the face is the photo's, and it lives.
func (v Verdict) Confirms() bool { return v.Match == Same && v.Living }

// ErrNoPhoto: the card's photo was not read, or not decoded, so there is nothing to compare with.
var ErrNoPhoto = errors.New("no photo of the card")

// mostPhoto bounds a card's photo; it is 102 × 126 pixels, and a helper may have enlarged it.
const mostPhoto = 1024

// Shoot gives the frame for a verifier, with the face that Look saw in it. Errors are Look's.
func Shoot(frame []byte, seen Sight) (Shot, error) {
	info, err := jpeg.Header(frame)
	if err != nil {
		return Shot{}, fmt.Errorf("take face: %w", err)
	}
	picture, err := jpeg.Decode(frame, scaleFor(info), mostPixels)
	if err != nil {
		return Shot{}, fmt.Errorf("take face: %w", err)
	}
	return Shot{Picture: picture, Face: seen.Face}, nil
}

// Photo reads a card's decoded photo, which is a PNG. Errors: ErrNoPhoto, or what makes it no picture.
func Photo(decoded []byte) (image.Image, error) {
	if len(decoded) == 0 {
		return nil, ErrNoPhoto
	}
	size, err := png.DecodeConfig(bytes.NewReader(decoded))
	if err != nil {
		return nil, fmt.Errorf("card's photo: %w", err)
	}
	if size.Width > mostPhoto || size.Height > mostPhoto {
		return nil, fmt.Errorf("card's photo is %d × %d", size.Width, size.Height)
	}
	photo, err := png.Decode(bytes.NewReader(decoded))
	if err != nil {
		return nil, fmt.Errorf("card's photo: %w", err)
	}
	return photo, nil
}
