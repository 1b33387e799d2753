package scanner

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

const notes = "../../firmware-notes/qr-engine/"

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

func must(t testing.TB, model string) Config {
	t.Helper()
	cfg, err := Model(model)
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

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

func TestEveryRecordedEngineIsReadAsItWasShown(t *testing.T) {
	for model, want := range map[string]string{
		"honeywell": "SA-20240001", "newland": "办理码SA-20240001", "gm65": "办理码SA-20240001",
	} {
		t.Run(model, func(t *testing.T) {
			rec, err := wiretest.Load(notes + model + ".wire")
			if err != nil {
				t.Fatal(err)
			}
			synctest.Test(t, func(t *testing.T) {
				played := make(chan error, 1)
				s := New(pipe{func(c net.Conn) {
					played <- rec.PlayDevice(c)
					io.Copy(io.Discard, c)
				}}, must(t, model), quiet())
				ctx, cancel := context.WithCancel(t.Context())
				done := make(chan error)
				go func() { done <- s.Run(ctx) }()
				code, err := s.Read(ctx)
				if err != nil || code.Text.Reveal() != want || code.ReadAt.IsZero() {
					t.Errorf("read %q at %v, %v", code.Text.Reveal(), code.ReadAt, err)
				}
				if err := <-played; err != nil {
					t.Error(err)
				}
				cancel()
				<-done
			})
		})
	}
}

// engine is the least engine that bad days can be tried on.
type engine struct {
	mu    sync.Mutex
	cfg   Config
	shown []byte // what is held before it, and what it sends behind that; sent when it is lit
	// spoil, if set, may answer a command itself; lights counts the triggers so far.
	spoil  func(e *engine, c net.Conn, on bool) (handled bool)
	lights int
}

func (e *engine) with(f func()) {
	e.mu.Lock()
	defer e.mu.Unlock()
	f()
}

func (e *engine) serve(c net.Conn) {
	b := make([]byte, 64)
	for {
		n, err := c.Read(b)
		if err != nil {
			return
		}
		on := bytes.Equal(b[:n], e.cfg.On.Send)
		e.with(func() {
			if on {
				e.lights++
			}
			if e.spoil != nil && e.spoil(e, c, on) {
				return
			}
			switch {
			case on:
				c.Write(append(bytes.Clone(e.cfg.On.Answer), e.shown...))
			case bytes.Equal(b[:n], e.cfg.Off.Send):
				c.Write(e.cfg.Off.Answer)
			}
		})
	}
}

type bench struct {
	*testing.T
	e *engine
	s *Scanner
}

func on(t *testing.T, e *engine, body func(b bench)) {
	t.Helper()
	if e.cfg.On.Send == nil {
		e.cfg = must(t, "newland")
	}
	synctest.Test(t, func(t *testing.T) {
		s := New(pipe{e.serve}, e.cfg, quiet())
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- s.Run(ctx) }()
		body(bench{t, e, s})
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("Run ended with %v", err)
		}
	})
}

func (b bench) read(patience time.Duration) (string, error) {
	ctx, cancel := context.WithTimeout(b.Context(), patience)
	defer cancel()
	code, err := b.s.Read(ctx)
	return code.Text.Reveal(), err
}

func TestBadDays(t *testing.T) {
	say := func(b ...byte) func(*engine, net.Conn, bool) bool {
		return func(e *engine, c net.Conn, on bool) bool {
			if on {
				c.Write(append(bytes.Clone(e.cfg.On.Answer), b...))
			}
			return on
		}
	}
	const shown = "SA-20240001"
	for name, d := range map[string]struct {
		spoil func(*engine, net.Conn, bool) bool
		text  string
		want  error
	}{
		"answers in single bytes": {func(e *engine, c net.Conn, on bool) bool {
			if !on {
				return false
			}
			for _, x := range append(bytes.Clone(e.cfg.On.Answer), "SA-20240001\r"...) {
				c.Write([]byte{x})
				time.Sleep(time.Millisecond)
			}
			return true
		}, shown, nil},
		"CR LF ends the code":      {say([]byte(shown + "\r\n")...), shown, nil},
		"nothing ends the code":    {say([]byte(shown)...), shown, nil},
		"line ends within":         {say([]byte("一\r\n二\r")...), "一\r\n二", nil},
		"GBK":                      {say(0xB0, 0xEC, 0xC0, 0xED, '\r'), "办理", nil},
		"only a line end":          {say('\r'), "", context.DeadlineExceeded},
		"neither UTF-8 nor GBK":    {say(0xFF, 0xFE, 0x80, '\r'), "", device.ErrInvalidMedia},
		"noise of the wrong speed": {say(0x00, 0x7F, 0x01, '\r'), "", device.ErrInvalidMedia},
		"longer than any code":     {say(bytes.Repeat([]byte{'1'}, 9000)...), "", device.ErrInvalidMedia},
		"refuses the trigger": {func(e *engine, c net.Conn, on bool) bool {
			if on {
				c.Write(bytes.Replace(e.cfg.On.Answer, []byte{0x06}, []byte{0x15}, 1))
			}
			return on
		}, "", device.ErrProtocol},
		"silent at the trigger": {func(_ *engine, _ net.Conn, on bool) bool { return on }, "", device.ErrSilent},
		"silent from the start": {func(*engine, net.Conn, bool) bool { return true }, "", device.ErrSilent},
		"goes dark by itself":   {func(e *engine, c net.Conn, on bool) bool { return on && e.lights < 4 && say()(e, c, on) }, shown, nil},
		"unplugged when lit":    {func(e *engine, c net.Conn, on bool) bool { return on && c.Close() == nil }, "", device.ErrGone},
		"sends without an end": {func(e *engine, c net.Conn, on bool) bool {
			if !on {
				return false
			}
			c.Write(e.cfg.On.Answer)
			for range 400 {
				c.Write(bytes.Repeat([]byte{'7'}, 64))
			}
			return true
		}, "", device.ErrInvalidMedia},
	} {
		t.Run(name, func(t *testing.T) {
			on(t, &engine{shown: []byte(shown + "\r"), spoil: d.spoil}, func(b bench) {
				text, err := b.read(time.Minute)
				if text != d.text || !errors.Is(err, d.want) {
					b.Errorf("read %q, %v; want %q, %v", text, err, d.text, d.want)
				}
				var f *device.Fault
				if err != nil && (!errors.As(err, &f) || f.Device != device.Scanner) {
					b.Errorf("%v names no scanner", err)
				}
			})
		})
	}
}

