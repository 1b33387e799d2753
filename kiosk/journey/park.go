package journey

import (
	"slices"
	"strings"

	"yimen/kiosk/journey/view"
)

// Parker is a Service whose visits can be parked: broken off, and gone on with another time, also elsewhere.
type Parker interface {
	// Parks tells whether there is something to park now.
	Parks(c *Course) bool
	// Park gives the steps that ask whether to, and do it. Going back from them goes on where the visit was.
	Park(c *Course) []Stage
	// Away keeps what was given, of a resident who had agreed to that and has walked away (P14). Nobody is there to be told
	// whether it was kept.
	Away(c *Course) Effect
}

// parker is the service of this visit, if it can be parked now.
func (s *State) parker() (Parker, bool) {
	if s.course == nil || s.aside != nil || s.course.Sent || s.course.Kept || s.standing.Full {
		return nil, false
	}
	p, ok := s.parking()
	return p, ok && p.Parks(s.course)
}

// parking is the service of the chosen offer, if its visits can be parked.
func (s *State) parking() (Parker, bool) {
	for _, svc := range s.cfg.Services {
		if p, ok := svc.(Parker); ok && strings.HasPrefix(s.offer.ID, svc.Door().ID+":") {
			return p, true
		}
	}
	return nil, false
}

// agree takes the agreement that what was given is kept when the resident walks away, or takes it back.
func (s *State) agree() {
	if _, ok := s.parking(); ok && s.screen == view.ScreenItem {
		s.agreed = !s.agreed
	}
}

// abandon ends a visit whose resident has walked away. What was given is kept if that was agreed, and wiped here.
func (s *State) abandon() []Effect {
	p, ok := s.parker()
	if !ok || !s.agreed {
		return s.end(view.ScreenWiped)
	}
	keep := p.Away(s.course)
	effects := append([]Effect{keep}, s.end(view.ScreenWiped)...)
	s.away = true
	return effects
}

// park puts the steps to come aside for those of parking.
func (s *State) park(e Event) []Effect {
	p, ok := s.parker()
	if !ok {
		return nil
	}
	s.cover, s.back = "", -1
	s.aside, s.asideAt = s.steps, s.at
	s.steps = append(slices.Clone(s.steps[:s.at+1]), p.Park(s.course)...)
	return s.enter(e, s.at+1, "")
}

// unpark takes the steps that were put aside again, when the visit is back where it was.
func (s *State) unpark() {
	if s.aside != nil && s.at <= s.asideAt {
		s.steps, s.aside = s.aside, nil
	}
}

// resume begins the offer with what was parked.
func (s *State) resume(e Event, m Move) []Effect {
	effects := s.turnWith(e, m.arg, m.from.Answers)
	if s.offer.ID != m.arg {
		return effects
	}
	c := s.course
	c.Private, c.Owner = true, m.from.Card.Number
	c.Draft.Pages, c.Draft.Later = m.from.Pages, m.from.Later
	for _, page := range c.Draft.Pages {
		effects = append(effects, Remember{ID: page.ID, JPEG: page.Derived})
	}
	return effects
}
