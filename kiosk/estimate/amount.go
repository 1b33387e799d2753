package estimate

import (
	"yimen/kiosk/estimate/means"
	"yimen/kiosk/estimate/trace"
	"yimen/kiosk/household"
	"yimen/kiosk/policy"
	"yimen/kiosk/policy/condition"
)

// dibao compares income per person and month with the standard, unrounded (domain.md §4.0): only what is
// strictly less is below it (trap 4).
func (w *working) dibao() {
	m := w.Means()
	if !m.Known {
		w.Line(w.Step("DIBAO.LT"), 0, NotKnown)
		w.flags(m)
		return
	}
	gap := m.Standard.Sub(m.PCI)
	switch gap.Sign() {
	case 1:
		w.Result.Verdict = Likely
		w.Line(w.Step("DIBAO.LT"), 0, Met).Gave(m.PCI)
		w.amount(gap.Mul(w.People()), m.Standard)
	default:
		w.Result.Verdict = Unlikely
		if gap.Sign() == 0 {
			w.Line(w.Step("DIBAO.EQUAL"), 0, Met).Gave(m.PCI)
		}
		w.Line(w.Step("DIBAO.LT"), 0, NotMet, trace.Fill("gap", trace.Yuan(gap.Neg()))).Gave(m.PCI)
		w.edgeHint(m)
	}
	w.flags(m)
	if gap.Sign() <= 0 {
		w.nearer("DIBAO.LT", m, m.Standard)
	}
}

// nearer tells how far income per person is from a limit that it does not lie below, and what would bring it there.
func (w *working) nearer(step string, m means.Sums, limit policy.Number) {
	w.distance(step, m.PCI, limit, "fen/person/month")
	w.incomeLevers(m.Income.Sub(m.Deductions).Sub(limit.Mul(w.People()).Mul(twelve)), w.Counted, true, w.then())
}

// amount is what may be paid a month (domain.md §4.6): the gap, the highest top-up of each person, the whole
// rounded up as the region pays. It is left out where one of its figures is not settled.
func (w *working) amount(gap, standard policy.Number) {
	w.Notes = trace.Working
	w.Line(w.Step("DIBAO.GAP"), 0, Figure, trace.Fill("n", trace.Count(len(w.Counted))), trace.Fill("amount", trace.Yuan(gap))).Gave(gap)
	total := w.atLeast(gap, standard)
	topUps := w.Pack.Rules(policy.GroupTopUp)
	for _, subject := range w.Counted {
		total = total.Add(w.topUp(topUps, subject, standard))
	}
	w.pay(total)
}

// atLeast raises the gap to the least that some regions pay: a share of the standard for each who counts.
func (w *working) atLeast(gap, standard policy.Number) policy.Number {
	if !w.Pack.HasParam("pay.floor_share") {
		return gap
	}
	share, settled := w.Param("pay.floor_share")
	if !settled {
		return gap
	}
	floor := share.Mul(standard).Mul(w.People())
	if gap.Cmp(floor) >= 0 {
		return gap
	}
	w.Line(w.Step("DIBAO.FLOOR"), 0, Figure, trace.Fill("amount", trace.Yuan(floor))).Gave(floor).Used(
		trace.Taken("pay.floor_share", share, "share of the standard"), trace.Taken("counted", w.People(), "persons"))
	return floor
}

// pay rounds a monthly sum up as the region pays it.
func (w *working) pay(total policy.Number) {
	unit, settled := w.Param("pay.round_up_to")
	if !settled || w.Open || unit.Sign() <= 0 {
		w.Line(w.Step("DIBAO.PAY"), 0, NotKnown)
		return
	}
	paid := roundUp(total, unit)
	pay, _ := paid.Int()
	w.Result.Monthly, w.Result.HasMonthly = Fen(pay), true
	w.Line(w.Step("DIBAO.PAY"), 0, Figure, trace.Fill("amount", trace.Yuan(paid))).Gave(paid).Used(
		trace.Taken("gap and top-ups", total, "fen/month"), trace.Taken("pay.round_up_to", unit, "fen"))
}

// topUp is the highest that one person's categories give; they are not added up.
func (w *working) topUp(rules []*policy.Rule, subject int, standard policy.Number) policy.Number {
	best, rate := (*policy.Rule)(nil), policy.Number{}
	for _, r := range rules {
		if !w.Applies(r, subject) {
			continue
		}
		share, settled := w.Param(r.Param)
		if settled && share.Cmp(rate) > 0 {
			best, rate = r, share
		}
	}
	if best == nil {
		return policy.Number{}
	}
	sum := rate.Mul(standard)
	w.Line(best, subject, Figure, trace.Fill("amount", trace.Yuan(sum))).Gave(sum).Used(
		trace.Taken(best.Param, rate, "share of the standard"), trace.Taken("dibao.standard", standard, "fen/person/month"))
	return sum
}

// flags looks at what a person must look at (domain.md §§4.7, 4.8). No flag stops an application.
func (w *working) flags(m means.Sums) {
	w.Notes = trace.Flag
	for _, r := range w.Pack.Rules(policy.GroupLimit) {
		w.limit(r, m)
	}
	for _, r := range w.Pack.Rules(policy.GroupFlag) {
		switch r.Truth(&w.Facts, 0) {
		case condition.NotKnown:
			w.Missing(r.Find(&w.Facts, 0).Missing...)
			w.Write(trace.Flag, r, 0, NotKnown)
		case condition.Holds:
			w.Write(trace.Flag, r, 0, Met)
		}
	}
	w.findings()
}

// findings are flags that only an authority raises (V08, V10, V14 of domain.md §4.8). Nobody is asked about them: what
// is not known is no gap.
func (w *working) findings() {
	for _, r := range w.Pack.Rules(policy.GroupFinding) {
		subjects := w.Counted
		if r.Scope == household.Household {
			subjects = []int{0}
		}
		for _, subject := range subjects {
			if w.Holds(r, subject) {
				w.Write(trace.Flag, r, subject, Met)
			}
		}
	}
}

// limit compares a sum per counted person with so many months of the standard.
func (w *working) limit(r *policy.Rule, m means.Sums) {
	w.Uses, w.Words = w.Uses[:0], w.Words[:0]
	sum, known := w.Sums(r.Sums(), 0)
	if !known {
		w.Write(trace.Flag, r, 0, NotKnown)
		return
	}
	if sum.Sign() == 0 || len(w.Counted) == 0 || !m.Settled {
		return
	}
	months, settled := w.Param(r.Param)
	if !settled {
		return
	}
	limit := months.Mul(m.Standard)
	each := sum.Quo(w.People())
	if each.Cmp(limit) > 0 {
		w.Uses = append(w.Uses, trace.Taken(r.Param, months, "months of the standard"))
		w.Write(trace.Flag, r, 0, Met, trace.Fill("per_person", trace.Yuan(each)), trace.Fill("limit", trace.Yuan(limit))).Used(w.Uses...)
		w.offer(r, Change{Lever: Distance, From: fen(each), To: fen(limit), Unit: "fen/person"},
			trace.Fill("from", trace.Yuan(each)), trace.Fill("to", trace.Yuan(limit)), trace.Fill("more", trace.Yuan(each.Sub(limit))))
	}
}
