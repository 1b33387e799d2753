package exam

import (
	"os"
	"runtime/debug"
	"testing"

	"yimen/drivers/pageimage"
	"yimen/drivers/pageimage/scene"
)

// TestMemoryStaysFlatOverManyCaptures takes a few scenes again and again, a thousand captures in the soak, and compares
// what the process holds after the first fifth with what it holds at the end. C's memory counts too.
func TestMemoryStaysFlatOverManyCaptures(t *testing.T) {
	captures := 40
	if os.Getenv("YIMEN_SOAK") != "" {
		captures = 1000
	}
	const most = 16 << 20 // bytes: half of one decoded frame, and a leak of 20 KB a capture in the soak
	studio, err := scene.Open()
	if err != nil {
		t.Fatal(err)
	}
	var frames [][]byte
	for seed := range uint64(4) {
		sc, err := studio.Make(scene.Deal(seed, scene.FiveMega))
		if err != nil {
			t.Fatal(err)
		}
		frames = append(frames, sc.Frame, sc.Frame[:len(sc.Frame)/2]) // damaged ones too
	}
	held := 0
	for i := range captures {
		if picture, err := pageimage.Decode(frames[i%len(frames)]); err == nil {
			if _, err := picture.Capture(pageimage.A4, pageimage.DefaultLimits); err != nil {
				t.Fatal(err)
			}
		}
		if i == captures/5 {
			debug.FreeOSMemory()
			held = memory(t, "VmRSS")
		}
	}
	debug.FreeOSMemory()
	if now := memory(t, "VmRSS"); now-held > most {
		t.Errorf("%d MB after %d captures, %d MB after %d", held>>20, captures/5, now>>20, captures)
	} else {
		t.Logf("%d MB after %d captures, %d MB after %d", held>>20, captures/5, now>>20, captures)
	}
}