func TestLateCodeDoesNotReachTheNextResident(t *testing.T) {
	for _, model := range Models() {
		t.Run(model, func(t *testing.T) {
			e := &engine{cfg: must(t, model)}
			e.spoil = func(e *engine, c net.Conn, on bool) bool {
				if !on && e.lights == 1 { // the code was on its way when the engine was told to rest
					e.lights++
					c.Write([]byte("first"))
					c.Write(e.cfg.Off.Answer)
					go func() {
						time.Sleep(30 * time.Millisecond)
						c.Write([]byte(" resident's\r"))
					}()
					return true
				}
				return false
			}
			on(t, e, func(b bench) {
				if text, err := b.read(time.Second); !errors.Is(err, context.DeadlineExceeded) {
					b.Fatalf("read %q, %v", text, err)
				}
				e.with(func() { e.shown = []byte("second resident's\r") })
				if text, err := b.read(time.Minute); err != nil || text != "second resident's" {
					b.Errorf("read %q, %v", text, err)
				}
			})
		})
	}
}

func TestEngineIsDarkWhenNobodyAsks(t *testing.T) {
	on(t, &engine{shown: []byte("x\r")}, func(b bench) {
		time.Sleep(time.Minute)
		b.e.with(func() {
			if b.e.lights != 0 {
				b.Errorf("lit %d times", b.e.lights)
			}
		})
		if s := b.s.Status(); !s.Ready() {
			b.Errorf("status %+v", s)
		}
	})
}

func TestEngineThatFallsSilentIsOfflineAndComesBack(t *testing.T) {
	silent := false
	e := &engine{shown: []byte("x\r"), spoil: func(*engine, net.Conn, bool) bool { return silent }}
	on(t, e, func(b bench) {
		time.Sleep(time.Minute)
		e.with(func() { silent = true })
		time.Sleep(4 * time.Second)
		if s := b.s.Status(); !s.Ready() {
			b.Errorf("one missed question is told as %+v", s)
		}
		time.Sleep(time.Minute)
		if s := b.s.Status(); s.State != device.Offline || !errors.Is(s.Cause, device.ErrSilent) {
			b.Errorf("status %+v", s)
		}
		e.with(func() { silent = false })
		time.Sleep(time.Minute)
		if text, err := b.read(time.Minute); err != nil || text != "x" {
			b.Errorf("read %q, %v", text, err)
		}
	})
}

func TestUnknownModelNamesThoseThatAre(t *testing.T) {
	if _, err := Model("../escpos/models/mute-58"); err == nil {
		t.Error("a model of another device is taken")
	}
	if len(Models()) < 3 {
		t.Errorf("models %v", Models())
	}
}

func FuzzHeard(f *testing.F) {
	answer := must(f, "newland").On.Answer
	f.Add(append(bytes.Clone(answer), "SA-20240001\r\n"...), 3)
	f.Add([]byte{0xB0, 0xEC, 0xC0, 0xED, '\r'}, 1)
	f.Add([]byte("一\r\n二"), 64)
	f.Add([]byte{0xFF, 0x80}, 1)
	f.Fuzz(func(t *testing.T, stream []byte, n int) {
		var h heard
		answered := false
		for rest := stream; len(rest) > 0 && !h.tooMuch(); {
			k := min(max(n, 1), len(rest))
			h.push(rest[:k])
			rest = rest[k:]
			answered = answered || h.answer(answer)
		}
		if answered && !bytes.Contains(stream, answer) {
			t.Fatal("an answer that is not in the stream")
		}
		text, err := h.code()
		switch {
		case err != nil && (!text.Empty() || !errors.Is(err, device.ErrInvalidMedia)):
			t.Errorf("%d bytes of text and %v", len(text), err)
		case len(text) > 2*codeLimit:
			t.Errorf("a text of %d bytes", len(text))
		}
		if len(h.buf) != 0 {
			t.Errorf("%d bytes are left for the next code", len(h.buf))
		}
	})
}
