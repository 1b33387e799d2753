package ui

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"testing"
	"time"

	"yimen/kiosk/journey/view"
	"yimen/ui/shell/shelltest"
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
	for name, next := range map[string]view.View{"a still": still, "another paper": other, "no scanning": samples()[0].view} {
		t.Run(name, func(t *testing.T) {
			desk := newStage(t, live)
			rest := watch(t, desk)
			desk.show(next)
			if end, err := io.ReadAll(rest); err != nil {
				t.Errorf("it went on: %v", err)
			} else if !bytes.HasSuffix(end, []byte(lastBoundary)) {
				t.Errorf("it does not say that it has ended, but %q", end[max(0, len(end)-80):])
			}
		})
	}
}

// TestRetakingManyTimesLeavesTheLinkFreeInTheRealWindow changes between live picture and still more often than
// WebKit has connections.
func TestRetakingManyTimesLeavesTheLinkFreeInTheRealWindow(t *testing.T) {
	live, still := scanSamples()[0].view, scanSamples()[1].view
	desk := newStage(t, live)
	window := shelltest.Start(t, shelltest.Build(t), serve(t, desk))
	for range 9 {
		for _, v := range []view.View{still, live} {
			window.Find(fmt.Sprintf(`#screen[data-seq="%d"]`, desk.show(v).Seq))
		}
	}
	window.Tap(`[data-do="shoot"]`)
	if got := heard(t, desk); got.Do != view.DoShoot {
		t.Errorf("the desk heard %s", got.Do)
	}
}
