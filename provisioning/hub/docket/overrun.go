package docket

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"yimen/kiosk/household"
	"yimen/kiosk/policy/flow"
)

// Overrun is a day that passed without what the office owed by it. It stays in the case, whatever comes after.
type Overrun struct {
	Overran
	Record int64 // Seq, by which it is signed for
	At     time.Time
	Signed *Signature // nil while no supervisor has taken note
}

// Signature is a supervisor's word on an overrun.
type Signature struct {
	Words   string
	Officer string
	At      time.Time
}

// Overrun writes down every day that has passed without what was owed, once each, and gives how many are new. It is cheap
// where nothing can have changed since it last looked.
func (b *Book) Overrun(ctx context.Context) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	today := b.today()
	if b.sure == today {
		return 0, nil
	}
	var records []Record
	for _, c := range b.order {
		for _, o := range b.overran(c) {
			records = append(records, Record{Case: c.No, At: b.now(), Happening: &o})
		}
	}
	if len(records) > 0 {
		if err := b.write(ctx, records...); err != nil {
			return 0, fmt.Errorf("overdue cases: %w", err)
		}
	}
	for _, r := range records {
		b.log.WarnContext(ctx, "case overdue", "case", r.Case)
	}
	b.sure = today
	return len(records), nil
}

// overran lists the passed days of a case that are not in the book. Of what the resident was asked to bring nothing is owed
// by the office: that day is the resident's.
func (b *Book) overran(c *Case) (list []Overran) {
	note := func(due household.Date, whole bool) {
		known := slices.ContainsFunc(c.Overruns, func(o Overrun) bool { return o.Due == due && o.Whole == whole })
		if due != 0 && due < b.today() && !known {
			list = append(list, Overran{Due: due, Whole: whole, Stage: c.Now().Code})
		}
	}
	note(b.promised(c), true)
	if c.Now().Code != flow.Correct {
		note(b.due(c, c.Now()), false)
	}
	return list
}

// Unsigned counts the overruns of which no supervisor has taken note.
func (b *Book) Unsigned() (n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range b.order {
		for _, o := range c.Overruns {
			if o.Signed == nil {
				n++
			}
		}
	}
	return n
}

// Sign takes a supervisor's word on an overrun. Whoever took a step in the case does not supervise it. Errors: ErrNoCase;
// ErrDuty; ErrUnlawful where there is no such overrun or somebody has signed for it; *FieldError about words.
func (b *Book) Sign(ctx context.Context, by Officer, no string, record int64, words string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.mayAct(by, no, record); err != nil {
		return fmt.Errorf("case %s, overrun %d: %w", no, record, err)
	}
	words = strings.TrimSpace(words)
	switch {
	case words == "":
		return fmt.Errorf("case %s, overrun %d: %w", no, record, &FieldError{"words", ReasonEmpty})
	case utf8.RuneCountInString(words) > mostWords:
		return fmt.Errorf("case %s, overrun %d: %w", no, record, &FieldError{"words", ReasonLong})
	}
	return b.write(ctx, Record{Case: no, At: b.now(), Officer: by.ID, Happening: &Signed{Record: record, Words: words}})
}

func (b *Book) mayAct(by Officer, no string, record int64) error {
	c, ok := b.cases[no]
	switch {
	case !ok:
		return ErrNoCase
	case !slices.Contains(by.Roles, flow.Supervise), slices.ContainsFunc(c.Records, func(r Record) bool { return r.Officer == by.ID && !signing(r) }):
		return ErrDuty
	case !slices.ContainsFunc(c.Overruns, func(o Overrun) bool { return o.Record == record && o.Signed == nil }):
		return ErrUnlawful
	}
	return nil
}

func signing(r Record) bool {
	_, is := r.Happening.(*Signed)
	return is
}

// Late counts the working days since a day that has passed, today among them; false where the calendar does not reach.
func (b *Book) Late(c Case, due household.Date) (n int, known bool) {
	if c.Pack.Calendar == nil {
		return 0, false
	}
	for today := b.today(); ; n++ {
		next, err := c.Pack.Calendar.After(due, 1)
		if err != nil {
			return 0, false
		}
		if next > today {
			return n, true
		}
		due = next
	}
}
