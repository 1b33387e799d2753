package printer

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"yimen/drivers/device"
	"yimen/drivers/wire"
)

// lp is paper behind a port that has a status of its own; refused in place of one is a port that does not know the question.
type lp struct {
	*paper
	status atomic.Int32
}

const refused = -1

type lpConn struct {
	wire.Conn
	lp *lp
}

func (p *lp) Open() (wire.Conn, error) {
	c, err := p.paper.Open()
	return lpConn{c, p}, err
}

func (c lpConn) PortStatus() (byte, error) {
	b := c.lp.status.Load()
	if b == refused {
		return 0, errors.New("no such request")
	}
	return byte(b), nil
}

func TestPortStatusIsAllThatAMutePrinterSays(t *testing.T) {
	for status, want := range map[int32]struct {
		state device.State
		paper device.Paper
		err   error
	}{
		0x18:    {device.Online, device.PaperUnknown, device.ErrUnconfirmed},
		0x38:    {device.UserError, device.PaperOut, device.ErrPaperOut},
		0x30:    {device.UserError, device.PaperOut, device.ErrPaperOut},
		0x10:    {device.UserError, device.PaperFull, device.ErrNeedsUser},
		0x08:    {device.UserError, device.PaperFull, device.ErrNeedsUser},
		0x00:    {device.Online, device.PaperUnknown, device.ErrUnconfirmed},
		refused: {device.Online, device.PaperUnknown, device.ErrUnconfirmed},
	} {
		t.Run(fmt.Sprintf("%02x", status), func(t *testing.T) {
			p := &lp{paper: newPaper()}
			p.status.Store(status)
			on(t, p, Config{Mute: true, PortStatus: true}, func(ctx context.Context, pr *Printer) {
				printed, err := pr.Print(ctx, slip())
				if printed.Confirmed || device.Kind(err) != want.err {
					t.Errorf("%+v, %v", printed, err)
				}
				time.Sleep(time.Minute)
				if s := pr.Status(); s.State != want.state || s.Paper != want.paper {
					t.Errorf("%+v", s)
				}
				if sent := len(p.got) > 0; sent != (want.err == device.ErrUnconfirmed) {
					t.Errorf("%d bytes sent", len(p.got))
				}
			})
		})
	}
}

func TestMutePrinterIsWellAgainWhenItsPortSaysSo(t *testing.T) {
	p := &lp{paper: newPaper()}
	p.status.Store(0x38)
	on(t, p, Config{Mute: true, PortStatus: true}, func(ctx context.Context, pr *Printer) {
		time.Sleep(time.Minute)
		if pr.Status().Ready() {
			t.Errorf("%+v", pr.Status())
		}
		p.status.Store(0x18)
		time.Sleep(time.Minute)
		if !pr.Status().Ready() {
			t.Errorf("%+v", pr.Status())
		}
	})
}

func TestPortStatusAddsToWhatAPrinterSaysAndOnlyWhereItIsTrusted(t *testing.T) {
	for trusted, want := range map[bool]error{true: device.ErrPaperOut, false: nil} {
		p := &lp{paper: newPaper()}
		p.status.Store(0x30)
		on(t, p, Config{PortStatus: trusted}, func(ctx context.Context, pr *Printer) {
			if _, err := pr.Print(ctx, slip()); device.Kind(err) != want {
				t.Errorf("trusted %v: %v", trusted, err)
			}
		})
	}
}

func TestStatusOfAPrinterThatIsAwaySaysWhatItsPortSaid(t *testing.T) {
	why := fmt.Errorf("two of them: %w", device.ErrGone)
	pr := New(&paper{}, Config{}, nil, slog.New(slog.DiscardHandler))
	for range 3 {
		pr.lost(why)
	}
	if s := pr.Status(); s.State != device.NoDevice || s.Cause != why {
		t.Errorf("%+v", s)
	}
}
