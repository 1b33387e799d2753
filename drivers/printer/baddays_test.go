package printer

import (
	"bytes"
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"yimen/drivers/device"
)

// with does something to the printer between two bytes.
func (p *paper) with(f func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f()
}

func TestEveryPrinterThatCanProveItConfirms(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*paper)
		paper device.Paper
	}{
		"without ASB":       {func(p *paper) { p.asb = nil }, device.PaperFull},
		"near end by GS r":  {func(p *paper) { p.marker = func() { p.conn.Write([]byte{0x03}) } }, device.PaperLow},
		"near end by ASB":   {func(p *paper) { p.asb = []byte{0x14, 0, 3, 0x0F} }, device.PaperLow},
		"head gets hot":     {func(p *paper) { p.marker = func() { p.conn.Write([]byte{0x1C, 0x40, 0, 0x0F, 0}) } }, device.PaperFull},
		"broken ASB before": {func(p *paper) { p.asb = []byte{0, 0, 0x0F} }, device.PaperFull},
		"takes half a minute": {func(p *paper) {
			p.marker = func() {
				go func() {
					time.Sleep(30 * time.Second)
					p.conn.Write([]byte{0})
				}()
			}
		}, device.PaperFull},
		"noise on the line": {func(p *paper) { p.marker = func() { p.conn.Write([]byte{0xFF, 0x91, 0}) } }, device.PaperFull},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPaper()
			c.spoil(p)
			printed, err := printOne(t, p, Config{})
			if err != nil || !printed.Confirmed || printed.Paper != c.paper {
				t.Errorf("%+v, %v", printed, err)
			}
		})
	}
}

func TestCutterThatFreesItselfPrints(t *testing.T) {
	p := newPaper()
	p.realTime[3] = 0x1A
	p.after = func() {
		if bytes.HasSuffix(p.got, []byte{0x10, 5, 2}) {
			p.realTime[3] = 0x12
		}
	}
	if printed, err := printOne(t, p, Config{}); err != nil || !printed.Confirmed {
		t.Errorf("%+v, %v", printed, err)
	}
}

func TestWhatStopsAJobIsToldByName(t *testing.T) {
	for name, c := range map[string]struct {
		asb  []byte
		want error
	}{
		"cover":     {[]byte{0x3C, 0, 0, 0x0F}, device.ErrNeedsUser},
		"paper end": {[]byte{0x1C, 0, 0x0C, 0x0F}, device.ErrPaperOut},
		"cutter":    {[]byte{0x1C, 0x08, 0, 0x0F}, device.ErrJammed},
		"broken":    {[]byte{0x1C, 0x20, 0, 0x0F}, device.ErrHardware},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPaper()
			p.after = func() {
				if bytes.HasSuffix(p.got, []byte{0x1B, 0x45, 1}) { // in the middle of the slip
					p.conn.Write(c.asb)
				}
			}
			printed, err := printOne(t, p, Config{})
			if printed.Confirmed || !errors.Is(err, c.want) {
				t.Errorf("%+v, %v", printed, err)
			}
		})
	}
}

func TestPaperEndInTheMarkerIsNoProof(t *testing.T) {
	p := newPaper()
	p.marker = func() { p.conn.Write([]byte{0x0C}) }
	if printed, err := printOne(t, p, Config{}); printed.Confirmed || !errors.Is(err, device.ErrPaperOut) || printed.Paper != device.PaperOut {
		t.Errorf("%+v, %v", printed, err)
	}
}

