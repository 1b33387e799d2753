package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"yimen/drivers"
	"yimen/drivers/camera"
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
	if (faces{finder: finder}).verifier != nil || newFaces(nil, nil, openNetworks, nil) != nil {
		t.Error("a terminal without a camera looks at faces")
	}
}

// TestAFaceIsSeenInTheCamerasStream: a camera whose pictures come as motion JPEG shows a face; the terminal guides it and
// compares it, and the camera's pictures end with whoever looked.
func TestAFaceIsSeenInTheCamerasStream(t *testing.T) {
	var frame bytes.Buffer
	somebody := portrait.Scene{Width: 640, Height: 480, Blur: 1, Faces: []portrait.Face{{X: 320, Y: 220, Size: 240}}}.Draw()
	if err := jpeg.Encode(&frame, somebody, nil); err != nil {
		t.Fatal(err)
	}
	stream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "multipart/x-mixed-replace; boundary=f")
		for r.Context().Err() == nil {
			fmt.Fprintf(w, "--f\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n%s\r\n", frame.Len(), frame.Bytes())
			w.(http.Flusher).Flush()
			time.Sleep(20 * time.Millisecond)
		}
	}))
	defer stream.Close()
	ctx, stop := context.WithCancel(t.Context())
	from := camera.New(device.FaceCam, camera.HTTP{URL: stream.URL}, slog.New(slog.DiscardHandler))
	ended := make(chan struct{})
	go func() { defer close(ended); _ = from.Run(ctx) }()
	defer func() { stop(); <-ended }()

	f, ok := newFaces(from, &drivers.FaceCam{}, openNetworks, slog.New(slog.DiscardHandler)).(faces)
	if !ok || f.Ready() {
		t.Fatal("a terminal without a verifier is ready to compare")
	}
	j := &judge{verdict: face.Verdict{Match: face.Same, Living: true}}
	f.verifier = j
	looking, enough := context.WithCancel(ctx)
	frames := f.Frames(looking)
	var good [][]byte
	for shot := range frames {
		if s, err := f.Look(shot.JPEG); err == nil && len(s.Flaws) == 0 {
			good = append(good, shot.JPEG)
		}
		if len(good) == 3 {
			break
		}
	}
	enough()
	for range frames { // it ends
	}
	if !f.Ready() {
		t.Error("the camera sends, and faces cannot be compared")
	}
	got, err := f.Match(ctx, pngOf(t, somebody), good)
	if err != nil || !got.Confirmed || j.shots != 3 {
		t.Errorf("%+v, %v, %d shots", got, err, j.shots)
	}
}

func pngOf(t *testing.T, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func jpegOf(t *testing.T, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
