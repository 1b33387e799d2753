package main

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"yimen/drivers/device"
	"yimen/kiosk/desk"
	"yimen/kiosk/journal"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/view"
	"yimen/kiosk/outbox"
	"yimen/kiosk/slip/copies"
)

// book is a journal in memory.
type book struct {
	events []journal.Event
	full   bool
}

func (b *book) Append(e journal.Event) (uint32, error) {
	if b.full {
		return 0, errors.New("disk is full")
	}
	b.events = append(b.events, e)
	return uint32(len(b.events)), nil
}

const printedSlip = "SJ-150102-0001-20261122-00017-6"

func newOffice(t *testing.T) (office, *book) {
	t.Helper()
	now := func() time.Time { return time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC) }
	shelf, err := copies.Open(t.Context(), t.TempDir(), func(b []byte, _ time.Time) ([]byte, error) { return b[:1], nil }, now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { shelf.Close() })
	b := &book{}
	o := office{shelf: shelf, record: b, now: now, log: slog.New(slog.DiscardHandler)}
	if err := o.KeepCopy(t.Context(), journey.Original{SlipNo: printedSlip, QueryCode: "40718253"}, device.Slip{Rows: []device.Row{device.Text{Text: "收件回执"}}}); err != nil {
		t.Fatal(err)
	}
	return o, b
}

func TestTheJournalTellsWhichSlipIsPrintedAgainByWhomAndWhy(t *testing.T) {
	o, b := newOffice(t)
	if nth, _, err := o.CountCopy(t.Context(), journey.CountCopy{SlipNo: printedSlip, Staff: 7, Why: view.WhyUnreadable}); nth != 1 || err != nil {
		t.Fatal(nth, err)
	}
	want := journal.SlipCopied{Day: 20261122, Sequence: 17, Time: 1, Staff: 7, Reason: journal.SlipCopiedReasonUnreadable}
	if len(b.events) != 1 || b.events[0] != journal.Event(want) {
		t.Errorf("the journal has %+v", b.events)
	}
	if _, _, err := o.CountCopy(t.Context(), journey.CountCopy{SlipNo: "SJ-150102-0001-20261122-00018-4", Why: view.WhyCode}); !errors.Is(err, desk.ErrCopyNone) {
		t.Errorf("a slip that was never printed: %v", err)
	}
	if _, err := o.OpenCopy(t.Context(), printedSlip, "00000000"); !errors.Is(err, desk.ErrCopyNone) {
		t.Errorf("a wrong code: %v", err)
	}
	b.full = true // a journal that takes nothing keeps nobody from a slip
	if nth, _, err := o.CountCopy(t.Context(), journey.CountCopy{SlipNo: printedSlip, Why: view.WhyCode}); nth != 2 || err != nil {
		t.Error(nth, err)
	}
	for _, why := range append(view.CopyWhys(), view.WhyCode) {
		if _, known := reasons[why]; !known {
			t.Errorf("the journal has no word for %s", why)
		}
	}
}

func TestWhatStaffDoIsToldByNumberAlone(t *testing.T) {
	o, b := newOffice(t)
	for _, did := range []journey.Attendance{journey.Came, journey.Vouched, journey.Left} {
		o.Attend(journey.Attend{Staff: 7, Did: did})
	}
	want := []journal.Event{journal.StaffCame{Staff: 7}, journal.StaffVouched{Staff: 7}, journal.StaffLeft{Staff: 7}}
	for i, e := range want {
		if i >= len(b.events) || b.events[i] != e {
			t.Errorf("the journal has %+v, want %+v", b.events, want)
			break
		}
	}
}

// aside is an office whose two envelopes central refuses as long as refused tells so.
func aside(t *testing.T, refused func() bool) (office, *book) {
	t.Helper()
	o, b := newOffice(t)
	box, err := outbox.Open(t.Context(), t.TempDir(), outbox.Config{}, o.log)
	if err != nil {
		t.Fatal(err)
	}
	o.box = box
	for _, id := range []string{"01k9zqv8w3m5n7p2r4s6t8v0x1", "01k9zqv8w3m5n7p2r4s6t8v0x2"} {
		if err := box.Put(t.Context(), outbox.Item{ID: id, Kind: "checkin", List: []byte("list"), Signature: []byte("signature"), Parts: [][]byte{[]byte("part")}}); err != nil {
			t.Fatal(err)
		}
	}
	if s, err := o.Survey(t.Context()); err != nil || s.Waiting != 2 || s.Oldest.IsZero() || s.Stuck != nil {
		t.Errorf("%+v, %v", s, err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = box.Run(ctx, outbox.CourierFunc(func(context.Context, *outbox.Entry) ([]byte, error) {
			if refused() {
				return nil, outbox.ErrRefused
			}
			return []byte("receipt"), nil
		}))
	}()
	t.Cleanup(func() { stop(); <-ended; box.Close() })
	return o, b
}

// surveyed waits until the office tells what is wanted of it.
func surveyed(t *testing.T, o office, want func(journey.Surveyed) bool) {
	t.Helper()
	var s journey.Surveyed
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		var err error
		if s, err = o.Survey(t.Context()); err == nil && want(s) {
			return
		}
	}
	t.Fatalf("what is told at last is %+v", s)
}

func bothAside(s journey.Surveyed) bool {
	return s.Waiting == 0 && len(s.Stuck) == 2 && s.Stuck[0].Cause == view.StuckRefused && s.Stuck[0].Kind == "checkin"
}

func TestWhatDoesNotGetThroughIsSurveyedWithItsCause(t *testing.T) {
	o, _ := aside(t, func() bool { return true })
	surveyed(t, o, bothAside)
}

func TestWhoPutsAnEnvelopeBackStandsInTheJournalBeforeItIsSentAgain(t *testing.T) {
	var cured atomic.Bool
	o, b := aside(t, func() bool { return !cured.Load() })
	surveyed(t, o, bothAside)
	cured.Store(true)
	const which = "01k9zqv8w3m5n7p2r4s6t8v0x2"
	b.full = true
	if err := o.PutBack(t.Context(), journey.PutBack{Envelope: which, Staff: 7}); err == nil {
		t.Error("an envelope is put back by nobody that the journal knows of")
	}
	surveyed(t, o, bothAside)
	b.full = false
	if err := o.PutBack(t.Context(), journey.PutBack{Envelope: which, Staff: 7}); err != nil {
		t.Fatal(err)
	}
	surveyed(t, o, func(s journey.Surveyed) bool { return len(s.Stuck) == 1 && s.Waiting == 0 && s.Stuck[0].ID != which })
	id, err := journal.ParseID(which)
	if err != nil {
		t.Fatal(err)
	}
	if want := (journal.PutBack{Envelope: id, Staff: 7}); len(b.events) != 1 || b.events[0] != journal.Event(want) {
		t.Errorf("the journal has %+v, want %+v", b.events, want)
	}
	for _, none := range []string{which, "riddle", "01k9zqv8w3m5n7p2r4s6t8v0x9"} {
		if err := o.PutBack(t.Context(), journey.PutBack{Envelope: none}); err == nil {
			t.Errorf("%s was put back, and is not aside", none)
		}
	}
}
