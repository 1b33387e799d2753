package journey

import (
	"slices"
	"time"

	"yimen/kiosk/household"
	"yimen/kiosk/journey/view"
)

// State is where the terminal is. Only Step makes a new one; the old one must not be used again.
type State struct {
	cfg      *Config
	view     view.View
	standing Standing
	screen   view.Screen // of the frame: attract, language, menu, item, wiped; empty inside a service
	id       string      // of the visit
	lang     string
	look     view.Look
	door     string // of the menu, once chosen
	offer    view.Offer
	course   *Course
	steps    []Stage
	at       int
	back     int     // step to return to after a Goto, -1 none
	aside    []Stage // the visit's own steps, while it is asked whether to park it
	asideAt  int
	agreed   bool // to keep what was given when the resident walks away
	away     bool // that was done
	cover    view.CoverKind
	assisted bool // the visit goes on with somebody's help
	// touchHeld waits under CoverAssist for the resident's own word.
	touchHeld *Touch
	touched   time.Time // last sign of life
	now       time.Time
}

// New is the state of a terminal at which nobody stands.
func New(cfg *Config, at time.Time) State {
	s := State{cfg: cfg, now: at}
	s.reset()
	s.refresh()
	return s
}

// View is what the screen shows in this state.
func (s *State) View() view.View { return s.view }

// Step answers what happened with the next state and with what is to be done about it.
func Step(s State, e Event) (State, []Effect) {
	s.now = e.At
	var effects []Effect
	switch h := e.Is.(type) {
	case Touch:
		if h.Visit != s.view.Visit || h.Seq != s.view.Seq || !slices.Contains(s.view.Offers, h.Do) {
			return s, nil
		}
		s.touched = e.At
		effects = s.touch(e, h)
	case Tick:
		effects = s.tick(e)
	case Standing:
		s.standing = h
		if s.course != nil {
			s.course.Standing = h
			effects = s.hand(e)
		}
	default:
		if signOfLife(h) {
			s.touched = e.At
		}
		if s.course != nil {
			effects = s.hand(e)
		}
	}
	s.refresh()
	return s, effects
}

// signOfLife tells whether somebody must be there, or has just been given something to read and to take.
func signOfLife(h Happening) bool {
	switch h.(type) {
	case CardRead, Printed:
		return true
	}
	return false
}

// reset forgets the visit.
func (s *State) reset() {
	s.screen, s.id, s.door, s.offer = view.ScreenAttract, "", "", view.Offer{}
	s.lang, s.look = s.cfg.Languages[0], view.Usual()
	s.course, s.steps, s.at, s.back, s.cover = nil, nil, 0, -1, ""
	s.assisted, s.touchHeld = false, nil
	s.aside, s.asideAt, s.agreed, s.away = nil, 0, false, false
}

// end stops the visit and shows screen: ScreenAttract, or ScreenWiped where the resident must be told.
func (s *State) end(screen view.Screen) []Effect {
	var effects []Effect
	if s.course != nil {
		effects = s.steps[s.at].Exit(s.course)
	}
	lang, look, id := s.lang, s.look, s.id
	s.reset()
	if screen == view.ScreenWiped { // still in the resident's own language and look
		s.screen, s.lang, s.look, s.id = screen, lang, look, id
	}
	return append(effects, End{})
}

// touch answers a touch that the view offered.
func (s *State) touch(e Event, t Touch) []Effect {
	switch t.Do {
	case view.DoHelp:
		s.cover = view.CoverHelp
		return nil
	case view.DoLeave:
		if s.course == nil || s.course.Kept || s.course.Looking || !s.course.Private {
			return s.end(view.ScreenAttract)
		}
		s.cover = view.CoverLeave
		return nil
	case view.DoLeaveYes:
		return s.end(view.ScreenAttract)
	case view.DoPark:
		if s.course == nil {
			s.agree()
		}
		return s.park(e)
	case view.DoHelpEnd, view.DoSightEnd, view.DoLeaveNo, view.DoStay, view.DoDeny:
		s.letGo()
		return nil
	case view.DoConfirm:
		return s.confirm(e)
	case view.DoSight:
		s.greet(e)
		s.cover = view.CoverSight
		return nil
	case view.DoSize, view.DoContrast:
		s.greet(e)
		s.look = s.look.With(t.Do, t.Value)
		return nil
	}
	if s.held(t) {
		return s.hold(t)
	}
	if s.course != nil {
		s.course.Note = nil
		return s.hand(e)
	}
	return s.walk(e, t)
}

