package printer

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net"
	"sync"
	"testing"
	"testing/synctest"

	"yimen/drivers/device"
	"yimen/drivers/wire"
)

// paper is the least printer that the job protocol can be tried on: it answers as it is told, and keeps what it got.
type paper struct {
	mu       sync.Mutex // what was heard and what a test does to the printer exclude each other
	gone     bool       // the cable is out
	conn     net.Conn
	left     chan struct{} // closed when the last connection is done with
	got      []byte
	realTime [5]byte // answers to DLE EOT 1 to 4; 0 is silence
	asb      []byte  // answer to GS a
	// marker is called when GS r has come, and answers it.
	marker func()
	// after is called with each read.
	after func()
}

func newPaper() *paper {
	p := &paper{realTime: [5]byte{0, 0x12, 0x12, 0x12, 0x12}, asb: []byte{0x14, 0, 0, 0x0F}}
	p.marker = func() { p.conn.Write([]byte{0}) }
	return p
}

func (p *paper) Open() (wire.Conn, error) {
	p.mu.Lock()
	gone := p.gone
	p.mu.Unlock()
	if gone {
		return nil, device.ErrGone
	}
	host, dev := net.Pipe()
	if p.left != nil {
		<-p.left
	}
	p.conn, p.left = dev, make(chan struct{})
	go p.serve(dev)
	return host, nil
}

func (p *paper) String() string { return "paper" }

func (p *paper) serve(dev net.Conn) {
	defer close(p.left)
	defer dev.Close()
	b := make([]byte, 1)
	for {
		if _, err := dev.Read(b); err != nil {
			return
		}
		p.hear(dev, b[0])
	}
}

func (p *paper) hear(dev net.Conn, b byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.got = append(p.got, b)
	if p.after != nil {
		p.after()
	}
	end := func(c ...byte) bool { return bytes.HasSuffix(p.got, c) }
	for n := byte(1); n <= 4; n++ {
		if end(0x10, 4, n) && p.realTime[n] != 0 {
			dev.Write(p.realTime[n : n+1])
		}
	}
	switch {
	case end(0x1D, 0x61, 0xFF):
		dev.Write(p.asb)
	case end(0x1D, 0x72, 1):
		p.marker()
	}
}

func slip() device.Slip {
	return device.Slip{Rows: []device.Row{
		device.Text{Text: "收件回执", Align: device.Centre, Size: 2, Bold: true},
		device.Columns{Left: "编号", Right: "SA-20240001"},
		device.Rule{},
		device.QR{Data: "SA-20240001", Dots: 200},
	}}
}

// on runs body with a Printer at p, in a bubble.
func on(t *testing.T, p wire.Port, cfg Config, body func(ctx context.Context, pr *Printer)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		pr := New(p, cfg, nil, slog.New(slog.DiscardHandler))
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- pr.Run(ctx) }()
		body(ctx, pr)
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("Run ended with %v", err)
		}
	})
}

// printOne prints slip on p and gives what came of it.
func printOne(t *testing.T, p *paper, cfg Config) (printed device.Printed, err error) {
	t.Helper()
	on(t, p, cfg, func(ctx context.Context, pr *Printer) { printed, err = pr.Print(ctx, slip()) })
	return printed, err
}

func TestSlipCountsAsPrintedWhenThePrinterSaysSo(t *testing.T) {
	printed, err := printOne(t, newPaper(), Config{})
	if err != nil || !printed.Confirmed || printed.Paper != device.PaperFull {
		t.Fatalf("%+v, %v", printed, err)
	}
}

