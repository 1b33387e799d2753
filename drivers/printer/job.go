package printer

import (
	"context"
	"errors"
	"fmt"
	"time"

	"yimen/drivers/device"
)

// silences is how many questions in a row may stay unanswered while a job is awaited.
const silences = 3

// print takes one job through the job protocol (firmware-notes/escpos "Job protocol").
func (s *session) print(j *job) (device.Printed, error) {
	if err := s.prepare(j.ctx); err != nil {
		return device.Printed{Paper: s.cond.paper()}, err
	}
	s.halfSent = true
	err := s.deliver(j)
	printed := device.Printed{Confirmed: err == nil, Paper: s.cond.paper()}
	switch {
	case err == nil:
		s.halfSent = false
	case s.cond.stopped() != nil:
		// Best effort: what the printer still holds should not come out in front of the next resident.
		if sendErr := s.send(j.ctx, []byte{0x10, 0x05, 2}); sendErr != nil {
			s.log.Debug("cannot clear the printer's buffer", "err", sendErr)
		}
	default:
		err = fmt.Errorf("%w: %v", device.ErrUnconfirmed, err)
	}
	s.gauge.Set(s.cond.status())
	return printed, err
}

// prepare makes sure that the printer listens, can print, and waits for the rest of nothing. Nothing of the job is sent yet.
func (s *session) prepare(ctx context.Context) error {
	if err := s.check(ctx); err != nil {
		return err
	}
	if s.cond.cutter {
		if err := s.recover(ctx); err != nil {
			return err
		}
	}
	if err := s.cond.refused(); err != nil {
		return err
	}
	if s.halfSent {
		if err := s.send(ctx, make([]byte, wakeZeros)); err != nil {
			return err
		}
	}
	before := s.heard
	if err := s.send(ctx, []byte{0x1B, 0x40, 0x1D, 0x61, 0xFF}); err != nil {
		return err
	}
	// A printer without ASB is watched by questions alone, so that silence here is no error.
	err := s.listen(ctx, answerPatience, func() bool { return s.heard > before })
	if err != nil && !errors.Is(err, device.ErrSilent) {
		return err
	}
	return s.cond.refused()
}

// recover asks a printer whose cutter is stuck to try again.
func (s *session) recover(ctx context.Context) error {
	if err := s.send(ctx, []byte{0x10, 0x05, 2}); err != nil {
		return err
	}
	if err := s.listen(ctx, recoverWait, func() bool { return false }); !errors.Is(err, device.ErrSilent) {
		return err
	}
	return s.check(ctx)
}

// deliver sends the job and waits for the proof that it is on paper. A printer that stops in between says why.
func (s *session) deliver(j *job) error {
	for rest := j.bytes; len(rest) > 0; {
		n := min(piece, len(rest))
		if err := s.send(j.ctx, rest[:n]); err != nil {
			return err
		}
		rest = rest[n:]
		if _, err := s.hear(); err != nil {
			return err
		}
		if err := s.cond.stopped(); err != nil {
			return err
		}
	}
	s.strays = 0
	var e encoder
	e.marker()
	if err := s.send(j.ctx, e.out); err != nil {
		return err
	}
	return s.confirm(j.ctx)
}

// confirm waits for the marker's answer, and asks now and then whether the printer is still well.
func (s *session) confirm(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, s.cfg.Patience)
	defer cancel()
	for silent := 0; silent < silences; {
		err := s.listen(ctx, answerPatience, func() bool { return s.strays > 0 || s.cond.stopped() != nil })
		switch {
		case s.cond.stopped() != nil:
			return s.cond.stopped()
		case err == nil:
			if proven, err := s.proof(ctx); proven || err != nil {
				return err
			}
			continue
		case !errors.Is(err, device.ErrSilent):
			return err
		}
		switch err := s.askAll(ctx); {
		case err == nil:
			silent = 0
		case errors.Is(err, device.ErrSilent):
			silent++
		default:
			return err
		}
	}
	return device.ErrSilent
}

// proof tells whether the stray byte that came is the marker's answer. It must stay alone: several in a row are what is left
// of an automatic status whose first byte got lost, and prove nothing.
func (s *session) proof(ctx context.Context) (bool, error) {
	err := s.listen(ctx, aloneFor, func() bool { return s.strays > 1 })
	switch {
	case err == nil:
		// All of the run must have passed before the next byte is looked at.
		if err := s.listen(ctx, aloneFor, func() bool { return false }); !errors.Is(err, device.ErrSilent) {
			return false, err
		}
		s.strays = 0
		return false, nil
	case !errors.Is(err, device.ErrSilent):
		return false, err
	case s.stray&0x0C != 0: // the paper ended under the job
		s.cond.paperEnd = true
		return false, device.ErrPaperOut
	}
	s.cond.nearEnd = s.cond.nearEnd || s.stray&0x03 != 0
	return true, nil
}

// listen hears the printer until enough holds. It gives device.ErrSilent when that does not come about within patience.
func (s *session) listen(ctx context.Context, patience time.Duration, enough func() bool) error {
	over := time.After(patience)
	for {
		if enough() {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-over:
			return device.ErrSilent
		case <-s.in.news:
			if _, err := s.hear(); err != nil {
				return err
			}
		}
	}
}
