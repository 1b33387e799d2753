package estimate

import (
	"yimen/kiosk/estimate/means"
	"yimen/kiosk/estimate/trace"
	"yimen/kiosk/policy"
)

// edge is 低保边缘家庭: not dibao, and less than edge.multiple of the standard (R2 article 8).
func (w *working) edge() {
	m := w.Means()
	limit, multiple, settled := w.edgeLimit(m)
	if !m.Known || !settled {
		w.Line(w.Step("EDGE.LT"), 0, NotKnown)
		w.flags(m)
		return
	}
	w.Result.Verdict = Unlikely
	if m.PCI.Cmp(m.Standard) < 0 {
		w.Write(trace.Hint, w.Step("DIBAO.LT"), 0, Met).Gave(m.PCI)
	}
	below := w.edgeLine(trace.Working, m.PCI, limit, multiple)
	if below && m.PCI.Cmp(m.Standard) >= 0 {
		w.Result.Verdict = Likely
	}
	w.flags(m)
	if !below {
		w.nearer("EDGE.LT", m, limit)
	}
}

// edgeLimit is the income per person and month below which a household is marginal.
func (w *working) edgeLimit(m means.Sums) (limit, multiple policy.Number, settled bool) {
	multiple, settled = w.Param("edge.multiple")
	return m.Standard.Mul(multiple), multiple, settled && m.Settled
}

// edgeHint says whether the next ring may fit, so that a no is a path on (lesson 7 of facts/features.md). On a
// day before there was such a ring it says nothing.
func (w *working) edgeHint(m means.Sums) {
	if !w.Has("edge.multiple") {
		return
	}
	w.Notes = trace.Working
	if limit, multiple, settled := w.edgeLimit(m); settled {
		w.edgeLine(trace.Hint, m.PCI, limit, multiple)
	}
}

// edgeLine says whether income is below the limit.
func (w *working) edgeLine(p trace.Part, pci, limit, multiple policy.Number) bool {
	below, outcome := pci.Cmp(limit) < 0, NotMet
	if below {
		outcome = Met
	}
	w.Write(p, w.Step("EDGE.LT"), 0, outcome, trace.Fill("limit", trace.Yuan(limit)), trace.Fill("multiple", trace.Decimal(multiple))).Gave(limit)
	return below
}

// single is cover for one person (domain.md §4.1): of a marginal household, who is severely disabled or
// seriously ill; or a grown, severely disabled person without work, whatever the household has, which a person
// must look at.
func (w *working) single() {
	m := w.Means()
	limit, multiple, settled := w.edgeLimit(m)
	if !m.Known || !settled {
		w.Line(w.Step("EDGE.LT"), 0, NotKnown)
		w.flags(m)
		return
	}
	w.Result.Verdict = Unlikely
	marginal := w.edgeLine(trace.Working, m.PCI, limit, multiple)
	if m.PCI.Cmp(m.Standard) < 0 {
		w.Write(trace.Hint, w.Step("DIBAO.LT"), 0, Met).Gave(m.PCI)
		w.flags(m)
		return
	}
	total, found := policy.Number{}, false
	for _, subject := range w.Counted {
		if !w.mayApplyAlone(subject, marginal) {
			continue
		}
		found = true
		total = total.Add(w.alone(subject, m.Standard))
	}
	if found {
		w.Result.Verdict = Likely
		w.Notes = trace.Working
		w.pay(total)
	}
	w.flags(m)
	switch {
	case found:
	case !marginal:
		w.distance("EDGE.LT", m.PCI, limit, "fen/person/month")
	default:
		w.circumstances(policy.GroupSingle, w.Counted)
	}
}

// mayApplyAlone says by which rule a person may apply without the household.
func (w *working) mayApplyAlone(subject int, marginal bool) bool {
	if marginal {
		for _, r := range w.Pack.Rules(policy.GroupSingle) {
			if w.Applies(r, subject) {
				w.Line(r, subject, Met)
				return true
			}
		}
	}
	for _, r := range w.Pack.Rules(policy.GroupAlone) {
		if w.Holds(r, subject) {
			w.Write(trace.Flag, r, subject, Met)
			return true
		}
	}
	return false
}

// alone is what one person may get: the standard less the own income, and the person's top-up.
func (w *working) alone(subject int, standard policy.Number) policy.Number {
	own := w.Own[subject].Quo(twelve)
	gap := standard.Sub(own).NotBelowZero()
	w.Line(w.Step("SINGLE.GAP"), subject, Figure, trace.Fill("own", trace.Yuan(own)), trace.Fill("amount", trace.Yuan(gap))).Gave(gap)
	w.Notes = trace.Working
	return gap.Add(w.topUp(w.Pack.Rules(policy.GroupTopUp), subject, standard))
}

// ring is 四级信息圈 (domain.md §4.10): 1 dibao, 2 up to the low-income line, 3 up to 1.5 times, 4 up to twice
// that line, 0 beyond. A ring is information filing, no entitlement.
func (w *working) ring() {
	m := w.Means()
	line, settled := w.Param("ring.low_income")
	if !m.Known || !settled {
		w.Line(w.Step("RING.IS"), 0, NotKnown)
		return
	}
	ring := 0
	switch {
	case m.PCI.Cmp(m.Standard) < 0:
		ring = 1
	case m.PCI.Cmp(line) <= 0:
		ring = 2
	case m.PCI.Cmp(line.Mul(policy.Ratio(3, 2))) <= 0:
		ring = 3
	case m.PCI.Cmp(line.Mul(policy.Whole(2))) <= 0:
		ring = 4
	}
	w.Result.Verdict = Likely
	outcome := Figure
	if ring == 0 {
		w.Result.Verdict, outcome = Unlikely, NotMet
	}
	w.Line(w.Step("RING.IS"), 0, outcome, trace.Fill("ring", trace.Count(ring))).Gave(policy.Whole(int64(ring)))
}
