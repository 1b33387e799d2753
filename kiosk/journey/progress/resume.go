package progress

import (
	"encoding/json"
	"slices"

	"yimen/kiosk/inquiry"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/park"
	"yimen/kiosk/journey/view"
)

// fetch asks for what was given in a parked application; until now only its name was told.
func (s *told) fetch(c *journey.Course, slipNo string) []journey.Effect {
	parked := slices.ContainsFunc(s.answer.Drafts, func(d inquiry.Parked) bool { return d.SlipNo == slipNo })
	body, err := json.Marshal(inquiry.WhichDraft{SlipNo: slipNo})
	switch {
	case !parked || err != nil:
		return nil
	case c.Standing.Full: // it could not be handed in here
		c.Tell(view.NoteProblem, view.PhraseTerminalFull)
		return nil
	}
	s.asking, s.fetching = true, true
	q := inquiry.Inquiry{Kind: inquiry.Draft, Proof: s.prove.proof, Body: body}
	return []journey.Effect{journey.Ask{Inquiry: q, Patience: patience}}
}

// fetched goes on with the application, or tells that it cannot be had.
func (s *told) fetched(c *journey.Course, a inquiry.Answer) journey.Move {
	s.asking, s.fetching = false, false
	if a.Outcome == inquiry.Found {
		if d, err := park.Restore(c.Pack, a); err == nil {
			return journey.Resume("apply:"+d.Item.Code, d)
		}
	}
	c.Tell(view.NoteProblem, view.PhraseDraftGone)
	return journey.Stay()
}
