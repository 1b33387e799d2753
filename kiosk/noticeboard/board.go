package noticeboard

import (
	"cmp"
	"slices"
	"time"

	"yimen/kiosk/household"
)

// Hanging gives those of the notices that came which hang on a day, the one that is over soonest first. It is a matter of
// the day alone: what is over is gone though no line to anybody is up.
func Hanging(came []Notice, on household.Date) []Notice {
	list := slices.DeleteFunc(slices.Clone(came), func(n Notice) bool { return !n.Hangs(on) })
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
