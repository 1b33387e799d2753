package main

import (
	"context"
	"errors"
	"log/slog"
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

func TestWhatDoesNotGetThroughIsSurveyedWithItsCause(t *testing.T) {
	o, _ := newOffice(t)
	box, err := outbox.Open(t.Context(), t.TempDir(), outbox.Config{}, o.log)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { box.Close() })
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
		_ = box.Run(ctx, outbox.CourierFunc(func(context.Context, *outbox.Entry) ([]byte, error) { return nil, outbox.ErrRefused }))
	}()
	defer func() { stop(); <-ended }()
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		s, err := o.Survey(t.Context())
		if err == nil && s.Waiting == 0 && len(s.Stuck) == 2 && s.Stuck[0].Cause == view.StuckRefused && s.Stuck[0].Kind == "checkin" {
			return
		}
	}
	t.Error("envelopes that central refuses are not told")
}
