package journey

import (
	"yimen/kiosk/household"
	"yimen/kiosk/journey/view"
)

// menu shows the doors or, behind one of them, its offers. A terminal with one service needs no doors.
func (s *State) menu() *view.Menu {
	if s.door == "" && len(s.cfg.Services) != 1 {
		m := &view.Menu{}
		for _, svc := range s.cfg.Services {
			m.Doors = append(m.Doors, svc.Door())
		}
		return m
	}
	for _, svc := range s.cfg.Services {
		if d := svc.Door(); d.ID == s.door || s.door == "" {
			return &view.Menu{Behind: d.Title, Offers: svc.Offers(s.cfg.Pack)}
		}
	}
	return &view.Menu{}
}

// choose opens a door or, behind one, an offer's page.
func (s *State) choose(e Event, id string) []Effect {
	shown := s.menu()
	for _, d := range shown.Doors {
		if d.ID == id {
			return s.open(e, id)
		}
	}
	for _, o := range shown.Offers {
		if o.ID == id {
			s.offer, s.screen = o, view.ScreenItem
		}
	}
	return nil
}

// open shows what is behind a door, or begins at once where there is only one thing to begin.
func (s *State) open(e Event, door string) []Effect {
	s.door = door
	offers := s.menu().Offers
	if len(offers) == 1 && offers[0].Straight {
		s.door, s.offer = "", offers[0]
		return s.begin(e, household.Answers{})
	}
	return nil
}

// begin enters the first step of the chosen offer, with the answers that came along.
func (s *State) begin(e Event, along household.Answers) []Effect {
	c := &Course{Config: s.cfg, Standing: s.standing, Began: e.At.In(s.cfg.Zone), Lang: s.lang, Private: along.Len() > 0, Assisted: s.assisted}
	c.Draft.Terminal, c.Draft.Hall, c.Draft.Lang, c.Draft.Pack = s.cfg.Terminal, s.cfg.Hall.Name, s.lang, s.cfg.Pack
	c.Draft.Answers = along
	for _, svc := range s.cfg.Services {
		for _, o := range svc.Offers(s.cfg.Pack) {
			if o.ID != s.offer.ID {
				continue
			}
			steps := svc.Begin(o.ID, c)
			if len(steps) == 0 {
				return nil
			}
			s.course, s.steps, s.at, s.back, s.screen = c, steps, 0, -1, ""
			return steps[0].Enter(c, e, "")
		}
	}
	return nil
}

// turn leaves the present service for an offer of another, which must be one that can be applied for now.
func (s *State) turn(e Event, id string) []Effect {
	return s.turnWith(e, id, s.course.Draft.Answers)
}

func (s *State) turnWith(e Event, id string, along household.Answers) []Effect {
	for _, svc := range s.cfg.Services {
		for _, o := range svc.Offers(s.cfg.Pack) {
			if o.ID == id && o.Here && !s.standing.Full {
				effects := s.steps[s.at].Exit(s.course)
				s.offer, s.door = o, svc.Door().ID
				return append(effects, s.begin(e, along)...)
			}
		}
	}
	return nil
}
