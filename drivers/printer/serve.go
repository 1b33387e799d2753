package printer

import (
	"context"
	"errors"
	"os"
	"time"

	"yimen/drivers/device"
	"yimen/drivers/wire"
)

// The patience of the job protocol (firmware-notes/escpos "Job protocol").
const (
	answerPatience = 2 * time.Second
	wakePatience   = 10 * time.Second
	piece          = 1024        // sent at once, so that a stop is heard early
	pieceWait      = time.Second // for the line to take a piece, before looking at what was heard
	wakeZeros      = 8192        // more than any command of ours can be missing: see stripBytes
	recoverWait    = time.Second
	aloneFor       = 100 * time.Millisecond
)

// session is one connection to the printer.
type session struct {
	*Printer
	conn  wire.Conn
	in    *inbox
	demux demux
	cond  condition
	// halfSent is set while the printer may be waiting for the rest of something.
	halfSent bool
	// strays counts the bytes such as GS r answers since it was last set to 0; stray is the last of them.
	strays int
	stray  byte
	heard  int // ASB blocks so far
}

// serve watches the printer and prints until ctx ends or the printer no longer answers.
func (p *Printer) serve(ctx context.Context, conn wire.Conn) error {
	s := &session{Printer: p, conn: conn, in: newInbox(conn), halfSent: true}
	if p.cfg.Mute {
		return s.serveMute(ctx)
	}
	for {
		if err := s.check(ctx); err != nil {
			return err
		}
		s.gauge.Set(s.cond.status())
		if err := s.idle(ctx); err != nil {
			return err
		}
	}
}

// idle listens for one poll, and prints if something comes to be printed.
func (s *session) idle(ctx context.Context) error {
	poll := time.After(s.cfg.Poll)
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-poll:
			return nil
		case j := <-s.jobs:
			printed, err := s.print(j)
			if err != nil {
				s.log.Warn("slip not confirmed", "err", err)
				err = fault(err)
			}
			j.result <- result{printed, err}
			return nil
		case <-s.in.news:
			if _, err := s.hear(); err != nil {
				return err
			}
			s.gauge.Set(s.cond.status())
		}
	}
}

// serveMute takes every job to a printer that cannot answer, unless its port says that it is in vain.
func (s *session) serveMute(ctx context.Context) error {
	for {
		s.lookMute()
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(s.cfg.Poll):
		case <-s.in.news:
			if _, err := s.in.take(); err != nil {
				return err
			}
		case j := <-s.jobs:
			j.result <- result{err: fault(s.printMute(j))}
		}
	}
}

// lookMute shows what the port of a mute printer says.
func (s *session) lookMute() {
	shown := device.Status{State: device.Online, Paper: device.PaperUnknown}
	s.cond = condition{}
	if s.askPort(&s.cond) && s.cond.refused() != nil {
		shown = s.cond.status()
	}
	s.gauge.Set(shown)
}

func (s *session) printMute(j *job) error {
	s.lookMute()
	if err := s.cond.refused(); err != nil {
		return err
	}
	if err := s.send(j.ctx, j.bytes); err != nil {
		return err
	}
	return device.ErrUnconfirmed
}

// check asks for the printer's whole state, after waking it if it is silent. Its error wraps device.ErrSilent, or is that
// of a connection that is gone.
func (s *session) check(ctx context.Context) error {
	err := s.askAll(ctx)
	if !errors.Is(err, device.ErrSilent) {
		return err
	}
	s.gauge.Miss(device.Status{State: device.Offline, Paper: device.PaperUnknown, Cause: device.ErrSilent})
	if s.halfSent {
		if err := s.send(ctx, make([]byte, wakeZeros)); err != nil {
			return err
		}
	}
	for begin := time.Now(); time.Since(begin) < wakePatience; {
		if err = s.askAll(ctx); !errors.Is(err, device.ErrSilent) {
			return err
		}
	}
	return err
}

func (s *session) askAll(ctx context.Context) error {
	var c condition
	for _, n := range []byte{1, 2, 3, 4} {
		b, err := s.ask(ctx, n)
		if err != nil {
			return err
		}
		c.learn(n, b)
	}
	s.askPort(&c)
	s.cond = c
	return nil
}

// statusPort is the Conn of a printer whose port knows something of it, whatever the printer itself says.
type statusPort interface {
	// PortStatus gives the byte of firmware-notes/escpos "Port status". An error says nothing about the printer.
	PortStatus() (byte, error)
}

// askPort adds what the port says to c, where the model trusts it, and tells whether it said anything.
func (s *session) askPort(c *condition) bool {
	port, ok := s.conn.(statusPort)
	if !ok || !s.cfg.PortStatus {
		return false
	}
	b, err := port.PortStatus()
	if err != nil {
		s.log.Debug("no port status", "err", err)
		return false
	}
	return c.learnPort(b)
}

// ask sends DLE EOT n and gives the answer.
func (s *session) ask(ctx context.Context, n byte) (byte, error) {
	if _, err := s.hear(); err != nil { // what came before is no answer to this
		return 0, err
	}
	if err := s.send(ctx, []byte{0x10, 0x04, n}); err != nil {
		return 0, err
	}
	patience := time.After(answerPatience)
	for {
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-patience:
			return 0, device.ErrSilent
		case <-s.in.news:
			if b, err := s.hear(); err != nil || b != 0 {
				return b, err
			}
		}
	}
}

// hear takes in all that has arrived: the state that ASB reports, and how many stray bytes came. It gives the last answer
// to DLE EOT among them, or 0, which is none. The error is that of a connection that is gone.
func (s *session) hear() (realTimeAnswer byte, err error) {
	b, err := s.in.take()
	s.demux.push(b)
	for a, ok := s.demux.next(); ok; a, ok = s.demux.next() {
		switch a.kind {
		case asb:
			s.cond = fromASB(a.b)
			s.heard++
		case stray:
			s.stray = a.b[0]
			s.strays++
		case realTime:
			realTimeAnswer = a.b[0]
		}
	}
	return realTimeAnswer, err
}

// send hands b to the line in pieces and gives up when ctx ends, or when nothing was taken for wakePatience.
func (s *session) send(ctx context.Context, b []byte) error {
	for taken := time.Now(); len(b) > 0; {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := s.conn.SetWriteDeadline(time.Now().Add(pieceWait)); err != nil {
			return err
		}
		n, err := s.conn.Write(b[:min(piece, len(b))])
		if n > 0 {
			taken = time.Now()
			b = b[n:]
		}
		switch {
		case err != nil && !errors.Is(err, os.ErrDeadlineExceeded):
			return err
		case time.Since(taken) > wakePatience:
			return device.ErrSilent
		}
	}
	return nil
}
