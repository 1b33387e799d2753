// Package calendar counts the days of clocks and deadlines (domain.md §3.4): working days by the State Council's
// yearly schedule and a region's own holidays, calendar days, and months. Which days are off is data.
package calendar

import (
	"fmt"
	"time"

	"yimen/kiosk/household"
)

// Year is one year's schedule: weekdays that are off and weekend days that are worked. A region adds its own
// ethnic holidays to off.
type Year struct {
	Year int64            `yaml:"year"`
	Off  []household.Date `yaml:"off"`
	Work []household.Date `yaml:"work"`
}

// Calendar knows the years it was given and no other.
type Calendar struct {
	years     map[int]bool
	off, work map[household.Date]bool
}

// New makes a calendar. Its error names a day that does not lie in its year or stands on both sides.
func New(years []Year) (*Calendar, error) {
	c := &Calendar{map[int]bool{}, map[household.Date]bool{}, map[household.Date]bool{}}
	for _, y := range years {
		c.years[int(y.Year)] = true
		for _, d := range y.Off {
			c.off[d] = true
		}
		for _, d := range y.Work {
			c.work[d] = true
		}
		for _, d := range append(append([]household.Date{}, y.Off...), y.Work...) {
			if int64(d)/10000 != y.Year || c.off[d] && c.work[d] {
				return nil, fmt.Errorf("calendar %d: %s lies in another year or is both off and worked", y.Year, d)
			}
		}
	}
	return c, nil
}

// Ends gives the last day of which the calendar knows whether it is worked, counted on from d without a gap; false where it
// does not even know d.
func (c *Calendar) Ends(d household.Date) (household.Date, bool) {
	year := int(d) / 10000
	if !c.years[year] {
		return 0, false
	}
	for c.years[year+1] {
		year++
	}
	return household.Date(year*10000 + 1231), true
}

// Working reports whether d is a working day. A day of a year that the calendar does not know is an error: no
// schedule is guessed.
func (c *Calendar) Working(d household.Date) (bool, error) {
	if !c.years[int(d)/10000] {
		return false, fmt.Errorf("calendar: no schedule for the year of %s", d)
	}
	switch {
	case c.off[d]:
		return false, nil
	case c.work[d]:
		return true, nil
	}
	w := at(d).Weekday()
	return w != time.Saturday && w != time.Sunday, nil
}

// After gives the n-th working day after d; the day itself is not counted (R16 article 201).
func (c *Calendar) After(d household.Date, n int) (household.Date, error) {
	for n > 0 {
		d = household.DateOf(at(d).AddDate(0, 0, 1))
		working, err := c.Working(d)
		if err != nil {
			return 0, err
		}
		if working {
			n--
		}
	}
	return d, nil
}

// Last moves a deadline that falls on a day off to the next working day (R16 article 203).
func (c *Calendar) Last(d household.Date) (household.Date, error) {
	working, err := c.Working(d)
	if err != nil || working {
		return d, err
	}
	return c.After(d, 1)
}

// Days gives the day n calendar days after d.
func Days(d household.Date, n int) household.Date {
	return household.DateOf(at(d).AddDate(0, 0, n))
}

// Months gives the day of the same number n months after d, or the month's last where there is none.
func Months(d household.Date, n int) household.Date {
	t := at(d)
	first := time.Date(t.Year(), t.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return household.DateOf(first.AddDate(0, 0, min(t.Day(), last)-1))
}

// Notice gives the days of a public notice put up on posted: the first and last of its days and the day from
// which the next step may be taken. Whether days are calendar or working days is the region's to say.
func (c *Calendar) Notice(posted household.Date, days int, working bool) (first, last, next household.Date, err error) {
	if !working {
		return Days(posted, 1), Days(posted, days), Days(posted, days+1), nil
	}
	if first, err = c.After(posted, 1); err != nil {
		return 0, 0, 0, err
	}
	if last, err = c.After(posted, days); err != nil {
		return 0, 0, 0, err
	}
	next, err = c.After(posted, days+1)
	return first, last, next, err
}

func at(d household.Date) time.Time {
	return time.Date(int(d)/10000, time.Month(int(d)/100%100), int(d)%100, 0, 0, 0, 0, time.UTC)
}
