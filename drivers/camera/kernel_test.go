package camera

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"io"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"
	"time"
	"unsafe"

	"yimen/drivers/camera/v4l2"
	"yimen/drivers/device"
	"yimen/drivers/jpeg"
)

// These tests meet a real kernel's uvcvideo and vivid, in the machine that make bench-vm boots.

// benchURL is the bench outside the machine that this test runs in.
func benchURL(t *testing.T) string {
	t.Helper()
	at := os.Getenv("YIMEN_BENCH")
	if at == "" {
		t.Skip("needs a kernel with cameras and the bench that emulates them: make bench-vm sets YIMEN_BENCH")
	}
	return at
}

// tell asks the bench for something.
func tell(t *testing.T, what, body string) {
	t.Helper()
	resp, err := http.Post(benchURL(t)+"/api/"+what, "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if said, _ := io.ReadAll(resp.Body); resp.StatusCode != http.StatusOK {
		t.Fatalf("%s %s: %s %s", what, body, resp.Status, said)
	}
}

// way is a camera of the real kernel, with how it is pulled and plugged in again.
type way struct {
	name           string
	address        string
	model          Model
	preview, full  image.Point
	unplug, replug func(t *testing.T) // replug is nil where the camera comes back by itself
}

// ways are the cameras in the machine: one over USB in both formats, two of vivid, which compresses nothing, and the first again
// by the name that udev gives it.
func ways(t *testing.T) []way {
	t.Helper()
	benchURL(t)
	if out, err := exec.Command("modprobe", "vivid", "n_devs=2").CombinedOutput(); err != nil {
		t.Fatalf("modprobe vivid: %v %s", err, out)
	}
	pull := func(t *testing.T) { tell(t, "unplug", `{"device":"doccam"}`) }
	plug := func(t *testing.T) { tell(t, "plug", `{"device":"doccam"}`) }
	byID := func() string {
		named, err := filepath.Glob("/dev/v4l/by-id/*-video-index0")
		if err != nil || len(named) != 1 {
			t.Fatalf("udev names %v, %v", named, err)
		}
		return named[0]
	}
	all := []way{
		{"USB MJPEG", "usb:1d6b:0102", Model{Pixels: v4l2.MJPEG, Preview: image.Pt(640, 480), Full: image.Pt(1280, 960), Settle: 2, Rate: 10}, image.Pt(640, 480), image.Pt(1280, 960), pull, plug},
		{"USB YUYV", "usb:1d6b:0102", Model{Pixels: v4l2.YUYV, Preview: image.Pt(640, 480), Full: image.Pt(1280, 960), Settle: 1, Rate: 10}, image.Pt(640, 480), image.Pt(1280, 960), pull, plug},
	}
	for _, instance := range []string{"vivid-000-vid-cap", "vivid-001-vid-cap"} {
		path := nodeNamed(t, instance)
		all = append(all, way{
			"vivid " + path, path, Model{Preview: image.Pt(320, 180), Full: image.Pt(640, 360), Settle: 2, Rate: 10}, image.Pt(320, 180), image.Pt(640, 360),
			func(t *testing.T) { disconnect(t, path) },
			nil, // vivid comes back once nobody holds it
		})
	}
	named := all[0]
	named.name, named.address = "by its name", byID()
	return append(all, named)
}

// nodeNamed finds the node that the kernel calls so.
func nodeNamed(t *testing.T, name string) string {
	t.Helper()
	all, err := filepath.Glob("/sys/class/video4linux/*/name")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range all {
		if b, err := os.ReadFile(file); err == nil && strings.TrimSpace(string(b)) == name {
			return filepath.Join("/dev", filepath.Base(filepath.Dir(file)))
		}
	}
	t.Fatalf("%s is none of %v", name, all)
	return ""
}

// disconnect presses vivid's button of that name, after which the node answers as one that was pulled.
func disconnect(t *testing.T, path string) {
	t.Helper()
	const queryCtrl, setCtrl, next = 0xC0445624, 0xC008561C, 0x80000000
	k := v4l2.Linux{}
	fd, err := k.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer k.Close(fd)
	var q [68]byte
	for {
		binary.NativeEndian.PutUint32(q[:], binary.NativeEndian.Uint32(q[:])|next)
		if err := k.Ioctl(fd, queryCtrl, unsafe.Pointer(&q)); err != nil {
			t.Fatalf("vivid has no button Disconnect: %v", err)
		}
		if string(bytes.TrimRight(q[8:40], "\x00")) == "Disconnect" {
			break
		}
	}
	press := [2]uint32{binary.NativeEndian.Uint32(q[:]), 1}
	if err := k.Ioctl(fd, setCtrl, unsafe.Pointer(&press)); err != nil {
		t.Fatal(err)
	}
}

