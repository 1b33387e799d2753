package estimate

import (
	"yimen/kiosk/estimate/trace"
	"yimen/kiosk/policy"
	"yimen/kiosk/policy/condition"
)

// hardship is 困难指数 (domain.md §4.9): points for the people, up to a cap, for how far income lies below the
// standard, and for property; 0 to 100 with one decimal. It is a figure for those who rank cases. A household
// at or over the standard has none.
func (w *working) hardship() {
	m := w.means()
	if !m.known || m.pci.Cmp(m.standard) >= 0 {
		outcome := NotKnown
		if m.known {
			w.r.Verdict, outcome = Unlikely, NotMet
		}
		w.line(w.step("INDEX.TOTAL"), 0, outcome)
		return
	}
	people := w.points(policy.GroupPeople)
	if most, settled := w.param("index.people_cap"); settled && people.Cmp(most) > 0 {
		people = most
	}
	total := people
	if most, settled := w.param("index.income_points"); settled {
		income := m.standard.Sub(m.pci).Quo(m.standard).Mul(most)
		w.line(w.step("INDEX.INCOME"), 0, Figure, word("points", trace.Decimal(income))).GaveWord(income.FloatString(1))
		total = total.Add(income)
	}
	if base, settled := w.param("index.property_base"); settled {
		total = total.Add(atLeastNothing(base.Add(w.points(policy.GroupProperty))))
	}
	if w.open {
		w.line(w.step("INDEX.TOTAL"), 0, NotKnown)
		return
	}
	w.r.Verdict = Likely
	w.line(w.step("INDEX.TOTAL"), 0, Figure, word("points", trace.Decimal(total))).GaveWord(total.FloatString(1))
}

// points adds up the rules of a group that hold: once for each person who counts, or once for the household.
func (w *working) points(g policy.Group) policy.Number {
	total := policy.Number{}
	for _, r := range w.pack.Rules(g) {
		subjects := w.counted
		if r.Scope == "" {
			subjects = []int{0}
		}
		for _, subject := range subjects {
			switch f := r.Find(&w.facts, subject); f.Truth {
			case condition.NotKnown:
				w.missing(f.Missing...)
				w.line(r, subject, NotKnown)
			case condition.Holds:
				p, err := r.Points.Number()
				if err != nil {
					w.err = err
					return total
				}
				w.line(r, subject, Figure, word("points", trace.Decimal(p))).GaveWord(p.FloatString(1))
				total = total.Add(p)
			}
		}
	}
	return total
}