func TestNextSlipIsNotSwallowedByTheRestOfTheLast(t *testing.T) {
	p := newPaper()
	p.marker = func() {}
	on(t, p, Config{Patience: 5 * time.Second}, func(ctx context.Context, pr *Printer) {
		if _, err := pr.Print(ctx, slip()); !errors.Is(err, device.ErrUnconfirmed) {
			t.Fatalf("got %v", err)
		}
		p.with(func() {
			p.got = nil
			p.marker = func() { p.conn.Write([]byte{0}) }
		})
		if _, err := pr.Print(ctx, slip()); err != nil {
			t.Fatal(err)
		}
		p.with(func() {
			job := bytes.Index(p.got, []byte{0x1B, 0x40, 0x1C, 0x26})
			if n := bytes.Count(p.got[:job], []byte{0}); n < wakeZeros {
				t.Errorf("%d zeros before the slip", n)
			}
			p.got = nil
		})
		if _, err := pr.Print(ctx, slip()); err != nil {
			t.Fatal(err)
		}
		p.with(func() {
			if bytes.Contains(p.got, make([]byte, wakeZeros)) {
				t.Error("zeros although the last slip was whole")
			}
		})
	})
}

func TestImpatienceInTheMiddleOfAJobClaimsNothing(t *testing.T) {
	p := newPaper()
	p.marker = func() {}
	on(t, p, Config{}, func(ctx context.Context, pr *Printer) {
		ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
		defer cancel()
		if printed, err := pr.Print(ctx, slip()); printed.Confirmed || !errors.Is(err, device.ErrUnconfirmed) {
			t.Errorf("%+v, %v", printed, err)
		}
	})
}

func TestPrinterThatTakesNothingMoreEndsTheJob(t *testing.T) {
	p := newPaper()
	on(t, p, Config{}, func(ctx context.Context, pr *Printer) {
		stuck := make(chan struct{})
		defer close(stuck)
		p.with(func() {
			p.after = func() {
				if bytes.HasSuffix(p.got, []byte{0x1B, 0x45, 1}) {
					<-stuck
				}
			}
		})
		if printed, err := pr.Print(ctx, slip()); printed.Confirmed || !errors.Is(err, device.ErrUnconfirmed) {
			t.Errorf("%+v, %v", printed, err)
		}
	})
}

func TestPulledCableIsGoneAndComesBack(t *testing.T) {
	p := newPaper()
	on(t, p, Config{}, func(ctx context.Context, pr *Printer) {
		var blips atomic.Int32
		pr.Watch(func(s device.Status) {
			if s.State == device.NoDevice {
				blips.Add(1)
			}
		})
		time.Sleep(5 * time.Second)
		p.with(func() { p.conn.Close() })
		time.Sleep(20 * time.Second)
		if blips.Load() != 0 {
			t.Error("a cable that was back at once is told as an outage")
		}
		p.with(func() {
			p.gone = true
			p.conn.Close()
		})
		time.Sleep(20 * time.Second)
		if s := pr.Status(); s.State != device.NoDevice || blips.Load() != 1 {
			t.Errorf("status %+v, told %d times", s, blips.Load())
		}
		if _, err := pr.Print(ctx, slip()); !errors.Is(err, device.ErrGone) || errors.Is(err, device.ErrUnconfirmed) {
			t.Errorf("got %v", err)
		}
		p.with(func() { p.gone = false })
		time.Sleep(20 * time.Second)
		if printed, err := pr.Print(ctx, slip()); err != nil || !printed.Confirmed {
			t.Errorf("%+v, %v", printed, err)
		}
	})
}

func TestStatusFollowsThePrinterWithoutAJob(t *testing.T) {
	p := newPaper()
	on(t, p, Config{}, func(ctx context.Context, pr *Printer) {
		time.Sleep(5 * time.Second)
		if s := pr.Status(); !s.Ready() || s.Paper != device.PaperFull {
			t.Errorf("status %+v", s)
		}
		p.with(func() { p.realTime[2], p.realTime[4] = 0x32, 0x7E })
		time.Sleep(5 * time.Second)
		if s := pr.Status(); s.Ready() || s.Paper != device.PaperOut || !errors.Is(s.Cause, device.ErrPaperOut) {
			t.Errorf("status %+v", s)
		}
		p.with(func() { p.realTime[2], p.realTime[4] = 0x12, 0x1E })
		time.Sleep(5 * time.Second)
		if s := pr.Status(); !s.Ready() || s.Paper != device.PaperLow {
			t.Errorf("status %+v", s)
		}
	})
}
