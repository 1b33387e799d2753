package status

import (
	"fmt"
	"time"

	"yimen/provisioning/hub/fleet"
)

// chart is a small chart of bars, one unit wide for each slot of the fleet's history.
type chart struct {
	Width, Height int
	Most          int    // what the highest bar stands for
	Bars          string // an SVG path: the outline of all bars, from the lower left corner on
	Gaps          []gap  // where nothing was heard
}

type gap struct{ X, W int } // in units

const (
	slots  = int(fleet.History / fleet.Slot)
	height = 32
	// least is what a full bar stands for at least: a single waiting envelope must not look like a mountain.
	least = 5
)

// barsOf draws numbers by the beginning of their slot. With gaps, slots without a number after the first are marked.
func barsOf(numbers map[time.Time]int, now time.Time, gaps bool) chart {
	c := chart{Width: slots, Height: height, Most: least}
	for _, n := range numbers {
		c.Most = max(c.Most, n)
	}
	begin := now.Truncate(fleet.Slot).Add(-time.Duration(slots-1) * fleet.Slot)
	outline := fmt.Appendf(nil, "M0 %d", height)
	heard, before := false, 0
	for x := range slots {
		n, found := numbers[begin.Add(time.Duration(x)*fleet.Slot).UTC()]
		heard = heard || found
		h := 0
		if n > 0 {
			h = max(1, n*height/c.Most)
		}
		if h != before {
			outline = fmt.Appendf(outline, "H%dV%d", x, height-h)
		}
		before = h
		if !found && gaps && heard {
			c.Gaps = longer(c.Gaps, x)
		}
	}
	c.Bars = string(fmt.Appendf(outline, "H%dV%dZ", slots, height))
	return c
}

// longer adds a slot to the last gap, or begins one.
func longer(gaps []gap, x int) []gap {
	if last := len(gaps) - 1; last >= 0 && gaps[last].X+gaps[last].W == x {
		gaps[last].W++
		return gaps
	}
	return append(gaps, gap{x, 1})
}

func waitingIn(points []fleet.Point) map[time.Time]int {
	numbers := map[time.Time]int{}
	for _, p := range points {
		numbers[p.Slot.UTC()] = p.Waiting
	}
	return numbers
}

// together counts in each slot how many terminals were heard, and what waited at them.
func together(past map[string][]fleet.Point) (heard, waiting map[time.Time]int) {
	heard, waiting = map[time.Time]int{}, map[time.Time]int{}
	for _, points := range past {
		for _, p := range points {
			heard[p.Slot.UTC()]++
			waiting[p.Slot.UTC()] += p.Waiting
		}
	}
	return heard, waiting
}
