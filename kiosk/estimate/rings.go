package estimate

import (
	"yimen/kiosk/estimate/trace"
	"yimen/kiosk/policy"
)

// edge is 低保边缘家庭: not dibao, and less than edge.multiple of the standard (R2 article 8).
func (w *working) edge() {
	m := w.means()
	limit, multiple, settled := w.edgeLimit(m)
	if !m.known || !settled {
		w.line(w.step("EDGE.LT"), 0, NotKnown)
		w.flags(m)
		return
	}
	w.r.Verdict = Unlikely
	if m.pci.Cmp(m.standard) < 0 {
		w.write(trace.Hint, w.step("DIBAO.LT"), 0, Met).Gave(m.pci)
	}
	below := w.edgeLine(trace.Working, m.pci, limit, multiple)
	if below && m.pci.Cmp(m.standard) >= 0 {
		w.r.Verdict = Likely
	}
	w.flags(m)
	if !below {
		w.nearer("EDGE.LT", m, limit)
	}
}

// edgeLimit is the income per person and month below which a household is marginal.
func (w *working) edgeLimit(m means) (limit, multiple policy.Number, settled bool) {
	multiple, settled = w.param("edge.multiple")
	return m.standard.Mul(multiple), multiple, settled && m.settled
}

// edgeHint says whether the next ring may fit, so that a no is a path on (lesson 7 of facts/features.md). On a
// day before there was such a ring it says nothing.
func (w *working) edgeHint(m means) {
	if w.dated("edge.multiple").err != nil {
		return
	}
	w.notes = trace.Working
	if limit, multiple, settled := w.edgeLimit(m); settled {
		w.edgeLine(trace.Hint, m.pci, limit, multiple)
	}
}

// edgeLine says whether income is below the limit.
func (w *working) edgeLine(p trace.Part, pci, limit, multiple policy.Number) bool {
	below, outcome := pci.Cmp(limit) < 0, NotMet
	if below {
		outcome = Met
	}
	w.write(p, w.step("EDGE.LT"), 0, outcome, word("limit", yuan(limit)), word("multiple", trace.Decimal(multiple))).Gave(limit)
	return below
}

// single is cover for one person (domain.md §4.1): of a marginal household, who is severely disabled or
// seriously ill; or a grown, severely disabled person without work, whatever the household has, which a person
// must look at.
func (w *working) single() {
	m := w.means()
	limit, multiple, settled := w.edgeLimit(m)
	if !m.known || !settled {
		w.line(w.step("EDGE.LT"), 0, NotKnown)
		w.flags(m)
		return
	}
	w.r.Verdict = Unlikely
	marginal := w.edgeLine(trace.Working, m.pci, limit, multiple)
	if m.pci.Cmp(m.standard) < 0 {
		w.write(trace.Hint, w.step("DIBAO.LT"), 0, Met).Gave(m.pci)
		w.flags(m)
		return
	}
	total, found := policy.Number{}, false
	for _, subject := range w.counted {
		if !w.mayApplyAlone(subject, marginal) {
			continue
		}
		found = true
		total = total.Add(w.alone(subject, m.standard))
	}
	if found {
		w.r.Verdict = Likely
		w.notes = trace.Working
		w.pay(total)
	}
	w.flags(m)
	switch {
	case found:
	case !marginal:
		w.distance("EDGE.LT", m.pci, limit, "fen/person/month")
	default:
		w.circumstances(policy.GroupSingle, w.counted)
	}
}

// mayApplyAlone says by which rule a person may apply without the household.
func (w *working) mayApplyAlone(subject int, marginal bool) bool {
	if marginal {
		for _, r := range w.pack.Rules(policy.GroupSingle) {
			if w.applies(r, subject) {
				w.line(r, subject, Met)
				return true
			}
		}
	}
	for _, r := range w.pack.Rules(policy.GroupAlone) {
		if w.holds(r, subject) {
			w.write(trace.Flag, r, subject, Met)
			return true
		}
	}
	return false
}

// alone is what one person may get: the standard less the own income, and the person's top-up.
func (w *working) alone(subject int, standard policy.Number) policy.Number {
	own := w.own[subject].Quo(twelve)
	gap := atLeastNothing(standard.Sub(own))
	w.line(w.step("SINGLE.GAP"), subject, Figure, word("own", yuan(own)), word("amount", yuan(gap))).Gave(gap)
	w.notes = trace.Working
	return gap.Add(w.topUp(w.pack.Rules(policy.GroupTopUp), subject, standard))
}

// ring is 四级信息圈 (domain.md §4.10): 1 dibao, 2 up to the low-income line, 3 up to 1.5 times, 4 up to twice
// that line, 0 beyond. A ring is information filing, no entitlement.
func (w *working) ring() {
	m := w.means()
	line, settled := w.param("ring.low_income")
	if !m.known || !settled {
		w.line(w.step("RING.IS"), 0, NotKnown)
		return
	}
	ring := 0
	switch {
	case m.pci.Cmp(m.standard) < 0:
		ring = 1
	case m.pci.Cmp(line) <= 0:
		ring = 2
	case m.pci.Cmp(line.Mul(policy.Ratio(3, 2))) <= 0:
		ring = 3
	case m.pci.Cmp(line.Mul(policy.Whole(2))) <= 0:
		ring = 4
	}
	w.r.Verdict = Likely
	outcome := Figure
	if ring == 0 {
		w.r.Verdict, outcome = Unlikely, NotMet
	}
	w.line(w.step("RING.IS"), 0, outcome, word("ring", number(ring))).Gave(policy.Whole(int64(ring)))
}
