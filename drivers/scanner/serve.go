package scanner

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"yimen/drivers/device"
	"yimen/drivers/gauge"
	"yimen/drivers/wire"
)

// The patience of the line (firmware-notes/qr-engine "Code on the wire").
const (
	answerPatience = time.Second
	idleEnd        = 50 * time.Millisecond  // of a code that nothing ends
	settle         = 20 * time.Millisecond  // after a line end, which may be the code's own
	glance         = 100 * time.Millisecond // between two looks whether the code is still wanted
	quietLimit     = 2 * time.Second        // a line that is never quiet for glance carries noise
)

// session is one connection to the engine.
type session struct {
	*Scanner
	conn  wire.Conn
	heard heard
	chunk [4096]byte
}

// serve asks whether the engine is there, and reads codes, until ctx ends or the engine is gone.
func (s *Scanner) serve(ctx context.Context, conn wire.Conn) error {
	t := &session{Scanner: s, conn: conn}
	for misses := 0; ; {
		switch err := t.command(s.cfg.Off, time.Millisecond); {
		case err == nil:
			misses = 0
			s.gauge.Set(device.Status{State: device.Online})
		case errors.Is(err, device.ErrSilent), errors.Is(err, device.ErrProtocol):
			if misses++; misses == gauge.Misses {
				return err
			}
			s.lost(err)
		default:
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(s.cfg.Poll):
		case j := <-s.jobs:
			code, err := t.read(j.ctx)
			if err != nil {
				s.log.Info("code not read", "err", err)
				j.result <- result{err: fault(err)}
				continue
			}
			s.log.Info("code read")
			j.result <- result{code: code}
		}
	}
}

// read lights the engine, again and again, until a code comes or ctx ends. The engine is left as it is: serve's next
// command darkens it, and throws away what comes late.
func (s *session) read(ctx context.Context) (device.Code, error) {
	for {
		if err := s.command(s.cfg.On, glance); err != nil {
			return device.Code{}, err
		}
		lit := time.Now()
		for time.Since(lit) < s.cfg.Relight {
			if err := ctx.Err(); err != nil {
				return device.Code{}, err
			}
			text, err := s.code()
			if err != nil {
				return device.Code{}, err
			}
			if !text.Empty() {
				return device.Code{Text: text, ReadAt: time.Now()}, nil
			}
		}
	}
}

// code glances at the line, and if something comes hears it to its end. Text is empty where nothing came.
func (s *session) code() (text device.Personal, err error) {
	for wait := glance; ; {
		switch {
		case s.heard.tooMuch():
			return s.heard.code()
		case s.heard.ended():
			wait = settle
		case len(s.heard.buf) > 0:
			wait = idleEnd
		}
		quiet, err := s.listen(wait)
		if err != nil {
			return "", err
		}
		if quiet {
			return s.heard.code()
		}
	}
}

// command waits until the line is quiet, sends c and waits for its answer; what came before it is thrown away, and what
// follows the answer is kept. The error wraps device.ErrSilent, device.ErrProtocol when something else came, or is that of a connection that is gone.
func (s *session) command(c Command, quiet time.Duration) error {
	if err := s.flush(quiet); err != nil {
		return err
	}
	if err := s.conn.SetWriteDeadline(time.Now().Add(answerPatience)); err != nil {
		return gone(err)
	}
	if _, err := s.conn.Write(c.Send); errors.Is(err, os.ErrDeadlineExceeded) {
		return fmt.Errorf("command % X: %w", c.Send, device.ErrSilent)
	} else if err != nil {
		return gone(err)
	}
	for until := time.Now().Add(answerPatience); !s.heard.answer(c.Answer); {
		quiet, err := s.listen(time.Until(until))
		switch {
		case err != nil:
			return err
		case !quiet && !s.heard.tooMuch():
		case len(s.heard.buf) > 0:
			return fmt.Errorf("command % X: answered by %d other bytes: %w", c.Send, len(s.heard.buf), device.ErrProtocol)
		default:
			return fmt.Errorf("command % X: %w", c.Send, device.ErrSilent)
		}
	}
	return nil
}

// flush throws away what came unasked, until nothing came for wait: a code that the last resident showed must not reach the
// next. Where something came, more may follow, and the line must be quiet for longer.
func (s *session) flush(wait time.Duration) error {
	s.heard.clear()
	for until := time.Now().Add(quietLimit); time.Now().Before(until); wait = glance {
		if quiet, err := s.listen(wait); quiet || err != nil {
			s.heard.clear()
			return err
		}
		s.heard.clear()
	}
	return fmt.Errorf("line is never quiet: %w", device.ErrProtocol)
}

// listen waits at most for wait until something comes; quiet tells that nothing did. The error is that of a connection
// that is gone.
func (s *session) listen(wait time.Duration) (quiet bool, err error) {
	if err := s.conn.SetReadDeadline(time.Now().Add(wait)); err != nil {
		return false, gone(err)
	}
	n, err := s.conn.Read(s.chunk[:])
	s.heard.push(s.chunk[:n])
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return n == 0, nil
	}
	return false, gone(err)
}

// gone marks the error of a connection that is no more.
func gone(err error) error {
	if err == nil || errors.Is(err, device.ErrGone) {
		return err
	}
	return fmt.Errorf("%w: %w", device.ErrGone, err)
}
