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
	m := w.Means()
	if !m.Known || m.PCI.Cmp(m.Standard) >= 0 {
		outcome := NotKnown
		if m.Known {
			w.Result.Verdict, outcome = Unlikely, NotMet
		}
		w.Line(w.Step("INDEX.TOTAL"), 0, outcome)
		return
	}
	people := w.points(policy.GroupPeople)
	if most, settled := w.Param("index.people_cap"); settled && people.Cmp(most) > 0 {
		people = most
	}
	total := people
	if most, settled := w.Param("index.income_points"); settled {
		income := m.Standard.Sub(m.PCI).Quo(m.Standard).Mul(most)
		w.Line(w.Step("INDEX.INCOME"), 0, Figure, trace.Fill("points", trace.Decimal(income))).GaveWord(income.FloatString(1))
		total = total.Add(income)
	}
	if base, settled := w.Param("index.property_base"); settled {
		total = total.Add(base.Add(w.points(policy.GroupProperty)).NotBelowZero())
	}
	if w.Open {
		w.Line(w.Step("INDEX.TOTAL"), 0, NotKnown)
		return
	}
	w.Result.Verdict = Likely
	w.Line(w.Step("INDEX.TOTAL"), 0, Figure, trace.Fill("points", trace.Decimal(total))).GaveWord(total.FloatString(1))
}

// points adds up the rules of a group that hold: once for each person who counts, or once for the household.
func (w *working) points(g policy.Group) policy.Number {
	total := policy.Number{}
	for _, r := range w.Pack.Rules(g) {
		subjects := w.Counted
		if r.Scope == "" {
			subjects = []int{0}
		}
		for _, subject := range subjects {
			switch f := r.Find(&w.Facts, subject); f.Truth {
			case condition.NotKnown:
				w.Missing(f.Missing...)
				w.Line(r, subject, NotKnown)
			case condition.Holds:
				p, err := r.Points.Number()
				if err != nil {
					w.Err = err
					return total
				}
				w.Line(r, subject, Figure, trace.Fill("points", trace.Decimal(p))).GaveWord(p.FloatString(1))
				total = total.Add(p)
			}
		}
	}
	return total
}
