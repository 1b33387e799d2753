package lamps

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"yimen/drivers/device"
	"yimen/drivers/wire"
	"yimen/drivers/wire/wiretest"
)

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

// pipe is a Port that hands out one end of a net.Pipe at each Open and gives the other to device.
type pipe struct{ device func(net.Conn) }

func (p pipe) Open() (wire.Conn, error) {
	host, dev := net.Pipe()
	go func() {
		defer dev.Close()
		p.device(dev)
	}()
	return host, nil
}

func (p pipe) String() string { return "pipe" }

// hall has a lamp beside the card reader and one beside the printer.
var hall = map[device.ID]int{device.IDCardReader: 1, device.Printer: 2}

func TestRecordedBoardIsAskedAsRecorded(t *testing.T) {
	rec, err := wiretest.Load("../../firmware-notes/relay-board/modbus-8.wire")
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		played := make(chan error, 1)
		l := New(pipe{func(c net.Conn) {
			played <- rec.PlayDevice(c)
			io.Copy(io.Discard, c)
		}}, Config{Relays: map[device.ID]int{device.IDCardReader: 1}}, quiet())
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- l.Run(ctx) }()
		time.Sleep(time.Second)
		for _, on := range []bool{true, false} {
			if err := l.Point(ctx, device.IDCardReader, on); err != nil {
				t.Errorf("%v: %v", on, err)
			}
		}
		if err := <-played; err != nil {
			t.Error(err)
		}
		cancel()
		<-done
	})
}

// board is eight relays that bad days can be tried on.
type board struct {
	mu    sync.Mutex
	on    [8]bool
	blind bool
	dead  bool // takes bytes and says nothing
	// spoil, if set, changes an answer before it is sent.
	spoil func(answer []byte) []byte
}

func (b *board) with(f func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	f()
}

func (b *board) serve(c net.Conn) {
	req := make([]byte, 8)
	for {
		if _, err := io.ReadFull(c, req); err != nil {
			return
		}
		b.with(func() {
			if b.dead {
				return
			}
			a := b.answer(req)
			if b.spoil != nil {
				a = b.spoil(a)
			}
			c.Write(a)
		})
	}
}

func (b *board) answer(req []byte) []byte {
	switch {
	case req[1] == writeCoil:
		b.on[req[3]] = req[4] == 0xFF
		return bytes.Clone(req)
	case b.blind:
		return sealed(req[0], req[1]|exception, 1)
	}
	bits := byte(0)
	for i, on := range b.on {
		if on {
			bits |= 1 << i
		}
	}
	return sealed(req[0], req[1], 1, bits)
}

func sealed(b ...byte) []byte {
	x := crc(b)
	return append(b, byte(x), byte(x>>8))
}

// on runs body beside running Lamps of board b.
func on(t *testing.T, b *board, cfg Config, body func(t *testing.T, l *Lamps)) {
	t.Helper()
	cfg.Relays = hall
	synctest.Test(t, func(t *testing.T) {
		l := New(pipe{b.serve}, cfg, quiet())
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- l.Run(ctx) }()
		body(t, l)
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("Run ended with %v", err)
		}
	})
}

func TestPointIsConfirmedByTheBoard(t *testing.T) {
	for _, blind := range []bool{false, true} {
		b := &board{blind: blind}
		on(t, b, Config{Blind: blind}, func(t *testing.T, l *Lamps) {
			if err := l.Point(t.Context(), device.Printer, true); err != nil || b.on != [8]bool{false, true} {
				t.Errorf("blind %v: %v, relays %v", blind, err, b.on)
			}
			l.Light(device.IDCardReader, true)
			if err := l.Point(t.Context(), device.Printer, false); err != nil || b.on != [8]bool{true} {
				t.Errorf("blind %v: %v, relays %v", blind, err, b.on)
			}
			if err := l.Point(t.Context(), device.FaceCam, true); err != nil || b.on != [8]bool{true} {
				t.Errorf("device without a lamp: %v, relays %v", err, b.on)
			}
		})
	}
}

func TestLampsOfTheLastRunAreDarkened(t *testing.T) {
	for _, blind := range []bool{false, true} {
		b := &board{blind: blind, on: [8]bool{true, true, false, true}}
		on(t, b, Config{Blind: blind}, func(t *testing.T, l *Lamps) {
			time.Sleep(time.Second)
			b.with(func() {
				if b.on != [8]bool{3: true} { // the fourth lights none of our devices
					t.Errorf("blind %v: relays %v", blind, b.on)
				}
			})
		})
	}
}

