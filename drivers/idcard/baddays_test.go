package idcard

import (
	"bytes"
	"context"
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"yimen/drivers/device"
)

// module is the least reader that bad days can be tried on: firmware-notes/sam-v "Sequence and repeat read".
type module struct {
	mu    sync.Mutex // a command and what a test does to the module exclude each other
	base  []byte     // answer to readBase; nil: no card lies there
	found bool       // the card has been found since it was laid
	// spoil, if set, may answer a command itself. It runs in the module's goroutine.
	spoil func(m *module, c net.Conn, cmd command) (handled bool)
	count map[command]int
}

// lay puts a card on the module, or takes it away. Spoilers call it, tests call with.
func (m *module) lay(base []byte) { m.base, m.found = base, false }

// with does something to the module between two commands.
func (m *module) with(f func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f()
}

func answerOf(sw status, data ...byte) []byte {
	f := append(append([]byte{}, preamble...), byte((len(data)+4)>>8), byte(len(data)+4), 0, 0, byte(sw))
	f = append(f, data...)
	return append(f, checksum(f[len(preamble):]))
}

func (m *module) serve(c net.Conn) {
	req := make([]byte, 10)
	for {
		n, err := c.Read(req)
		if err != nil {
			return
		}
		if n != len(req) {
			continue
		}
		m.with(func() { m.handle(c, command{req[7], req[8]}) })
	}
}

func (m *module) handle(c net.Conn, cmd command) {
	if m.count == nil {
		m.count = map[command]int{}
	}
	m.count[cmd]++
	if m.spoil == nil || !m.spoil(m, c, cmd) {
		c.Write(m.answer(cmd))
	}
}

func (m *module) answer(cmd command) []byte {
	switch {
	case cmd == resetSAM:
		m.found = false
		return answerOf(done)
	case cmd == samStatus:
		return answerOf(done)
	case cmd == samID:
		return answerOf(done, make([]byte, 16)...)
	case cmd == findCard && (m.base == nil || m.found):
		return answerOf(noNewCard)
	case cmd == findCard:
		m.found = true
		return answerOf(cardFound, 0, 0, 0, 0)
	case m.base == nil:
		return answerOf(0x41)
	case cmd == selectCard:
		return answerOf(done, make([]byte, 8)...)
	case cmd == readBase:
		return m.base
	}
	return answerOf(noContent)
}

// bench is a Reader on a module, in a bubble.
type bench struct {
	*testing.T
	m *module
	r *Reader
}

// on runs body against a module on which the citizen's card lies.
func on(t *testing.T, cfg Config, m *module, body func(b bench)) {
	t.Helper()
	m.base = base(t, "citizen.wire")
	synctest.Test(t, func(t *testing.T) {
		r := New(pipe{m.serve}, cfg, quiet())
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- r.Run(ctx) }()
		body(bench{t, m, r})
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("Run ended with %v", err)
		}
	})
}

// read reads with patience.
func (b bench) read(patience time.Duration) (device.Card, error) {
	ctx, cancel := context.WithTimeout(b.Context(), patience)
	defer cancel()
	return b.r.Read(ctx)
}

func (b bench) mustRead(name string) {
	b.Helper()
	card, err := b.read(time.Minute)
	if err != nil || card.Name.Reveal() != name {
		b.Errorf("read %q, %v; want %q", card.Name.Reveal(), err, name)
	}
}

