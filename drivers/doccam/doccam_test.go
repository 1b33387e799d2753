package doccam

import (
	"context"
	"errors"
	"fmt"
	"image"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/sys/unix"

	"yimen/drivers/camera"
	"yimen/drivers/camera/v4l2"
	"yimen/drivers/camera/v4l2/v4l2test"
	"yimen/drivers/device"
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

// usb is a document camera on the USB, which sends 20 pictures a second in one of two sizes; the full one only while
// roomy says that the bus has room for it.
func usb(t *testing.T, roomy *atomic.Bool, body func(t *testing.T, d *DocCam)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		const node = "/dev/video0"
		k := &v4l2test.Kernel{}
		k.Plug(node, &v4l2test.Camera{
			Formats: []v4l2test.Format{{Pixels: "MJPG", Sizes: []image.Point{image.Pt(640, 480), full}}},
			Every:   50 * time.Millisecond,
			Picture: func(n int, _ string, size image.Point) ([]byte, bool) { return v4l2test.JPEG(n, size), false },
			Refuse: func(request string, size image.Point) unix.Errno {
				if request == "STREAMON" && size == full && !roomy.Load() {
					return unix.ENOSPC
				}
				return 0
			},
		})
		d := New(camera.V4L2{Address: v4l2.Address{Path: node}, Model: camera.Model{Preview: image.Pt(640, 480), Settle: 5}, Kernel: k}, slog.New(slog.DiscardHandler))
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- d.Run(ctx) }()
		body(t, d)
		cancel()
		<-done
	})
}

var full = image.Pt(3264, 2448)

func TestCaptureIsWholeAndTheLivePictureGoesOn(t *testing.T) {
	var roomy atomic.Bool
	roomy.Store(true)
	usb(t, &roomy, func(t *testing.T, d *DocCam) {
		ctx, stop := context.WithCancel(t.Context())
		live := d.Frames(ctx)
		for range 10 {
			<-live
			f, err := d.Capture(ctx)
			if err != nil {
				t.Fatal(err)
			}
			if n, size := v4l2test.ReadJPEG(f.JPEG); size != full || n <= 5 {
				t.Errorf("captured picture %d of %v", n, size)
			}
			captured := time.Now()
			for f := range live {
				if _, size := v4l2test.ReadJPEG(f.JPEG); size == full {
					t.Error("the live picture has the size of a capture")
				}
				if f.At.After(captured) {
					break
				}
			}
			if late := time.Since(captured); late > time.Second {
				t.Errorf("the live picture stood still for %v after the capture", late)
			}
		}
		stop()
		for range live {
		}
	})
}

func TestFullBusCostsACaptureAndNotTheLivePicture(t *testing.T) {
	var roomy atomic.Bool
	usb(t, &roomy, func(t *testing.T, d *DocCam) {
		ctx, stop := context.WithCancel(t.Context())
		live := d.Frames(ctx)
		for range 3 {
			<-live
			if _, err := d.Capture(ctx); !errors.Is(err, device.ErrBusy) {
				t.Errorf("captured over a full bus: %v", err)
			}
			failed := time.Now()
			for f := range live {
				if f.At.After(failed) {
					break
				}
			}
		}
		roomy.Store(true)
		if _, err := d.Capture(ctx); err != nil {
			t.Error(err)
		}
		stop()
		for range live {
		}
	})
}
