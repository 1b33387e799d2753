package estimate

import (
	"slices"

	"yimen/kiosk/household"
	"yimen/kiosk/policy"
	"yimen/kiosk/policy/condition"
)

// Order is the order in which programmes are looked at for one household (domain.md §4.5): the first that fits
// comes first.
var Order = []string{"tekun", "dibao", "single", "edge", "rigid", "temp_aid", "emergency"}

// urgentOrder is Order where life, shelter or food is in danger, or basic living breaks off within days: what helps at
// once comes first.
var urgentOrder = []string{"emergency", "temp_aid", "tekun", "dibao", "single", "edge", "rigid"}

// OrderOf gives the order in which the programmes are offered to a household whose need is so pressing.
func OrderOf(c policy.Colour) []string {
	if c == policy.Red || c == policy.Yellow {
		return urgentOrder
	}
	return Order
}

// All estimates every programme of Order that the pack has a name for, so that one interview finds all that may fit
// (综合大处方), in the order of how pressing the need is. A programme without figures on that day is an error, as in
// Compute.
func All(p *policy.Pack, a household.Answers, on Date) ([]Result, error) {
	return NewEstimator(p, on).All(a)
}

// All estimates every programme, as the function of that name does.
func (e *Estimator) All(a household.Answers) ([]Result, error) {
	var all []Result
	for _, programme := range Order {
		if !e.basis.Pack.Names(programme) {
			continue
		}
		r, err := e.Compute(programme, a)
		if err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	slices.SortStableFunc(all, func(x, y Result) int {
		order := OrderOf(x.Colour)
		return slices.Index(order, x.Programme) - slices.Index(order, y.Programme)
	})
	return all, nil
}

// colour finds how pressing the need is (四色, domain.md §4.11): the first of the pack's rules that holds. Where nobody
// was asked there is none, and no programme but emergency misses it. The colour says who is seen first; it is no figure
// that a payment rests on, so it stamps nothing as an example.
func (w *working) colour() {
	for _, r := range w.Pack.Rules(policy.GroupColour) {
		switch r.Truth(&w.Facts, 0) {
		case condition.NotKnown:
			return
		case condition.Holds:
			w.Result.Colour = r.Colour
			example := w.Result.Example
			w.Line(r, 0, Met).GaveWord(string(r.Colour))
			w.Result.Example = example
			return
		}
	}
}

// emergency is 急难型临时救助 (domain.md §§4.5, 4.12): whether what happened cannot wait. What is given is for people
// to say, so there is no amount.
func (w *working) emergency() {
	step := w.Step("EMERGENCY.IS")
	if step == nil {
		return
	}
	switch f := step.Find(&w.Facts, 0); f.Truth {
	case condition.Holds:
		w.Result.Verdict = Likely
		w.Line(step, 0, Met)
	case condition.Fails:
		w.Result.Verdict = Unlikely
		w.Line(step, 0, NotMet)
	default:
		w.Missing(f.Missing...)
		w.Line(step, 0, NotKnown)
	}
}
