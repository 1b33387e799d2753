package main

import (
	"strings"
	"testing"

	"yimen/kiosk/household"
	"yimen/kiosk/policy"
	"yimen/kiosk/policy/calendar"
)

func TestAPackIsWarnedAboutSixtyDaysBeforeItsCalendarEnds(t *testing.T) {
	two, err := calendar.New([]calendar.Year{{Year: 2026}, {Year: 2027}})
	if err != nil {
		t.Fatal(err)
	}
	for day, want := range map[household.Date]string{
		20261123: "", 20271031: "", 20271101: "ends on 2027-12-31", 20271231: "ends on 2027-12-31", 20280101: "knows nothing of 2028-01-01",
	} {
		if got := calendarWarning(&policy.Pack{Calendar: two}, day); (got == "") != (want == "") || !strings.Contains(got, want) {
			t.Errorf("on %s: %q, want %q", day, got, want)
		}
	}
	if got := calendarWarning(&policy.Pack{}, 20261123); !strings.Contains(got, "no calendar") {
		t.Errorf("without a calendar: %q", got)
	}
}

func TestTheShippedCalendarDoesNotEndWith2026(t *testing.T) {
	p, err := policy.Load("../kiosk/policy/packs/CN-150102")
	if err != nil {
		t.Fatal(err)
	}
	if warned := review(p, 20261231).Warning; warned != "" {
		t.Errorf("at the end of 2026: %s", warned)
	}
}
