package main

import (
	"fmt"

	"yimen/kiosk/household"
	"yimen/kiosk/policy"
	"yimen/kiosk/policy/calendar"
)

// warnedBefore is how many days before a calendar ends its pack is warned about: a notice of the State Council comes out some
// weeks before the year it is for.
const warnedBefore = 60

// calendarWarning says that a pack's calendar ends soon, or has ended; empty where there is time. The longest promise is 45
// working days, so that deadlines past the end cannot be told some time before it comes.
func calendarWarning(p *policy.Pack, today household.Date) string {
	if p.Calendar == nil {
		return "the pack has no calendar: no deadline can be told"
	}
	last, known := p.Calendar.Ends(today)
	switch {
	case !known:
		return fmt.Sprintf("the calendar knows nothing of %s: no deadline can be told; add the year's days", today)
	case last <= calendar.Days(today, warnedBefore):
		return fmt.Sprintf("the calendar ends on %s: add the next year's days before then, or no deadline can be told", last)
	}
	return ""
}
