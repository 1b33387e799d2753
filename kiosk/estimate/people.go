package estimate

import (
	"yimen/kiosk/estimate/trace"
	"yimen/kiosk/household"
	"yimen/kiosk/policy"
	"yimen/kiosk/policy/condition"
)

// whoCounts settles who counts (domain.md §4.1): a person counts where a rule of group counted holds and none of
// group excluded does. One line for each person says which rule settled it.
func (w *working) whoCounts() {
	n := w.a.MemberCount()
	if n == 0 {
		w.missing(household.Size)
	}
	counted, excluded := w.pack.Rules(policy.GroupCounted), w.pack.Rules(policy.GroupExcluded)
	for subject := 1; subject <= n; subject++ {
		w.person(subject, w.first(counted, subject), w.first(excluded, subject))
	}
	count := w.step("WHO.COUNT")
	switch {
	case w.open:
		w.line(count, 0, NotKnown)
	case len(w.counted) == 0:
		w.open, w.manual = true, true
		w.line(count, 0, NotMet)
	default:
		w.r.Counted = len(w.counted)
		w.line(count, 0, Figure, word("n", number(w.r.Counted))).Gave(w.people())
	}
}

// person settles whether one counts, by the first rules that hold for and against it.
func (w *working) person(subject int, counts, out settled) {
	switch {
	case out.rule != nil:
		w.line(out.rule, subject, Figure).Gave(policy.Number{})
	case counts.rule != nil && len(out.missing) == 0:
		w.counted = append(w.counted, subject)
		w.line(counts.rule, subject, Figure).Gave(policy.Whole(1))
	case len(counts.missing)+len(out.missing) > 0:
		w.missing(counts.missing...)
		w.missing(out.missing...)
		w.line(w.step("WHO.NOT"), subject, NotKnown)
	default:
		w.line(w.step("WHO.NOT"), subject, NotMet).Gave(policy.Number{})
	}
}

// settled is the first rule of a group that holds for a person or, where none does, what is missing to know.
type settled struct {
	rule    *policy.Rule
	missing []household.Key
}

func (w *working) first(rules []*policy.Rule, subject int) (s settled) {
	for _, r := range rules {
		switch r.Truth(&w.facts, subject) {
		case condition.Holds:
			return settled{rule: r}
		case condition.NotKnown:
			s.missing = append(s.missing, r.Find(&w.facts, subject).Missing...)
		}
	}
	return s
}

// people is how many count, as a number to reckon with.
func (w *working) people() policy.Number { return policy.Whole(int64(len(w.counted))) }

// who names a person without naming anyone: the result holds no name (domain.md T12).
func (w *working) who(subject int) trace.Value {
	if subject < len(w.names) && w.names[subject] != nil {
		return *w.names[subject]
	}
	relation := w.a.Get(household.Key{Scope: household.Member, Subject: subject, Fact: "relation"})
	p := person{subject, relation.Code}
	if relation.State != household.Given {
		p.relation = ""
	}
	name, known := w.called[p]
	if !known {
		called := w.call(p)
		name = &called
		w.called[p] = name
	}
	if subject < len(w.names) {
		w.names[subject] = name
	}
	return *name
}

// call finds what a person is called.
func (e *Estimator) call(p person) trace.Value {
	if p.subject == 1 {
		return trace.Spoken(e.pack.Text("person.applicant"))
	}
	title := e.pack.Text("relation." + p.relation)
	if p.relation == "" {
		title = e.pack.Text("answer.unknown")
	}
	s := trace.Say(e.pack.Text("person.other"), word("n", number(p.subject)), word("relation", trace.Spoken(title)))
	return trace.Said(&s)
}
