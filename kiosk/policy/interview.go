package policy

import (
	"maps"
	"slices"

	"yimen/kiosk/household"
	"yimen/kiosk/policy/condition"
	"yimen/kiosk/policy/guide"
)

// Asked is one question put to one subject.
type Asked struct {
	Key      household.Key
	Question *Question
	Section  *Section
	Subject  int // 0 for the household
}

// Questions gives every question of a form that applies now, in order, answered or not. A question whose
// condition waits for an answer still to come is left out until then; one whose condition the resident does
// not know ("不清楚") is asked, so that not knowing never closes a door. Ages in conditions are reckoned on
// the day household.AsOf, which the caller states before the first question.
func (p *Pack) Questions(form string, a household.Answers) (list []Asked) {
	f, ok := p.forms[form]
	if !ok {
		return nil
	}
	for i := range f.Sections {
		s := &f.Sections[i]
		first, last := subjects(s, a)
		for subject := first; subject <= last; subject++ {
			for j := range s.Questions {
				q := &s.Questions[j]
				if p.applies(s, s.When, a, subject) && p.applies(s, q.When, a, subject) {
					list = append(list, Asked{keyOf(s, q, subject), q, s, subject})
				}
			}
		}
	}
	return list
}

// Question gives the first question, by the forms' ids, that asks for a fact; false where no form does.
func (p *Pack) Question(scope household.Scope, fact string) (*Question, bool) {
	for _, id := range slices.Sorted(maps.Keys(p.forms)) {
		f := p.forms[id]
		for i := range f.Sections {
			s := &f.Sections[i]
			for j := range s.Questions {
				if q := &s.Questions[j]; q.Fact == fact && household.Scope(s.Each) == scope {
					return q, true
				}
			}
		}
	}
	return nil, false
}

// Names reports whether the pack has a name for a programme of the estimate.
func (p *Pack) Names(programme string) bool {
	return slices.ContainsFunc(p.programmes, func(g guide.Programme) bool { return g.ID == programme })
}

func keyOf(s *Section, q *Question, subject int) household.Key {
	return household.Key{Scope: household.Scope(s.Each), Subject: subject, Fact: q.Fact}
}

// subjects gives the range of people a section is asked about; 0,0 for the household, empty while nobody has
// said how many there are. The applicant is there before the count is.
func subjects(s *Section, a household.Answers) (first, last int) {
	if s.Each == "" {
		return 0, 0
	}
	first, last = max(s.From, 1), 0
	count := a.Get(household.Key{Fact: s.Count})
	if count.State == household.Given {
		last = int(min(max(count.Number, 0), household.MostPeople))
	}
	if s.Count == "" {
		last = first
	}
	return first, last
}

func (p *Pack) applies(s *Section, when string, a household.Answers, subject int) bool {
	if when == "" {
		return true
	}
	found := p.conditions[conditionKey{when, household.Scope(s.Each)}].Find(a, subject)
	if found.Truth != condition.NotKnown {
		return found.Truth == condition.Holds
	}
	for _, k := range found.Missing {
		if a.Get(k).State == household.NotYet {
			return false
		}
	}
	return true
}
