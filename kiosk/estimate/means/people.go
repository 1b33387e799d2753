package means

import (
	"yimen/kiosk/estimate/trace"
	"yimen/kiosk/household"
	"yimen/kiosk/policy"
	"yimen/kiosk/policy/condition"
)

// WhoCounts settles who counts (domain.md §4.1): a person counts where a rule of group counted holds and none of
// group excluded does. One line for each person says which rule settled it.
func (w *Working) WhoCounts() {
	n := w.Answers.MemberCount()
	if n == 0 {
		w.Missing(household.Size)
	}
	counted, excluded := w.Pack.Rules(policy.GroupCounted), w.Pack.Rules(policy.GroupExcluded)
	for subject := 1; subject <= n; subject++ {
		w.person(subject, w.First(counted, subject), w.First(excluded, subject))
	}
	count := w.Step("WHO.COUNT")
	switch {
	case w.Open:
		w.Line(count, 0, notKnown)
	case len(w.Counted) == 0:
		w.Open, w.Manual = true, true
		w.Line(count, 0, notMet)
	default:
		w.Result.Counted = len(w.Counted)
		w.Line(count, 0, figure, trace.Fill("n", trace.Count(w.Result.Counted))).Gave(w.People())
	}
}

// person settles whether one counts, by the first rules that hold for and against it.
func (w *Working) person(subject int, counts, out Settled) {
	switch {
	case out.Rule != nil:
		w.Line(out.Rule, subject, figure).Gave(policy.Number{})
	case counts.Rule != nil && len(out.Missing) == 0:
		w.Counted = append(w.Counted, subject)
		w.Line(counts.Rule, subject, figure).Gave(policy.Whole(1))
	case len(counts.Missing)+len(out.Missing) > 0:
		w.Missing(counts.Missing...)
		w.Missing(out.Missing...)
		w.Line(w.Step("WHO.NOT"), subject, notKnown)
	default:
		w.Line(w.Step("WHO.NOT"), subject, notMet).Gave(policy.Number{})
	}
}

// Settled is the first rule of a group that holds for a person or, where none does, what is missing to know.
type Settled struct {
	Rule    *policy.Rule
	Missing []household.Key
}

func (w *Working) First(rules []*policy.Rule, subject int) (s Settled) {
	for _, r := range rules {
		switch r.Truth(&w.Facts, subject) {
		case condition.Holds:
			return Settled{Rule: r}
		case condition.NotKnown:
			s.Missing = append(s.Missing, r.Find(&w.Facts, subject).Missing...)
		}
	}
	return s
}

// People is how many count, as a number to reckon with.
func (w *Working) People() policy.Number { return policy.Whole(int64(len(w.Counted))) }

// Who names a person without naming anyone: the result holds no name (domain.md T12).
func (w *Working) Who(subject int) trace.Value {
	if subject < len(w.names) && w.names[subject] != nil {
		return *w.names[subject]
	}
	relation := w.Answers.Get(household.Key{Scope: household.Member, Subject: subject, Fact: "relation"})
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
func (b *Basis) call(p person) trace.Value {
	if p.subject == 1 {
		return trace.Spoken(b.Pack.Text("person.applicant"))
	}
	title := b.Pack.Text("relation." + p.relation)
	if p.relation == "" {
		title = b.Pack.Text("answer.unknown")
	}
	s := trace.Say(b.Pack.Text("person.other"), trace.Fill("n", trace.Count(p.subject)), trace.Fill("relation", trace.Spoken(title)))
	return trace.Said(&s)
}