// looking runs body beside a Camera at the way's address.
func (w way) looking(t *testing.T, body func(t *testing.T, c *Camera)) {
	t.Helper()
	a, err := v4l2.ParseAddress(w.address)
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelDebug}))
	c := New(device.DocCam, V4L2{Address: a, Model: w.model}, log)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- c.Run(ctx) }()
	defer func() {
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("Run ended with %v", err)
		}
	}()
	body(t, c)
}

// within bounds a wait generously: the machine may be emulated on a busy host.
func within(t *testing.T) context.Context {
	ctx, stop := context.WithTimeout(t.Context(), 2*time.Minute)
	t.Cleanup(stop)
	return ctx
}

func shows(t *testing.T, f device.Frame, err error, want image.Point) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	img, err := jpeg.Decode(f.JPEG, jpeg.Full, 1<<24)
	if err != nil {
		t.Fatal(err)
	}
	if img.Rect.Size() != want {
		t.Errorf("a picture of %v, want %v", img.Rect.Size(), want)
	}
}

// persistently calls take until it gives a frame, as a terminal does while a camera comes up or comes back.
func persistently(t *testing.T, take func(context.Context, time.Time) (device.Frame, error)) (device.Frame, error) {
	t.Helper()
	for ctx := within(t); ; {
		f, err := take(ctx, time.Now())
		if err == nil || ctx.Err() != nil {
			return f, err
		}
		time.Sleep(100 * time.Millisecond)
	}
}

func TestRealCameraShowsBothSizes(t *testing.T) {
	for _, w := range ways(t) {
		t.Run(w.name, func(t *testing.T) {
			w.looking(t, func(t *testing.T, c *Camera) {
				for range 3 {
					f, err := persistently(t, c.Next)
					shows(t, f, err, w.preview)
					asked := time.Now()
					f, err = persistently(t, c.Still)
					shows(t, f, err, w.full)
					if f.At.Before(asked) || f.At.After(time.Now()) {
						t.Errorf("a still of %v after the asking, %v ago", f.At.Sub(asked), time.Since(f.At))
					}
				}
			})
		})
	}
}

func TestRealCameraIsPulledMidStreamAndComesBack(t *testing.T) {
	for _, w := range ways(t) {
		t.Run(w.name, func(t *testing.T) {
			w.looking(t, func(t *testing.T, c *Camera) {
				for range 2 {
					f, err := persistently(t, c.Next)
					shows(t, f, err, w.preview)
					lost := make(chan error)
					go func() {
						for {
							if _, err := c.Next(context.WithoutCancel(t.Context()), time.Now()); err != nil {
								lost <- err
								return
							}
						}
					}()
					time.Sleep(300 * time.Millisecond)
					w.unplug(t)
					if w.replug != nil {
						if err := <-lost; !errors.Is(err, device.ErrGone) {
							t.Errorf("pulled: %v", err)
						}
						w.replug(t)
					} else { // vivid is back before anybody notices
						go func() { <-lost }()
					}
					f, err = persistently(t, c.Still)
					shows(t, f, err, w.full)
				}
			})
		})
	}
}

// TestRealCameraOutlivesABadBus has the camera misbehave for a while, in which pictures may be missed and none spoilt.
func TestRealCameraOutlivesABadBus(t *testing.T) {
	w := ways(t)[0]
	w.looking(t, func(t *testing.T, c *Camera) {
		for _, bad := range []struct {
			fault string
			times int // -1: until it is switched off
			want  error
		}{
			{"usb-frame-error", 5, nil}, {"usb-short", 10, nil}, {"usb-slow", 10, nil}, {"truncated", 5, nil}, {"no-huffman", 5, nil},
			{"usb-garbage", 3, nil}, {"usb-stall-in", 1, nil}, {"usb-nak-in", -1, device.ErrSilent},
		} {
			t.Run(bad.fault, func(t *testing.T) {
				if _, err := persistently(t, c.Next); err != nil {
					t.Fatal(err)
				}
				tell(t, "fault", fmt.Sprintf(`{"device":"doccam","fault":%q,"on":true,"times":%d}`, bad.fault, max(0, bad.times)))
				var err error
				ctx := within(t)
				for began := time.Now(); err == nil && (bad.want != nil || time.Since(began) < 3*time.Second); {
					var f device.Frame
					if f, err = c.Next(ctx, time.Now()); err == nil {
						shows(t, f, err, w.preview)
					}
				}
				if bad.want != nil && !errors.Is(err, bad.want) {
					t.Errorf("told as %v", err)
				}
				tell(t, "fault", fmt.Sprintf(`{"device":"doccam","fault":%q,"on":false}`, bad.fault))
				f, err := persistently(t, c.Still)
				shows(t, f, err, w.full)
			})
		}
	})
}

