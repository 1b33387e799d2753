package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"yimen/drivers/device"
	"yimen/kiosk/daysheet"
	"yimen/kiosk/desk"
	"yimen/kiosk/journal"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/view"
	"yimen/kiosk/outbox"
	"yimen/kiosk/slip/copies"
	"yimen/kiosk/witness"
	"yimen/provisioning/config"
	"yimen/provisioning/identity"
)

// office is what the staff work with at the terminal: copies of slips, what is on its way, the day's sheet.
type office struct {
	shelf  *copies.Shelf
	box    *outbox.Outbox
	record witness.Journal
	copier witness.Printer // its prints are told in the journal as copies
	sheets witness.Printer
	sheet  func(ctx context.Context, at time.Time) (daysheet.Sheet, error)
	now    func() time.Time
	log    *slog.Logger
}

var _ desk.Office = office{}

// openOffice opens the copies of slips. The journal is open already.
func (t *terminal) openOffice(ctx context.Context, cfg config.Config, id *identity.Terminal, log *slog.Logger) error {
	zone, err := cfg.Location()
	if err != nil {
		return err
	}
	now := func() time.Time { return time.Now().In(zone) }
	asker := newEnquirer(cfg, id, t.central, now).asker
	seal := func(body []byte, at time.Time) ([]byte, error) { return asker.SealCopy(body, newID(), at) }
	shelf, err := copies.Open(ctx, cfg.Path("copies"), seal, now)
	if err != nil {
		return err
	}
	t.office = &office{
		shelf: shelf, box: t.box, record: t.journal, now: now, log: log,
		copier: t.witness.Printer(t.devices.Printer(), journal.PrintIntendedPaperCopy),
		sheets: t.witness.Printer(t.devices.Printer(), journal.PrintIntendedPaperDaySheet),
		sheet:  func(ctx context.Context, at time.Time) (daysheet.Sheet, error) { return t.daySheet(ctx, cfg, at) },
	}
	return nil
}

// KeepCopy implements desk.Office.
func (o office) KeepCopy(ctx context.Context, of journey.Original, paper device.Slip) error {
	return o.shelf.Keep(ctx, of.SlipNo, of.QueryCode.Reveal(), paper)
}

// Copies implements desk.Office.
func (o office) Copies(ctx context.Context) ([]journey.CopyEntry, error) {
	kept, err := o.shelf.List(ctx)
	var list []journey.CopyEntry
	for _, e := range kept {
		list = append(list, journey.CopyEntry(e))
	}
	return list, copyTrouble(err)
}

// OpenCopy implements desk.Office.
func (o office) OpenCopy(ctx context.Context, slipNo string, code device.Personal) (device.Slip, error) {
	paper, err := o.shelf.ByCode(ctx, slipNo, code.Reveal())
	return paper, copyTrouble(err)
}

// FetchCopy implements desk.Office.
func (o office) FetchCopy(ctx context.Context, slipNo string) ([]byte, error) {
	sealed, err := o.shelf.Sealed(ctx, slipNo)
	return sealed, copyTrouble(err)
}

// CountCopy implements desk.Office: the journal knows before the printer does.
func (o office) CountCopy(ctx context.Context, c journey.CountCopy) (int, time.Time, error) {
	nth, first, err := o.shelf.Count(ctx, c.SlipNo, c.Staff, string(c.Why))
	if err != nil {
		return 0, time.Time{}, copyTrouble(err)
	}
	why, ok := reasons[c.Why]
	if !ok {
		return 0, time.Time{}, fmt.Errorf("copy of %s: nobody knows the reason %q", c.SlipNo, c.Why)
	}
	day, sequence, err := partsOf(c.SlipNo)
	if err != nil {
		return 0, time.Time{}, err
	}
	if _, err := o.record.Append(journal.SlipCopied{Day: day, Sequence: sequence, Time: uint32(nth), Staff: uint32(c.Staff), Reason: why}); err != nil {
		o.log.Error("a copy is printed without its record in the journal", "err", err)
	}
	return nth, first, nil
}

