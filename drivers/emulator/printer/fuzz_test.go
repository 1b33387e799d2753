package printer

import (
	"encoding/hex"
	"testing"

	"yimen/drivers/emulator"
)

// FuzzPrinter prints whatever comes: no bytes may stop the printer, and what it prints is whole rows.
func FuzzPrinter(f *testing.F) {
	slip, err := hex.DecodeString(goldenSlip)
	if err != nil {
		f.Fatal(err)
	}
	typeface, err := emulator.LoadTypeface(emulator.NotoCollection)
	if err != nil {
		f.Fatal(err)
	}
	p, err := New(typeface, Dots80)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(slip)
	f.Add([]byte("\x1D(k\x03\x001Q0\x1D(L\x02\x0002\x1D8L\x02\x00\x00\x0002\x1B$\xFF\xFFx\x1B\\\x00\x80y\n"))
	f.Add([]byte("\x1DL\xFF\xFF\x1DW\x00\x00\x1B!\xFF\x1D!\x77\x1C&\xC1\xF5\x1B*\x21\x02\x00abcdef\x1DV\x42\xFF"))
	f.Add([]byte("\x1C(C\x02\x0002\xE5\x88\x98\xF0\xA0\xAE\xB7\x1Bt\x01\x95\x96\n\x1D\x61\xFF\x1D\x72\x01\x1D\x49\x43"))
	f.Fuzz(func(t *testing.T, b []byte) {
		p.Tear()
		p.parser, p.queue, p.queued = parser{}, nil, 0
		p.mode.initialise(Dots80)
		m := &mechanism{Printer: p, ctx: t.Context(), answers: make(chan []byte, answersOnTheirWay)}
		p.take(b)
		for _, c := range p.queue {
			if err := m.execute(c); err != nil {
				t.Fatalf("%q: %v", c.op[:], err)
			}
		}
		if len(p.paper.dots) != p.paper.h*Dots80 {
			t.Fatalf("%d dots on %d rows", len(p.paper.dots), p.paper.h)
		}
	})
}
