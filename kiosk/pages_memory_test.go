package main

import (
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"

	"yimen/drivers/device"
	"yimen/drivers/pageimage"
	"yimen/drivers/pageimage/scene"
)

// TestMemoryStaysFlatOverManyPages does with the pages' maker what a visit does, a thousand pages in the soak: glances, a
// shot, a turn. C's memory counts too.
func TestMemoryStaysFlatOverManyPages(t *testing.T) {
	captures := 15
	if os.Getenv("YIMEN_SOAK") != "" {
		captures = 1000
	}
	const most = 24 << 20 // bytes: a decoded frame and its page, and a leak of 30 KB a page in the soak
	studio, err := scene.Open()
	if err != nil {
		t.Fatal(err)
	}
	var frames [][]byte
	for seed := range uint64(3) {
		sc, err := studio.Make(scene.Deal(seed, scene.FiveMega))
		if err != nil {
			t.Fatal(err)
		}
		frames = append(frames, sc.Frame)
	}
	frames = append(frames, frames[0][:len(frames[0])/2]) // a damaged one
	maker := pages{pageimage.DefaultLimits}
	held := 0
	for i := range captures {
		frame := frames[i%len(frames)]
		for range 3 {
			maker.Glance(frame) // a frame that is broken off is passed over
		}
		page, err := maker.Find(frame)
		if err == nil && page.JPEG != nil {
			q := page.Quad
			if _, err := maker.Cut(frame, device.Quad{q[3], q[0], q[1], q[2]}, true); err != nil {
				t.Fatal(err)
			}
		}
		if i == captures/3 {
			held = resident(t)
		}
	}
	now := resident(t)
	t.Logf("%d MB after %d pages, %d MB after %d", held>>20, captures/3, now>>20, captures)
	if now-held > most {
		t.Errorf("%d MB after %d pages, %d MB after %d", held>>20, captures/3, now>>20, captures)
	}
}

// resident is how much memory this process has, in bytes, with what it does not need given back.
func resident(t *testing.T) int {
	t.Helper()
	debug.FreeOSMemory()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Skip(err)
	}
	_, rest, _ := strings.Cut(string(status), "VmRSS:")
	kilobytes, err := strconv.Atoi(strings.Fields(rest)[0])
	if err != nil {
		t.Fatal(err)
	}
	return kilobytes << 10
}