// reasons are the journal's words for them.
var reasons = map[view.CopyWhy]journal.SlipCopiedReason{
	view.WhyCode: journal.SlipCopiedReasonCode, view.WhyLost: journal.SlipCopiedReasonLost, view.WhyUnreadable: journal.SlipCopiedReasonUnreadable,
	view.WhyNotPrinted: journal.SlipCopiedReasonNotPrinted, view.WhyOffice: journal.SlipCopiedReasonOffice,
}

// partsOf gives the day and the sequence of a slip's number, of which the journal takes nothing else.
func partsOf(slipNo string) (day, sequence uint32, err error) {
	parts := strings.Split(slipNo, "-")
	if len(parts) != 6 {
		return 0, 0, fmt.Errorf("%q is no slip's number", slipNo)
	}
	d, err1 := strconv.ParseUint(parts[3], 10, 32)
	n, err2 := strconv.ParseUint(parts[4], 10, 32)
	return uint32(d), uint32(n), errors.Join(err1, err2)
}

// copyTrouble makes the shelf's errors the desk's.
func copyTrouble(err error) error {
	switch {
	case errors.Is(err, copies.ErrNone):
		return desk.ErrCopyNone
	case errors.Is(err, copies.ErrClosed):
		return desk.ErrCopyClosed
	case errors.Is(err, copies.ErrEnough):
		return desk.ErrCopyEnough
	}
	return err
}

// PrintCopy implements desk.Office.
func (o office) PrintCopy(ctx context.Context, paper device.Slip) (device.Printed, error) {
	return o.copier.Print(ctx, paper)
}

// PrintDaySheet implements desk.Office.
func (o office) PrintDaySheet(ctx context.Context) (device.Printed, error) {
	sheet, err := o.sheet(ctx, o.now())
	if err != nil {
		return device.Printed{}, err
	}
	paper, err := sheet.Slip()
	if err != nil {
		return device.Printed{}, err
	}
	return o.sheets.Print(ctx, paper)
}

// stuckAfter is how many tries in vain make an envelope one that does not get through by itself.
const stuckAfter = 5

// Survey implements desk.Office.
func (o office) Survey(ctx context.Context) (journey.Surveyed, error) {
	list, err := o.box.List(ctx)
	if err != nil {
		return journey.Surveyed{}, err
	}
	var s journey.Surveyed
	for _, e := range list {
		stuck := journey.Stuck{ID: e.ID, Kind: e.Kind, PutAt: e.PutAt.In(o.now().Location())}
		switch {
		case e.State == outbox.Quarantined:
			stuck.Cause = view.StuckRefused
		case e.State != outbox.Waiting:
			continue
		default:
			if s.Waiting++; s.Oldest.IsZero() {
				s.Oldest = stuck.PutAt
			}
			if e.Attempts < stuckAfter {
				continue
			}
			stuck.Cause = view.StuckUnheard
		}
		s.Stuck = append(s.Stuck, stuck)
	}
	return s, nil
}

// PutBack implements desk.Office.
func (o office) PutBack(ctx context.Context, p journey.PutBack) error {
	return o.putBack(ctx, p.Envelope, p.Staff)
}

// putBack lets an envelope be sent again, on the word of a member of the staff or, with 0, of a technician. The journal knows
// before that happens.
func (o office) putBack(ctx context.Context, envelope string, staff int) error {
	id, err := journal.ParseID(envelope)
	if err != nil {
		return fmt.Errorf("%w: %w", outbox.ErrUnknown, err)
	}
	if _, err := o.record.Append(journal.PutBack{Envelope: id, Staff: uint32(staff)}); err != nil {
		return fmt.Errorf("note who puts %s back: %w", envelope, err)
	}
	return o.box.PutBack(ctx, envelope)
}

// Attend implements desk.Office.
func (o office) Attend(a journey.Attend) {
	var e journal.Event
	switch no := uint32(a.Staff); a.Did {
	case journey.Came:
		e = journal.StaffCame{Staff: no}
	case journey.Left:
		e = journal.StaffLeft{Staff: no}
	case journey.Vouched:
		e = journal.StaffVouched{Staff: no}
	default:
		return
	}
	if _, err := o.record.Append(e); err != nil {
		o.log.Error("what staff did is missing in the journal", "event", journal.Name(e), "err", err)
	}
}
