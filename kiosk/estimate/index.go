package estimate

import (
	"math/big"

	"yimen/kiosk/policy"
	"yimen/kiosk/policy/condition"
)

// hardship is 困难指数 (domain.md §4.9): points for the people, up to a cap, for how far income lies below the
// standard, and for property; 0 to 100 with one decimal. It is a figure for those who rank cases. A household
// at or over the standard has none.
func (w *working) hardship() {
	m := w.means()
	if m.pci == nil || m.pci.Cmp(m.standard) >= 0 {
		outcome := NotKnown
		if m.pci != nil {
			w.r.Verdict, outcome = Unlikely, NotMet
		}
		w.line(w.step("INDEX.TOTAL"), 0, outcome, nil)
		return
	}
	people := w.points(policy.GroupPeople)
	if most, settled := w.param("index.people_cap"); settled && people.Cmp(most) > 0 {
		people.Set(most)
	}
	total := new(big.Rat).Set(people)
	if most, settled := w.param("index.income_points"); settled {
		below := new(big.Rat).Sub(m.standard, m.pci)
		income := below.Quo(below, m.standard).Mul(below, most)
		w.line(w.step("INDEX.INCOME"), 0, Figure, words{{"points", points(income)}}, income.FloatString(1))
		total.Add(total, income)
	}
	if base, settled := w.param("index.property_base"); settled {
		property := new(big.Rat).Add(base, w.points(policy.GroupProperty))
		if property.Sign() < 0 {
			property.SetInt64(0)
		}
		total.Add(total, property)
	}
	if w.open {
		w.line(w.step("INDEX.TOTAL"), 0, NotKnown, nil)
		return
	}
	w.r.Verdict = Likely
	w.line(w.step("INDEX.TOTAL"), 0, Figure, words{{"points", points(total)}}, total.FloatString(1))
}

// points adds up the rules of a group that hold: once for each person who counts, or once for the household.
func (w *working) points(g policy.Group) *big.Rat {
	total := new(big.Rat)
	for _, r := range w.pack.Rules(g) {
		subjects := w.counted
		if r.Scope == "" {
			subjects = []int{0}
		}
		for _, subject := range subjects {
			switch f := w.pack.Find(r, w.a, subject); f.Truth {
			case condition.NotKnown:
				w.missing(f.Missing)
				w.line(r, subject, NotKnown, nil)
			case condition.Holds:
				p, err := r.Points.Rat()
				if err != nil {
					w.err = err
					return total
				}
				w.line(r, subject, Figure, words{{"points", points(p)}}, p.FloatString(1))
				total.Add(total, p)
			}
		}
	}
	return total
}

func points(p *big.Rat) value { return plain(decimal(p)) }
