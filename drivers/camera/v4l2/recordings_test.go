package v4l2

import (
	"fmt"
	"image"
	"net/http"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"yimen/drivers/camera/v4l2/v4l2test"
	"yimen/drivers/device"
)

// visit uses a camera once in every way, pulls its cable at the end, and tells what became of it.
func visit(k Kernel, path string, pull func()) string {
	var said strings.Builder
	tell := func(what string, err error) bool {
		if err != nil {
			what += ": " + fmt.Sprint(device.Kind(err))
		}
		fmt.Fprintln(&said, what)
		return err == nil
	}
	n, err := Open(k, path)
	if !tell("open", err) {
		return said.String()
	}
	fmt.Fprintln(&said, n.name)
	modes, err := n.Modes()
	tell("modes", err)
	for _, m := range modes {
		fmt.Fprintln(&said, " ", m.Pixels, m.Least, m.Most)
	}
	for _, c := range []string{"power_line_frequency", "focus_automatic_continuous", "focus_absolute", "brightness"} {
		present, err := n.Set(c, 1)
		tell(fmt.Sprint("set ", c, " ", present), err)
	}
	other, err := Open(k, path)
	if !tell("open by another program", err) {
		return said.String()
	}
	for _, want := range []struct {
		only Pixels
		most image.Point
	}{{0, image.Pt(640, 480)}, {0, image.Pt(1280, 960)}, {YUYV, image.Pt(640, 480)}} {
		p, size, err := Choose(modes, want.only, want.most)
		tell(fmt.Sprint("choose ", p, size), err)
		s, err := n.Stream(p, size, 15)
		if !tell("stream", err) {
			continue
		}
		fmt.Fprintln(&said, " ", s.Format.Pixels, s.Format.Size, s.Format.Stride, len(s.buffers))
		_, err = other.Stream(p, size, 15)
		tell("stream by another program", err)
		watch(s, &said)
		tell("end", s.Close())
	}
	s, err := n.Stream(modes[0].Pixels, modes[0].Least, 15)
	if tell("stream again", err) {
		watch(s, &said)
		pull()
		for err = nil; err == nil; { // pictures that came before
			_, _, err = s.Next(time.Second)
		}
		tell("pulled", err)
		tell("end", s.Close())
	}
	tell("alive", n.Alive())
	tell("close", n.Close())
	tell("close by another program", other.Close())
	_, err = Open(k, path)
	tell("open", err)
	return said.String()
}

// watch tells of three pictures.
func watch(s *Stream, said *strings.Builder) {
	for came := 0; came < 3; {
		p, ok, err := s.Next(time.Minute)
		if err != nil {
			fmt.Fprintln(said, "  lost:", err)
			return
		}
		if ok {
			came++
			fmt.Fprintln(said, "  picture", len(p.Data) > 0, p.Damaged, p.At.IsZero())
		}
	}
}

// visited is what became of the visit that firmware-notes/uvc/uvcvideo.calls recorded.
const visited = `open
Document camera
modes
  MJPG (640,480) (640,480)
  MJPG (1280,960) (1280,960)
  YUYV (640,480) (640,480)
  YUYV (1280,960) (1280,960)
set power_line_frequency false
set focus_automatic_continuous true
set focus_absolute false
set brightness true
open by another program
choose MJPG (640,480)
stream
  MJPG (640,480) 0 3
stream by another program: device is taken
  picture true false false
  picture true false false
  picture true false false
end
choose MJPG (1280,960)
stream
  MJPG (1280,960) 0 3
stream by another program: device is taken
  picture true false false
  picture true false false
  picture true false false
end
choose YUYV (640,480)
stream
  YUYV (640,480) 1280 3
stream by another program: device is taken
  picture true false false
  picture true false false
  picture true false false
end
stream again
  picture true false false
  picture true false false
  picture true false false
pulled: device is gone
end
alive: device is gone
close
close by another program
open: device is gone
`

func TestDriverMeetsTheRealKernelAsRecorded(t *testing.T) {
	f, err := os.Open("../../../firmware-notes/uvc/uvcvideo.calls")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	k, err := v4l2test.ReadRecording(f)
	if err != nil {
		t.Fatal(err)
	}
	if got := visit(k, here, func() {}); got != visited || k.Wrong != nil || len(k.Left()) > 0 {
		t.Errorf("%v, %d calls were not made; the visit was\n%s", k.Wrong, len(k.Left()), got)
	}
}

// TestPretendKernelIsLikeTheRealOne holds the other side to the recording.
func TestPretendKernelIsLikeTheRealOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sizes := []image.Point{vga, image.Pt(1280, 960)}
		k := &v4l2test.Kernel{}
		k.Plug(here, &v4l2test.Camera{
			Card:    "Document camera",
			Formats: []v4l2test.Format{{Pixels: "MJPG", Sizes: sizes}, {Pixels: "YUYV", Sizes: sizes}},
			Controls: map[uint32]*v4l2test.Control{
				0x009A090C: {Most: 1, Step: 1, Value: 1},
				0x009A090A: {Most: 1000, Step: 1, Value: 300, Flags: 0x10},
				0x00980900: {Least: -64, Most: 64, Step: 1},
			},
			Every:   66 * time.Millisecond,
			Picture: func(n int, _ string, size image.Point) ([]byte, bool) { return v4l2test.JPEG(n, size), false },
		})
		if got := visit(k, here, func() { k.Unplug(here) }); got != visited {
			t.Errorf("the visit was\n%s", got)
		}
	})
}

// TestRecordTheRealKernel prints a recording of the camera at $YIMEN_RECORD, in the machine that make bench-vm boots.
func TestRecordTheRealKernel(t *testing.T) {
	path, bench := os.Getenv("YIMEN_RECORD"), os.Getenv("YIMEN_BENCH")
	if path == "" || bench == "" {
		t.Skip("makes a recording: YIMEN_RECORD names a node, YIMEN_BENCH the bench that emulates its camera")
	}
	visit(v4l2test.Recorder{To: Linux{}, Out: os.Stdout}, path, func() {
		resp, err := http.Post(bench+"/api/unplug", "application/json", strings.NewReader(`{"device":"doccam"}`))
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
	})
}
