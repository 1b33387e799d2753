package v4l2

import (
	"errors"
	"image"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"yimen/drivers/camera/v4l2/v4l2test"
	"yimen/drivers/device"
)

const here = "/dev/video0"

var vga = image.Pt(640, 480)

func camera() *v4l2test.Camera {
	return &v4l2test.Camera{
		Card:    "test bed",
		Formats: []v4l2test.Format{{Pixels: "MJPG", Sizes: []image.Point{vga, image.Pt(1280, 960), vga}}, {Pixels: "H264", Sizes: []image.Point{vga}}, {Pixels: "YUYV", Range: &v4l2test.Range{Least: image.Pt(16, 16), Most: vga, Step: image.Pt(2, 2)}}},
		Every:   40 * time.Millisecond,
		Picture: func(n int, pixels string, size image.Point) ([]byte, bool) { return v4l2test.JPEG(n, size), false },
	}
}

// plugged runs body with a camera that is open, and sees that all is given back.
func plugged(t *testing.T, c *v4l2test.Camera, body func(t *testing.T, k *v4l2test.Kernel, n *Node)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		k := &v4l2test.Kernel{}
		k.Plug(here, c)
		n, err := Open(k, here)
		if err != nil {
			t.Fatal(err)
		}
		body(t, k, n)
		if err := n.Close(); err != nil {
			t.Error(err)
		}
		if open, mapped := k.Held(); open != 0 || mapped != 0 {
			t.Errorf("%d nodes and %d buffers are still held", open, mapped)
		}
	})
}

func TestUsableModesAreListedOnce(t *testing.T) {
	plugged(t, camera(), func(t *testing.T, _ *v4l2test.Kernel, n *Node) {
		got, err := n.Modes()
		want := append(modes(MJPEG, vga, image.Pt(1280, 960)), Mode{YUYV, image.Pt(16, 16), vga, image.Pt(2, 2)})
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%v, %v", got, err)
		}
	})
}

func TestPicturesComeWholeAndWithTheirTime(t *testing.T) {
	c := camera()
	c.Picture = func(n int, _ string, size image.Point) ([]byte, bool) { return v4l2test.JPEG(n, size), n == 2 }
	plugged(t, c, func(t *testing.T, _ *v4l2test.Kernel, n *Node) {
		s, err := n.Stream(MJPEG, vga, 15)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		began := time.Now()
		for want := 1; want <= 20; want++ {
			p, came, err := s.Next(time.Second)
			if err != nil || !came {
				t.Fatal(came, err)
			}
			if n, size := v4l2test.ReadJPEG(p.Data); n != want || size != vga || len(p.Data) != 64 {
				t.Errorf("picture %d of %v, want %d", n, size, want)
			}
			if p.Damaged != (want == 2) {
				t.Errorf("picture %d damaged: %v", want, p.Damaged)
			}
			if at := began.Add(time.Duration(want)*c.Every - c.Every/2); p.At.Sub(at).Abs() > time.Millisecond {
				t.Errorf("picture %d is of %v, want %v", want, p.At.Sub(began), at.Sub(began))
			}
		}
	})
}

