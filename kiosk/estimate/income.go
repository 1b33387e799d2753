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
	total, earnings, imputed, exempts := policy.Number{}, w.pack.Rules(policy.GroupIncome), w.pack.Rules(policy.GroupImputed), w.pack.Rules(policy.GroupExempt)
	for _, subject := range w.counted {
		own := policy.Number{}
		for _, r := range earnings {
			own = own.Add(w.earned(r, subject))
		}
		own = own.Add(w.imputed(imputed, subject))
		for _, r := range exempts {
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
	w.uses, w.say = w.uses[:0], w.say[:0]
	sum, known := w.sums(r.Sums(), subject)
	costs, knownLess := w.sums(r.Costs(), subject)
	if !known || !knownLess {
		w.line(r, subject, NotKnown)
		return policy.Number{}
	}
	sum = atLeastNothing(sum.Sub(costs))
	w.say = append(w.say, word("amount", yuan(sum)))
	w.line(r, subject, Figure, w.say...).Gave(sum).Used(w.uses...)
	if slices.Contains(r.Facts, "support_received") {
		w.received = w.received.Add(sum)
	}
	return sum
}

// exempt is what one rule takes off one person's income. A rule that names only a kind of money explains why
// it was never asked for; whether such money is there does not change the result, so not knowing is no gap.
func (w *working) exempt(r *policy.Rule, subject int) policy.Number {
	if r.Kind != "" {
		if w.holds(r, subject) {
			w.line(r, subject, Figure).Gave(policy.Number{})
		}
		return policy.Number{}
	}
	if !w.applies(r, subject) {
		return policy.Number{}
	}
	w.uses, w.say = w.uses[:0], w.say[:0]
	sum, known := w.sums(r.Sums(), subject)
	if !known {
		w.line(r, subject, NotKnown)
		return policy.Number{}
	}
	if sum.Sign() == 0 {
		return sum
	}
	on, settled := w.param(r.Param)
	if !settled {
		return policy.Number{}
	}
	w.say = append(w.say, word("amount", yuan(sum)))
	outcome := Figure
	if on.Sign() == 0 {
		outcome = NotMet
		sum = policy.Number{}
	}
	w.line(r, subject, outcome, w.say...).Gave(sum).Used(w.uses...)
	return sum
}

// deductions adds up rigid spending over twelve months, each kind up to its cap, in fen.
func (w *working) deductions() policy.Number {
	total := policy.Number{}
	for _, r := range w.pack.Rules(policy.GroupDeduct) {
		if !w.applies(r, 0) {
			continue
		}
		w.uses, w.say = w.uses[:0], w.say[:0]
		sum, known := w.sums(r.Sums(), 0)
		if !known {
			w.line(r, 0, NotKnown)
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
		w.uses = append(w.uses, used(r.Param, limit, "fen/12months"))
		w.line(r, 0, Figure, word("amount", yuan(sum))).Gave(sum).Used(w.uses...)
		total = total.Add(sum)
	}
	w.total("DED.TOTAL", total)
	return total
}

// applies reports whether a rule's condition holds; where that is not known it says so and the verdict is a
// person's.
func (w *working) applies(r *policy.Rule, subject int) bool {
	t := r.Truth(&w.facts, subject)
	if t == condition.NotKnown {
		w.missing(r.Find(&w.facts, subject).Missing...)
		w.line(r, subject, NotKnown)
	}
	return t == condition.Holds
}

// holds reports whether a rule's condition holds, and notes nothing.
func (w *working) holds(r *policy.Rule, subject int) bool {
	return r.Truth(&w.facts, subject) == condition.Holds
}

// sums adds facts up over twelve months. Each is added to the figures used and, as it was stated, to the words of the
// rule's sentence.
func (w *working) sums(facts []household.Place, subject int) (sum policy.Number, known bool) {
	known = true
	for _, fact := range facts {
		amount, input, ok := w.moneyAt(fact, subject)
		if !ok {
			known = false
			continue
		}
		sum = sum.Add(amount)
		w.uses = append(w.uses, input)
		w.say = append(w.say, word(input.Key.Fact, yuan(input.Value)))
	}
	return sum, known
}

func (w *working) total(step string, sum policy.Number) {
	r := w.step(step)
	switch {
	case w.open:
		w.line(r, 0, NotKnown)
	case sum.Sign() == 0:
		w.line(r, 0, NotMet).Gave(sum)
	default:
		w.line(r, 0, Figure, word("amount", yuan(sum))).Gave(sum)
	}
}
