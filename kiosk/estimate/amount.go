package estimate

import (
	"math/big"

	"yimen/kiosk/policy"
	"yimen/kiosk/policy/condition"
)

// compare holds income per person and month against the standard, unrounded (domain.md §4.0): only what is
// strictly less is below it (trap 4). All sums are fen per twelve months but the standard, fen per month.
func (w *working) compare(income, deductions, standard *big.Rat) {
	n := big.NewRat(int64(len(w.counted)), 1)
	pci := new(big.Rat).Sub(income, deductions)
	if pci.Sign() < 0 {
		pci.SetInt64(0) // spending above income leaves no negative income
	}
	pci.Quo(pci, n).Quo(pci, twelve)
	outcome := Figure
	if pci.Sign() == 0 {
		outcome = NotMet
	}
	w.line(w.step("DIBAO.PCI"), 0, outcome, words{"pci": yuan(pci), "standard": yuan(standard)}, fen(pci)).Inputs = []Input{
		{"income", fen(income), "fen/12months"}, {"deductions", fen(deductions), "fen/12months"},
		{"counted", n.RatString(), "persons"}, {"dibao.standard", fen(standard), "fen/person/month"}}

	gap := new(big.Rat).Sub(standard, pci)
	switch gap.Sign() {
	case 1:
		w.r.Verdict = Likely
		w.line(w.step("DIBAO.LT"), 0, Met, nil, fen(pci))
		w.amount(gap.Mul(gap, n), standard)
		return
	case 0:
		w.line(w.step("DIBAO.EQUAL"), 0, Met, nil, fen(pci))
	}
	w.r.Verdict = Unlikely
	w.line(w.step("DIBAO.LT"), 0, NotMet, words{"gap": yuan(gap.Neg(gap))}, fen(pci))
	w.edge(pci, standard)
}

// amount is what may be paid a month (domain.md §4.6): the gap, the highest top-up of each person, the whole
// rounded up as the region pays. It is left out where one of its figures is not settled.
func (w *working) amount(gap, standard *big.Rat) {
	w.notes = &w.r.Lines
	w.line(w.step("DIBAO.GAP"), 0, Figure, words{"n": number(len(w.counted)), "amount": yuan(gap)}, fen(gap))
	total := new(big.Rat).Set(gap)
	for _, subject := range w.counted {
		total.Add(total, w.topUp(subject, standard))
	}
	unit, settled := w.param("pay.round_up_to")
	if !settled || w.open || unit.Sign() <= 0 {
		w.line(w.step("DIBAO.PAY"), 0, NotKnown, nil)
		return
	}
	pay := roundUp(total, unit)
	w.r.Monthly, w.r.HasMonthly = Fen(pay), true
	paid := new(big.Rat).SetInt64(pay)
	w.line(w.step("DIBAO.PAY"), 0, Figure, words{"amount": yuan(paid)}, fen(paid)).Inputs = []Input{
		{"gap and top-ups", fen(total), "fen/month"}, {"pay.round_up_to", fen(unit), "fen"}}
}

// topUp is the highest that one person's categories give; they are not added up.
func (w *working) topUp(subject int, standard *big.Rat) *big.Rat {
	best, rate := (*policy.Rule)(nil), new(big.Rat)
	for _, r := range w.pack.Rules(policy.GroupTopUp) {
		if !w.applies(r, subject) {
			continue
		}
		share, settled := w.param(r.Param)
		if settled && share.Cmp(rate) > 0 {
			best, rate = r, share
		}
	}
	if best == nil {
		return new(big.Rat)
	}
	sum := new(big.Rat).Mul(rate, standard)
	w.line(best, subject, Figure, words{"amount": yuan(sum)}, fen(sum)).Inputs = []Input{
		{best.Param, rate.RatString(), "share of the standard"}, {"dibao.standard", fen(standard), "fen/person/month"}}
	return sum
}

// edge says whether the next ring may fit, so that a no is a path on (lesson 7 of facts/features.md).
func (w *working) edge(pci, standard *big.Rat) {
	w.notes = &w.r.Lines
	multiple, settled := w.param("edge.multiple")
	if !settled {
		return
	}
	limit := new(big.Rat).Mul(standard, multiple)
	outcome := NotMet
	if pci.Cmp(limit) < 0 {
		outcome = Met
	}
	say := words{"limit": yuan(limit), "multiple": policy.Text{"zh-CN": decimal(multiple)}}
	w.r.Hints = append(w.r.Hints, w.said(w.step("EDGE.LT"), 0, outcome, say, fen(limit)))
}

// flags looks at what a person must look at (domain.md §§4.7, 4.8). No flag stops an application.
func (w *working) flags(standard *big.Rat) {
	w.notes = &w.r.Flags
	for _, r := range w.pack.Rules(policy.GroupLimit) {
		w.limit(r, standard)
	}
	for _, r := range w.pack.Rules(policy.GroupFlag) {
		switch f := w.pack.Find(r, w.a, 0); f.Truth {
		case condition.NotKnown:
			w.missing(f.Missing)
			w.flag(r, NotKnown, nil, nil)
		case condition.Holds:
			w.flag(r, Met, nil, nil)
		}
	}
}

// limit compares a sum per counted person with so many months of the standard.
func (w *working) limit(r *policy.Rule, standard *big.Rat) {
	sum, inputs, _, known := w.sums(r.Scope, 0, r.Facts)
	if !known {
		w.flag(r, NotKnown, nil, nil)
		return
	}
	if sum.Sign() == 0 || len(w.counted) == 0 || standard == nil {
		return
	}
	months, settled := w.param(r.Param)
	if !settled {
		return
	}
	limit := new(big.Rat).Mul(months, standard)
	each := sum.Quo(sum, big.NewRat(int64(len(w.counted)), 1))
	if each.Cmp(limit) > 0 {
		inputs = append(inputs, Input{r.Param, months.RatString(), "months of the standard"})
		w.flag(r, Met, words{"per_person": yuan(each), "limit": yuan(limit)}, inputs)
	}
}

func (w *working) flag(r *policy.Rule, o Outcome, say words, inputs []Input) {
	l := w.said(r, 0, o, say)
	l.Inputs = inputs
	w.r.Flags = append(w.r.Flags, l)
}
