package sentry

import (
	"context"
	"log/slog"
	"slices"
	"testing"
	"time"

	"yimen/drivers/device"
	"yimen/drivers/uevent"
	"yimen/kiosk/journal"
)

// book is a journal in memory.
type book struct{ events []journal.Event }

func (b *book) Append(e journal.Event) (uint32, error) {
	b.events = append(b.events, e)
	return uint32(len(b.events)), nil
}

func TestWhatHappensToTheCaseStandsInTheJournalAndForceLocksIt(t *testing.T) {
	b := &book{}
	locked, shown := 0, make(chan struct{}, 16)
	s := New(b, func() error { locked++; return nil }, func() { shown <- struct{}{} }, slog.New(slog.DiscardHandler))
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	for _, c := range []contact{
		{device.CabinetDoor, device.ContactClosed}, {device.TamperSensor, device.ContactClosed}, // as the daemon finds them: no news
		{device.CabinetDoor, device.ContactOpened}, {device.CabinetDoor, device.ContactClosed}, {device.CabinetDoor, device.ContactUnknown},
		{device.TamperSensor, device.ContactOpened},
	} {
		s.Contact(c.which, c.state)
		<-shown
	}
	cancel()
	<-ended
	want := []journal.Event{
		journal.ContactMoved{Contact: journal.ContactMovedContactCabinetDoor, State: journal.ContactMovedStateOpen},
		journal.ContactMoved{Contact: journal.ContactMovedContactCabinetDoor, State: journal.ContactMovedStateClosed},
		journal.ContactMoved{Contact: journal.ContactMovedContactCabinetDoor, State: journal.ContactMovedStateUnknown},
		journal.ContactMoved{Contact: journal.ContactMovedContactTamperSensor, State: journal.ContactMovedStateOpen},
	}
	if !slices.Equal(b.events, want) {
		t.Errorf("the journal has %+v", b.events)
	}
	if locked != 1 {
		t.Errorf("locked %d times", locked)
	}
	for _, c := range device.Contacts() {
		if contactNames[c] == 0 {
			t.Errorf("the journal has no word for %s", c)
		}
	}
}

func TestADoorThatIsOpenWhenTheDaemonStartsIsTold(t *testing.T) {
	b := &book{}
	s := New(b, func() error { return nil }, func() {}, slog.New(slog.DiscardHandler))
	s.Contact(device.CabinetDoor, device.ContactOpened)
	ctx, cancel := context.WithCancel(t.Context())
	s.told = cancel
	if err := s.Run(ctx); err == nil || len(b.events) != 1 {
		t.Errorf("%v, the journal has %+v", err, b.events)
	}
}

func TestALooseCableDoesNotFillTheJournal(t *testing.T) {
	b := &book{}
	s := New(b, nil, nil, slog.New(slog.DiscardHandler))
	at := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	for i := range 1000 {
		s.plugged(uevent.Plug{Vendor: 0x46d, Product: 0xc31c, In: i%2 == 0}, at)
		at = at.Add(time.Second)
	}
	if len(b.events) != mostPlugs {
		t.Errorf("%d events of one cable in a quarter of an hour", len(b.events))
	}
	s.plugged(uevent.Plug{Vendor: 0x46d, Product: 0xc31c, In: true}, at.Add(time.Hour))
	want := journal.UsbMoved{Vendor: 0x46d, Product: 0xc31c, Did: journal.UsbMovedDidPlugged, Missed: 1000 - mostPlugs}
	if last := b.events[len(b.events)-1]; last != journal.Event(want) {
		t.Errorf("%+v, want %+v", last, want)
	}
}
