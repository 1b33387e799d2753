package camera

import (
	"context"
	"errors"
	"image"
	"log/slog"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/sys/unix"

	"yimen/drivers/camera/v4l2"
	"yimen/drivers/camera/v4l2/v4l2test"
	"yimen/drivers/device"
	"yimen/drivers/jpeg"
)

const node = "/dev/v4l/by-id/usb-test-video-index0"

var (
	small = image.Pt(1024, 768)
	large = image.Pt(3264, 2448)
)

// bed is a document camera with a large and a small size of one shape, and one of another; 20 pictures a second.
func bed() *v4l2test.Camera {
	return &v4l2test.Camera{
		Card:    "bed",
		Formats: []v4l2test.Format{{Pixels: "MJPG", Sizes: []image.Point{large, small, image.Pt(1280, 720)}}},
		Every:   50 * time.Millisecond,
		Picture: func(n int, _ string, size image.Point) ([]byte, bool) { return v4l2test.JPEG(n, size), false },
	}
}

// plugged runs body beside a Camera that looks at what is plugged in, and sees that all is given back.
func plugged(t *testing.T, model Model, cam *v4l2test.Camera, body func(t *testing.T, k *v4l2test.Kernel, c *Camera)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		k := &v4l2test.Kernel{}
		k.Plug(node, cam)
		c := New(device.DocCam, V4L2{Address: v4l2.Address{Path: node}, Model: model, Kernel: k}, slog.New(slog.DiscardHandler))
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- c.Run(ctx) }()
		body(t, k, c)
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("Run ended with %v", err)
		}
		if open, mapped := k.Held(); open != 0 || mapped != 0 {
			t.Errorf("%d nodes and %d buffers are still held", open, mapped)
		}
	})
}

var plain = Model{Preview: image.Pt(1280, 960), Settle: 5, Rate: 15}

func sizeOf(t *testing.T, f device.Frame, err error) (n int, size image.Point) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return v4l2test.ReadJPEG(f.JPEG)
}

func next(t *testing.T, c *Camera) image.Point {
	t.Helper()
	f, err := c.Next(t.Context(), time.Now())
	_, size := sizeOf(t, f, err)
	return size
}

func TestLivePictureIsSmallAndStillIsWhole(t *testing.T) {
	cam := bed()
	plugged(t, plain, cam, func(t *testing.T, _ *v4l2test.Kernel, c *Camera) {
		for range 2 {
			if size := next(t, c); size != small {
				t.Errorf("live picture of %v", size)
			}
			asked := time.Now()
			f, err := c.Still(t.Context(), asked)
			n, size := sizeOf(t, f, err)
			if size != large || n <= plain.Settle || !f.At.After(asked) {
				t.Errorf("still of %v is picture %d of its stream, %v after the asking", size, n, f.At.Sub(asked))
			}
		}
		if size := next(t, c); size != small {
			t.Errorf("live picture of %v after a still", size)
		}
		want := []string{"MJPG 1024x768", "MJPG 3264x2448", "MJPG 1024x768", "MJPG 3264x2448", "MJPG 1024x768"}
		if got := cam.Agreed(); !slices.Equal(got, want) {
			t.Errorf("the camera was switched to %v", got)
		}
	})
}

func TestLivePictureGoesOnAfterAStillThatWasTakenBesideIt(t *testing.T) {
	plugged(t, plain, bed(), func(t *testing.T, _ *v4l2test.Kernel, c *Camera) {
		ctx, stop := context.WithCancel(t.Context())
		var shown atomic.Int32
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			for last := time.Now(); ctx.Err() == nil; {
				f, err := c.Next(ctx, last)
				if err != nil {
					return
				}
				if _, size := v4l2test.ReadJPEG(f.JPEG); size != small {
					t.Errorf("a live picture of %v", size)
				}
				last = f.At
				shown.Add(1)
			}
		}()
		for range 5 {
			before := shown.Load()
			f, err := c.Still(t.Context(), time.Now())
			if _, size := sizeOf(t, f, err); size != large {
				t.Errorf("still of %v", size)
			}
			time.Sleep(time.Second)
			if shown.Load() < before+10 {
				t.Errorf("%d live pictures in the second after a still", shown.Load()-before)
			}
		}
		stop()
		<-ended
	})
}

func TestOneSizeNeedsNoSwitch(t *testing.T) {
	cam := bed()
	cam.Formats[0].Sizes = []image.Point{small}
	plugged(t, plain, cam, func(t *testing.T, _ *v4l2test.Kernel, c *Camera) {
		for range 3 {
			next(t, c)
			f, err := c.Still(t.Context(), time.Now())
			if n, _ := sizeOf(t, f, err); n <= plain.Settle {
				t.Errorf("picture %d is kept", n)
			}
		}
		if got := cam.Streams(); got != 1 {
			t.Errorf("the stream was begun %d times", got)
		}
	})
}

