package estimate

import (
	"strconv"

	"yimen/kiosk/household"
	"yimen/kiosk/policy"
	"yimen/kiosk/policy/condition"
)

// dibao compares income per person and month with the standard, unrounded (domain.md §4.0): only what is
// strictly less is below it (trap 4).
func (w *working) dibao() {
	m := w.means()
	if !m.known {
		w.line(w.step("DIBAO.LT"), 0, NotKnown, nil)
		w.flags(m)
		return
	}
	gap := m.standard.Sub(m.pci)
	switch gap.Sign() {
	case 1:
		w.r.Verdict = Likely
		w.line(w.step("DIBAO.LT"), 0, Met, nil, fen(m.pci))
		w.amount(gap.Mul(w.people()), m.standard)
	default:
		w.r.Verdict = Unlikely
		if gap.Sign() == 0 {
			w.line(w.step("DIBAO.EQUAL"), 0, Met, nil, fen(m.pci))
		}
		w.line(w.step("DIBAO.LT"), 0, NotMet, words{{"gap", yuan(gap.Neg())}}, fen(m.pci))
		w.edgeHint(m)
	}
	w.flags(m)
	if gap.Sign() <= 0 {
		w.nearer("DIBAO.LT", m, m.standard)
	}
}

// nearer tells how far income per person is from a limit that it does not lie below, and what would bring it there.
func (w *working) nearer(step string, m means, limit policy.Number) {
	w.distance(step, m.pci, limit, "fen/person/month")
	w.incomeLevers(m.income.Sub(m.deductions).Sub(limit.Mul(w.people()).Mul(twelve)), w.counted, true, w.then())
}

// amount is what may be paid a month (domain.md §4.6): the gap, the highest top-up of each person, the whole
// rounded up as the region pays. It is left out where one of its figures is not settled.
func (w *working) amount(gap, standard policy.Number) {
	w.notes = &w.r.Lines
	w.line(w.step("DIBAO.GAP"), 0, Figure, words{{"n", number(len(w.counted))}, {"amount", yuan(gap)}}, fen(gap))
	total := w.atLeast(gap, standard)
	for _, subject := range w.counted {
		total = total.Add(w.topUp(subject, standard))
	}
	w.pay(total)
}

// atLeast raises the gap to the least that some regions pay: a share of the standard for each who counts.
func (w *working) atLeast(gap, standard policy.Number) policy.Number {
	if !w.pack.HasParam("pay.floor_share") {
		return gap
	}
	share, settled := w.param("pay.floor_share")
	if !settled {
		return gap
	}
	floor := share.Mul(standard).Mul(w.people())
	if gap.Cmp(floor) >= 0 {
		return gap
	}
	w.line(w.step("DIBAO.FLOOR"), 0, Figure, words{{"amount", yuan(floor)}}, fen(floor)).Inputs = []Input{
		{"pay.floor_share", share.RatString(), "share of the standard"}, {"counted", strconv.Itoa(len(w.counted)), "persons"}}
	return floor
}

// pay rounds a monthly sum up as the region pays it.
func (w *working) pay(total policy.Number) {
	unit, settled := w.param("pay.round_up_to")
	if !settled || w.open || unit.Sign() <= 0 {
		w.line(w.step("DIBAO.PAY"), 0, NotKnown, nil)
		return
	}
	paid := roundUp(total, unit)
	pay, _ := paid.Int()
	w.r.Monthly, w.r.HasMonthly = Fen(pay), true
	w.line(w.step("DIBAO.PAY"), 0, Figure, words{{"amount", yuan(paid)}}, fen(paid)).Inputs = []Input{
		{"gap and top-ups", fen(total), "fen/month"}, {"pay.round_up_to", fen(unit), "fen"}}
}

// topUp is the highest that one person's categories give; they are not added up.
func (w *working) topUp(subject int, standard policy.Number) policy.Number {
	best, rate := (*policy.Rule)(nil), policy.Number{}
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
		return policy.Number{}
	}
	sum := rate.Mul(standard)
	w.line(best, subject, Figure, words{{"amount", yuan(sum)}}, fen(sum)).Inputs = []Input{
		{best.Param, rate.RatString(), "share of the standard"}, {"dibao.standard", fen(standard), "fen/person/month"}}
	return sum
}

// flags looks at what a person must look at (domain.md §§4.7, 4.8). No flag stops an application.
func (w *working) flags(m means) {
	w.notes = &w.r.Flags
	for _, r := range w.pack.Rules(policy.GroupLimit) {
		w.limit(r, m)
	}
	for _, r := range w.pack.Rules(policy.GroupFlag) {
		switch f := r.Find(w.facts, 0); f.Truth {
		case condition.NotKnown:
			w.missing(f.Missing)
			w.flag(r, NotKnown, nil, nil)
		case condition.Holds:
			w.flag(r, Met, nil, nil)
		}
	}
	w.findings()
}

// findings are flags that only an authority raises (V08, V10, V14 of domain.md §4.8). Nobody is asked about them: what
// is not known is no gap.
func (w *working) findings() {
	for _, r := range w.pack.Rules(policy.GroupFinding) {
		subjects := w.counted
		if r.Scope == household.Household {
			subjects = []int{0}
		}
		for _, subject := range subjects {
			if w.holds(r, subject) {
				w.r.Flags = append(w.r.Flags, w.said(r, subject, Met, nil))
			}
		}
	}
}

// limit compares a sum per counted person with so many months of the standard.
func (w *working) limit(r *policy.Rule, m means) {
	sum, inputs, _, known := w.sums(r.Scope, 0, r.Facts)
	if !known {
		w.flag(r, NotKnown, nil, nil)
		return
	}
	if sum.Sign() == 0 || len(w.counted) == 0 || !m.settled {
		return
	}
	months, settled := w.param(r.Param)
	if !settled {
		return
	}
	limit := months.Mul(m.standard)
	each := sum.Quo(w.people())
	if each.Cmp(limit) > 0 {
		inputs = append(inputs, Input{r.Param, months.RatString(), "months of the standard"})
		w.flag(r, Met, words{{"per_person", yuan(each)}, {"limit", yuan(limit)}}, inputs)
		w.offer(r, Change{Lever: Distance, From: fen(each), To: fen(limit), Unit: "fen/person"},
			words{{"from", yuan(each)}, {"to", yuan(limit)}, {"more", yuan(each.Sub(limit))}})
	}
}

func (w *working) flag(r *policy.Rule, o Outcome, say words, inputs []Input) {
	l := w.said(r, 0, o, say)
	l.Inputs = inputs
	w.r.Flags = append(w.r.Flags, l)
}