func TestPictureWithoutTimeIsOfWhenItCame(t *testing.T) {
	c := camera()
	c.Unstamped = true
	plugged(t, c, func(t *testing.T, _ *v4l2test.Kernel, n *Node) {
		s, err := n.Stream(MJPEG, vga, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		if p, came, err := s.Next(time.Second); err != nil || !came || !p.At.Equal(time.Now()) {
			t.Errorf("%v %v, %v ago", came, err, time.Since(p.At))
		}
	})
}

func TestWaitingForAPictureEnds(t *testing.T) {
	c := camera()
	c.Picture = nil
	plugged(t, c, func(t *testing.T, _ *v4l2test.Kernel, n *Node) {
		s, err := n.Stream(MJPEG, vga, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		began := time.Now()
		if _, came, err := s.Next(200 * time.Millisecond); came || err != nil || time.Since(began) != 200*time.Millisecond {
			t.Errorf("%v, %v after %v", came, err, time.Since(began))
		}
	})
}

func TestUnpluggedCameraIsGoneAtOnce(t *testing.T) {
	plugged(t, camera(), func(t *testing.T, k *v4l2test.Kernel, n *Node) {
		s, err := n.Stream(MJPEG, vga, 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, came, err := s.Next(time.Second); !came {
			t.Fatal(err)
		}
		k.Unplug(here)
		began := time.Now()
		if _, _, err := s.Next(time.Minute); !errors.Is(err, device.ErrGone) || time.Since(began) > 0 {
			t.Errorf("%v after %v", err, time.Since(began))
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if err := n.Alive(); !errors.Is(err, device.ErrGone) {
			t.Error(err)
		}
	})
}

func TestStreamThatBreaksWithTheCameraThereIsTriedAgain(t *testing.T) {
	c := camera()
	c.Refuse = func(request string, _ image.Point) unix.Errno {
		if request == "DQBUF" {
			return unix.EIO
		}
		return 0
	}
	plugged(t, c, func(t *testing.T, _ *v4l2test.Kernel, n *Node) {
		s, err := n.Stream(MJPEG, vga, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		if _, _, err := s.Next(time.Second); !errors.Is(err, device.ErrSilent) {
			t.Error(err)
		}
	})
}

func TestStreamThatBreaksSinceTheCameraIsGoneSaysSo(t *testing.T) {
	c := camera()
	broken := false
	c.Refuse = func(request string, _ image.Point) unix.Errno {
		switch {
		case request == "DQBUF":
			broken = true
			return unix.EIO // before the node itself is known to be gone
		case broken:
			return unix.ENODEV
		}
		return 0
	}
	plugged(t, c, func(t *testing.T, _ *v4l2test.Kernel, n *Node) {
		s, err := n.Stream(MJPEG, vga, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		if _, _, err := s.Next(time.Second); !errors.Is(err, device.ErrGone) {
			t.Error(err)
		}
	})
}

func TestRefusalSaysWhatToDo(t *testing.T) {
	for _, c := range []struct {
		request string
		errno   unix.Errno
		kind    error
		words   string
	}{
		{"STREAMON", unix.ENOSPC, device.ErrBusy, "choose a smaller size, or plug one into another controller"},
		{"REQBUFS", unix.EBUSY, device.ErrBusy, "another program"},
		{"S_FMT", unix.EBUSY, device.ErrBusy, "another program"},
		{"STREAMON", unix.EIO, device.ErrSilent, "start the stream"},
		{"S_FMT", unix.EPIPE, device.ErrSilent, "set the format"},
		{"STREAMON", unix.ENODEV, device.ErrGone, "start the stream"},
		{"S_PARM", unix.EIO, device.ErrSilent, "set the rate"},
		{"QUERYBUF", unix.EINVAL, device.ErrProtocol, "ask for a buffer"},
	} {
		cam := camera()
		cam.Refuse = func(request string, _ image.Point) unix.Errno {
			if request == c.request {
				return c.errno
			}
			return 0
		}
		plugged(t, cam, func(t *testing.T, _ *v4l2test.Kernel, n *Node) {
			_, err := n.Stream(MJPEG, vga, 15)
			if device.Kind(err) != c.kind || !strings.Contains(err.Error(), c.words) || !strings.Contains(err.Error(), "test bed") {
				t.Errorf("%s %v: %v", c.request, c.errno, err)
			}
		})
	}
}

func TestNodeThatMayNotBeOpenedNamesTheRule(t *testing.T) {
	k := &v4l2test.Kernel{}
	c := camera()
	c.Refuse = func(request string, _ image.Point) unix.Errno { return unix.EACCES }
	k.Plug(here, c)
	if _, err := Open(k, here); !errors.Is(err, device.ErrGone) || !strings.Contains(err.Error(), `SUBSYSTEM=="video4linux", GROUP="video"`) {
		t.Error(err)
	}
}

func TestSecondProgramIsToldThatTheCameraIsTaken(t *testing.T) {
	plugged(t, camera(), func(t *testing.T, k *v4l2test.Kernel, n *Node) {
		s, err := n.Stream(MJPEG, vga, 0)
		if err != nil {
			t.Fatal(err)
		}
		other, err := Open(k, here)
		if err != nil {
			t.Fatal(err)
		}
		defer other.Close()
		if _, err := other.Stream(MJPEG, vga, 0); !errors.Is(err, device.ErrBusy) {
			t.Error(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		again, err := other.Stream(YUYV, vga, 0)
		if err != nil {
			t.Fatal(err)
		}
		if err := again.Close(); err != nil {
			t.Error(err)
		}
	})
}

func TestPictureCostsNoAllocation(t *testing.T) {
	s := &Stream{node: &Node{kernel: willing{}}, buffers: [][]byte{make([]byte, 100)}}
	if got := testing.AllocsPerRun(100, func() {
		if _, came, err := s.Next(time.Second); !came {
			t.Fatal(err)
		}
	}); got > 0 {
		t.Errorf("%.1f allocations", got)
	}
}

// willing is a kernel that grants every request, and has a picture whenever it is asked.
type willing struct{ Linux }

func (willing) Ioctl(int, uint32, unsafe.Pointer) error { return nil }
func (willing) Poll(int, time.Duration) (bool, error)   { return true, nil }

func TestControlsAreSetAtTheNearestValueThereIs(t *testing.T) {
	c := camera()
	c.Controls = map[uint32]*v4l2test.Control{
		0x00980918: {Least: 0, Most: 2, Step: 1, Value: 2},
		0x009A090A: {Least: 10, Most: 250, Step: 5},
		0x009A0902: {Least: 0, Most: 9, Step: 1, Value: 4, Flags: 0x4},  // read-only
		0x0098091A: {Least: 0, Most: 9, Step: 1, Value: 4, Flags: 0x10}, // inactive
	}
	plugged(t, c, func(t *testing.T, _ *v4l2test.Kernel, n *Node) {
		for _, x := range []struct {
			name  string
			value int
			set   bool
			id    uint32
			want  int32
		}{
			{"power_line_frequency", 1, true, 0x00980918, 1}, {"focus_absolute", 33, true, 0x009A090A, 30},
			{"focus_absolute", 999, true, 0x009A090A, 250}, {"focus_absolute", -5, true, 0x009A090A, 10},
			{"exposure_time_absolute", 7, false, 0x009A0902, 4}, {"gain", 3, false, 0, 0},
			{"white_balance_temperature", 7, false, 0x0098091A, 4},
		} {
			set, err := n.Set(x.name, x.value)
			if err != nil || set != x.set || c.Value(x.id) != x.want {
				t.Errorf("%s %d: set %v, %v, value %d", x.name, x.value, set, err, c.Value(x.id))
			}
		}
		if _, err := n.Set("zoom", 1); err == nil {
			t.Error("a control that nobody knows is set")
		}
	})
}

func TestDriverThatGivesOtherPixelsIsRefused(t *testing.T) {
	c := camera()
	c.Formats = c.Formats[:1]
	plugged(t, c, func(t *testing.T, _ *v4l2test.Kernel, n *Node) {
		if _, err := n.Stream(YUYV, vga, 0); !errors.Is(err, device.ErrProtocol) {
			t.Error(err)
		}
	})
}
