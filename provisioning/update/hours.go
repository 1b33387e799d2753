package update

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Hours are when a hall is open. None is never.
type Hours []opening

// opening is some days' hours.
type opening struct {
	days     []time.Weekday
	from, to time.Duration // since midnight
}

// Open says whether the hall is open at a time, which is in the hall's zone.
func (h Hours) Open(at time.Time) bool {
	clock := time.Duration(at.Hour())*time.Hour + time.Duration(at.Minute())*time.Minute
	return slices.ContainsFunc(h, func(o opening) bool {
		return slices.Contains(o.days, at.Weekday()) && clock >= o.from && clock < o.to
	})
}

// week is the days as they are written, in their order.
var week = []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}

// ParseHours reads lines such as "mon-fri 08:30-17:30" and "sat 09:00-12:00".
func ParseHours(lines []string) (Hours, error) {
	var all Hours
	for _, line := range lines {
		days, hours, found := strings.Cut(line, " ")
		from, to, ranged := strings.Cut(strings.TrimSpace(hours), "-")
		o := opening{days: parseDays(days)}
		var fromErr, toErr error
		o.from, fromErr = sinceMidnight(from)
		o.to, toErr = sinceMidnight(to)
		if !found || !ranged || len(o.days) == 0 || fromErr != nil || toErr != nil || o.from >= o.to {
			return nil, fmt.Errorf("%q: want days and hours such as mon-fri 08:30-17:30", line)
		}
		all = append(all, o)
	}
	return all, nil
}

// parseDays reads mon or mon-fri; none where it is neither.
func parseDays(s string) []time.Weekday {
	first, last, ranged := strings.Cut(s, "-")
	if !ranged {
		last = first
	}
	from, to := slices.Index(week, first), slices.Index(week, last)
	if from < 0 || to < from {
		return nil
	}
	var days []time.Weekday
	for i := from; i <= to; i++ {
		days = append(days, time.Weekday((i+1)%7)) // ours begins on Monday, Go's on Sunday
	}
	return days
}

// sinceMidnight reads 08:30; 24:00 is the day's end.
func sinceMidnight(s string) (time.Duration, error) {
	if s == "24:00" {
		return 24 * time.Hour, nil
	}
	t, err := time.Parse("15:04", s)
	return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute, err
}
