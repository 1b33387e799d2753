package estimate

import (
	"yimen/kiosk/estimate/trace"
	"yimen/kiosk/household"
	"yimen/kiosk/policy"
	"yimen/kiosk/policy/condition"
)

// dibao compares income per person and month with the standard, unrounded (domain.md §4.0): only what is
// strictly less is below it (trap 4).
func (w *working) dibao() {
	m := w.means()
	if !m.known {
		w.line(w.step("DIBAO.LT"), 0, NotKnown)
		w.flags(m)
		return
	}
	gap := m.standard.Sub(m.pci)
	switch gap.Sign() {
	case 1:
		w.r.Verdict = Likely
		w.line(w.step("DIBAO.LT"), 0, Met).Gave(m.pci)
		w.amount(gap.Mul(w.people()), m.standard)
	default:
		w.r.Verdict = Unlikely
		if gap.Sign() == 0 {
			w.line(w.step("DIBAO.EQUAL"), 0, Met).Gave(m.pci)
		}
		w.line(w.step("DIBAO.LT"), 0, NotMet, word("gap", yuan(gap.Neg()))).Gave(m.pci)
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
	w.notes = trace.Working
	w.line(w.step("DIBAO.GAP"), 0, Figure, word("n", number(len(w.counted))), word("amount", yuan(gap))).Gave(gap)
	total := w.atLeast(gap, standard)
	topUps := w.pack.Rules(policy.GroupTopUp)
	for _, subject := range w.counted {
		total = total.Add(w.topUp(topUps, subject, standard))
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
	w.line(w.step("DIBAO.FLOOR"), 0, Figure, word("amount", yuan(floor))).Gave(floor).Used(
		used("pay.floor_share", share, "share of the standard"), used("counted", w.people(), "persons"))
	return floor
}

// pay rounds a monthly sum up as the region pays it.
func (w *working) pay(total policy.Number) {
	unit, settled := w.param("pay.round_up_to")
	if !settled || w.open || unit.Sign() <= 0 {
		w.line(w.step("DIBAO.PAY"), 0, NotKnown)
		return
	}
	paid := roundUp(total, unit)
	pay, _ := paid.Int()
	w.r.Monthly, w.r.HasMonthly = Fen(pay), true
	w.line(w.step("DIBAO.PAY"), 0, Figure, word("amount", yuan(paid))).Gave(paid).Used(
		used("gap and top-ups", total, "fen/month"), used("pay.round_up_to", unit, "fen"))
}

// topUp is the highest that one person's categories give; they are not added up.
func (w *working) topUp(rules []*policy.Rule, subject int, standard policy.Number) policy.Number {
	best, rate := (*policy.Rule)(nil), policy.Number{}
	for _, r := range rules {
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
	w.line(best, subject, Figure, word("amount", yuan(sum))).Gave(sum).Used(
		used(best.Param, rate, "share of the standard"), used("dibao.standard", standard, "fen/person/month"))
	return sum
}

// flags looks at what a person must look at (domain.md §§4.7, 4.8). No flag stops an application.
func (w *working) flags(m means) {
	w.notes = trace.Flag
	for _, r := range w.pack.Rules(policy.GroupLimit) {
		w.limit(r, m)
	}
	for _, r := range w.pack.Rules(policy.GroupFlag) {
		switch r.Truth(&w.facts, 0) {
		case condition.NotKnown:
			w.missing(r.Find(&w.facts, 0).Missing...)
			w.write(trace.Flag, r, 0, NotKnown)
		case condition.Holds:
			w.write(trace.Flag, r, 0, Met)
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
				w.write(trace.Flag, r, subject, Met)
			}
		}
	}
}

// limit compares a sum per counted person with so many months of the standard.
func (w *working) limit(r *policy.Rule, m means) {
	w.uses, w.say = w.uses[:0], w.say[:0]
	sum, known := w.sums(r.Sums(), 0)
	if !known {
		w.write(trace.Flag, r, 0, NotKnown)
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
		w.uses = append(w.uses, used(r.Param, months, "months of the standard"))
		w.write(trace.Flag, r, 0, Met, word("per_person", yuan(each)), word("limit", yuan(limit))).Used(w.uses...)
		w.offer(r, Change{Lever: Distance, From: fen(each), To: fen(limit), Unit: "fen/person"},
			word("from", yuan(each)), word("to", yuan(limit)), word("more", yuan(each.Sub(limit))))
	}
}
