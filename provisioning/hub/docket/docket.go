// Package docket is the bureau's book of cases: every application with the stages it went through by its region's
// procedure, who did what and when, the days by which something is due, and the documents that were issued. A record is
// only ever added; what a case is follows from its records alone, all of which are held in memory.
package docket

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"yimen/drivers/device"
	"yimen/kiosk/household"
	"yimen/kiosk/policy"
	"yimen/kiosk/policy/flow"
	"yimen/provisioning/hub/docket/chain"
	"yimen/provisioning/hub/docket/record"
)

// Editions gives the edition of a policy pack that a case names, by its digest; a repository.Editions is one. Its error
// says that it has none of that digest, or that it cannot be read.
type Editions interface {
	Edition(id, digest string) (*policy.Pack, error)
}

// Why something is not written into the book.
var (
	// ErrNoCase: there is no case of that number.
	ErrNoCase = errors.New("no such case")
	// ErrNoWay: by its edition of the policy pack such a case has no procedure here.
	ErrNoWay = errors.New("the edition has no procedure for it")
	// ErrUnlawful: the procedure does not allow it now.
	ErrUnlawful = errors.New("the procedure does not allow it now")
	// ErrDuty: it is another officer's duty.
	ErrDuty = errors.New("not this officer's duty")
	// ErrMinor: the name of somebody under 18 is never made public (domain.md P07).
	ErrMinor = errors.New("a minor's name is never made public")
)

// Officer is a member of the office with the duties that are his.
type Officer struct {
	ID    string
	Name  string
	Roles []flow.Role
}

// Book is the open docket. One process at a time has it; it may be used by many goroutines.
type Book struct {
	editions Editions
	now      func() time.Time
	zone     *time.Location // of the office: days begin there
	log      *slog.Logger

	mu    sync.Mutex // writers, and readers of what they change
	store *chain.Chain
	cases map[string]*Case // by number
	order []*Case          // in the order in which they were opened
	slips map[string]*Case // by the number of the slip
	later map[string]later // by the number of the slip of something attached
	known map[string]bool  // envelopes that were filed or attached
	aside map[string]error // by number: cases whose edition is not here now; nothing is done with them
	news  []Record         // Noticed and TakenDown that the terminals have not been told
	sure  household.Date   // the day for which every overrun is in the book
}

// Open opens the book in dir and makes it if there is none. now tells the time, zone where the office's days begin. The
// caller closes it. A case whose edition is not here is put aside and holds up no other; Aside lists those. Errors: chain.ErrInUse,
// chain.ErrChanged.
func Open(ctx context.Context, dir string, editions Editions, now func() time.Time, zone *time.Location, log *slog.Logger) (*Book, error) {
	s, rows, err := chain.Open(ctx, dir, "docket.db")
	if err != nil {
		return nil, fmt.Errorf("open docket %s: %w", dir, err)
	}
	b := &Book{editions: editions, now: now, zone: zone, log: log, store: s, cases: map[string]*Case{}, slips: map[string]*Case{}, later: map[string]later{}, known: map[string]bool{}, aside: map[string]error{}}
	for _, row := range rows {
		r, err := record.Of(row)
		if err == nil {
			err = b.fold(r)
		}
		if err != nil {
			return nil, errors.Join(fmt.Errorf("open docket %s: record %d: %w", dir, row.Seq, err), s.Close())
		}
	}
	return b, nil
}

// Close lets go of the book. Nothing needs to be saved by it.
func (b *Book) Close() error { return b.store.Close() }

// today is the day at the office.
func (b *Book) today() household.Date { return b.day(b.now()) }

func (b *Book) day(t time.Time) household.Date { return household.DateOf(t.In(b.zone)) }

// write makes records durable and folds them in. The caller holds the lock.
func (b *Book) write(ctx context.Context, records ...Record) error {
	rows := make([]chain.Row, len(records))
	for i, r := range records {
		var err error
		if rows[i], err = record.RowOf(r); err != nil {
			return err
		}
	}
	if err := b.store.Add(ctx, rows); err != nil {
		return err
	}
	b.sure = 0
	for i, r := range records {
		r.Seq = rows[i].Seq
		if err := b.fold(r); err != nil {
			return fmt.Errorf("record %d: %w", r.Seq, err)
		}
	}
	return nil
}

// Filed tells whether an envelope is in the book already.
func (b *Book) Filed(envelope string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.known[envelope]
}