func TestRealCameraOfAnotherProgramIsTaken(t *testing.T) {
	for _, w := range ways(t) {
		t.Run(w.name, func(t *testing.T) {
			w.looking(t, func(t *testing.T, first *Camera) {
				if _, err := persistently(t, first.Next); err != nil {
					t.Fatal(err)
				}
				ctx, stop := context.WithCancel(t.Context())
				looks := make(chan struct{})
				go func() {
					defer close(looks)
					for ctx.Err() == nil {
						first.Next(ctx, time.Now())
					}
				}()
				w.looking(t, func(t *testing.T, second *Camera) {
					if _, err := second.Next(within(t), time.Now()); !errors.Is(err, device.ErrBusy) {
						t.Errorf("a camera for two: %v", err)
					}
					stop()
					<-looks
					if _, err := persistently(t, second.Next); err != nil {
						t.Errorf("a camera that the other has let go: %v", err)
					}
				})
			})
		})
	}
}

func TestRealTwoCamerasRunBesideEachOther(t *testing.T) {
	all := ways(t)
	all[2].looking(t, func(t *testing.T, one *Camera) {
		all[3].looking(t, func(t *testing.T, other *Camera) {
			for range 5 {
				f, err := persistently(t, one.Next)
				shows(t, f, err, all[2].preview)
				f, err = persistently(t, other.Still)
				shows(t, f, err, all[3].full)
			}
		})
	})
}

func TestRealMetadataNodeIsRefused(t *testing.T) {
	ways(t)
	for _, name := range []string{"vivid-000-meta-cap", "vivid-000-vid-out"} {
		if n, err := v4l2.Open(v4l2.Linux{}, nodeNamed(t, name)); !errors.Is(err, v4l2.ErrNoPictures) {
			t.Errorf("%s: %v, %v", name, n, err)
		}
	}
}

// TestRealStillsTakeNoMoreAndMoreMemory takes stills, a thousand in make soak, with a switch of size before every tenth.
func TestRealStillsTakeNoMoreAndMoreMemory(t *testing.T) {
	few, many := 20, 40
	if os.Getenv("YIMEN_SOAK") != "" {
		few, many = 100, 900
	}
	for _, w := range ways(t)[:3] {
		t.Run(w.name, func(t *testing.T) {
			w.looking(t, func(t *testing.T, c *Camera) {
				stills := func(n int) {
					for i := range n {
						if i%10 == 0 {
							if _, err := persistently(t, c.Next); err != nil {
								t.Fatal(err)
							}
						}
						if _, err := persistently(t, c.Still); err != nil {
							t.Fatal(err)
						}
					}
				}
				stills(few)
				before := held(t)
				stills(many)
				after := held(t)
				t.Logf("after %d stills %v, after %d more %v", few, before, many, after)
				if after.resident > before.resident+8<<20 || after.mappings > before.mappings || after.descriptors > before.descriptors {
					t.Error("that is more than before")
				}
			})
		})
	}
}

// holding is what a process has of the machine.
type holding struct{ resident, mappings, descriptors int }

func (h holding) String() string {
	return fmt.Sprintf("%d KiB, %d video mappings, %d descriptors", h.resident>>10, h.mappings, h.descriptors)
}

func held(t *testing.T) (h holding) {
	t.Helper()
	debug.FreeOSMemory() // what Go merely keeps for later is no leak
	statm, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Sscan(string(statm), new(int), &h.resident); err != nil {
		t.Fatal(err)
	}
	h.resident *= os.Getpagesize()
	maps, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		t.Fatal(err)
	}
	h.mappings = strings.Count(string(maps), "/dev/video")
	fds, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	h.descriptors = len(fds)
	return h
}
