package printer

import (
	"bytes"
	"io"
	"testing"
	"time"

	"yimen/drivers/emulator"
)

func TestStatusTellsWhatIsWrong(t *testing.T) {
	for _, c := range []struct {
		fault    emulator.Fault
		realTime [4]byte
		asb      []byte
	}{
		{"", [4]byte{0x16, 0x12, 0x12, 0x12}, []byte{0x14, 0x00, 0x00, 0x0F}},
		{PaperLow, [4]byte{0x16, 0x12, 0x12, 0x1E}, []byte{0x14, 0x00, 0x03, 0x0F}},
		{PaperOut, [4]byte{0x1E, 0x32, 0x12, 0x7E}, []byte{0x1C, 0x00, 0x0F, 0x0F}},
		{CoverOpen, [4]byte{0x1E, 0x16, 0x12, 0x12}, []byte{0x3C, 0x00, 0x00, 0x0F}},
	} {
		t.Run(string(c.fault), func(t *testing.T) {
			p := newPrinter(t)
			h := plugged(t, p)
			h.send(0x1D, 0x61, 0xFF)
			h.expect(0x14, 0x00, 0x00, 0x0F)
			if c.fault != "" {
				if err := p.Faults.Set(c.fault, emulator.UntilOff); err != nil {
					t.Fatal(err)
				}
				h.expect(c.asb...)
			}
			for n, want := range c.realTime {
				h.send(0x10, 0x04, byte(n+1))
				h.expect(want)
			}
		})
	}
}

func TestPaperEndHoldsTheAnswerUntilThereIsPaper(t *testing.T) {
	p := newPrinter(t)
	p.RunOutAfter = 60
	if err := p.Faults.Set(RunsOut, 1); err != nil {
		t.Fatal(err)
	}
	h := plugged(t, p)
	h.send(unhex(t, goldenSlip)...)
	h.until(0x04, 0x7E)
	h.expectSilence()
	if p.Paper().Rect.Dy() != 60+2*paperMargin {
		t.Errorf("%d dots of paper came out, want 60", p.Paper().Rect.Dy()-2*paperMargin)
	}
	if err := p.Faults.Set(PaperOut, 0); err != nil {
		t.Fatal(err)
	}
	h.expect(0x00)
	if got := scan(t, p); got != "SA-20240001" {
		t.Errorf("after new paper zbar reads %q", got)
	}
}

func TestCutterJamIsAnErrorUntilRecovered(t *testing.T) {
	for label, c := range map[string]struct {
		recover byte
		slips   int
		answers []byte
	}{
		"going on":   {1, 1, []byte{0x00}},
		"forgetting": {2, 0, nil},
	} {
		t.Run(label, func(t *testing.T) {
			p := newPrinter(t)
			if err := p.Faults.Set(CutterJam, 1); err != nil {
				t.Fatal(err)
			}
			h := plugged(t, p)
			h.send(unhex(t, goldenSlip)...)
			h.until(0x03, 0x1A)
			h.send(0x10, 0x04, 0x02)
			h.expect(0x52)
			h.expectSilence()
			h.send(0x10, 0x05, c.recover)
			h.expect(c.answers...)
			h.send(0x10, 0x04, 0x03)
			h.expect(0x12)
			if r := p.Report(); r.Slips != c.slips || r.Waiting != 0 {
				t.Errorf("report %+v", r)
			}
		})
	}
}

func TestSwallowingPrinterSaysAndPrintsNothing(t *testing.T) {
	p := newPrinter(t)
	if err := p.Faults.Set(Swallows, emulator.UntilOff); err != nil {
		t.Fatal(err)
	}
	h := plugged(t, p)
	h.send(unhex(t, goldenSlip)...)
	h.send(0x10, 0x04, 0x01)
	h.expectSilence()
	if r := p.Report(); r.Slips != 0 || r.Revision != 0 || r.Bytes != 137 {
		t.Errorf("report %+v", r)
	}
}

func TestMutePrinterPrintsAndSaysNothing(t *testing.T) {
	p := newPrinter(t)
	if err := p.Faults.Set(Mute, emulator.UntilOff); err != nil {
		t.Fatal(err)
	}
	h := plugged(t, p)
	h.send(unhex(t, goldenSlip)...)
	for p.Report().Slips == 0 {
		time.Sleep(time.Millisecond)
	}
	h.expectSilence()
	if got := scan(t, p); got != "SA-20240001" {
		t.Errorf("zbar reads %q", got)
	}
}

