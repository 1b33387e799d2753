package docket

import (
	"errors"
	"strings"
	"testing"
	"time"

	"yimen/kiosk/household"
	"yimen/kiosk/policy/flow"
)

var sun = Officer{"09", "孙督办", []flow.Role{flow.Supervise}}

// overran looks for what is overdue and lists the days of one case.
func (o *office) overran(no string) (days []household.Date) {
	o.t.Helper()
	if _, err := o.book.Overrun(o.t.Context()); err != nil {
		o.t.Fatal(err)
	}
	for _, over := range o.of(no).Overruns {
		days = append(days, over.Due)
	}
	return days
}

func TestADayThatPassedIsWrittenDownOnceAndStays(t *testing.T) {
	o := open(t, "CN-150102")
	no := o.file(1, "0101")
	o.takes(no, "ACCEPTED", "VERIFYING", "SURVEYING", "PRELIM") // promised for 2026-04-24
	o.at = time.Date(2026, 4, 24, 23, 59, 0, 0, china)
	if got := o.overran(no); len(got) != 0 {
		t.Errorf("overdue on the last day: %v", got)
	}
	o.at = time.Date(2026, 4, 25, 0, 1, 0, 0, china)
	for range 3 {
		if got := o.overran(no); len(got) != 1 || got[0] != 20260424 {
			t.Errorf("overdue: %v", got)
		}
	}
	o.takes(no, "REJECTED")
	o.reopen()
	over := o.of(no).Overruns
	if got := o.overran(no); len(got) != 1 || !over[0].Whole || over[0].Stage != "PRELIM" || over[0].Signed != nil || o.book.Unsigned() != 1 {
		t.Errorf("what came after hides it: %+v", over)
	}
}

func TestTheNextStepsDayIsTheOfficesAndNotTheResidents(t *testing.T) {
	o := open(t, "CN-150102")
	mine, theirs := o.file(1, "0101"), o.file(2, "0101")
	o.takes(mine, "ACCEPTED")     // the survey begins within three working days: by 2026-03-31
	o.takes(theirs, "CORRECTION") // thirty days are the resident's
	o.at = time.Date(2026, 4, 30, 9, 0, 0, 0, china)
	if got := o.overran(mine); len(got) != 2 || o.of(mine).Overruns[1].Whole || got[1] != 20260331 {
		t.Errorf("the office's: %v", got)
	}
	if got := o.overran(theirs); len(got) != 0 {
		t.Errorf("the resident's: %v", got)
	}
}

func TestAnExtensionMovesTheDayAndPassesInItsTurn(t *testing.T) {
	o := open(t, "CN-150102")
	no := o.file(1, "0101")
	o.takes(no, "ACCEPTED", "VERIFYING", "SURVEYING", "PRELIM")
	if err := o.book.Take(t.Context(), wang, no, Act{Extend, map[string]string{"reason": "人户分离"}}); err != nil {
		t.Fatal(err)
	}
	o.at = time.Date(2026, 5, 9, 9, 0, 0, 0, china)
	if got := o.overran(no); len(got) != 0 {
		t.Errorf("overdue though extended: %v", got)
	}
	o.at = time.Date(2026, 6, 3, 9, 0, 0, 0, china)
	if got := o.overran(no); len(got) != 1 || got[0] != 20260602 {
		t.Errorf("overdue: %v", got)
	}
}

func TestASupervisorSignsOnceAndNobodyElseDoes(t *testing.T) {
	o := open(t, "CN-150102")
	no := o.file(1, "0101")
	o.takes(no, "ACCEPTED", "VERIFYING", "SURVEYING", "PRELIM")
	o.at = time.Date(2026, 4, 27, 9, 0, 0, 0, china)
	o.overran(no)
	record := o.of(no).Overruns[0].Record
	own := Officer{wang.ID, wang.Name, []flow.Role{flow.Review, flow.Supervise}} // who worked on it
	for name, c := range map[string]struct {
		by     Officer
		no     string
		record int64
		words  string
		want   error
	}{
		"no supervisor":  {zhao, no, record, "请办", ErrDuty},
		"his own case":   {own, no, record, "请办", ErrDuty},
		"another record": {sun, no, record + 1, "请办", ErrUnlawful},
		"another case":   {sun, "150102-2026-00009", record, "请办", ErrNoCase},
		"nothing said":   {sun, no, record, " \n", &FieldError{"words", ReasonEmpty}},
		"a novel":        {sun, no, record, strings.Repeat("长", mostWords+1), &FieldError{"words", ReasonLong}},
	} {
		err := o.book.Sign(t.Context(), c.by, c.no, c.record, c.words)
		var field *FieldError
		if want, ok := c.want.(*FieldError); ok {
			if !errors.As(err, &field) || *field != *want {
				t.Errorf("%s: %v", name, err)
			}
		} else if !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := o.book.Sign(t.Context(), sun, no, record, " 请王审核4月30日前办结 "); err != nil {
		t.Fatal(err)
	}
	if err := o.book.Sign(t.Context(), sun, no, record, "再签"); !errors.Is(err, ErrUnlawful) {
		t.Errorf("signed twice: %v", err)
	}
	o.reopen()
	s := o.of(no).Overruns[0].Signed
	if s == nil || s.Words != "请王审核4月30日前办结" || s.Officer != sun.ID || o.book.Unsigned() != 0 {
		t.Errorf("signed: %+v", s)
	}
	if late, known := o.book.Late(o.of(no), 20260424); late != 1 || !known {
		t.Errorf("%d working days late, %v", late, known)
	}
}

func TestTheSupervisorMovesNoCase(t *testing.T) {
	o := open(t, "CN-150102")
	no := o.file(1, "0101")
	for _, m := range o.book.Lawful(o.of(no)) {
		if err := o.book.Take(t.Context(), sun, no, Act{m.ID(), nil}); !errors.Is(err, ErrDuty) {
			t.Errorf("%s: %v", m.ID(), err)
		}
	}
}

// What the applicant reads is the same whether his case was signed for or not: orders within the office are not his to read.
func TestTheApplicantReadsNothingOfTheSupervision(t *testing.T) {
	o := open(t, "CN-150102")
	no := o.file(1, "0101")
	o.takes(no, "ACCEPTED", "VERIFYING", "SURVEYING", "PRELIM")
	o.at = time.Date(2026, 4, 27, 9, 0, 0, 0, china)
	papers := len(o.view(no).Papers)
	o.overran(no)
	if err := o.book.Sign(t.Context(), sun, no, o.of(no).Overruns[0].Record, "请办"); err != nil {
		t.Fatal(err)
	}
	if v := o.view(no); len(v.Papers) != papers || v.Light != "red" {
		t.Errorf("he reads %d papers, light %s", len(v.Papers), v.Light)
	}
}
