package docket

import (
	"slices"

	"yimen/kiosk/household"
	"yimen/kiosk/inquiry"
	"yimen/kiosk/policy"
	"yimen/kiosk/policy/calendar"
)

// soon is how many working days before the last the light turns yellow (domain.md §3.4).
const soon = 3

// after gives the last day of a time that begins on a day, which is not counted, nor is any day of a pause; false where the
// calendar does not know the year: no schedule is guessed.
func after(p *policy.Pack, d household.Date, days int64, working bool, pauses []span) (household.Date, bool) {
	if p.Calendar == nil {
		return 0, false
	}
	for days > 0 {
		d = calendar.Days(d, 1)
		counts := !paused(pauses, d)
		if working && counts {
			var err error
			if counts, err = p.Calendar.Working(d); err != nil {
				return 0, false
			}
		}
		if counts {
			days--
		}
	}
	if working {
		return d, true
	}
	last, err := p.Calendar.Last(d)
	return last, err == nil
}

// span is some days, both ends among them.
type span struct{ first, last household.Date }

func paused(pauses []span, d household.Date) bool {
	return slices.ContainsFunc(pauses, func(s span) bool { return s.first <= d && d <= s.last })
}

// inSLA is the parameter that says whether the days of a public notice count in the promised time (domain.md trap 9).
const inSLA = "publicity_in_sla"

// pauses gives the days that do not count in the promised time of a case whose clock began on a day: those of its notices
// before a decision, where the region says so. Where it is not known whether they count, they do: the resident is promised
// the earlier day.
func (b *Book) pauses(c *Case, began household.Date) (list []span) {
	counts, err := c.Pack.Param(inSLA, began)
	if err != nil || counts.Amount == nil || counts.Amount.Sign() != 0 {
		return nil
	}
	for _, h := range c.Notices {
		last := h.Last
		if h.Down != 0 {
			last = min(last, calendar.Days(h.Down, -1))
		}
		if !h.Result {
			list = append(list, span{h.First, last})
		}
	}
	return list
}

// promised is the day by which the whole is promised; 0 where no clock runs or no calendar reaches it.
func (b *Book) promised(c *Case) household.Date {
	began, runs := b.began(c)
	if !runs || c.Stage(c.Now().Code).Decided {
		return 0
	}
	return b.promisedFrom(c, began, c.Extended)
}

// began is the day on which the clock of the whole began; false where there is none, or not yet.
func (b *Book) began(c *Case) (household.Date, bool) {
	i := slices.IndexFunc(c.Stages, func(e Entered) bool { return e.Code == c.Flow.Clock.From })
	if c.Flow.Clock.Days == 0 || i < 0 {
		return 0, false
	}
	return b.day(c.Stages[i].At), true
}

// promisedFrom is the promised day of a case whose clock began on a day.
func (b *Book) promisedFrom(c *Case, began household.Date, extended bool) household.Date {
	days := c.Flow.Clock.Days
	if extended {
		days = c.Flow.Clock.Extended
	}
	last, _ := after(c.Pack, began, days, c.Flow.Clock.Working, b.pauses(c, began))
	return last
}

// due is the day by which the next step is due; 0 where no rule says or no calendar reaches it.
func (b *Book) due(c *Case, at Entered) household.Date {
	d, ok := c.Flow.DueAfter(at.Code)
	if !ok {
		return 0
	}
	from := b.day(at.At)
	if n, hung := c.Hanging(); d.Notice && hung {
		from = n.Last
	}
	last, _ := after(c.Pack, from, d.Days, d.Working, nil)
	return last
}

// Lights gives the promised day, the day of the next step, and the more pressing light of the two.
func (b *Book) Lights(c Case) (promised, next household.Date, light inquiry.Light) {
	promised, next, light = b.promised(&c), b.due(&c, c.Now()), b.promisedLight(&c)
	if l := b.light(&c, next, nil); press[l] > press[light] {
		light = l
	}
	return promised, next, light
}

// promisedLight is how the promised day stands alone.
func (b *Book) promisedLight(c *Case) inquiry.Light {
	promised := b.promised(c)
	if promised == 0 {
		return inquiry.LightNone
	}
	began, _ := b.began(c)
	return b.light(c, promised, b.pauses(c, began))
}

var press = map[inquiry.Light]int{inquiry.LightNone: 0, inquiry.LightGreen: 1, inquiry.LightYellow: 2, inquiry.LightRed: 3}

// light is how a day by which something is due stands today; days that do not count in its time are none that are left.
func (b *Book) light(c *Case, last household.Date, pauses []span) inquiry.Light {
	today := b.today()
	switch {
	case last == 0:
		return inquiry.LightNone
	case today > last:
		return inquiry.LightRed
	}
	// Where the calendar ends within the next days, the last day, which it knows, is among them.
	if near, ok := after(c.Pack, today, soon, true, pauses); !ok || last <= near {
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
