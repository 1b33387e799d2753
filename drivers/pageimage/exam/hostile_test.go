package exam

import (
	"bytes"
	"encoding/binary"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"

	"yimen/drivers/pageimage"
	"yimen/drivers/pageimage/scene"
	"yimen/drivers/pageimage/scene/paper"
)

// flat describes a JPEG of one tone, written here byte by byte (ITU-T T.81 Annex B) because no encoder writes what it
// shall not be.
type flat struct {
	width, height int // pixels, as the header says
	components    int
	progressive   bool
	scans         int  // passes over the picture after the first, each a few bytes: only where progressive
	cut           bool // without the picture itself
}

func (f flat) bytes() []byte {
	var b bytes.Buffer
	segment := func(marker byte, body ...byte) {
		b.Write([]byte{0xFF, marker})
		binary.Write(&b, binary.BigEndian, uint16(len(body)+2))
		b.Write(body)
	}
	b.Write([]byte{0xFF, 0xD8})
	if f.components == 4 {
		segment(0xEE, append([]byte("Adobe"), 0, 100, 0, 0, 0, 0, 0)...) // CMYK as it is
	}
	segment(0xDB, append([]byte{0}, bytes.Repeat([]byte{1}, 64)...)...)
	frame := []byte{8, byte(f.height >> 8), byte(f.height), byte(f.width >> 8), byte(f.width), byte(f.components)}
	for c := range f.components {
		frame = append(frame, byte(c+1), 0x11, 0)
	}
	marker, last := byte(0xC0), byte(63)
	if f.progressive {
		marker, last = 0xC2, 0
	}
	segment(marker, frame...)
	table := func(class, symbol byte) []byte { // one code of one bit: 0
		return append(append([]byte{class, 1}, make([]byte, 15)...), symbol)
	}
	segment(0xC4, table(0x00, 0)...) // no difference
	if f.progressive {
		segment(0xC4, table(0x10, 0xE0)...) // the next 16384 blocks and more have nothing
	} else {
		segment(0xC4, table(0x10, 0)...) // nothing more in this block
	}
	start := []byte{byte(f.components)}
	for c := range f.components {
		start = append(start, byte(c+1), 0)
	}
	segment(0xDA, append(start, 0, last, 0)...)
	blocks := (f.width + 7) / 8 * ((f.height + 7) / 8)
	if f.cut {
		return append(b.Bytes(), make([]byte, 1000)...)
	}
	bits := 2 // of a block: no difference, and nothing more
	if f.progressive {
		bits = 1
	}
	b.Write(make([]byte, (blocks*f.components*bits+7)/8))
	for range f.scans {
		segment(0xDA, 1, 1, 0, 1, 63, 0)
		b.Write(make([]byte, ((blocks+16383)/16384*15+7)/8))
	}
	b.Write([]byte{0xFF, 0xD9})
	return b.Bytes()
}

// hostile are frames that a broken camera, or someone in its place, could send.
func hostile(t testing.TB) map[string][]byte {
	s, err := scene.Open()
	if err != nil {
		t.Fatal(err)
	}
	sc, err := s.Make(scene.Order{Seed: 3, Size: scene.Preview, Paper: paper.A4, State: scene.Flat, Ground: scene.Wood, Trouble: scene.Nothing})
	if err != nil {
		t.Fatal(err)
	}
	scratched := bytes.Clone(sc.Frame)
	for i := len(scratched) / 3; i < len(scratched)/3+2000; i += 7 {
		scratched[i] ^= 0x55
	}
	return map[string][]byte{
		"empty":                   {},
		"no picture":              []byte("HTTP/1.1 503 Service Unavailable\r\n\r\n"),
		"two bytes":               {0xFF, 0xD8},
		"cut in its header":       sc.Frame[:300],
		"cut in the middle":       sc.Frame[:len(sc.Frame)/2],
		"without its last bytes":  sc.Frame[:len(sc.Frame)-40],
		"scratched":               scratched,
		"65,535 wide":             flat{width: 65535, height: 16, components: 3}.bytes(),
		"65,535 high":             flat{width: 16, height: 65535, components: 3}.bytes(),
		"bomb":                    flat{width: 65000, height: 65000, components: 3, cut: true}.bytes(),
		"progressive bomb":        flat{width: 65000, height: 65000, components: 3, progressive: true, cut: true}.bytes(),
		"large as allowed":        flat{width: 8000, height: 5000, components: 3}.bytes(),
		"large, progressive":      flat{width: 8000, height: 5000, components: 3, progressive: true, scans: 3}.bytes(),
		"progressive":             flat{width: 2592, height: 1944, components: 3, progressive: true, scans: 8}.bytes(),
		"progressive, many scans": flat{width: 2592, height: 1944, components: 3, progressive: true, scans: 2000}.bytes(),
		"CMYK":                    flat{width: 1600, height: 1200, components: 4}.bytes(),
		"gray":                    flat{width: 1600, height: 1200, components: 1}.bytes(),
		"two components":          flat{width: 1600, height: 1200, components: 2}.bytes(),
		"one pixel":               flat{width: 1, height: 1, components: 3}.bytes(),
		"a line":                  flat{width: 30000, height: 1, components: 3}.bytes(),
		"no size":                 flat{width: 0, height: 0, components: 3}.bytes(),
	}
}

// mostMemory is what looking at one frame may take at its worst, in bytes: planes and coefficients of 40 megapixels.
const mostMemory = 480 << 20

func TestHostileFramesGetAVerdictWithinBoundedMemory(t *testing.T) {
	for name, frame := range hostile(t) {
		debug.FreeOSMemory()
		forgetPeak(t)
		before := memory(t, "VmRSS")
		picture, err := pageimage.Decode(frame)
		if err == nil {
			if p, err := picture.Capture(pageimage.Paper{}, pageimage.DefaultLimits); err != nil || p.Good() {
				t.Errorf("%s: called good, or no verdict: %v", name, err)
			}
		}
		if s, err := pageimage.Glance(frame, pageimage.DefaultLimits); err == nil && s.Good() && name != "without its last bytes" {
			t.Errorf("%s: called good at a glance", name)
		}
		if took := memory(t, "VmHWM") - before; took > mostMemory {
			t.Errorf("%s: took %d MB", name, took>>20)
		}
	}
}

// memory gives one line of what the kernel knows of this process's memory, in bytes.
func memory(t testing.TB, line string) int {
	t.Helper()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Skip(err)
	}
	_, rest, _ := strings.Cut(string(status), line+":")
	kilobytes, err := strconv.Atoi(strings.Fields(rest)[0])
	if err != nil {
		t.Fatal(err)
	}
	return kilobytes << 10
}

// forgetPeak lets VmHWM begin anew (proc(5), clear_refs).
func forgetPeak(t testing.TB) {
	t.Helper()
	if err := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0); err != nil {
		t.Skip(err)
	}
}

func FuzzLook(f *testing.F) {
	for _, frame := range hostile(f) {
		if len(frame) < 60_000 { // not those that take a second each
			f.Add(frame)
		}
	}
	f.Fuzz(func(t *testing.T, frame []byte) {
		if picture, err := pageimage.Decode(frame); err == nil {
			if p, err := picture.Capture(pageimage.Paper{}, pageimage.DefaultLimits); err != nil || p.JPEG == nil && p.Good() {
				t.Errorf("no verdict: %v", err)
			}
		}
		if _, err := pageimage.Glance(frame, pageimage.DefaultLimits); err != nil {
			return
		}
	})
}
