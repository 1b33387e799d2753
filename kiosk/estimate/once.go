package estimate

import (
	"yimen/kiosk/estimate/trace"
	"yimen/kiosk/household"
	"yimen/kiosk/policy"
)

// tempAid is 支出型临时救助 by the formula of domain.md §4.12: the own part above the deductible, times the
// ratio, up to the cap; the township decides up to its limit, which is included ("以下"). The amount is paid
// once, not by the month.
func (w *working) tempAid() {
	own, input, known := w.Money(household.Household, 0, "medical_own_part")
	deductible, a := w.Param("ta.deductible")
	ratio, b := w.Param("ta.ratio")
	top, c := w.Param("ta.cap")
	limit, d := w.Param("ta.township_limit")
	if !known || !a || !b || !c || !d {
		w.Line(w.Step("TA.AMOUNT"), 0, NotKnown)
		return
	}
	amount := own.Sub(deductible).Mul(ratio)
	if amount.Sign() <= 0 {
		w.Result.Verdict = Unlikely
		w.Line(w.Step("TA.AMOUNT"), 0, NotMet, trace.Fill("deductible", trace.Yuan(deductible))).Gave(policy.Number{}).Used(input)
		w.raise(w.Step("TA.AMOUNT"), Spending, household.Key{Fact: "medical_own_part"}, deductible.Sub(own), w.then())
		return
	}
	if amount.Cmp(top) > 0 {
		amount = top
	}
	w.Result.Verdict = Likely
	w.Line(w.Step("TA.AMOUNT"), 0, Figure, trace.Fill("amount", trace.Yuan(amount)), trace.Fill("deductible", trace.Yuan(deductible))).Gave(amount).Used(
		input, trace.Taken("ta.deductible", deductible, "fen"), trace.Taken("ta.ratio", ratio, "share"), trace.Taken("ta.cap", top, "fen"))
	outcome, decider := NotMet, "county"
	if amount.Cmp(limit) <= 0 {
		outcome, decider = Met, "township"
	}
	w.Line(w.Step("TA.DECIDER"), 0, outcome, trace.Fill("limit", trace.Yuan(limit))).GaveWord(decider)
}

// taper is 渐退 (R5): a household in benefit whose income has risen to the standard keeps part of its pay for
// some months. One line for each month.
func (w *working) taper() {
	m := w.Means()
	old, _, known := w.Money(household.Household, 0, "old_pay")
	if !m.Known || !known {
		w.Line(w.Step("TAPER.NONE"), 0, NotKnown)
		return
	}
	w.Result.Verdict = Unlikely
	if m.PCI.Cmp(m.Standard) < 0 || old.Sign() == 0 {
		w.Line(w.Step("TAPER.NONE"), 0, NotMet)
		return
	}
	months, a := w.count("taper.months")
	full, b := w.count("taper.full_months")
	share, c := w.Param("taper.later_share")
	unit, d := w.Param("pay.round_up_to")
	if !a || !b || !c || !d {
		w.Line(w.Step("TAPER.NONE"), 0, NotKnown)
		return
	}
	w.Result.Verdict = Likely
	monthly := old.Quo(twelve)
	for i := 1; i <= months; i++ {
		sum := monthly
		if i > full {
			sum = sum.Mul(share)
		}
		paid := roundUp(sum, unit)
		w.Line(w.Step("TAPER.MONTH"), 0, Figure, trace.Fill("n", trace.Count(i)), trace.Fill("amount", trace.Yuan(paid))).Gave(paid)
	}
}

// count reads a parameter that is a small whole number.
func (w *working) count(key string) (int, bool) {
	v, settled := w.Param(key)
	n, whole := v.Int()
	return int(n), settled && whole && n >= 0 && n <= 120
}