func TestHalfACommandSwallowsWhatFollows(t *testing.T) {
	p := newPrinter(t)
	h := plugged(t, p)
	h.send(0x1D, 'v', '0', 0, 72, 0, 100, 0, 0xFF) // 7199 bytes are still owed
	h.send(0x10, 0x04, 0x01)
	h.expectSilence()
	h.send(make([]byte, 8192)...)
	h.send(0x1B, 0x40, 0x10, 0x04, 0x01)
	h.expect(0x16)
}

func TestOverflowingPrinterLosesWhatComes(t *testing.T) {
	p := newPrinter(t)
	h := plugged(t, p)
	for _, f := range []emulator.Fault{Overflows, CoverOpen} {
		if err := p.Faults.Set(f, emulator.UntilOff); err != nil {
			t.Fatal(err)
		}
	}
	h.send(raster(240)...) // 17 KiB while nothing moves
	h.send(raster(240)...)
	for p.Report().Bytes < 2*len(raster(240)) {
		time.Sleep(time.Millisecond)
	}
	if err := p.Faults.Set(CoverOpen, 0); err != nil {
		t.Fatal(err)
	}
	for p.Report().Waiting > 0 {
		time.Sleep(time.Millisecond)
	}
	h.send(0x1D, 0x72, 1) // answered when the raster is out
	h.expect(0)
	if got := p.Paper().Rect.Dy() - 2*paperMargin; got != 240 {
		t.Errorf("%d rows came out, want the first 240", got)
	}
}

func TestFlowControlHoldsTheLineAndLosesNothing(t *testing.T) {
	p := newPrinter(t)
	h := plugged(t, p)
	if err := p.Faults.Set(CoverOpen, emulator.UntilOff); err != nil {
		t.Fatal(err)
	}
	sent := make(chan error, 1)
	go func() {
		for range 8 {
			if _, err := h.Write(raster(240)); err != nil {
				sent <- err
				return
			}
		}
		_, err := h.Write([]byte{0x1D, 0x72, 1})
		sent <- err
	}()
	h.expectSilence()
	select {
	case err := <-sent:
		t.Fatalf("135 KiB went into a printer that stands still: %v", err)
	default:
	}
	if err := p.Faults.Set(CoverOpen, 0); err != nil {
		t.Fatal(err)
	}
	h.expect(0)
	if err := <-sent; err != nil {
		t.Fatal(err)
	}
	if got := p.Paper().Rect.Dy() - 2*paperMargin; got != 8*240 {
		t.Errorf("%d rows came out, want %d", got, 8*240)
	}
}

func TestBufferedCommandsWaitForTheCover(t *testing.T) {
	p := newPrinter(t)
	if err := p.Faults.Set(CoverOpen, emulator.UntilOff); err != nil {
		t.Fatal(err)
	}
	h := plugged(t, p)
	h.send(0x1D, 0x72, 1)
	h.expectSilence()
	if err := p.Faults.Set(CoverOpen, 0); err != nil {
		t.Fatal(err)
	}
	h.expect(0)
}

// raster is GS v 0 with so many black rows.
func raster(rows byte) []byte {
	return append([]byte{0x1D, 'v', '0', 0, 72, 0, rows, 0}, bytes.Repeat([]byte{0xFF}, 72*int(rows))...)
}

func TestRubbishIsAnsweredSoManyTimes(t *testing.T) {
	p := newPrinter(t)
	h := plugged(t, p)
	if err := p.Faults.Set(Garbage, 1); err != nil {
		t.Fatal(err)
	}
	h.send(0x10, 0x04, 0x01)
	b := make([]byte, 3)
	if _, err := io.ReadFull(h, b); err != nil || b[2] != 0xFF {
		t.Errorf("answer % X, %v", b, err)
	}
	h.send(0x10, 0x04, 0x01)
	h.expect(0x16)
}

func TestSlipSurvivesAReplug(t *testing.T) {
	p := newPrinter(t)
	if err := p.Faults.Set(CoverOpen, emulator.UntilOff); err != nil {
		t.Fatal(err)
	}
	h := plugged(t, p)
	h.send(unhex(t, goldenSlip)...)
	h.send(0x10, 0x04, 0x01)
	h.expect(0x1E)
	h.unplug()
	again := plugged(t, p)
	if err := p.Faults.Set(CoverOpen, 0); err != nil {
		t.Fatal(err)
	}
	again.expect(0x00)
	if r := p.Report(); r.Slips != 1 {
		t.Errorf("report %+v", r)
	}
}
