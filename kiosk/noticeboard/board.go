package noticeboard

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"yimen/kiosk/household"
)

// Board holds the notices that came; which of them hang is a matter of the day alone, so they go when they are over though
// no line to anybody is up. It may be used by many goroutines.
type Board struct {
	mu      sync.Mutex
	notices map[string]Notice
}

// Post hangs a notice; one of the same number takes the other's place.
func (b *Board) Post(n Notice) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.notices == nil {
		b.notices = map[string]Notice{}
	}
	b.notices[n.No] = n
}

// Withdraw takes a notice down before its time; one that does not hang is no matter.
func (b *Board) Withdraw(no string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.notices, no)
}

// Hanging gives the notices of a day, the one that is over soonest first, and lets go of those that are over.
func (b *Board) Hanging(on household.Date) []Notice {
	b.mu.Lock()
	defer b.mu.Unlock()
	list := []Notice{}
	for no, n := range b.notices {
		switch {
		case n.Hangs(on):
			list = append(list, n)
		case n.Last < on:
			delete(b.notices, no)
		}
	}
	slices.SortFunc(list, func(x, y Notice) int { return cmp.Or(cmp.Compare(x.Last, y.Last), cmp.Compare(x.No, y.No)) })
	return list
}

// days counts from one day to another.
func days(from, to household.Date) int {
	return int(noon(to).Sub(noon(from)) / (24 * time.Hour))
}

func noon(d household.Date) time.Time {
	return time.Date(int(d)/10000, time.Month(int(d)/100%100), int(d)%100, 12, 0, 0, 0, time.UTC)
}
