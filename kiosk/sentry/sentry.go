// Package sentry writes into the journal what happens to the terminal's case: its door, its tamper switch, and which USB devices
// come and go (SEC10).
package sentry

import (
	"context"
	"log/slog"
	"time"

	"yimen/drivers/device"
	"yimen/drivers/uevent"
	"yimen/kiosk/journal"
)

// Journal is where it is written.
type Journal interface {
	Append(journal.Event) (uint32, error)
}

// Sentry watches one terminal. A terminal whose tamper switch has opened takes no new visit until a technician has looked.
type Sentry struct {
	record Journal
	lock   func() error // the technician's
	told   func()       // something about the terminal is shown differently now
	log    *slog.Logger
	news   chan any // what happens, as it comes: contact or uevent.Plug; nil where some was missed

	plugs, missed int       // in the present hour, and those of them that were not written
	hour          time.Time // when it began
}

// contact is a change of one.
type contact struct {
	which device.Contact
	state device.ContactState
}

// A cable that comes and goes must not fill the journal.
const (
	mostPlugs = 60 // an hour
	newsKept  = 64
)

// New gives a Sentry that locks the terminal by lock, and calls told whenever something is to be shown anew.
func New(record Journal, lock func() error, told func(), log *slog.Logger) *Sentry {
	return &Sentry{record: record, lock: lock, told: told, log: log, news: make(chan any, newsKept)}
}

// Contact hears of a contact that changed; it does not wait.
func (s *Sentry) Contact(which device.Contact, state device.ContactState) {
	s.hear(contact{which, state})
}

func (s *Sentry) hear(news any) {
	select {
	case s.news <- news:
	default:
		s.log.Error("what happens to the case comes faster than it can be written")
	}
}

// Run writes until ctx ends. Where the kernel cannot be heard contacts are written all the same.
func (s *Sentry) Run(ctx context.Context) error {
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := uevent.Watch(ctx, func(p uevent.Plug) { s.hear(p) }, func() { s.hear(nil) }); ctx.Err() == nil {
			s.log.Error("plugged devices are not noticed", "err", err)
		}
	}()
	defer func() { <-ended }()
	first := map[device.Contact]bool{}
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case n := <-s.news:
			switch n := n.(type) {
			case contact:
				// That a closed door is closed when the daemon starts is no news.
				if n.state != device.ContactClosed || first[n.which] {
					s.moved(n)
				}
				first[n.which] = true
			case uevent.Plug:
				s.plugged(n, time.Now())
			case nil:
				s.missed++
			}
			s.told()
		}
	}
}

// contactNames and stateNames are the journal's words.
var (
	contactNames = map[device.Contact]journal.ContactMovedContact{
		device.CabinetDoor: journal.ContactMovedContactCabinetDoor, device.TamperSensor: journal.ContactMovedContactTamperSensor,
	}
	stateNames = map[device.ContactState]journal.ContactMovedState{
		device.ContactOpened: journal.ContactMovedStateOpen, device.ContactClosed: journal.ContactMovedStateClosed,
		device.ContactUnknown: journal.ContactMovedStateUnknown,
	}
)

func (s *Sentry) moved(n contact) {
	s.log.Warn("contact of the case", "contact", n.which, "state", n.state)
	s.append(journal.ContactMoved{Contact: contactNames[n.which], State: stateNames[n.state]})
	if n.which == device.TamperSensor && n.state == device.ContactOpened {
		if err := s.lock(); err != nil {
			s.log.Error("the terminal is not locked though its case was opened", "err", err)
		}
	}
}

func (s *Sentry) plugged(p uevent.Plug, at time.Time) {
	if at.Sub(s.hour) >= time.Hour || at.Before(s.hour) {
		s.hour, s.plugs = at, 0
	}
	if s.plugs++; s.plugs > mostPlugs {
		s.missed++
		return
	}
	e := journal.UsbMoved{Vendor: uint32(p.Vendor), Product: uint32(p.Product), Did: journal.UsbMovedDidUnplugged, Missed: uint32(s.missed)}
	if p.In {
		e.Did = journal.UsbMovedDidPlugged
	}
	s.missed = 0
	s.append(e)
}

func (s *Sentry) append(e journal.Event) {
	if _, err := s.record.Append(e); err != nil {
		s.log.Error("what happened to the case is missing in the journal", "event", journal.Name(e), "err", err)
	}
}
