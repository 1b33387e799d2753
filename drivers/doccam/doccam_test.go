package doccam

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"yimen/drivers/camera"
)

// bed serves numbered pictures: the byte behind FF D8 counts up, one each 5 ms.
func bed(t *testing.T) *DocCam {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "multipart/x-mixed-replace; boundary=fr")
		for i := byte(0); ; i++ {
			if _, err := fmt.Fprintf(w, "--fr\r\nContent-Length: 5\r\n\r\n\xFF\xD8%s\xFF\xD9\r\n", []byte{i}); err != nil {
				return
			}
			w.(http.Flusher).Flush()
			time.Sleep(5 * time.Millisecond)
		}
	}))
	d := New(camera.HTTP{URL: srv.URL}, slog.New(slog.DiscardHandler))
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- d.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		<-done
		srv.Close()
	})
	return d
}

func TestCaptureShowsWhatLiesThereNow(t *testing.T) {
	d := bed(t)
	asked := time.Now()
	f, err := d.Capture(t.Context())
	if err != nil || !f.At.After(asked) || len(f.JPEG) != 5 {
		t.Errorf("frame of %d bytes, %v after the asking, %v", len(f.JPEG), f.At.Sub(asked), err)
	}
}

func TestSlowViewerGetsTheLatestFrame(t *testing.T) {
	d := bed(t)
	ctx, cancel := context.WithCancel(t.Context())
	frames := d.Frames(ctx)
	first := (<-frames).JPEG[2]
	time.Sleep(200 * time.Millisecond)
	if next := (<-frames).JPEG[2]; next-first < 2 {
		t.Errorf("frame %d behind frame %d after a long look elsewhere", next, first)
	}
	cancel()
	for range frames { // closed, else this waits for ever
	}
}

func TestTwoViewersShareOneStream(t *testing.T) {
	d := bed(t)
	a, b := d.Frames(t.Context()), d.Frames(t.Context())
	if f, g := <-a, <-b; len(f.JPEG) != 5 || len(g.JPEG) != 5 {
		t.Errorf("%d and %d bytes", len(f.JPEG), len(g.JPEG))
	}
}
