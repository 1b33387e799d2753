package means

import (
	"yimen/kiosk/estimate/trace"
	"yimen/kiosk/household"
	"yimen/kiosk/policy"
	"yimen/kiosk/policy/condition"
)

// imputed is income that nobody can prove, reckoned by the person's labour coefficient (domain.md §4.3):
// coefficient × parameter × second parameter, over twelve months. A person is given one such income, by the
// First rule that holds, never two.
func (w *Working) imputed(rules []*policy.Rule, subject int) policy.Number {
	for _, r := range rules {
		if !w.Applies(r, subject) {
			continue
		}
		k, known := w.Lookup(r.Table, subject)
		base, a := w.Param(r.Param)
		times, b := w.Param(r.Times)
		if !known || !a || !b {
			w.Line(r, subject, notKnown)
			return policy.Number{}
		}
		sum := k.Mul(base).Mul(times)
		w.Line(r, subject, figure, trace.Fill("k", trace.Decimal(k)), trace.Fill("amount", trace.Yuan(sum))).Gave(sum).Used(
			trace.Taken(r.Table, k, ""), trace.Taken(r.Param, base, "fen"), trace.Taken(r.Times, times, ""))
		w.Reckoned[subject] = Sum{r, sum}
		return sum
	}
	return policy.Number{}
}

// support is what those obliged to support are reckoned to give over twelve months (domain.md §4.4), beyond
// what the members said they receive, which is income already: where more is given in fact, that counts.
func (w *Working) support() policy.Number {
	due := policy.Number{}
	rules := w.Pack.Rules(policy.GroupSupport)
	if len(rules) == 0 {
		return due
	}
	n, known := w.Answers.SupporterCount()
	if !known {
		w.Missing(household.Supporters)
		w.Line(rules[0], 0, notKnown, trace.Fill("n", trace.Spoken(w.Pack.Text("answer.unknown"))))
	}
	w.Dues = zeroed(w.Dues, n)
	for subject := 1; subject <= n; subject++ {
		for _, r := range rules {
			switch f := r.Find(&w.Facts, subject); f.Truth {
			case condition.NotKnown:
				w.Missing(f.Missing...)
				w.Line(r, 0, notKnown, trace.Fill("n", trace.Count(subject)))
			case condition.Holds:
				sum := w.due(r, subject)
				w.Dues[subject-1] = Sum{r, sum}
				due = due.Add(sum)
			}
		}
	}
	if due.Sign() == 0 || w.Received.Sign() == 0 {
		return due
	}
	w.Line(w.Step("SUP.ONCE"), 0, figure, trace.Fill("amount", trace.Yuan(w.Received))).Gave(w.Received)
	return due.Sub(w.Received).NotBelowZero()
}

// due is what one supporter is reckoned to give over twelve months to all parents here: the same to each
// (trap 7).
func (w *Working) due(r *policy.Rule, subject int) policy.Number {
	parents, known := w.supporterCount(subject, "parents")
	if known && parents.Sign() == 0 {
		return parents // one who owes support to no parent here: only what is given counts
	}
	w.Uses = w.Uses[:0]
	sum, ok := w.dueToOne(r, subject)
	if !known || !ok {
		w.Line(r, 0, notKnown, trace.Fill("n", trace.Count(subject)))
		return policy.Number{}
	}
	sum = sum.Mul(parents)
	w.Line(r, 0, figure, trace.Fill("n", trace.Count(subject)), trace.Fill("amount", trace.Yuan(sum))).Gave(sum).Used(w.Uses...)
	return sum
}

// dueToOne is what a supporter is reckoned to give one parent over twelve months: by a rule's table that share
// of the own income; else, the excess method, a share of what the supporter's household has above the standard.
// It adds to the figures used.
func (w *Working) dueToOne(r *policy.Rule, subject int) (policy.Number, bool) {
	if r.Table != "" {
		rate, known := w.Lookup(r.Table, subject)
		income, input, stated := w.Money(household.Supporter, subject, "income_12m")
		if !known || !stated {
			return policy.Number{}, false
		}
		w.Uses = append(w.Uses, input, trace.Taken(r.Table, rate, "share"))
		return income.Mul(rate), true
	}
	rate, settled := w.Param(r.Param)
	standard, known := w.Param("dibao.standard")
	income, input, stated := w.Money(household.Supporter, subject, "household_income")
	size, sized := w.supporterCount(subject, "household_size")
	parents, counted := w.supporterCount(subject, "parents")
	if !settled || !known || !stated || !sized || !counted || size.Sign() == 0 {
		return policy.Number{}, false
	}
	excess := income.Sub(standard.Mul(twelve).Mul(size)).NotBelowZero()
	w.Uses = append(w.Uses, input, trace.Taken(r.Param, rate, "share"))
	return excess.Mul(rate).Quo(parents), true
}

// supporterCount reads a number of people stated of a supporter.
func (w *Working) supporterCount(subject int, fact string) (policy.Number, bool) {
	k := household.Key{Scope: household.Supporter, Subject: subject, Fact: fact}
	v := w.Answers.Get(k)
	if v.State != household.Given || v.Number < 0 || v.Number > household.MostPeople {
		w.Missing(k)
		return policy.Number{}, false
	}
	return policy.Whole(v.Number), true
}
