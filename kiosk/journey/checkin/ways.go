package checkin

import (
	"slices"

	"yimen/kiosk/journey"
	"yimen/kiosk/journey/view"
	"yimen/kiosk/letter"
)

// ways lets the resident choose how, first of all and without a preference of ours (domain.md §0.1 trap 16, P04).
type ways struct{ *visit }

// choices are all ways there are, with their icons and words.
var choices = []struct {
	way    letter.Way
	icon   string
	phrase string
}{
	{letter.WayStaff, "desk", view.PhraseWayStaff},
	{letter.WayFace, "face", view.PhraseWayFace},
	{letter.WayGuardian, "people", view.PhraseWayGuardian},
	{letter.WayAssisted, "hands", view.PhraseWayAssisted},
}

func (w *ways) Part() string { return view.PhrasePartWays }

func (w *ways) Enter(*journey.Course, journey.Event, string) []journey.Effect { return nil }

// open lists what can be chosen now. A face that was refused, or that nothing here can compare, is no way.
func (w *ways) open(c *journey.Course) (open []letter.Way) {
	for _, o := range choices {
		if o.way != letter.WayFace || c.Standing.Faces && !w.refused {
			open = append(open, o.way)
		}
	}
	return open
}

func (w *ways) On(c *journey.Course, e journey.Event) (journey.Move, []journey.Effect) {
	t, ok := e.Is.(journey.Touch)
	if !ok {
		return journey.Stay(), nil
	}
	switch t.Do {
	case view.DoBack:
		return journey.Back(), nil
	case view.DoChoose:
		if way := letter.Way(t.Value); slices.Contains(w.open(c), way) {
			c.Draft.Assist = nil
			return journey.Branch(w.steps(way)...), nil
		}
	}
	return journey.Stay(), nil
}

func (w *ways) Show(c *journey.Course, v *view.View) {
	v.Screen, v.Offers = view.ScreenWays, []view.Do{view.DoChoose, view.DoBack}
	v.Ways = &view.Ways{Who: c.Pack.Text(textWho)}
	open := w.open(c)
	for _, o := range choices {
		if slices.Contains(open, o.way) {
			v.Ways.Ways = append(v.Ways.Ways, view.Way{ID: string(o.way), Icon: o.icon, Said: view.Phrase{ID: o.phrase}})
		} else if !w.refused {
			v.Ways.Not = append(v.Ways.Not, view.Phrase{ID: view.PhraseNoFace})
		}
	}
}

func (w *ways) Exit(*journey.Course) []journey.Effect { return nil }
