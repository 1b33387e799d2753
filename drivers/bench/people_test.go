package main

import (
	"bytes"
	"context"
	"fmt"
	"image/png"
	"log/slog"
	"net/http"
	"slices"
	"testing"
	"time"

	"yimen/drivers/camera"
	"yimen/drivers/device"
	"yimen/drivers/emulator/idcard"
	"yimen/drivers/emulator/portrait"
	"yimen/drivers/face"
)

// TestWhoStepsBeforeTheFaceCameraIsSeenByTheTerminal: the terminal's own camera and finder watch the bench.
func TestWhoStepsBeforeTheFaceCameraIsSeenByTheTerminal(t *testing.T) {
	r := start(t)
	finder, err := face.NewFinder()
	if err != nil {
		t.Fatalf("%v: make copies them", err)
	}
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	from := camera.New(device.FaceCam, camera.HTTP{URL: r.Faces}, slog.New(slog.DiscardHandler))
	ended := make(chan struct{})
	go func() { defer close(ended); _ = from.Run(ctx) }()
	defer func() { stop(); <-ended }()
	sees := func(want ...device.FaceFlaw) {
		t.Helper()
		var flaws []device.FaceFlaw
		for last := time.Now(); ctx.Err() == nil; {
			frame, err := from.Next(ctx, last)
			if err != nil {
				continue
			}
			last = frame.At
			sight, err := finder.Look(frame.JPEG, face.DefaultLimits())
			if err != nil {
				t.Fatal(err)
			}
			if flaws = sight.Flaws; slices.Equal(flaws, want) {
				return
			}
		}
		t.Fatalf("the terminal sees %v, want %v", flaws, want)
	}
	sees(device.NoFace)
	for _, c := range []struct {
		who  string
		want []device.FaceFlaw
	}{{"holder", nil}, {"two", []device.FaceFlaw{device.SeveralFaces}}, {"stranger", nil}, {"nobody", []device.FaceFlaw{device.NoFace}}, {"print", nil}} {
		r.must("POST", "api/person", fmt.Sprintf(`{"id":%q}`, c.who))
		sees(c.want...)
		if s := r.must("GET", "api/state", ""); s["person"] != c.who {
			t.Errorf("state says %v", s["person"])
		}
	}
	r.must("DELETE", "api/person", "")
	sees(device.NoFace)
	if code, v := r.do("POST", "api/person", `{"id":"a ghost"}`); code != http.StatusBadRequest || v["error"] == "" {
		t.Errorf("%d %v", code, v)
	}
	r.must("POST", "api/unplug", `{"device":"facecam"}`)
	if a, err := http.Get(r.Faces); err != nil || a.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("unplugged camera: %v, %v", a, err)
	}
}

// TestACardsPhotoShowsItsHolder: what the reader gives is decoded to the face that steps before the camera as its holder.
func TestACardsPhotoShowsItsHolder(t *testing.T) {
	r := start(t)
	terminal, ctx := r.terminal()
	r.must("POST", "api/card", `{"id":"liu"}`)
	got, err := terminal.IDCard().Read(ctx)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := decodePhoto(bytes.NewReader(got.Photo), &b); err != nil {
		t.Fatal(err)
	}
	im, err := png.Decode(&b)
	if err != nil {
		t.Fatal(err)
	}
	want := portrait.Of(got.Number.Reveal()).Photo()
	if im.Bounds() != want.Rect {
		t.Fatalf("photo of %v", im.Bounds())
	}
	for y := range want.Rect.Dy() {
		for x := range want.Rect.Dx() {
			if luma, _, _, _ := im.At(x, y).RGBA(); uint8(luma>>8) != want.GrayAt(x, y).Y {
				t.Fatalf("another face: pixel %d, %d", x, y)
			}
		}
	}
	for _, none := range [][]byte{nil, []byte("WL"), make([]byte, 1024), got.Photo[:idcard.PhotoHeader]} {
		if decodePhoto(bytes.NewReader(none), &b) == nil {
			t.Errorf("%d bytes were decoded", len(none))
		}
	}
}
