package estimate

import (
	"slices"

	"yimen/kiosk/household"
	"yimen/kiosk/policy"
	"yimen/kiosk/policy/condition"
)

// income adds up what counts over twelve months, in fen (domain.md §4.2): every income of every person who
// counts, each net of the costs its rule names, less what is exempt; and what supporters are reckoned to give.
func (w *working) income() policy.Number {
	total := policy.Number{}
	for _, subject := range w.counted {
		own := policy.Number{}
		for _, r := range w.pack.Rules(policy.GroupIncome) {
			own = own.Add(w.earned(r, subject))
		}
		own = own.Add(w.imputed(subject))
		for _, r := range w.pack.Rules(policy.GroupExempt) {
			own = own.Sub(w.exempt(r, subject))
		}
		w.own[subject] = atLeastNothing(own)
		total = total.Add(w.own[subject])
	}
	total = total.Add(w.support())
	w.total("INC.TOTAL", total)
	return total
}

// earned is one kind of income of one person. Costs never make it less than nothing.
func (w *working) earned(r *policy.Rule, subject int) policy.Number {
	if !w.applies(r, subject) {
		return policy.Number{}
	}
	sum, inputs, say, known := w.sums(r.Scope, subject, r.Facts)
	costs, less, sayLess, knownLess := w.sums(r.Scope, subject, r.Less)
	if !known || !knownLess {
		w.line(r, subject, NotKnown, nil)
		return policy.Number{}
	}
	sum = atLeastNothing(sum.Sub(costs))
	say = append(say, sayLess...)
	say = append(say, word{"amount", yuan(sum)})
	w.line(r, subject, Figure, say, fen(sum)).Inputs = append(inputs, less...)
	if slices.Contains(r.Facts, "support_received") {
		w.received = w.received.Add(sum)
	}
	return sum
}

// exempt is what one rule takes off one person's income. A rule that names only a kind of money explains why
// it was never asked for; whether such money is there does not change the result, so not knowing is no gap.
func (w *working) exempt(r *policy.Rule, subject int) policy.Number {
	if r.Kind != "" {
		if r.Truth(w.facts, subject) == condition.Holds {
			w.line(r, subject, Figure, nil, "0")
		}
		return policy.Number{}
	}
	if !w.applies(r, subject) {
		return policy.Number{}
	}
	sum, inputs, say, known := w.sums(r.Scope, subject, r.Facts)
	if !known {
		w.line(r, subject, NotKnown, nil)
		return policy.Number{}
	}
	if sum.Sign() == 0 {
		return sum
	}
	on, settled := w.param(r.Param)
	if !settled {
		return policy.Number{}
	}
	say = append(say, word{"amount", yuan(sum)})
	outcome := Figure
	if on.Sign() == 0 {
		outcome = NotMet
		sum = policy.Number{}
	}
	w.line(r, subject, outcome, say, fen(sum)).Inputs = inputs
	return sum
}

// deductions adds up rigid spending over twelve months, each kind up to its cap, in fen.
func (w *working) deductions() policy.Number {
	total := policy.Number{}
	for _, r := range w.pack.Rules(policy.GroupDeduct) {
		if !w.applies(r, 0) {
			continue
		}
		sum, inputs, _, known := w.sums(r.Scope, 0, r.Facts)
		if !known {
			w.line(r, 0, NotKnown, nil)
			continue
		}
		if sum.Sign() == 0 {
			continue // nothing spent: the cap, which may be illustrative, takes no part
		}
		limit, settled := w.param(r.Param)
		if !settled {
			continue
		}
		if sum.Cmp(limit) > 0 {
			sum = limit
		}
		w.line(r, 0, Figure, words{{"amount", yuan(sum)}}, fen(sum)).Inputs =
			append(inputs, Input{r.Param, fen(limit), "fen/12months"})
		total = total.Add(sum)
	}
	w.total("DED.TOTAL", total)
	return total
}

// applies reports whether a rule's condition holds; where that is not known it says so and the verdict is a
// person's.
func (w *working) applies(r *policy.Rule, subject int) bool {
	f := r.Find(w.facts, subject)
	if f.Truth == condition.NotKnown {
		w.missing(f.Missing)
		w.line(r, subject, NotKnown, nil)
	}
	return f.Truth == condition.Holds
}

// sums adds facts up over twelve months; say has each as stated, for the rule's sentence.
func (w *working) sums(scope household.Scope, subject int, facts []string) (sum policy.Number, inputs []Input, say words, known bool) {
	known = true
	if len(facts) > 0 {
		inputs, say = make([]Input, 0, len(facts)+1), make(words, 0, len(facts)+2) // the callers add to both
	}
	for _, fact := range facts {
		amount, input, stated, ok := w.stated(scope, subject, fact)
		if !ok {
			known = false
			continue
		}
		sum = sum.Add(amount)
		inputs = append(inputs, input)
		say = append(say, word{fact, yuan(stated)})
	}
	return sum, inputs, say, known
}

func (w *working) total(step string, sum policy.Number) {
	r := w.step(step)
	switch {
	case w.open:
		w.line(r, 0, NotKnown, nil)
	case sum.Sign() == 0:
		w.line(r, 0, NotMet, nil, "0")
	default:
		w.line(r, 0, Figure, words{{"amount", yuan(sum)}}, fen(sum))
	}
}
