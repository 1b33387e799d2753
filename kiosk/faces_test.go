package main

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/jpeg"
	"image/png"
	"testing"

	"yimen/drivers/device"
	"yimen/drivers/emulator/portrait"
	"yimen/drivers/face"
	"yimen/kiosk/journey"
)

// judge is a made-up verifier that says what the test says.
type judge struct {
	verdict face.Verdict
	shots   int
}

func (j *judge) Verify(_ context.Context, _ image.Image, shots []face.Shot) (face.Verdict, error) {
	j.shots = len(shots)
	return j.verdict, nil
}

func TestOnlyALivingFaceThatIsTheSameIsConfirmed(t *testing.T) {
	finder, err := face.NewFinder()
	if err != nil {
		t.Fatal(err)
	}
	var frame, photo bytes.Buffer
	somebody := portrait.Scene{Width: 640, Height: 480, Blur: 1, Faces: []portrait.Face{{X: 320, Y: 220, Size: 240}}}.Draw()
	if err := errors.Join(jpeg.Encode(&frame, somebody, nil), png.Encode(&photo, somebody)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		verdict face.Verdict
		want    journey.FaceMatched
	}{
		{face.Verdict{Match: face.Same, Living: true}, journey.FaceMatched{Confirmed: true, Band: journey.BandSame}},
		{face.Verdict{Match: face.Same}, journey.FaceMatched{Band: journey.BandDead}}, // a photo held before the camera
		{face.Verdict{Match: face.Unsure, Living: true}, journey.FaceMatched{Band: journey.BandUnsure}},
		{face.Verdict{Match: face.Other, Living: true}, journey.FaceMatched{Band: journey.BandOther}},
	} {
		j := &judge{verdict: c.verdict}
		got, err := faces{finder: finder, verifier: j}.Match(t.Context(), photo.Bytes(), [][]byte{frame.Bytes(), frame.Bytes()})
		if err != nil || got != c.want || j.shots != 2 {
			t.Errorf("%+v: %+v, %v, %d shots", c.verdict, got, err, j.shots)
		}
	}
	if _, err := (faces{finder: finder, verifier: &judge{}}).Match(t.Context(), nil, [][]byte{frame.Bytes()}); !errors.Is(err, device.ErrInvalidMedia) {
		t.Errorf("a card without a photo: %v", err)
	}
	if (faces{finder: finder}).verifier != nil || newFaces(nil, nil, nil) != nil {
		t.Error("a terminal without a camera looks at faces")
	}
}
