// Package scanner is a QR engine that exists only on a serial line: triggered, it looks at what is held before it and
// sends what the code says. It speaks one of the dialects of firmware-notes/qr-engine, as a real engine does.
package scanner

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"sync"
	"time"

	"yimen/drivers/emulator"
)

// What a QR engine can do wrong.
const (
	Silent       emulator.Fault = "silent"        // hears, answers nothing, reads nothing
	Refused      emulator.Fault = "refused"       // answers a trigger with NAK and does not look; dialects without answers ignore it
	Split        emulator.Fault = "split"         // sends in small pieces with pauses
	Garbage      emulator.Fault = "garbage"       // sends bytes that are no text in place of the code
	NoTerminator emulator.Fault = "no-terminator" // sends the code without its end
)

// Dialect is how an engine is triggered.
type Dialect string

// The dialects that are known (firmware-notes/qr-engine "Triggers").
const (
	Newland   Dialect = "newland"   // 7E 01 0000 #SCNTRG1; 03, acknowledged
	Honeywell Dialect = "honeywell" // 16 54 0D, never acknowledged
	GM65      Dialect = "gm65"      // 7E 00 08 …, acknowledged
	Older     Dialect = "older"     // 01 54 04, never acknowledged
)

// Engine is a QR engine. It is served on one link at a time, and what is held before it stays there between links.
type Engine struct {
	// Terminator ends every code (firmware-notes/qr-engine "Code on the wire"). Exposure is how long a look at a code takes, Light how long a trigger lasts when no
	// code is seen. They are set before Serve.
	Terminator string
	Exposure   time.Duration
	Light      time.Duration
	Faults     *emulator.Faults

	dialect Dialect
	mu      sync.Mutex
	code    []byte        // held before it, nil for nothing
	lit     time.Time     // it looks until then
	stirred chan struct{} // something of the above has changed
	rand    *rand.Rand
}

// New gives an engine with nothing before it.
func New(d Dialect) (*Engine, error) {
	switch d {
	case Newland, Honeywell, GM65, Older:
	default:
		return nil, fmt.Errorf("no such dialect: %q", d)
	}
	return &Engine{
		Terminator: "\r\n", Exposure: 60 * time.Millisecond, Light: 5 * time.Second,
		Faults:  emulator.NewFaults(Silent, Refused, Split, Garbage, NoTerminator),
		dialect: d, stirred: make(chan struct{}, 1), rand: rand.New(rand.NewPCG(3, 4)),
	}, nil
}

// LongestCode is what the largest QR code holds, in bytes.
const LongestCode = 2953

// Hold holds a code with these bytes before the engine, in place of the one there.
func (e *Engine) Hold(code []byte) error {
	if len(code) == 0 || len(code) > LongestCode {
		return fmt.Errorf("a code holds 1 to %d bytes, not %d", LongestCode, len(code))
	}
	e.change(func() { e.code = code })
	return nil
}

// Drop takes the code away.
func (e *Engine) Drop() { e.change(func() { e.code = nil }) }

// Lit reports whether the engine is looking for a code.
func (e *Engine) Lit() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return time.Now().Before(e.lit)
}

func (e *Engine) change(what func()) {
	e.mu.Lock()
	what()
	e.mu.Unlock()
	select {
	case e.stirred <- struct{}{}:
	default:
	}
}

// Serve is the engine on one link, until the link or ctx ends. Closing the link is the caller's.
func (e *Engine) Serve(ctx context.Context, link io.ReadWriter) error {
	ctx, stop := context.WithCancel(ctx)
	out := &mouth{Engine: e, link: link}
	ended := make(chan error, 1)
	go func() { ended <- e.look(ctx, out) }()
	err := e.hear(ctx, link, out)
	stop()
	if looked := <-ended; !errors.Is(looked, context.Canceled) {
		err = errors.Join(err, looked)
	}
	e.change(func() { e.lit = time.Time{} }) // a trigger does not outlive the power
	return err
}

// hear obeys commands.
func (e *Engine) hear(ctx context.Context, link io.Reader, out *mouth) error {
	p := parser{dialect: e.dialect}
	buf := make([]byte, 256)
	for {
		n, err := link.Read(buf)
		if err != nil {
			return err
		}
		p.feed(buf[:n])
		for {
			c, ok := p.next()
			if !ok {
				break
			}
			if err := e.obey(ctx, c, out); err != nil {
				return err
			}
		}
	}
}

// obey carries out one command and acknowledges it.
func (e *Engine) obey(ctx context.Context, c command, out *mouth) error {
	if e.Faults.Take(Silent) {
		return nil
	}
	answer := c.ack
	switch {
	case c.does == lightOn && e.Faults.Take(Refused):
		answer = c.nak
	case c.does == lightOn:
		defer e.change(func() { e.lit = time.Now().Add(e.Light) }) // after the answer has been sent
	case c.does == lightOff:
		e.change(func() { e.lit = time.Time{} })
	}
	return out.say(ctx, answer)
}

// look sends the code that is held before the engine, once for each trigger.
func (e *Engine) look(ctx context.Context, out *mouth) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-e.stirred:
		}
		if _, ok := e.seen(); !ok {
			continue
		}
		if err := emulator.Sleep(ctx, e.Exposure); err != nil {
			return err
		}
		code, ok := e.seen() // it may have been pulled away, or the light put out
		if !ok {
			continue
		}
		e.mu.Lock()
		e.lit = time.Time{}
		e.mu.Unlock()
		if err := out.say(ctx, e.spoken(code)); err != nil {
			return err
		}
	}
}

// seen is the code that the engine would read now.
func (e *Engine) seen() ([]byte, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.code, e.code != nil && time.Now().Before(e.lit)
}

// spoken is what goes on the line for a code.
func (e *Engine) spoken(code []byte) []byte {
	if e.Faults.Take(Garbage) {
		e.mu.Lock()
		noise := make([]byte, 8+e.rand.IntN(24))
		for i := range noise {
			noise[i] = 0x80 | byte(e.rand.Uint32()) | 0x78 // F8 to FF: no text in UTF-8, nor in GBK
		}
		e.mu.Unlock()
		code = noise
	}
	if e.Faults.Take(NoTerminator) {
		return code
	}
	return append(append([]byte{}, code...), e.Terminator...)
}

// mouth keeps answers and codes from mixing on the line.
type mouth struct {
	*Engine
	mu   sync.Mutex
	link io.Writer
}

// say puts b on the line, in pieces when the day is bad.
func (m *mouth) say(ctx context.Context, b []byte) error {
	if len(b) == 0 {
		return nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	step, pause := len(b), time.Duration(0)
	if m.Faults.Take(Split) {
		step, pause = 3, 10*time.Millisecond
	}
	for len(b) > 0 {
		piece := b[:min(step, len(b))]
		if _, err := m.link.Write(piece); err != nil {
			return err
		}
		if b = b[len(piece):]; len(b) > 0 {
			if err := emulator.Sleep(ctx, pause); err != nil {
				return err
			}
		}
	}
	return nil
}
