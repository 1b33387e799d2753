package noticeboard

import (
	"cmp"
	"slices"
	"time"

	"yimen/kiosk/household"
)

// Hanging gives those of the notices that came which hang on a day: proposals, to which people may object, before results, and
// of each the one that is over soonest first. It is a matter of the day alone: what is over is gone though no line is up.
func Hanging(came []Notice, on household.Date) []Notice {
	list := slices.DeleteFunc(slices.Clone(came), func(n Notice) bool { return !n.Hangs(on) })
	slices.SortFunc(list, func(x, y Notice) int {
		return cmp.Or(after(x.Result, y.Result), cmp.Compare(x.Last, y.Last), cmp.Compare(x.No, y.No))
	})
	return list
}

// after orders what is so after what is not.
func after(x, y bool) int {
	switch {
	case x == y:
		return 0
	case x:
		return 1
	}
	return -1
}

// days counts from one day to another.
func days(from, to household.Date) int {
	return int(noon(to).Sub(noon(from)) / (24 * time.Hour))
}

func noon(d household.Date) time.Time {
	return time.Date(int(d)/10000, time.Month(int(d)/100%100), int(d)%100, 12, 0, 0, 0, time.UTC)
}
