package docket

import (
	"yimen/kiosk/household"
	"yimen/kiosk/inquiry"
	"yimen/kiosk/policy"
	"yimen/kiosk/policy/calendar"
)

// soon is how many working days before the last the light turns yellow (domain.md §3.4).
const soon = 3

// after gives the last day of a time that begins on a day, which is not counted; false where the calendar does not know
// the year: no schedule is guessed.
func after(p *policy.Pack, d household.Date, days int64, working bool) (household.Date, bool) {
	if p.Calendar == nil {
		return 0, false
	}
	var last household.Date
	var err error
	if working {
		last, err = p.Calendar.After(d, int(days))
	} else {
		last, err = p.Calendar.Last(calendar.Days(d, int(days)))
	}
	return last, err == nil
}

// promised is the day by which the whole is promised; 0 where no clock runs or no calendar reaches it.
func (b *Book) promised(c *Case) household.Date {
	clock := c.Flow.Clock
	if clock.Days == 0 || c.Stage(c.Now().Code).Decided {
		return 0
	}
	for _, s := range c.Stages {
		if s.Code == clock.From {
			return b.promisedFrom(c, b.day(s.At), c.Extended)
		}
	}
	return 0
}

// promisedFrom is the promised day of a case whose clock began on a day.
func (b *Book) promisedFrom(c *Case, began household.Date, extended bool) household.Date {
	days := c.Flow.Clock.Days
	if extended {
		days = c.Flow.Clock.Extended
	}
	last, _ := after(c.Pack, began, days, c.Flow.Clock.Working)
	return last
}

// due is the day by which the next step is due; 0 where no rule says or no calendar reaches it.
func (b *Book) due(c *Case, at Entered) household.Date {
	d, ok := c.Flow.DueAfter(at.Code)
	if !ok {
		return 0
	}
	last, _ := after(c.Pack, b.day(at.At), d.Days, d.Working)
	return last
}

// Lights gives the promised day, the day of the next step, and the more pressing light of the two.
func (b *Book) Lights(c Case) (promised, next household.Date, light inquiry.Light) {
	promised, next = b.promised(&c), b.due(&c, c.Now())
	light = b.light(&c, promised)
	if l := b.light(&c, next); press[l] > press[light] {
		light = l
	}
	return promised, next, light
}

var press = map[inquiry.Light]int{inquiry.LightNone: 0, inquiry.LightGreen: 1, inquiry.LightYellow: 2, inquiry.LightRed: 3}

func (b *Book) light(c *Case, last household.Date) inquiry.Light {
	today := b.today()
	switch {
	case last == 0:
		return inquiry.LightNone
	case today > last:
		return inquiry.LightRed
	}
	// Where the calendar ends within the next days, the last day, which it knows, is among them.
	if near, ok := after(c.Pack, today, soon, true); !ok || last <= near {
		return inquiry.LightYellow
	}
	return inquiry.LightGreen
}

// remedies gives the last days of both remedies for what was served on a day (行政复议法 article 20, 行政诉讼法 article 46).
// Where the calendar does not know the year the day is not moved on from a holiday: that is never later than the true one.
func remedies(p *policy.Pack, served household.Date) Remedies {
	const days, months = 60, 6
	moved := func(d household.Date) household.Date {
		if p.Calendar == nil {
			return d
		}
		if last, err := p.Calendar.Last(d); err == nil {
			return last
		}
		return d
	}
	return Remedies{Reconsider: moved(calendar.Days(served, days)), Sue: moved(calendar.Months(served, months))}
}
