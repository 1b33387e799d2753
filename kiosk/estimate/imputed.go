package estimate

import (
	"yimen/kiosk/estimate/trace"
	"yimen/kiosk/household"
	"yimen/kiosk/policy"
	"yimen/kiosk/policy/condition"
)

// imputed is income that nobody can prove, reckoned by the person's labour coefficient (domain.md §4.3):
// coefficient × parameter × second parameter, over twelve months. A person is given one such income, by the
// first rule that holds, never two.
func (w *working) imputed(rules []*policy.Rule, subject int) policy.Number {
	for _, r := range rules {
		if !w.applies(r, subject) {
			continue
		}
		k, known := w.lookup(r.Table, subject)
		base, a := w.param(r.Param)
		times, b := w.param(r.Times)
		if !known || !a || !b {
			w.line(r, subject, NotKnown)
			return policy.Number{}
		}
		sum := k.Mul(base).Mul(times)
		w.line(r, subject, Figure, word("k", trace.Decimal(k)), word("amount", yuan(sum))).Gave(sum).Used(
			used(r.Table, k, ""), used(r.Param, base, "fen"), used(r.Times, times, ""))
		w.reckoned[subject] = reckoned{r, sum}
		return sum
	}
	return policy.Number{}
}

// support is what those obliged to support are reckoned to give over twelve months (domain.md §4.4), beyond
// what the members said they receive, which is income already: where more is given in fact, that counts.
func (w *working) support() policy.Number {
	due := policy.Number{}
	rules := w.pack.Rules(policy.GroupSupport)
	if len(rules) == 0 {
		return due
	}
	n, known := w.a.SupporterCount()
	if !known {
		w.missing(household.Supporters)
		w.line(rules[0], 0, NotKnown, word("n", trace.Spoken(w.pack.Text("answer.unknown"))))
	}
	w.dues = zeroed(w.dues, n)
	for subject := 1; subject <= n; subject++ {
		for _, r := range rules {
			switch f := r.Find(&w.facts, subject); f.Truth {
			case condition.NotKnown:
				w.missing(f.Missing...)
				w.line(r, 0, NotKnown, word("n", number(subject)))
			case condition.Holds:
				sum := w.due(r, subject)
				w.dues[subject-1] = reckoned{r, sum}
				due = due.Add(sum)
			}
		}
	}
	if due.Sign() == 0 || w.received.Sign() == 0 {
		return due
	}
	w.line(w.step("SUP.ONCE"), 0, Figure, word("amount", yuan(w.received))).Gave(w.received)
	return atLeastNothing(due.Sub(w.received))
}

// due is what one supporter is reckoned to give over twelve months to all parents here: the same to each
// (trap 7).
func (w *working) due(r *policy.Rule, subject int) policy.Number {
	parents, known := w.supporterCount(subject, "parents")
	if known && parents.Sign() == 0 {
		return parents // one who owes support to no parent here: only what is given counts
	}
	w.uses = w.uses[:0]
	sum, ok := w.dueToOne(r, subject)
	if !known || !ok {
		w.line(r, 0, NotKnown, word("n", number(subject)))
		return policy.Number{}
	}
	sum = sum.Mul(parents)
	w.line(r, 0, Figure, word("n", number(subject)), word("amount", yuan(sum))).Gave(sum).Used(w.uses...)
	return sum
}

// dueToOne is what a supporter is reckoned to give one parent over twelve months: by a rule's table that share
// of the own income; else, the excess method, a share of what the supporter's household has above the standard.
// It adds to the figures used.
func (w *working) dueToOne(r *policy.Rule, subject int) (policy.Number, bool) {
	if r.Table != "" {
		rate, known := w.lookup(r.Table, subject)
		income, input, stated := w.money(household.Supporter, subject, "income_12m")
		if !known || !stated {
			return policy.Number{}, false
		}
		w.uses = append(w.uses, input, used(r.Table, rate, "share"))
		return income.Mul(rate), true
	}
	rate, settled := w.param(r.Param)
	standard, known := w.param("dibao.standard")
	income, input, stated := w.money(household.Supporter, subject, "household_income")
	size, sized := w.supporterCount(subject, "household_size")
	parents, counted := w.supporterCount(subject, "parents")
	if !settled || !known || !stated || !sized || !counted || size.Sign() == 0 {
		return policy.Number{}, false
	}
	excess := atLeastNothing(income.Sub(standard.Mul(twelve).Mul(size)))
	w.uses = append(w.uses, input, used(r.Param, rate, "share"))
	return excess.Mul(rate).Quo(parents), true
}

// supporterCount reads a number of people stated of a supporter.
func (w *working) supporterCount(subject int, fact string) (policy.Number, bool) {
	k := household.Key{Scope: household.Supporter, Subject: subject, Fact: fact}
	v := w.a.Get(k)
	if v.State != household.Given || v.Number < 0 || v.Number > household.MostPeople {
		w.missing(k)
		return policy.Number{}, false
	}
	return policy.Whole(v.Number), true
}