func TestCameraSendsOnlyWhileSomebodyLooks(t *testing.T) {
	plugged(t, plain, bed(), func(t *testing.T, k *v4l2test.Kernel, c *Camera) {
		for range 2 {
			time.Sleep(10 * time.Second)
			if open, mapped := k.Held(); open != 1 || mapped != 0 || !c.Status().Ready() {
				t.Errorf("at rest: %d nodes open, %d buffers, status %+v", open, mapped, c.Status())
			}
			if f, _ := c.live.peek(); f.JPEG != nil {
				t.Error("a frame is kept although nobody looks")
			}
			asked := time.Now()
			next(t, c)
			if waited := time.Since(asked); waited > 200*time.Millisecond {
				t.Errorf("who looks at a camera at rest waits for %v", waited)
			}
			if _, mapped := k.Held(); mapped == 0 {
				t.Error("a picture without a stream")
			}
		}
	})
}

func TestPulledCameraIsSaidToBeGoneAndComesBack(t *testing.T) {
	for name, look := range map[string]func(ctx context.Context, c *Camera) error{
		"at rest": func(ctx context.Context, c *Camera) error {
			for c.Status().Ready() {
				time.Sleep(time.Second)
			}
			return &device.Fault{Err: c.Status().Cause}
		},
		"under a live picture": func(ctx context.Context, c *Camera) (err error) {
			for err == nil {
				_, err = c.Next(ctx, time.Now())
			}
			return err
		},
		"under stills": func(ctx context.Context, c *Camera) (err error) {
			for err == nil {
				_, err = c.Still(ctx, time.Now())
			}
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			cam := bed()
			cam.Controls = map[uint32]*v4l2test.Control{0x00980918: {Most: 2, Step: 1}}
			model := plain
			model.Controls = map[string]int{"power_line_frequency": 1, "focus_absolute": 40}
			plugged(t, model, cam, func(t *testing.T, k *v4l2test.Kernel, c *Camera) {
				for range 3 {
					if next(t, c); cam.Value(0x00980918) != 1 {
						t.Errorf("mains frequency is %d", cam.Value(0x00980918))
					}
					time.AfterFunc(7*time.Second, func() { k.Unplug(node) }) // which the camera's controls do not outlive
					if err := look(t.Context(), c); !errors.Is(err, device.ErrGone) {
						t.Errorf("away: %v", err)
					}
					if s := c.Status(); s.State != device.NoDevice {
						t.Errorf("away: %+v", s)
					}
					if open, mapped := k.Held(); open != 0 || mapped != 0 {
						t.Errorf("a camera that is away is held: %d nodes, %d buffers", open, mapped)
					}
					k.Plug(node, cam)
					time.Sleep(5 * time.Second)
					if !c.Status().Ready() {
						t.Errorf("back: %+v", c.Status())
					}
				}
			})
		})
	}
}

func TestLooseContactIsNoOutage(t *testing.T) {
	cam := bed()
	plugged(t, plain, cam, func(t *testing.T, k *v4l2test.Kernel, c *Camera) {
		next(t, c)
		c.Watch(func(s device.Status) { t.Errorf("told as %+v", s) })
		for range 4 {
			k.Unplug(node)
			time.Sleep(time.Second)
			k.Plug(node, cam)
			next(t, c)
		}
	})
}

func TestFullBusIsToldToWhoAsksAndTheLivePictureStays(t *testing.T) {
	cam := bed()
	var full atomic.Bool
	full.Store(true)
	cam.Refuse = func(request string, size image.Point) unix.Errno {
		if request == "STREAMON" && size == large && full.Load() {
			return unix.ENOSPC
		}
		return 0
	}
	plugged(t, plain, cam, func(t *testing.T, _ *v4l2test.Kernel, c *Camera) {
		for range 2 {
			next(t, c)
			_, err := c.Still(t.Context(), time.Now())
			if !errors.Is(err, device.ErrBusy) || !strings.Contains(err.Error(), "no bandwidth left") {
				t.Errorf("still over a full bus: %v", err)
			}
			if s := c.Status(); s.State != device.DeviceBusy {
				t.Errorf("status %+v", s)
			}
			time.Sleep(5 * time.Second)
			if size := next(t, c); size != small {
				t.Errorf("live picture of %v", size)
			}
		}
		full.Store(false)
		f, err := c.Still(t.Context(), time.Now())
		if _, size := sizeOf(t, f, err); size != large {
			t.Errorf("still of %v", size)
		}
	})
}

