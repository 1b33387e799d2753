package printer

import (
	"encoding/hex"
	"testing"
)

func FuzzParser(f *testing.F) {
	slip, err := hex.DecodeString(goldenSlip)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(slip, 7)
	f.Add([]byte{0x1D, '8', 'L', 0xFF, 0xFF, 0xFF, 0xFF}, 1)
	f.Add([]byte{0x1D, 'k', 73, 2, 'a', 'b', 0x1D, 'k', 4, '1', 0, 0x1B, 'D', 8, 0}, 2)
	f.Fuzz(func(t *testing.T, b []byte, cut int) {
		whole, split := parser{}, parser{}
		whole.feed(b)
		total := 0
		for {
			c, ok := whole.next()
			if !ok {
				break
			}
			total += c.size
		}
		if total+len(whole.buf) != len(b) {
			t.Fatalf("%d bytes in commands and %d left of %d", total, len(whole.buf), len(b))
		}
		if cut < 0 || cut > len(b) {
			return
		}
		inTwo := 0
		for _, part := range [][]byte{b[:cut], b[cut:]} {
			split.feed(part)
			for c, ok := split.next(); ok; c, ok = split.next() {
				inTwo += c.size
			}
		}
		if inTwo != total {
			t.Fatalf("%d bytes understood when split, %d in one", inTwo, total)
		}
	})
}