func TestWhatThePrinterReportsIsWhatTheCallerHears(t *testing.T) {
	for name, c := range map[string]struct {
		realTime [5]byte
		want     error
		paper    device.Paper
	}{
		"cover open":     {[5]byte{0, 0x1A, 0x16, 0x12, 0x12}, device.ErrNeedsUser, device.PaperFull},
		"paper out":      {[5]byte{0, 0x1A, 0x32, 0x12, 0x7E}, device.ErrPaperOut, device.PaperOut},
		"paper out only": {[5]byte{0, 0x12, 0x12, 0x12, 0x72}, device.ErrPaperOut, device.PaperOut},
		"cutter":         {[5]byte{0, 0x1A, 0x52, 0x1A, 0x12}, device.ErrJammed, device.PaperJammed},
		"unrecoverable":  {[5]byte{0, 0x1A, 0x52, 0x32, 0x12}, device.ErrHardware, device.PaperFull},
		"just offline":   {[5]byte{0, 0x1A, 0x12, 0x12, 0x12}, device.ErrNeedsUser, device.PaperFull},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPaper()
			p.realTime = c.realTime
			printed, err := printOne(t, p, Config{})
			if printed.Confirmed || !errors.Is(err, c.want) || errors.Is(err, device.ErrUnconfirmed) || printed.Paper != c.paper {
				t.Errorf("%+v, %v", printed, err)
			}
			if bytes.Contains(p.got, []byte{0x1D, 0x72}) {
				t.Error("the slip was sent all the same")
			}
		})
	}
}

func TestPrinterThatSwallowsNeverPrinted(t *testing.T) {
	for name, spoil := range map[string]func(*paper){
		"no answer to the marker":         func(p *paper) { p.marker = func() {} },
		"falls silent after the job":      func(p *paper) { p.marker = func() { p.realTime = [5]byte{} } },
		"status whose first byte is lost": func(p *paper) { p.marker = func() { p.conn.Write([]byte{0, 0, 0x0F}) } },
		"the same, in pieces":             func(p *paper) { p.marker = func() { p.conn.Write([]byte{0}); p.conn.Write([]byte{0, 0x0F}) } },
		"hangs up behind a byte":          func(p *paper) { p.marker = func() { p.conn.Write([]byte{0}); p.conn.Close() } },
		"hangs up":                        func(p *paper) { p.marker = func() { p.conn.Close() } },
	} {
		t.Run(name, func(t *testing.T) {
			p := newPaper()
			spoil(p)
			printed, err := printOne(t, p, Config{})
			if printed.Confirmed || !errors.Is(err, device.ErrUnconfirmed) {
				t.Errorf("%+v, %v", printed, err)
			}
			if n := bytes.Count(p.got, []byte{0x1D, 0x72, 1}); n > 1 {
				t.Errorf("sent %d times", n)
			}
		})
	}
}

func TestMutePrinterNeverConfirms(t *testing.T) {
	p := newPaper()
	p.realTime, p.asb = [5]byte{}, nil
	printed, err := printOne(t, p, Config{Mute: true})
	if printed.Confirmed || !errors.Is(err, device.ErrUnconfirmed) {
		t.Errorf("%+v, %v", printed, err)
	}
}

func TestSilentPrinterIsOfflineAndGetsNothing(t *testing.T) {
	p := newPaper()
	p.realTime = [5]byte{}
	_, err := printOne(t, p, Config{})
	if !errors.Is(err, device.ErrSilent) || errors.Is(err, device.ErrUnconfirmed) {
		t.Errorf("%v", err)
	}
	if bytes.Contains(p.got, []byte{0x1C, 0x26}) {
		t.Error("the slip was sent all the same")
	}
}

func TestPaperThatEndsUnderTheSlipIsToldAndNotConfirmed(t *testing.T) {
	p := newPaper()
	p.marker = func() { p.conn.Write([]byte{0x1C, 0, 0x0F, 0x0F}) }
	printed, err := printOne(t, p, Config{})
	if printed.Confirmed || !errors.Is(err, device.ErrPaperOut) || printed.Paper != device.PaperOut {
		t.Errorf("%+v, %v", printed, err)
	}
	if !bytes.Contains(p.got, []byte{0x10, 5, 2}) {
		t.Error("the rest of the slip stays in the printer")
	}
}