// walk answers touches outside a service.
func (s *State) walk(e Event, t Touch) []Effect {
	switch t.Do {
	case view.DoStaff:
		return s.attend(e)
	case view.DoStart:
		s.greet(e)
	case view.DoLanguage:
		if slices.Contains(s.cfg.Languages, t.Value) {
			s.lang = t.Value
		}
	case view.DoNext:
		switch s.screen {
		case view.ScreenLanguage:
			s.screen = view.ScreenMenu
		case view.ScreenItem:
			return s.begin(e, household.Answers{})
		}
	case view.DoAssist:
		s.assisted = true
		return s.begin(e, household.Answers{})
	case view.DoChoose:
		return s.choose(e, t.Value)
	case view.DoBack:
		switch s.screen {
		case view.ScreenItem:
			s.screen = view.ScreenMenu
		case view.ScreenMenu:
			if s.door == "" || len(s.cfg.Services) == 1 {
				s.screen = view.ScreenLanguage
			}
			s.door = ""
		case view.ScreenLanguage:
			return s.end(view.ScreenAttract)
		}
	case view.DoFinish:
		return s.end(view.ScreenAttract)
	}
	return nil
}

// greet begins the visit of whoever touches the first screen.
func (s *State) greet(e Event) {
	if s.screen == view.ScreenAttract {
		s.id, s.screen = e.ID, view.ScreenLanguage // with one language, for the look
	}
}

// hand gives an event to the step and follows its move.
func (s *State) hand(e Event) []Effect {
	move, effects := s.steps[s.at].On(s.course, e)
	switch move.kind {
	case finish:
		return append(effects, s.end(view.ScreenAttract)...)
	case turn:
		return append(effects, s.turn(e, move.arg)...)
	case resume:
		return append(effects, s.resume(e, move)...)
	case branch:
		s.steps = append(slices.Clone(s.steps[:s.at+1]), move.then...)
		return append(effects, s.enter(e, s.at+1, "")...)
	case next:
		to := s.past(1)
		if s.back >= 0 {
			to, s.back = s.back, -1
		}
		return append(effects, s.enter(e, to, "")...)
	case back:
		to := s.past(-1)
		if s.back >= 0 {
			to, s.back = s.back, -1
		}
		return append(effects, s.enter(e, to, "")...)
	case jump:
		for i, st := range slices.Backward(s.steps) {
			if st.Part() == move.part {
				s.back = s.at
				return append(effects, s.enter(e, i, move.arg)...)
			}
		}
	}
	return effects
}

// enter changes the step; before the first lies the item page, after the last the visit ends.
func (s *State) enter(e Event, to int, arg string) []Effect {
	switch {
	case to >= len(s.steps):
		return s.end(view.ScreenAttract)
	case to < 0 && s.course.Private && !s.course.Looking:
		s.cover = view.CoverLeave // going back from here would wipe what was given
		return nil
	}
	effects := s.steps[s.at].Exit(s.course)
	if to < 0 {
		s.course, s.steps, s.at, s.screen, s.assisted = nil, nil, 0, view.ScreenItem, false
		if s.offer.Straight {
			s.screen = view.ScreenMenu
		}
		return append(effects, End{})
	}
	s.at = to
	s.unpark()
	return append(effects, s.steps[to].Enter(s.course, e, arg)...)
}
