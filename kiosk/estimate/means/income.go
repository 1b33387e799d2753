package means

import (
	"slices"

	"yimen/kiosk/estimate/trace"
	"yimen/kiosk/household"
	"yimen/kiosk/policy"
	"yimen/kiosk/policy/condition"
)

// Income adds up what counts over twelve months, in fen (domain.md §4.2): every income of every person who
// counts, each net of the costs its rule names, less what is exempt; and what supporters are reckoned to give.
func (w *Working) Income() policy.Number {
	total, earnings, imputed, exempts := policy.Number{}, w.Pack.Rules(policy.GroupIncome), w.Pack.Rules(policy.GroupImputed), w.Pack.Rules(policy.GroupExempt)
	for _, subject := range w.Counted {
		own := policy.Number{}
		for _, r := range earnings {
			own = own.Add(w.earned(r, subject))
		}
		own = own.Add(w.imputed(imputed, subject))
		for _, r := range exempts {
			own = own.Sub(w.exempt(r, subject))
		}
		w.Own[subject] = own.NotBelowZero()
		total = total.Add(w.Own[subject])
	}
	total = total.Add(w.support())
	w.total("INC.TOTAL", total)
	return total
}

// earned is one kind of income of one person. Costs never make it less than nothing.
func (w *Working) earned(r *policy.Rule, subject int) policy.Number {
	if !w.Applies(r, subject) {
		return policy.Number{}
	}
	w.Uses, w.Words = w.Uses[:0], w.Words[:0]
	sum, known := w.Sums(r.Sums(), subject)
	costs, knownLess := w.Sums(r.Costs(), subject)
	if !known || !knownLess {
		w.Line(r, subject, notKnown)
		return policy.Number{}
	}
	sum = sum.Sub(costs).NotBelowZero()
	w.Words = append(w.Words, trace.Fill("amount", trace.Yuan(sum)))
	w.Line(r, subject, figure, w.Words...).Gave(sum).Used(w.Uses...)
	if slices.Contains(r.Facts, "support_received") {
		w.Received = w.Received.Add(sum)
	}
	return sum
}

// exempt is what one rule takes off one person's income. A rule that names only a kind of money explains why
// it was never asked for; whether such money is there does not change the result, so not knowing is no gap.
func (w *Working) exempt(r *policy.Rule, subject int) policy.Number {
	if r.Kind != "" {
		if w.Holds(r, subject) {
			w.Line(r, subject, figure).Gave(policy.Number{})
		}
		return policy.Number{}
	}
	if !w.Applies(r, subject) {
		return policy.Number{}
	}
	w.Uses, w.Words = w.Uses[:0], w.Words[:0]
	sum, known := w.Sums(r.Sums(), subject)
	if !known {
		w.Line(r, subject, notKnown)
		return policy.Number{}
	}
	if sum.Sign() == 0 {
		return sum
	}
	on, settled := w.Param(r.Param)
	if !settled {
		return policy.Number{}
	}
	w.Words = append(w.Words, trace.Fill("amount", trace.Yuan(sum)))
	outcome := figure
	if on.Sign() == 0 {
		outcome = notMet
		sum = policy.Number{}
	}
	w.Line(r, subject, outcome, w.Words...).Gave(sum).Used(w.Uses...)
	return sum
}

// Deductions adds up rigid spending over twelve months, each kind up to its cap, in fen.
func (w *Working) Deductions() policy.Number {
	total := policy.Number{}
	for _, r := range w.Pack.Rules(policy.GroupDeduct) {
		if !w.Applies(r, 0) {
			continue
		}
		w.Uses, w.Words = w.Uses[:0], w.Words[:0]
		sum, known := w.Sums(r.Sums(), 0)
		if !known {
			w.Line(r, 0, notKnown)
			continue
		}
		if sum.Sign() == 0 {
			continue // nothing spent: the cap, which may be illustrative, takes no part
		}
		limit, settled := w.Param(r.Param)
		if !settled {
			continue
		}
		if sum.Cmp(limit) > 0 {
			sum = limit
		}
		w.Uses = append(w.Uses, trace.Taken(r.Param, limit, "fen/12months"))
		w.Line(r, 0, figure, trace.Fill("amount", trace.Yuan(sum))).Gave(sum).Used(w.Uses...)
		total = total.Add(sum)
	}
	w.total("DED.TOTAL", total)
	return total
}

// Applies reports whether a rule's condition holds; where that is not known it says so and the verdict is a
// person's.
func (w *Working) Applies(r *policy.Rule, subject int) bool {
	t := r.Truth(&w.Facts, subject)
	if t == condition.NotKnown {
		w.Missing(r.Find(&w.Facts, subject).Missing...)
		w.Line(r, subject, notKnown)
	}
	return t == condition.Holds
}

// Holds reports whether a rule's condition holds, and notes nothing.
func (w *Working) Holds(r *policy.Rule, subject int) bool {
	return r.Truth(&w.Facts, subject) == condition.Holds
}

// Sums adds facts up over twelve months. Each is added to the figures used and, as it was stated, to the words of the
// rule's sentence.
func (w *Working) Sums(facts []household.Place, subject int) (sum policy.Number, known bool) {
	known = true
	for _, fact := range facts {
		amount, input, ok := w.moneyAt(fact, subject)
		if !ok {
			known = false
			continue
		}
		sum = sum.Add(amount)
		w.Uses = append(w.Uses, input)
		w.Words = append(w.Words, trace.Fill(input.Key.Fact, trace.Yuan(input.Value)))
	}
	return sum, known
}

func (w *Working) total(step string, sum policy.Number) {
	r := w.Step(step)
	switch {
	case w.Open:
		w.Line(r, 0, notKnown)
	case sum.Sign() == 0:
		w.Line(r, 0, notMet).Gave(sum)
	default:
		w.Line(r, 0, figure, trace.Fill("amount", trace.Yuan(sum))).Gave(sum)
	}
}