func TestCameraOfAnotherProgramIsTakenUntilThatEnds(t *testing.T) {
	cam := bed()
	var taken atomic.Bool
	taken.Store(true)
	cam.Refuse = func(request string, size image.Point) unix.Errno {
		if request == "REQBUFS" && taken.Load() {
			return unix.EBUSY
		}
		return 0
	}
	plugged(t, plain, cam, func(t *testing.T, _ *v4l2test.Kernel, c *Camera) {
		if _, err := c.Next(t.Context(), time.Now()); !errors.Is(err, device.ErrBusy) || !strings.Contains(err.Error(), "another program") {
			t.Error(err)
		}
		taken.Store(false)
		time.Sleep(5 * time.Second)
		next(t, c)
	})
}

func TestOnlyWholePicturesAreShown(t *testing.T) {
	cam := bed()
	cam.Picture = func(n int, _ string, size image.Point) ([]byte, bool) {
		switch data := v4l2test.JPEG(n, size); n % 4 {
		case 0:
			return data, true // marked by the kernel
		case 1:
			return data[:40], false
		case 2:
			return nil, false
		default:
			return append(data, 0, 0, 0), false // padding does no harm
		}
	}
	plugged(t, plain, cam, func(t *testing.T, _ *v4l2test.Kernel, c *Camera) {
		for range 20 {
			f, err := c.Next(t.Context(), time.Now())
			if n, _ := sizeOf(t, f, err); n%4 != 3 || len(f.JPEG) != 64 {
				t.Errorf("picture %d of %d bytes is shown", n, len(f.JPEG))
			}
		}
	})
}

func TestCameraWithoutWholePicturesIsSaidToBe(t *testing.T) {
	for name, x := range map[string]struct {
		picture func(n int, _ string, size image.Point) ([]byte, bool)
		want    error
	}{
		"nothing comes":   {nil, device.ErrSilent},
		"all are damaged": {func(n int, _ string, size image.Point) ([]byte, bool) { return v4l2test.JPEG(n, size), true }, device.ErrProtocol},
	} {
		t.Run(name, func(t *testing.T) {
			cam := bed()
			cam.Picture = x.picture
			plugged(t, plain, cam, func(t *testing.T, k *v4l2test.Kernel, c *Camera) {
				if _, err := c.Next(t.Context(), time.Now()); !errors.Is(err, x.want) {
					t.Errorf("got %v", err)
				}
				k.Unplug(node)
				k.Plug(node, bed())
				time.Sleep(time.Minute)
				next(t, c)
			})
		})
	}
}

func TestUncompressedPictureBecomesAJPEG(t *testing.T) {
	cam := bed()
	size := image.Pt(64, 48)
	cam.Formats = []v4l2test.Format{{Pixels: "YUYV", Sizes: []image.Point{size}}}
	cam.Picture = func(n int, _ string, size image.Point) ([]byte, bool) {
		data := v4l2test.YUYV(byte(10*n), size)
		if n%2 == 1 {
			return data[:len(data)-1], false // one byte short
		}
		return data, false
	}
	plugged(t, Model{}, cam, func(t *testing.T, _ *v4l2test.Kernel, c *Camera) {
		var last device.Frame
		for _, want := range []byte{20, 40, 60} {
			f, err := c.Next(t.Context(), last.At)
			if err != nil {
				t.Fatal(err)
			}
			img, err := jpeg.Decode(f.JPEG, jpeg.Full, 1<<20)
			if err != nil {
				t.Fatal(err)
			}
			if got := img.YCbCrAt(30, 30); img.Rect.Size() != size || max(got.Y, want)-min(got.Y, want) > 2 {
				t.Errorf("%v of %v, want luma %d", got, img.Rect, want)
			}
			last = f
		}
	})
}

func TestManyStillsLeaveNothingBehind(t *testing.T) {
	cam := bed()
	plugged(t, plain, cam, func(t *testing.T, k *v4l2test.Kernel, c *Camera) {
		for range 1000 {
			if _, err := c.Still(t.Context(), time.Now()); err != nil {
				t.Fatal(err)
			}
			if open, mapped := k.Held(); open != 1 || mapped > 3 {
				t.Fatalf("%d nodes and %d buffers are held", open, mapped)
			}
		}
		if got := cam.Streams(); got > 2 {
			t.Errorf("stills one after the other began %d streams", got)
		}
	})
}