func TestBadDays(t *testing.T) {
	whole := base(t, "citizen.wire")
	flipped := bytes.Clone(whole)
	flipped[300] ^= 4
	// nth makes a spoiler that answers the first n asks of cmd by f.
	nth := func(n int, cmd command, f func(m *module, c net.Conn)) func(*module, net.Conn, command) bool {
		return func(m *module, c net.Conn, got command) bool {
			if got != cmd || m.count[cmd] > n {
				return false
			}
			f(m, c)
			return true
		}
	}
	say := func(b ...byte) func(*module, net.Conn) { return func(_ *module, c net.Conn) { c.Write(b) } }
	silence := func(*module, net.Conn) {}
	const always = 1 << 30
	for name, d := range map[string]struct {
		spoil func(*module, net.Conn, command) bool
		want  error // nil: the card is read
	}{
		"answers in single bytes": {nth(always, readBase, func(_ *module, c net.Conn) {
			for i := range whole {
				c.Write(whole[i : i+1])
			}
		}), nil},
		"noise before the answer":      {nth(always, findCard, say(append([]byte{0xAA, 0xAA, 0x96, 0, 0xAA}, answerOf(cardFound, 0, 0, 0, 0)...)...)), nil},
		"bridge's own time-out notice": {nth(1, readBase, say(append([]byte{0xAA, 0xAA, 0xAA, 0x96, 0x69, 0, 5, 5, 5, 5}, whole...)...)), nil},
		"one flipped bit, once":        {nth(1, readBase, say(flipped...)), nil},
		"one flipped bit, always":      {nth(always, readBase, say(flipped...)), device.ErrProtocol},
		"silence, twice":               {nth(2, readBase, silence), nil},
		"silence, always":              {nth(always, readBase, silence), device.ErrSilent},
		"silent from the start":        {nth(always, resetSAM, silence), device.ErrSilent},
		"half an answer":               {nth(1, readBase, say(whole[:700]...)), nil},
		"late answer": {nth(1, findCard, func(m *module, c net.Conn) {
			m.found = true
			time.Sleep(1050 * time.Millisecond)
			c.Write(answerOf(cardFound, 0, 0, 0, 0))
		}), nil},
		"wrong checksum heard by module": {nth(1, readBase, say(answerOf(badChecksum)...)), nil},
		"module locked":                  {nth(always, samStatus, say(answerOf(0x66)...)), device.ErrHardware},
		"self-test failed":               {nth(always, selectCard, say(answerOf(0x60)...)), device.ErrHardware},
		"card does not authenticate":     {nth(always, readBase, say(answerOf(0x31)...)), device.ErrInvalidMedia},
		"card of another kind":           {nth(always, selectCard, say(answerOf(0x40)...)), device.ErrInvalidMedia},
		"card still moving":              {nth(2, readBase, say(answerOf(0x41)...)), nil},
		"card pulled":                    {nth(1, readBase, func(m *module, c net.Conn) { m.lay(nil); c.Write(answerOf(0x41)) }), device.ErrInvalidMedia},
		"unknown status":                 {nth(always, selectCard, say(answerOf(0x77)...)), device.ErrProtocol},
		"base of another shape":          {nth(always, readBase, say(answerOf(done, make([]byte, 70)...)...)), device.ErrProtocol},
		"module without newest address": {func(m *module, c net.Conn, cmd command) bool {
			if cmd == newestAddress && m.base != nil && m.count[readBase] > 0 {
				c.Write(answerOf(unknownCommand))
				return true
			}
			return false
		}, nil},
		"cable pulled and put back": {func(m *module, c net.Conn, cmd command) bool {
			if cmd == readBase && m.count[cmd] == 1 {
				c.Close()
				return true
			}
			return false
		}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			on(t, Config{}, &module{spoil: d.spoil}, func(b bench) {
				card, err := b.read(time.Minute)
				switch {
				case !errors.Is(err, d.want):
					b.Errorf("got %v, want %v", err, d.want)
				case err == nil && card.Number != "11010519491231002X":
					b.Error("read another card")
				case err != nil && !card.Number.Empty():
					b.Error("an error, and a card")
				}
			})
		})
	}
}

func TestCardIsReadOncePerLaying(t *testing.T) {
	on(t, Config{}, &module{}, func(b bench) {
		b.mustRead("张测试")
		if _, err := b.read(5 * time.Second); !errors.Is(err, context.DeadlineExceeded) {
			b.Errorf("read again where it lies: %v", err)
		}
		if b.r.Media() != device.MediaPresent {
			b.Errorf("media %v while a card lies there", b.r.Media())
		}
		b.m.with(func() { b.m.lay(nil) })
		time.Sleep(time.Second)
		if b.r.Media() != device.MediaNotPresent {
			b.Errorf("media %v after the card left", b.r.Media())
		}
		b.m.with(func() { b.m.lay(base(b, "hmt-residence.wire")) })
		b.mustRead("陈测港")
	})
}

