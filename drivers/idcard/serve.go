package idcard

import (
	"context"
	"errors"
	"fmt"
	"time"

	"yimen/drivers/device"
	"yimen/drivers/gauge"
	"yimen/drivers/wire"
)

// tries is how often one laying of a card is tried: a hand still moves it while the first try fails.
const tries = 3

// serviceCall is the pause between two questions to a module that declared itself defective.
const serviceCall = 5 * time.Second

// session is what is known of the module, and of the card on it, since the port was opened.
type session struct {
	*Reader
	link link

	printless bool    // the module knows no fingerprints
	selected  bool    // the module may hold a card selected; the newest address tells
	spent     bool    // that card has been read, or given up
	failures  int     // tries of the present laying that failed
	trouble   error   // what the last of them said
	victim    *waiter // whom it concerns
}

// serve looks for cards until ctx ends or the reader has been silent too often.
func (r *Reader) serve(ctx context.Context, conn wire.Conn) error {
	s := &session{Reader: r, link: link{conn: conn, late: true}}
	look := s.greet
	for misses := 0; ; {
		pause := r.cfg.Poll
		switch err := look(); {
		case err == nil:
			misses = 0
			look = s.look
		case errors.Is(err, device.ErrHardware):
			misses = 0
			r.gauge.Set(device.Status{State: device.HardwareFail, Media: device.MediaUnknown, Cause: device.ErrHardware})
			pause = serviceCall
		case errors.Is(err, device.ErrSilent), errors.Is(err, device.ErrProtocol):
			if misses++; misses == gauge.Misses {
				return err
			}
			r.lost(err)
		default:
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		case <-r.wake:
		}
	}
}

// greet resets the module, so that a card which has been lying there is found like a new one, and asks who it is.
func (s *session) greet() error {
	if _, err := s.link.ask(resetSAM, shortPatience); err != nil {
		return err
	}
	r, err := s.link.ask(samStatus, shortPatience)
	if err != nil {
		return err
	}
	if r.sw != done {
		return unexpected(samStatus, r.sw)
	}
	if r, err = s.link.ask(samID, shortPatience); err != nil {
		return err
	}
	if id, ok := parseSAMID(r); ok {
		s.log.Info("reader answers", "sam", id)
	}
	return s.look()
}

// look asks once what lies on the reader, and reads it for the Read that waits.
func (s *session) look() error {
	w := s.waiting.Load()
	present, err := s.find()
	if err != nil {
		return s.failed(w, err)
	}
	if !present {
		s.show(device.MediaNotPresent)
		if s.give(s.victim, device.Card{}, fault(s.trouble)) {
			s.log.Info("card left before it was read", "err", s.trouble)
		}
		s.failures, s.victim, s.spent = 0, nil, false
		return nil
	}
	s.show(device.MediaPresent)
	if w == nil || s.spent && (s.cfg.AfterRead != AllowReread || !s.selected) {
		return nil
	}
	card, err := s.read()
	if err != nil {
		return s.failed(w, err)
	}
	s.failures, s.victim = 0, nil
	if s.spent = s.give(w, card, nil); s.spent {
		s.log.Info("card read", "kind", card.Kind)
	}
	return nil
}

// find tells whether a card lies there, and selects one that was not.
func (s *session) find() (present bool, err error) {
	if s.selected {
		r, err := s.link.ask(newestAddress, addressPatience)
		if err != nil {
			return false, err
		}
		if r.sw == done || r.sw == noContent {
			return true, nil
		}
		s.selected = false
	}
	r, err := s.link.ask(findCard, shortPatience)
	switch {
	case err != nil:
		return false, err
	case r.sw == noNewCard:
		return false, nil
	case r.sw != cardFound:
		return false, unexpected(findCard, r.sw)
	}
	if s.failures >= tries { // given up, and never seen to leave
		return true, nil
	}
	r, err = s.link.ask(selectCard, shortPatience)
	switch {
	case err != nil:
		return false, err
	case r.sw != done || len(r.data) > 16:
		return false, unexpected(selectCard, r.sw)
	}
	s.selected, s.spent = true, false
	return true, nil
}

// read reads the selected card. Where the card carries a newer address than the one printed, that one counts.
func (s *session) read() (device.Card, error) {
	card, err := s.readBase()
	if err != nil {
		return device.Card{}, err
	}
	r, err := s.link.ask(newestAddress, addressPatience)
	switch {
	case err != nil:
		return device.Card{}, err
	case r.sw == done && len(r.data) == addressLen:
		if a := personal(r.data, 0, addressLen); !a.Empty() && !card.Address.Empty() {
			card.Address = a
		}
	case r.sw == noContent, r.sw == unknownCommand, r.sw == notPermitted: // nothing there, or a module that cannot
	default:
		return device.Card{}, unexpected(newestAddress, r.sw)
	}
	card.ReadAt = time.Now()
	return card, nil
}

// readBase reads text and photo, and the fingerprint where that is wanted and the module can.
func (s *session) readBase() (device.Card, error) {
	cmd, parse := readBase, parseBase
	if s.cfg.Fingerprint && !s.printless {
		cmd, parse = readPrints, parsePrints
	}
	r, err := s.link.ask(cmd, basePatience)
	switch {
	case err != nil:
		return device.Card{}, err
	case r.sw == done:
		return parse(r.data)
	case cmd == readPrints && (r.sw == unknownCommand || r.sw == notPermitted):
		s.printless = true
		s.log.Warn("module reads no fingerprints", "status", fmt.Sprintf("%02X", byte(r.sw)))
		return s.readBase()
	}
	return device.Card{}, unexpected(cmd, r.sw)
}

// failed counts a try for w that came to nothing, and gives up after some. It hands back what is the matter with the reader,
// not what is with the card.
func (s *session) failed(w *waiter, err error) error {
	ofCard := errors.Is(err, device.ErrInvalidMedia) || errors.Is(err, device.ErrNoMedia) // the latter of one that was just found
	if ofCard {
		s.show(device.MediaPresent)
	} else if !errors.Is(err, device.ErrSilent) && !errors.Is(err, device.ErrProtocol) {
		return err
	}
	if w != nil {
		s.countFailure(w, err, ofCard)
	}
	if ofCard {
		return nil
	}
	return err
}

func (s *session) countFailure(w *waiter, err error, ofCard bool) {
	s.failures++
	if ofCard {
		s.trouble, s.victim = err, w
	}
	if s.failures < tries {
		return
	}
	if s.spent = s.give(w, device.Card{}, fault(err)); !s.spent {
		s.failures = 0 // nobody was told: whoever asks next gets tries of their own
		return
	}
	s.log.Info("card cannot be read", "err", err)
}

func (s *session) show(m device.Media) {
	s.gauge.Set(device.Status{State: device.Online, Media: m})
}
