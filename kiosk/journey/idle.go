package journey

import (
	"time"

	"yimen/kiosk/journey/view"
)

// Wake is when Step wants a Tick at the latest; ok is false when it needs none.
func (s *State) Wake() (at time.Time, ok bool) {
	at, ok = s.patience()
	if ok && s.course != nil && !s.course.Until.IsZero() && s.course.Until.Before(at) {
		at = s.course.Until
	}
	return at, ok
}

// patience is when the idle clock wants a Tick.
func (s *State) patience() (at time.Time, ok bool) {
	switch {
	case s.screen == view.ScreenAttract:
		return time.Time{}, false
	case s.course == nil || s.course.Over || !s.course.Private:
		return s.touched.Add(s.quiet()), true
	case s.cover == view.CoverIdle:
		return s.now.Add(time.Second).Truncate(time.Second), true // the countdown is seen
	case s.cover == view.CoverPrivacy:
		return s.touched.Add(s.cfg.Idle.Ask), true
	}
	return s.touched.Add(min(s.cfg.Idle.Cover, s.cfg.Idle.Ask)), true
}

// quiet is how long a screen without anybody's data stays: longer where there is much to read.
func (s *State) quiet() time.Duration {
	if s.screen == view.ScreenWiped || s.course != nil && s.course.Over {
		return 2 * s.cfg.Idle.Quiet
	}
	return s.cfg.Idle.Cover + s.cfg.Idle.Quiet
}

// tick looks at the time: cover, ask, wipe (P14).
func (s *State) tick(e Event) []Effect {
	gone := e.At.Sub(s.touched)
	switch {
	case s.screen == view.ScreenAttract:
		return nil
	case s.capped(e.At):
		return s.end(view.ScreenAttract)
	case s.course == nil || s.course.Over || !s.course.Private:
		if gone >= s.quiet() {
			return s.end(view.ScreenAttract)
		}
		return nil
	case gone >= s.cfg.Idle.Ask && s.course.Kept:
		return s.end(view.ScreenAttract)
	case gone >= s.cfg.Idle.Ask+s.cfg.Idle.Answer && s.course.Looking:
		return s.end(view.ScreenAttract) // nothing that was given is gone
	case gone >= s.cfg.Idle.Ask+s.cfg.Idle.Answer:
		effects := s.abandon()
		s.touched = e.At
		return effects
	case gone >= s.cfg.Idle.Ask:
		s.cover = view.CoverIdle
	case gone >= s.cfg.Idle.Cover:
		s.cover = view.CoverPrivacy
	}
	return nil
}

// left is how many seconds the idle question still waits.
func (s *State) left() int {
	d := s.touched.Add(s.cfg.Idle.Ask + s.cfg.Idle.Answer).Sub(s.now)
	return max(0, int((d+time.Second-1)/time.Second))
}
