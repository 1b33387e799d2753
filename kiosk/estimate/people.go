package estimate

import (
	"strconv"

	"yimen/kiosk/household"
	"yimen/kiosk/policy"
	"yimen/kiosk/policy/condition"
)

// whoCounts settles who counts (domain.md §4.1): a person counts where a rule of group counted holds and none of
// group excluded does. One line for each person says which rule settled it.
func (w *working) whoCounts() {
	n := w.a.MemberCount()
	if n == 0 {
		w.missing([]household.Key{household.Size})
	}
	for subject := 1; subject <= n; subject++ {
		w.person(subject)
	}
	count := w.step("WHO.COUNT")
	switch {
	case w.open:
		w.line(count, 0, NotKnown, nil)
	case len(w.counted) == 0:
		w.open, w.manual = true, true
		w.line(count, 0, NotMet, nil)
	default:
		w.r.Counted = len(w.counted)
		w.line(count, 0, Figure, words{{"n", number(w.r.Counted)}}, strconv.Itoa(w.r.Counted))
	}
}

func (w *working) person(subject int) {
	counts := w.first(policy.GroupCounted, subject)
	out := w.first(policy.GroupExcluded, subject)
	switch {
	case out.rule != nil:
		w.line(out.rule, subject, Figure, nil, "0")
	case counts.rule != nil && len(out.missing) == 0:
		w.counted = append(w.counted, subject)
		w.line(counts.rule, subject, Figure, nil, "1")
	case len(counts.missing)+len(out.missing) > 0:
		w.missing(append(counts.missing, out.missing...))
		w.line(w.step("WHO.NOT"), subject, NotKnown, nil)
	default:
		w.line(w.step("WHO.NOT"), subject, NotMet, nil, "0")
	}
}

// settled is the first rule of a group that holds for a person or, where none does, what is missing to know.
type settled struct {
	rule    *policy.Rule
	missing []household.Key
}

func (w *working) first(g policy.Group, subject int) (s settled) {
	for _, r := range w.pack.Rules(g) {
		switch f := r.Find(w.facts, subject); f.Truth {
		case condition.Holds:
			return settled{rule: r}
		case condition.NotKnown:
			s.missing = append(s.missing, f.Missing...)
		}
	}
	return s
}

// people is how many count, as a number to reckon with.
func (w *working) people() policy.Number { return policy.Whole(int64(len(w.counted))) }

// who names a person without naming anyone: the result holds no name (domain.md T12).
func (w *working) who(subject int) value {
	if subject < len(w.called) && w.called[subject].sentence != nil {
		return w.called[subject]
	}
	if subject == 1 {
		return spoken(w.pack.Text("person.applicant"))
	}
	relation := w.a.Get(household.Key{Scope: household.Member, Subject: subject, Fact: "relation"})
	title := w.pack.Text("relation." + relation.Code)
	if relation.State != household.Given {
		title = w.pack.Text("answer.unknown")
	}
	called := value{sentence: &Sentence{w.pack.Text("person.other"), words{{"n", number(subject)}, {"relation", spoken(title)}}}}
	if subject < len(w.called) {
		w.called[subject] = called
	}
	return called
}

func number(n int) value { return plain(strconv.Itoa(n)) }
