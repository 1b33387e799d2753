package calendar

import (
	"testing"

	"yimen/kiosk/household"
)

// year2026 is the schedule that E22 of domain.md §3.4 names: 清明 4/4–4/6, 劳动节 5/1–5/5 off, 5/9 worked.
func year2026(t *testing.T) *Calendar {
	t.Helper()
	c, err := New([]Year{{Year: 2026, Off: []household.Date{20260406, 20260501, 20260504, 20260505}, Work: []household.Date{20260509}}})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestWorkingDayClocksOfE22(t *testing.T) {
	c := year2026(t)
	for n, want := range map[int]household.Date{0: 20260326, 3: 20260331, 10: 20260410, 15: 20260417, 20: 20260424, 30: 20260512, 45: 20260602} {
		if got, err := c.After(20260326, n); got != want || err != nil {
			t.Errorf("+%d: %s, %v; want %s", n, got, err, want)
		}
	}
}

func TestNoticeOfE23(t *testing.T) {
	first, last, next, err := year2026(t).Notice(20260413, 7, false)
	if first != 20260414 || last != 20260420 || next != 20260421 || err != nil {
		t.Errorf("%s to %s, then %s, %v", first, last, next, err)
	}
	first, last, next, err = year2026(t).Notice(20260413, 7, true)
	if first != 20260414 || last != 20260422 || next != 20260423 || err != nil {
		t.Errorf("in working days: %s to %s, then %s, %v", first, last, next, err)
	}
}

func TestRemediesOfE24(t *testing.T) {
	c := year2026(t)
	if got := Days(20260508, 60); got != 20260707 {
		t.Errorf("复议 to %s", got)
	}
	last := Months(20260508, 6)
	moved, err := c.Last(last)
	if last != 20261108 || moved != 20261109 || err != nil {
		t.Errorf("诉讼 to %s, moved to %s, %v", last, moved, err)
	}
}

func TestAMonthWithoutThatDayEndsEarlier(t *testing.T) {
	for from, want := range map[household.Date]household.Date{20260831: 20270228, 20230831: 20240229, 20260630: 20261230} {
		if got := Months(from, 6); got != want {
			t.Errorf("six months from %s: %s", from, got)
		}
	}
}

func TestNoScheduleIsGuessed(t *testing.T) {
	if got, err := year2026(t).After(20261230, 5); err == nil {
		t.Errorf("counted into a year without schedule: %s", got)
	}
}

func TestAScheduleThatContradictsItselfIsRefused(t *testing.T) {
	for _, y := range []Year{{Year: 2026, Off: []household.Date{20250101}}, {Year: 2026, Off: []household.Date{20260509}, Work: []household.Date{20260509}}} {
		if _, err := New([]Year{y}); err == nil {
			t.Errorf("%v was taken", y)
		}
	}
}

func TestTheCalendarSaysWhereItEnds(t *testing.T) {
	c, err := New([]Year{{Year: 2026}, {Year: 2027}, {Year: 2029}})
	if err != nil {
		t.Fatal(err)
	}
	for day, want := range map[household.Date]household.Date{20260101: 20271231, 20271231: 20271231, 20290615: 20291231} {
		if got, ok := c.Ends(day); got != want || !ok {
			t.Errorf("from %s it ends on %s, want %s", day, got, want)
		}
	}
	if _, ok := c.Ends(20280101); ok {
		t.Error("it knows a year that is not there")
	}
}