// File opens a case for what was handed in and gives its number. An envelope that is filed already gives the case it
// opened: it may be filed again after a crash. Errors: ErrNoWay, an edition that is not here.
func (b *Book) File(ctx context.Context, o Opened) (string, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.known[o.Envelope] {
		if c, ok := b.slips[o.SlipNo]; ok && c.Envelope == o.Envelope {
			return c.No, nil
		}
		return "", fmt.Errorf("file %s: %w", o.Envelope, ErrNoCase)
	}
	pack, err := b.editions.Edition(o.Pack.ID, o.Pack.Digest)
	if err != nil {
		return "", fmt.Errorf("file %s: %w", o.Envelope, err)
	}
	if _, err := wayOf(pack, &o); err != nil {
		return "", fmt.Errorf("file %s: %w", o.Envelope, err)
	}
	if _, taken := b.slips[o.SlipNo]; taken || o.SlipNo == "" {
		return "", fmt.Errorf("file %s: slip %s belongs to another case", o.Envelope, o.SlipNo)
	}
	at := b.now()
	no := b.number(&o, at)
	records := []Record{{Case: no, At: at, Happening: &o}}
	if about := b.ofNotice(o.About); about != nil {
		records = append(records, Record{Case: about.No, At: at, Happening: &Attached{Envelope: o.Envelope, Kind: o.Kind, SlipNo: o.SlipNo, Submitted: o.Submitted, Case: no}})
	}
	if err := b.write(ctx, records...); err != nil {
		return "", err
	}
	b.log.InfoContext(ctx, "case opened", "case", no, "envelope", o.Envelope, "item", o.Item)
	return no, nil
}

// number gives the next case its number: region, year and how many there were.
func (b *Book) number(o *Opened, at time.Time) string {
	begin := fmt.Sprintf("%s-%d-", o.Region, at.In(b.zone).Year())
	n := 1
	for no := range b.cases {
		if strings.HasPrefix(no, begin) {
			n++
		}
	}
	for no := range b.aside {
		if strings.HasPrefix(no, begin) {
			n++
		}
	}
	return fmt.Sprintf("%s%05d", begin, n)
}

// ofNotice finds the case of a public notice.
func (b *Book) ofNotice(no string) *Case {
	if no == "" {
		return nil
	}
	for _, c := range b.order {
		if slices.ContainsFunc(c.Notices, func(h Hung) bool { return h.Notice.No == no }) {
			return c
		}
	}
	return nil
}

// Attach adds what came later about a case, found by the number of the slip under which it was handed in. An envelope that
// is in the book already is no matter. Error: ErrNoCase.
func (b *Book) Attach(ctx context.Context, slipNo string, a Attached) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.known[a.Envelope] {
		return nil
	}
	c, ok := b.slips[slipNo]
	if !ok {
		return fmt.Errorf("attach %s to slip %s: %w", a.Envelope, slipNo, ErrNoCase)
	}
	return b.write(ctx, Record{Case: c.No, At: b.now(), Happening: &a})
}

// Aside gives the numbers of the cases whose edition of the policy pack is not here, in order: they come back with it when
// the book is opened again.
func (b *Book) Aside() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Sorted(maps.Keys(b.aside))
}

// Cases gives a copy of every case, the one opened last first.
func (b *Book) Cases() (list []Case) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range slices.Backward(b.order) {
		list = append(list, *c)
	}
	return list
}

// Case gives a copy of a case.
func (b *Book) Case(no string) (Case, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c, ok := b.cases[no]
	if !ok {
		return Case{}, false
	}
	return *c, true
}

// BySlip gives a copy of the case that was handed in under a slip's number.
func (b *Book) BySlip(slipNo string) (Case, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c, ok := b.slips[slipNo]
	if !ok {
		return Case{}, false
	}
	return *c, true
}

// Latest finds the case that something later belongs to: the one handed in under a slip's number, or else the last that a
// person has, objections left out.
func (b *Book) Latest(slipNo string, whose device.Personal) (Case, bool) {
	if c, ok := b.BySlip(slipNo); ok {
		return c, true
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range slices.Backward(b.order) {
		if !whose.Empty() && c.Number == whose && c.Kind == applicationKind {
			return *c, true
		}
	}
	return Case{}, false
}

// ByEnvelope finds the case that an envelope opened or is with.
func (b *Book) ByEnvelope(envelope string) (Case, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range slices.Backward(b.order) {
		if c.Envelope == envelope || slices.ContainsFunc(c.Attached, func(a Arrived) bool { return a.Envelope == envelope && a.Case == "" }) {
			return *c, true
		}
	}
	return Case{}, false
}
