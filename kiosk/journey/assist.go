package journey

import (
	"slices"
	"strings"
	"time"

	"yimen/kiosk/dossier"
	"yimen/kiosk/journey/view"
	"yimen/kiosk/policy"
)

// giving are the touches by which a page is done: in an assisted visit each waits for the resident's own word.
var giving = []view.Do{view.DoNext, view.DoAnswer, view.DoUnknown, view.DoAccept, view.DoLater, view.DoSign, view.DoSubmit}

// held tells whether a touch has to wait for the resident's own word.
func (s *State) held(t Touch) bool {
	return s.course != nil && s.course.Draft.Assist != nil && !s.course.Kept && slices.Contains(giving, t.Do)
}

// hold keeps a touch until the resident has said whether it is meant.
func (s *State) hold(t Touch) []Effect {
	s.touchHeld, s.cover = &t, view.CoverAssist
	return nil
}

// confirm carries out the touch that was held, and counts it.
func (s *State) confirm(e Event) []Effect {
	t := *s.touchHeld
	s.letGo()
	with := *s.course.Draft.Assist
	with.Confirmed++
	s.course.Draft.Assist = &with
	s.course.Note = nil
	return s.hand(Event{At: e.At, ID: e.ID, Is: t})
}

// said is the held answer to the question under the cover; nil where the page itself shows what would be given.
func (s *State) said(q *view.Question) *view.Said {
	if q == nil || s.touchHeld == nil || s.touchHeld.Do != view.DoAnswer && s.touchHeld.Do != view.DoUnknown {
		return nil
	}
	said := &view.Said{Input: q.Input, Value: s.touchHeld.Value, Unit: q.Unit}
	for _, code := range strings.Split(said.Value, ",") {
		for _, o := range q.Options {
			if o.Code == code {
				said.Options = append(said.Options, o.Title)
			}
		}
	}
	if t, err := time.Parse("20060102", said.Value); q.Input == policy.InputDate && err == nil {
		said.Value = t.Format("2006-01-02")
	}
	return said
}

// letGo forgets a touch that was held: it is not the resident's.
func (s *State) letGo() { s.touchHeld, s.cover = nil, "" }

// Helped tells that this visit goes on with somebody's help, who is asked for by name, and with what card.
func (c *Course) Helped(by dossier.Assist) { c.Draft.Assist = &by }
