package estimate

import (
	"yimen/kiosk/household"
	"yimen/kiosk/policy"
)

// tempAid is 支出型临时救助 by the formula of domain.md §4.12: the own part above the deductible, times the
// ratio, up to the cap; the township decides up to its limit, which is included ("以下"). The amount is paid
// once, not by the month.
func (w *working) tempAid() {
	own, input, known := w.money(household.Household, 0, "medical_own_part")
	deductible, a := w.param("ta.deductible")
	ratio, b := w.param("ta.ratio")
	top, c := w.param("ta.cap")
	limit, d := w.param("ta.township_limit")
	if !known || !a || !b || !c || !d {
		w.line(w.step("TA.AMOUNT"), 0, NotKnown)
		return
	}
	amount := own.Sub(deductible).Mul(ratio)
	if amount.Sign() <= 0 {
		w.r.Verdict = Unlikely
		w.line(w.step("TA.AMOUNT"), 0, NotMet, word("deductible", yuan(deductible))).Gave(policy.Number{}).Used(input)
		w.raise(w.step("TA.AMOUNT"), Spending, household.Key{Fact: "medical_own_part"}, deductible.Sub(own), w.then())
		return
	}
	if amount.Cmp(top) > 0 {
		amount = top
	}
	w.r.Verdict = Likely
	w.line(w.step("TA.AMOUNT"), 0, Figure, word("amount", yuan(amount)), word("deductible", yuan(deductible))).Gave(amount).Used(
		input, used("ta.deductible", deductible, "fen"), used("ta.ratio", ratio, "share"), used("ta.cap", top, "fen"))
	outcome, decider := NotMet, "county"
	if amount.Cmp(limit) <= 0 {
		outcome, decider = Met, "township"
	}
	w.line(w.step("TA.DECIDER"), 0, outcome, word("limit", yuan(limit))).GaveWord(decider)
}

// taper is 渐退 (R5): a household in benefit whose income has risen to the standard keeps part of its pay for
// some months. One line for each month.
func (w *working) taper() {
	m := w.means()
	old, _, known := w.money(household.Household, 0, "old_pay")
	if !m.known || !known {
		w.line(w.step("TAPER.NONE"), 0, NotKnown)
		return
	}
	w.r.Verdict = Unlikely
	if m.pci.Cmp(m.standard) < 0 || old.Sign() == 0 {
		w.line(w.step("TAPER.NONE"), 0, NotMet)
		return
	}
	months, a := w.count("taper.months")
	full, b := w.count("taper.full_months")
	share, c := w.param("taper.later_share")
	unit, d := w.param("pay.round_up_to")
	if !a || !b || !c || !d {
		w.line(w.step("TAPER.NONE"), 0, NotKnown)
		return
	}
	w.r.Verdict = Likely
	monthly := old.Quo(twelve)
	for i := 1; i <= months; i++ {
		sum := monthly
		if i > full {
			sum = sum.Mul(share)
		}
		paid := roundUp(sum, unit)
		w.line(w.step("TAPER.MONTH"), 0, Figure, word("n", number(i)), word("amount", yuan(paid))).Gave(paid)
	}
}

// count reads a parameter that is a small whole number.
func (w *working) count(key string) (int, bool) {
	v, settled := w.param(key)
	n, whole := v.Int()
	return int(n), settled && whole && n >= 0 && n <= 120
}

// lookup reads a table for a person, remembering whether it is illustrative; not known is noted as missing.
func (w *working) lookup(table string, subject int) (policy.Number, bool) {
	if w.err != nil {
		return policy.Number{}, false
	}
	v, found, err := w.pack.Lookup(table, &w.facts, subject)
	if err != nil {
		w.err = err
		return policy.Number{}, false
	}
	if v.Amount == nil {
		w.missing(found.Missing...)
		return policy.Number{}, false
	}
	if v.Example && w.pack.Mode == policy.Production {
		w.note(&v, "estimate.paused", v.Name)
		return policy.Number{}, false
	}
	w.r.Example = w.r.Example || v.Example
	return *v.Amount, true
}