func TestRereadIsAllowedWhereConfigSaysSo(t *testing.T) {
	on(t, Config{AfterRead: AllowReread}, &module{}, func(b bench) {
		b.mustRead("张测试")
		b.mustRead("张测试")
	})
}

func TestCardLaidBeforeTheAskingIsRead(t *testing.T) {
	on(t, Config{}, &module{}, func(b bench) {
		time.Sleep(10 * time.Second)
		b.m.with(func() {
			if b.r.Media() != device.MediaPresent || b.m.count[readBase] != 0 {
				b.Errorf("media %v, read %d times unasked", b.r.Media(), b.m.count[readBase])
			}
		})
		b.mustRead("张测试")
	})
}

func TestLateCardDoesNotReachTheNextResident(t *testing.T) {
	m := &module{spoil: func(m *module, c net.Conn, cmd command) bool {
		if cmd == readBase && m.count[cmd] == 1 {
			time.Sleep(2 * time.Second) // the first resident gives up meanwhile, and the cards are changed
			c.Write(m.base)
			m.lay(nil)
			return true
		}
		return false
	}}
	on(t, Config{}, m, func(b bench) {
		if _, err := b.read(time.Second); !errors.Is(err, context.DeadlineExceeded) {
			b.Fatalf("got %v", err)
		}
		go func() {
			time.Sleep(5 * time.Second)
			m.with(func() { m.lay(base(b, "hmt-residence.wire")) })
		}()
		b.mustRead("陈测港")
	})
}

func TestRefusedCardIsNotTriedAgainUntilItLeft(t *testing.T) {
	m := &module{spoil: func(m *module, c net.Conn, cmd command) bool {
		if cmd == readBase && m.count[cmd] <= tries {
			c.Write(answerOf(0x33))
			return true
		}
		return false
	}}
	on(t, Config{}, m, func(b bench) {
		if _, err := b.read(time.Minute); !errors.Is(err, device.ErrInvalidMedia) {
			b.Fatalf("got %v", err)
		}
		if _, err := b.read(5 * time.Second); !errors.Is(err, context.DeadlineExceeded) {
			b.Errorf("got %v while the same card lies there", err)
		}
		m.with(func() { m.lay(nil) })
		time.Sleep(time.Second)
		m.with(func() { m.lay(base(b, "citizen-long-term.wire")) })
		b.mustRead("李长期")
	})
}

func TestLockedModuleIsTriedAgainWhenServiceHasBeenThere(t *testing.T) {
	locked := true
	m := &module{spoil: func(m *module, c net.Conn, cmd command) bool {
		if locked {
			c.Write(answerOf(0x66))
		}
		return locked
	}}
	on(t, Config{}, m, func(b bench) {
		time.Sleep(20 * time.Second)
		if s := b.r.Status(); s.State != device.HardwareFail || !errors.Is(s.Cause, device.ErrHardware) {
			b.Errorf("status %+v", s)
		}
		m.with(func() { locked = false })
		time.Sleep(2 * serviceCall)
		b.mustRead("张测试")
	})
}

func TestOneMissedPollIsNoOutage(t *testing.T) {
	m := &module{spoil: func(m *module, c net.Conn, cmd command) bool { return cmd == newestAddress && m.count[cmd]%3 != 0 }}
	on(t, Config{}, m, func(b bench) {
		var outages atomic.Int32
		b.r.Watch(func(s device.Status) {
			if s.State == device.Offline {
				outages.Add(1)
			}
		})
		time.Sleep(time.Minute)
		if n := outages.Load(); n != 0 {
			b.Errorf("told of %d outages", n)
		}
	})
}
