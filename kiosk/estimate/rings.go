package estimate

import (
	"strconv"

	"yimen/kiosk/policy"
	"yimen/kiosk/policy/condition"
)

// edge is 低保边缘家庭: not dibao, and less than edge.multiple of the standard (R2 article 8).
func (w *working) edge() {
	m := w.means()
	limit, multiple, settled := w.edgeLimit(m)
	if !m.known || !settled {
		w.line(w.step("EDGE.LT"), 0, NotKnown, nil)
		w.flags(m)
		return
	}
	w.r.Verdict = Unlikely
	l := w.edgeLine(m.pci, limit, multiple)
	switch {
	case m.pci.Cmp(m.standard) < 0:
		w.r.Hints = append(w.r.Hints, w.said(w.step("DIBAO.LT"), 0, Met, nil, fen(m.pci)))
	case l.Outcome == Met:
		w.r.Verdict = Likely
	}
	w.r.Lines = append(w.r.Lines, l)
	w.flags(m)
	if l.Outcome == NotMet {
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
	if _, err := w.pack.Param("edge.multiple", w.on); err != nil {
		return
	}
	w.notes = &w.r.Lines
	if limit, multiple, settled := w.edgeLimit(m); settled {
		w.r.Hints = append(w.r.Hints, w.edgeLine(m.pci, limit, multiple))
	}
}

func (w *working) edgeLine(pci, limit, multiple policy.Number) Line {
	outcome := NotMet
	if pci.Cmp(limit) < 0 {
		outcome = Met
	}
	say := words{{"limit", yuan(limit)}, {"multiple", decimal(multiple)}}
	return w.said(w.step("EDGE.LT"), 0, outcome, say, fen(limit))
}

// single is cover for one person (domain.md §4.1): of a marginal household, who is severely disabled or
// seriously ill; or a grown, severely disabled person without work, whatever the household has, which a person
// must look at.
func (w *working) single() {
	m := w.means()
	limit, multiple, settled := w.edgeLimit(m)
	if !m.known || !settled {
		w.line(w.step("EDGE.LT"), 0, NotKnown, nil)
		w.flags(m)
		return
	}
	w.r.Verdict = Unlikely
	l := w.edgeLine(m.pci, limit, multiple)
	w.r.Lines = append(w.r.Lines, l)
	if m.pci.Cmp(m.standard) < 0 {
		w.r.Hints = append(w.r.Hints, w.said(w.step("DIBAO.LT"), 0, Met, nil, fen(m.pci)))
		w.flags(m)
		return
	}
	total, found := policy.Number{}, false
	for _, subject := range w.counted {
		if !w.mayApplyAlone(subject, l.Outcome == Met) {
			continue
		}
		found = true
		total = total.Add(w.alone(subject, m.standard))
	}
	if found {
		w.r.Verdict = Likely
		w.notes = &w.r.Lines
		w.pay(total)
	}
	w.flags(m)
	switch {
	case found:
	case l.Outcome == NotMet:
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
				w.line(r, subject, Met, nil)
				return true
			}
		}
	}
	for _, r := range w.pack.Rules(policy.GroupAlone) {
		if r.Truth(w.facts, subject) == condition.Holds {
			w.r.Flags = append(w.r.Flags, w.said(r, subject, Met, nil))
			return true
		}
	}
	return false
}

// alone is what one person may get: the standard less the own income, and the person's top-up.
func (w *working) alone(subject int, standard policy.Number) policy.Number {
	own := w.own[subject].Quo(twelve)
	gap := atLeastNothing(standard.Sub(own))
	w.line(w.step("SINGLE.GAP"), subject, Figure, words{{"own", yuan(own)}, {"amount", yuan(gap)}}, fen(gap))
	w.notes = &w.r.Lines
	return gap.Add(w.topUp(subject, standard))
}

// ring is 四级信息圈 (domain.md §4.10): 1 dibao, 2 up to the low-income line, 3 up to 1.5 times, 4 up to twice
// that line, 0 beyond. A ring is information filing, no entitlement.
func (w *working) ring() {
	m := w.means()
	line, settled := w.param("ring.low_income")
	if !m.known || !settled {
		w.line(w.step("RING.IS"), 0, NotKnown, nil)
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
	w.line(w.step("RING.IS"), 0, outcome, words{{"ring", number(ring)}}, strconv.Itoa(ring))
}
