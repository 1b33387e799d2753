package turns

import (
	"fmt"
	"time"
)

// shares divides the line between kinds while entries of several wait. The line's time is what is scarce, so that is
// what is counted: the kind that has had the least of it, by its share, is next. A kind of a large share goes ahead
// almost always, and no kind waits for ever.
type shares struct {
	of  map[string]int           // a kind's share; 1 where it is not named
	had map[string]time.Duration // time on the line, divided by the share
}

// leastTurn is what an attempt counts at least: many that fail at once are not free.
const leastTurn = 10 * time.Millisecond

func newShares(of map[string]int) shares {
	return shares{of: of, had: make(map[string]time.Duration)}
}

// used records that an attempt at an entry of a kind took the line for so long.
func (s shares) used(kind string, took time.Duration) {
	s.had[kind] += max(took, leastTurn) / time.Duration(max(s.of[kind], 1))
}

// returns lets a kind of which nothing waited begin where the others stand: what it did not use is not saved up.
func (s shares) returns(kind string, others map[string]bool) {
	var least time.Duration
	first := true
	for other := range others {
		if first || s.had[other] < least {
			least, first = s.had[other], false
		}
	}
	s.had[kind] = max(s.had[kind], least)
}

// CheckShares refuses what cannot be a share.
func CheckShares(of map[string]int) error {
	for kind, share := range of {
		if share < 1 {
			return fmt.Errorf("share %d of kind %q: want 1 or more", share, kind)
		}
	}
	return nil
}
