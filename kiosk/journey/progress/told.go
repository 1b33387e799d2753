package progress

import (
	"slices"
	"time"

	"yimen/kiosk/inquiry"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/step"
	"yimen/kiosk/journey/view"
)

// told asks the bureau and shows what it says: the list of cases, one case, one document.
type told struct {
	prove    *prove
	asked    inquiry.Proof // what the answer below is to
	asking   bool
	fetching bool // what was parked, after the list is known
	trouble  view.Trouble
	answer   inquiry.Answer
	open     string // id of the case shown; empty for the list
	reading  string // id of the document shown
	paper    step.Paper
}

// patience is how long somebody is left to wait for the bureau.
const patience = 30 * time.Second

func (s *told) Part() string { return view.PhrasePartProgress }

// Enter asks, unless the visit comes back to what it was told already. Nobody helps with looking.
func (s *told) Enter(c *journey.Course, _ journey.Event, _ string) []journey.Effect {
	c.Draft.Assist = nil
	if s.asked == s.prove.proof && s.trouble == "" {
		return nil
	}
	return s.ask(c)
}

func (s *told) ask(c *journey.Course) []journey.Effect {
	s.answer, s.open, s.reading = inquiry.Answer{}, "", ""
	s.asked, s.asking, s.fetching, s.trouble = s.prove.proof, true, false, ""
	c.Draft.Card = s.prove.card
	return []journey.Effect{journey.Ask{Inquiry: inquiry.Inquiry{Kind: inquiry.Progress, Proof: s.prove.proof}, Patience: patience}}
}

func (s *told) On(c *journey.Course, e journey.Event) (journey.Move, []journey.Effect) {
	switch h := e.Is.(type) {
	case journey.Answered:
		if s.fetching {
			return s.fetched(c, h.Answer), nil
		}
		s.answered(h.Answer)
	case journey.NotAnswered:
		if s.fetching {
			return s.fetched(c, inquiry.Answer{}), nil
		}
		s.asking, s.trouble = false, view.TroubleLine
	case journey.Printed, journey.PrintFault:
		s.paper.On(c, e.Is)
	case journey.Touch:
		return s.touch(c, e, h)
	}
	return journey.Stay(), nil
}

// answered takes the bureau's word. A single case with nothing beside it is opened at once.
func (s *told) answered(a inquiry.Answer) {
	s.asking = false
	if a.Outcome != inquiry.Found {
		s.trouble = troubleOf(a.Outcome)
		return
	}
	s.answer = a
	if len(a.Cases) == 1 && len(a.Drafts) == 0 {
		s.open = a.Cases[0].ID
	}
}

func troubleOf(o inquiry.Outcome) view.Trouble {
	switch o {
	case inquiry.Nothing:
		return view.TroubleNothing
	case inquiry.Locked:
		return view.TroubleLocked
	}
	return view.TroubleUnable
}

func (s *told) touch(c *journey.Course, e journey.Event, t journey.Touch) (journey.Move, []journey.Effect) {
	shown, _ := s.shown()
	switch t.Do {
	case view.DoBack:
		return s.back(), nil
	case view.DoRetake:
		return journey.Stay(), s.ask(c)
	case view.DoFinish:
		return journey.Finish(), nil
	case view.DoChoose:
		s.choose(t.Value)
		if s.open == "" {
			return journey.Stay(), s.fetch(c, t.Value)
		}
	case view.DoPrint:
		if s.reading != "" {
			return journey.Stay(), s.printCopy(c, e)
		}
		return journey.Stay(), s.printStage(c, e)
	case view.DoNext, view.DoAssist:
		return s.supply(c, shown, t.Do == view.DoAssist)
	}
	return journey.Stay(), nil
}

func (s *told) back() journey.Move {
	switch {
	case s.reading != "":
		s.reading = ""
	case s.open != "" && len(s.answer.Cases)+len(s.answer.Drafts) > 1:
		s.open = ""
	default:
		s.asked = inquiry.Proof{} // who proves again is told anew
		return journey.Back()
	}
	return journey.Stay()
}

func (s *told) choose(id string) {
	if one, ok := s.shown(); ok {
		if slices.ContainsFunc(one.Papers, func(p inquiry.Paper) bool { return p.No == id }) {
			s.reading = id
		}
		return
	}
	if slices.ContainsFunc(s.answer.Cases, func(k inquiry.Case) bool { return k.ID == id }) {
		s.open = id
	}
}

// shown is the case that is open.
func (s *told) shown() (*inquiry.Case, bool) {
	i := slices.IndexFunc(s.answer.Cases, func(k inquiry.Case) bool { return k.ID == s.open })
	if s.open == "" || i < 0 {
		return nil, false
	}
	return &s.answer.Cases[i], true
}

// copied is the document that is being read.
func (s *told) copied() (inquiry.Paper, bool) {
	if one, ok := s.shown(); ok {
		for _, p := range one.Papers {
			if p.No == s.reading {
				return p, true
			}
		}
	}
	return inquiry.Paper{}, false
}

func (s *told) Exit(*journey.Course) []journey.Effect { return s.paper.Exit() }
