package condition

import (
	"slices"

	"yimen/kiosk/household"
)

// Facts are one household's answers laid out for its conditions: rows instead of keys, each age reckoned once. They are
// for one goroutine.
type Facts struct {
	answers  household.Answers
	on       household.Date   // ages are of this day; zero for the day the answers name
	rows     [3]household.Row // of whom a condition speaks, by who
	numbers  [3]int           // their subjects
	subjects household.Scope  // whose row the subject's is; empty before the first
	ages     []int            // by member: years, or one of noAge and notLooked

	naming  bool // what is missing is wanted
	missing []household.Key
}

// who says of whom a fact is read.
type who int

const (
	theHousehold who = iota
	theSubject       // member.X, supporter.X
	theTurn          // .X within any, all and count
)

const (
	noAge     = -1
	notLooked = -2
)

// Lay lays answers out for a day, in place of those before.
func (f *Facts) Lay(a household.Answers, on household.Date) {
	f.answers, f.on, f.subjects = a, on, household.Household
	f.rows[theHousehold] = a.Row(household.Household, 0)
	f.ages = f.ages[:0]
	for range a.MemberCount() + 1 {
		f.ages = append(f.ages, notLooked)
	}
}

// look makes a subject the one of whom is read.
func (f *Facts) look(w who, scope household.Scope, subject int) {
	f.rows[w], f.numbers[w] = f.answers.Row(scope, subject), subject
}

// age gives the years of a member; noAge where they cannot be known.
func (f *Facts) age(subject int) int {
	if subject >= 0 && subject < len(f.ages) && f.ages[subject] != notLooked {
		return f.ages[subject]
	}
	age, ok := 0, false
	if f.on != 0 {
		age, ok = f.answers.AgeOn(subject, f.on)
	} else {
		age, ok = f.answers.AgeOf(subject)
	}
	if !ok {
		age = noAge
	}
	if subject >= 0 && subject < len(f.ages) {
		f.ages[subject] = age
	}
	return age
}

// lacks notes an answer that is missing.
func (f *Facts) lacks(k household.Key) {
	if f.naming {
		f.missing = append(f.missing, k)
	}
}

// forget drops what was noted after a mark: it no longer matters.
func (f *Facts) forget(mark int) {
	if f.naming {
		f.missing = f.missing[:mark]
	}
}

// named gives what was noted, each key once, and begins anew.
func (f *Facts) named() []household.Key {
	var keys []household.Key
	for _, k := range f.missing {
		if !slices.Contains(keys, k) {
			keys = append(keys, k)
		}
	}
	f.missing = f.missing[:0]
	return keys
}
