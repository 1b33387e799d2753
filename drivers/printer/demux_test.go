package printer

import (
	"bytes"
	"fmt"
	"testing"
)

// answers writes what the demux finds: r, s or A and the bytes.
func answers(stream []byte, n int) (found string) {
	var d demux
	for len(stream) > 0 {
		k := min(max(n, 1), len(stream))
		d.push(stream[:k])
		stream = stream[k:]
		for a, ok := d.next(); ok; a, ok = d.next() {
			switch a.kind {
			case realTime:
				found += fmt.Sprintf("r%02X ", a.b[0])
			case stray:
				found += fmt.Sprintf("s%02X ", a.b[0])
			case asb:
				found += fmt.Sprintf("A%X ", a.b)
			}
		}
	}
	return found
}

func TestReturnChannelIsToldApart(t *testing.T) {
	for _, c := range []struct {
		name   string
		stream []byte
		want   string
	}{
		{"DLE EOT", []byte{0x12, 0x16, 0x1A, 0x72, 0x7E}, "r12 r16 r1A r72 r7E "},
		{"ASB", []byte{0x14, 0, 0, 0x0F, 0x3C, 0, 0, 0x0F}, "A1400000F A3C00000F "},
		{"both", []byte{0x12, 0x1C, 0, 0x0F, 0x0F, 0x12}, "r12 A1C000F0F r12 "},
		{"GS r alone", []byte{0x03}, "s03 "},
		{"GS r behind ASB", []byte{0x14, 0, 0, 0x0F, 0x00}, "A1400000F s00 "},
		{"ASB without its first byte", []byte{0, 0, 0x0F}, "s00 s00 s0F "},
		{"ASB broken off by an answer", []byte{0x14, 0, 0x12}, "s00 r12 "},
		{"identity", append([]byte("_TM-T88\x00"), 0x12), "r12 "},
		{"identity that never ends", append(append([]byte{0x5F}, bytes.Repeat([]byte{0x41}, blockLimit)...), 0x12), ""},
		{"flow control", []byte{0x13, 0x11, 0x12}, "r12 "},
	} {
		for n := 1; n <= 9; n++ {
			got := answers(c.stream, n)
			if c.name == "identity that never ends" { // the rest reads as strays; that it does not block is the promise
				if !bytes.HasSuffix([]byte(got), []byte("r12 ")) {
					t.Errorf("%s in pieces of %d: %s", c.name, n, got)
				}
				continue
			}
			if got != c.want {
				t.Errorf("%s in pieces of %d: %s, want %s", c.name, n, got, c.want)
			}
		}
	}
}

func FuzzDemux(f *testing.F) {
	f.Add([]byte{0x12, 0x14, 0, 0, 0x0F, 0}, 2)
	f.Add([]byte("_SN123\x00\x11\x13\x1C\x00\x0F\x0F\x03"), 1)
	f.Add([]byte{0x10, 0x10, 0x10, 0x7F, 0x6F}, 3)
	f.Fuzz(func(t *testing.T, stream []byte, n int) {
		if whole, pieces := answers(stream, len(stream)), answers(stream, n); whole != pieces {
			t.Errorf("% X: whole %s, in pieces of %d %s", stream, whole, n, pieces)
		}
	})
}
