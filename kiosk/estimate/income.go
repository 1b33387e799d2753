package estimate

import (
	"math/big"
	"slices"

	"yimen/kiosk/household"
	"yimen/kiosk/policy"
	"yimen/kiosk/policy/condition"
)

// income adds up what counts over twelve months, in fen (domain.md §4.2): every income of every person who
// counts, each net of the costs its rule names, less what is exempt; and what supporters are reckoned to give.
func (w *working) income() *big.Rat {
	total := new(big.Rat)
	for _, subject := range w.counted {
		own := new(big.Rat)
		for _, r := range w.pack.Rules(policy.GroupIncome) {
			own.Add(own, w.earned(r, subject))
		}
		own.Add(own, w.imputed(subject))
		for _, r := range w.pack.Rules(policy.GroupExempt) {
			own.Sub(own, w.exempt(r, subject))
		}
		if own.Sign() < 0 {
			own.SetInt64(0)
		}
		w.own[subject] = own
		total.Add(total, own)
	}
	total.Add(total, w.support())
	w.total("INC.TOTAL", total)
	return total
}

// earned is one kind of income of one person. Costs never make it less than nothing.
func (w *working) earned(r *policy.Rule, subject int) *big.Rat {
	if !w.applies(r, subject) {
		return new(big.Rat)
	}
	sum, inputs, say, known := w.sums(r.Scope, subject, r.Facts)
	costs, less, sayLess, knownLess := w.sums(r.Scope, subject, r.Less)
	if !known || !knownLess {
		w.line(r, subject, NotKnown, nil)
		return new(big.Rat)
	}
	if sum.Sub(sum, costs).Sign() < 0 {
		sum.SetInt64(0)
	}
	say = append(say, sayLess...)
	say = append(say, word{"amount", yuan(sum)})
	w.line(r, subject, Figure, say, fen(sum)).Inputs = append(inputs, less...)
	if slices.Contains(r.Facts, "support_received") {
		w.received.Add(w.received, sum)
	}
	return sum
}

// exempt is what one rule takes off one person's income. A rule that names only a kind of money explains why
// it was never asked for; whether such money is there does not change the result, so not knowing is no gap.
func (w *working) exempt(r *policy.Rule, subject int) *big.Rat {
	if r.Kind != "" {
		if w.pack.Find(r, w.a, subject).Truth == condition.Holds {
			w.line(r, subject, Figure, nil, "0")
		}
		return new(big.Rat)
	}
	if !w.applies(r, subject) {
		return new(big.Rat)
	}
	sum, inputs, say, known := w.sums(r.Scope, subject, r.Facts)
	if !known {
		w.line(r, subject, NotKnown, nil)
		return new(big.Rat)
	}
	if sum.Sign() == 0 {
		return sum
	}
	on, settled := w.param(r.Param)
	if !settled {
		return new(big.Rat)
	}
	say = append(say, word{"amount", yuan(sum)})
	outcome := Figure
	if on.Sign() == 0 {
		outcome = NotMet
		sum.SetInt64(0)
	}
	w.line(r, subject, outcome, say, fen(sum)).Inputs = inputs
	return sum
}

// deductions adds up rigid spending over twelve months, each kind up to its cap, in fen.
func (w *working) deductions() *big.Rat {
	total := new(big.Rat)
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
			sum.Set(limit)
		}
		w.line(r, 0, Figure, words{{"amount", yuan(sum)}}, fen(sum)).Inputs =
			append(inputs, Input{r.Param, fen(limit), "fen/12months"})
		total.Add(total, sum)
	}
	w.total("DED.TOTAL", total)
	return total
}

// applies reports whether a rule's condition holds; where that is not known it says so and the verdict is a
// person's.
func (w *working) applies(r *policy.Rule, subject int) bool {
	f := w.pack.Find(r, w.a, subject)
	if f.Truth == condition.NotKnown {
		w.missing(f.Missing)
		w.line(r, subject, NotKnown, nil)
	}
	return f.Truth == condition.Holds
}

// sums adds facts up over twelve months; say has each as stated, for the rule's sentence.
func (w *working) sums(scope household.Scope, subject int, facts []string) (sum *big.Rat, inputs []Input, say words, known bool) {
	sum, known = new(big.Rat), true
	for _, fact := range facts {
		amount, input, ok := w.money(scope, subject, fact)
		if !ok {
			known = false
			continue
		}
		sum.Add(sum, amount)
		inputs = append(inputs, input)
		stated, _ := new(big.Rat).SetString(input.Value)
		say = append(say, word{fact, yuan(stated)})
	}
	return sum, inputs, say, known
}

func (w *working) total(step string, sum *big.Rat) {
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