func TestBoardThatLostItsPowerIsLitAgain(t *testing.T) {
	for _, blind := range []bool{false, true} {
		b := &board{blind: blind}
		on(t, b, Config{Blind: blind}, func(t *testing.T, l *Lamps) {
			if err := l.Point(t.Context(), device.Printer, true); err != nil {
				t.Fatal(err)
			}
			b.with(func() { b.on = [8]bool{} })
			time.Sleep(5 * time.Second)
			b.with(func() {
				if !b.on[1] {
					t.Errorf("blind %v: dark", blind)
				}
			})
		})
	}
}

func TestBadDays(t *testing.T) {
	flip := func(i int) func([]byte) []byte {
		return func(a []byte) []byte { a[i] ^= 4; return a }
	}
	switchesAnother := &board{}
	switchesAnother.spoil = func(a []byte) []byte {
		if a[1] == writeCoil {
			switchesAnother.on = [8]bool{7: true}
			return sealed(1, writeCoil, 0, 7, 0xFF, 0)
		}
		return a
	}
	stuck := &board{}
	stuck.spoil = func(a []byte) []byte { stuck.on = [8]bool{}; return a }
	for name, c := range map[string]struct {
		b    *board
		want error
	}{
		"does not switch":  {stuck, device.ErrHardware},
		"switches another": {switchesAnother, device.ErrProtocol},
		"silent":           {&board{dead: true}, device.ErrSilent},
		"wrong checksum":   {&board{spoil: flip(4)}, device.ErrProtocol},
		"another unit":     {&board{spoil: func(a []byte) []byte { return sealed(append([]byte{9}, a[1:len(a)-2]...)...) }}, device.ErrProtocol},
		"another function": {&board{spoil: flip(1)}, device.ErrProtocol},
		"half an answer":   {&board{spoil: func(a []byte) []byte { return a[:4] }}, device.ErrProtocol},
		"too few relays":   {&board{spoil: func([]byte) []byte { return sealed(1, 1, 0) }}, device.ErrProtocol},
		"far too long":     {&board{spoil: func([]byte) []byte { return []byte{1, 1, 200, 0} }}, device.ErrProtocol},
		"cannot be read":   {&board{blind: true}, device.ErrProtocol},
	} {
		t.Run(name, func(t *testing.T) {
			on(t, c.b, Config{}, func(t *testing.T, l *Lamps) {
				err := l.Point(t.Context(), device.Printer, true)
				var f *device.Fault
				if !errors.Is(err, c.want) || !errors.As(err, &f) || f.Device != device.Lamps {
					t.Errorf("got %v, want %v", err, c.want)
				}
				if s := l.Status(); s.State != device.Offline && s.State != device.HardwareFail || s.Ready() {
					t.Errorf("status %+v", s)
				}
				c.b.with(func() { c.b.dead, c.b.blind, c.b.spoil = false, false, nil })
				time.Sleep(10 * time.Second)
				if s := l.Status(); !s.Ready() || !c.b.on[1] {
					t.Errorf("back again: status %+v, relays %v", s, c.b.on)
				}
			})
		})
	}
}

func TestUnknownModelNamesThoseThatAre(t *testing.T) {
	for _, name := range Models() {
		if cfg, err := Model(name); err != nil || cfg.Count != 8 {
			t.Errorf("%s: %+v, %v", name, cfg, err)
		}
	}
	if _, err := Model("nobody"); err == nil || len(Models()) < 2 {
		t.Errorf("models %v, %v", Models(), err)
	}
}

func FuzzAnswer(f *testing.F) {
	set, ask := setRelay(1, 1, true), askRelays(1, 8)
	f.Add(true, set)
	f.Add(true, sealed(1, writeCoil|exception, 2))
	f.Add(false, sealed(1, readCoils, 1, 5))
	f.Add(false, []byte{1, 1, 255})
	f.Fuzz(func(t *testing.T, write bool, heard []byte) {
		req := ask
		if write {
			req = set
		}
		data, more, err := answer(req, heard)
		switch {
		case err != nil && (more || !errors.Is(err, device.ErrProtocol)):
			t.Errorf("more %v, %v", more, err)
		case more && len(heard) >= frameLimit:
			t.Errorf("%d bytes are not enough", len(heard))
		case err == nil && !more && write && !bytes.HasPrefix(heard, set):
			t.Error("another echo is taken for ours")
		case err == nil && !more && !write:
			if on, err := bits(data, 8); err == nil && len(on) != 8 {
				t.Errorf("%d relays", len(on))
			}
		}
	})
}
