package lamps

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"time"

	"yimen/drivers/device"
	"yimen/drivers/gauge"
	"yimen/drivers/wire"
)

const answerPatience = 500 * time.Millisecond

// session is one connection to the board.
type session struct {
	*Lamps
	conn  wire.Conn
	chunk [256]byte
}

// serve keeps the relays as they are wanted until ctx ends or the board is gone.
func (l *Lamps) serve(ctx context.Context, conn wire.Conn) error {
	s := &session{Lamps: l, conn: conn}
	defer l.contacts.lost()
	for misses := 0; ; {
		switch err := s.follow(); {
		case err == nil:
			misses = 0
			l.gauge.Set(device.Status{State: device.Online})
		case errors.Is(err, device.ErrHardware):
			misses = 0
			l.gauge.Set(device.Status{State: device.HardwareFail, Cause: device.ErrHardware})
		case errors.Is(err, device.ErrSilent), errors.Is(err, device.ErrProtocol):
			if misses++; misses == gauge.Misses {
				return err
			}
			l.lost(err)
		default:
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(l.cfg.Poll):
		case <-l.wake:
		}
	}
}

// follow asks which relays are on, switches those that should not be as they are, and asks again: an echo alone is no proof.
// A blind board is told all of them each time, for it may have lost its power meanwhile.
func (s *session) follow() error {
	wanted, change := s.goal()
	wrong := slices.Sorted(maps.Keys(wanted))
	if !s.cfg.Blind {
		var err error
		if wrong, err = s.wrong(wanted); err != nil {
			return err
		}
	}
	for _, relay := range wrong {
		if _, err := s.ask(setRelay(s.cfg.Unit, relay, wanted[relay])); err != nil {
			return err
		}
	}
	if len(wrong) > 0 && !s.cfg.Blind {
		stuck, err := s.wrong(wanted)
		if err != nil {
			return err
		}
		if len(stuck) > 0 {
			return fmt.Errorf("relays %v do not switch: %w", stuck, device.ErrHardware)
		}
	}
	s.reached(change)
	return s.look()
}

// look asks which inputs are closed, where something hangs on them.
func (s *session) look() error {
	if len(s.cfg.Contacts) == 0 {
		return nil
	}
	data, err := s.ask(askInputs(s.cfg.Unit, s.cfg.Inputs))
	if err != nil {
		return err
	}
	closed, err := bits(data, s.cfg.Inputs)
	if err != nil {
		return err
	}
	s.contacts.look(closed)
	return nil
}

// wrong lists the relays that are not as they are wanted, in order.
func (s *session) wrong(wanted map[int]bool) ([]int, error) {
	data, err := s.ask(askRelays(s.cfg.Unit, s.cfg.Count))
	if err != nil {
		return nil, err
	}
	on, err := bits(data, s.cfg.Count)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Sorted(maps.Keys(wanted)), func(relay int) bool { return on[relay] == wanted[relay] }), nil
}

// ask sends req and gives the data of its answer. The error wraps device.ErrSilent or device.ErrProtocol, or is that of a
// connection that is gone.
func (s *session) ask(req []byte) ([]byte, error) {
	if err := s.flush(); err != nil {
		return nil, err
	}
	until := time.Now().Add(answerPatience)
	if err := s.conn.SetWriteDeadline(until); err != nil {
		return nil, err
	}
	if _, err := s.conn.Write(req); err != nil {
		return nil, silent(err)
	}
	if err := s.conn.SetReadDeadline(until); err != nil {
		return nil, err
	}
	var heard []byte
	for {
		n, err := s.conn.Read(s.chunk[:])
		heard = append(heard, s.chunk[:n]...)
		data, more, wrong := answer(req, heard)
		switch {
		case !more:
			return data, wrong
		case errors.Is(err, os.ErrDeadlineExceeded) && len(heard) > 0:
			return nil, fmt.Errorf("no whole answer in what came: %w", device.ErrProtocol)
		case err != nil:
			return nil, silent(err)
		}
	}
}

// flush throws away what came unasked, such as an answer that was late.
func (s *session) flush() error {
	for range gauge.Misses {
		if err := s.conn.SetReadDeadline(time.Now().Add(10 * time.Millisecond)); err != nil {
			return err
		}
		if _, err := s.conn.Read(s.chunk[:]); errors.Is(err, os.ErrDeadlineExceeded) {
			return nil
		} else if err != nil {
			return err
		}
	}
	return fmt.Errorf("line is never quiet: %w", device.ErrProtocol)
}

// silent turns a passed deadline into device.ErrSilent and leaves other errors alone.
func silent(err error) error {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return device.ErrSilent
	}
	return err
}
