package ui

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"testing"
	"time"

	"yimen/kiosk/journey"
)

// watch opens the live picture on the stage's screen and reads a frame of it.
func watch(t *testing.T, desk *stage) (rest io.Reader) {
	t.Helper()
	at := serve(t, desk)
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(stop)
	ask, err := http.NewRequestWithContext(ctx, "GET", at+"live?of="+url.QueryEscape(livePicture(desk.view)), nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := visitor(t, at).Do(ask)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Body.Close() })
	if _, err := io.ReadFull(r.Body, make([]byte, len(desk.picture))); err != nil {
		t.Fatalf("no live picture: %s: %v", r.Status, err)
	}
	return r.Body
}

// TestLivePictureEndsWithItsScreen: in WebKit the page cannot end it, and a browser has only six connections.
func TestLivePictureEndsWithItsScreen(t *testing.T) {
	live, still := scanSamples()[0].view, scanSamples()[1].view
	other, paper := live, *live.Scan
	paper.Material.Code += "0"
	other.Scan = &paper
	for name, next := range map[string]journey.View{"a still": still, "another paper": other, "no scanning": samples()[0].view} {
		t.Run(name, func(t *testing.T) {
			desk := newStage(t, live)
			rest := watch(t, desk)
			desk.show(next)
			if _, err := io.Copy(io.Discard, rest); err != nil {
				t.Errorf("it went on: %v", err)
			}
		})
	}
}
