package step

import (
	"strconv"

	"yimen/kiosk/estimate"
	"yimen/kiosk/household"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/view"
	"yimen/kiosk/journey/working"
)

// Estimate shows what the pack's rules make of the answers, line by line. Whatever it says, the visit can go
// on (domain.md §0.1 trap 1).
type Estimate struct {
	open int
}

func (s *Estimate) Part() string { return view.PhrasePartEstimate }

func (s *Estimate) Enter(c *journey.Course, e journey.Event, _ string) []journey.Effect {
	s.open = -1
	reckon(c, e)
	return nil
}

// reckon makes the estimate from the present answers. Where the pack cannot, because a parameter has no value
// for today, the draft goes on without one and says so.
func reckon(c *journey.Course, e journey.Event) {
	c.Draft.Estimate = nil
	r, err := estimate.Compute(c.Pack, c.Draft.Item.Estimate, c.Draft.Answers, estimate.Date(household.DateOf(e.At.In(c.Zone))))
	if err == nil {
		c.Draft.Estimate = &r
	}
}

func (s *Estimate) On(c *journey.Course, e journey.Event) (journey.Move, []journey.Effect) {
	t, ok := e.Is.(journey.Touch)
	if !ok {
		return journey.Stay(), nil
	}
	switch t.Do {
	case view.DoNext:
		return journey.Next(), nil
	case view.DoBack:
		return journey.Back(), nil
	case view.DoWhy:
		n, err := strconv.Atoi(t.Value)
		if err != nil || c.Draft.Estimate == nil || n < 0 || n >= len(c.Draft.Estimate.Lines) {
			n = -1
		}
		s.open = n
	}
	return journey.Stay(), nil
}

func (s *Estimate) Show(c *journey.Course, v *view.View) {
	v.Screen = view.ScreenEstimate
	v.Offers = []view.Do{view.DoNext, view.DoBack, view.DoWhy}
	v.Estimate = working.Of(c, c.Draft.Estimate, s.open)
}

func (s *Estimate) Exit(*journey.Course) []journey.Effect { return nil }
