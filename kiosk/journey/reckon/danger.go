package reckon

import (
	"yimen/kiosk/household"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/entry"
	"yimen/kiosk/journey/step"
	"yimen/kiosk/journey/view"
	"yimen/kiosk/policy"
)

// danger asks first of all whether somebody is in danger, hungry or without shelter. Who says yes is told at once whom
// to call, and may apply for emergency help instead of reckoning (domain.md §§4.5, 4.11).
type danger struct{ told bool }

// emergency is 急难型临时救助 in the catalogue (domain.md §2.2).
const emergency = "0301"

func (d *danger) Part() string { return view.PhrasePartReckon }

// Needless: a pack need not ask.
func (d *danger) Needless(c *journey.Course) bool {
	return len(c.Pack.Questions(first, c.Draft.Answers)) == 0
}

func (d *danger) Enter(*journey.Course, journey.Event, string) []journey.Effect {
	d.told = false
	return nil
}

func (d *danger) On(c *journey.Course, e journey.Event) (journey.Move, []journey.Effect) {
	t, ok := e.Is.(journey.Touch)
	if !ok {
		return journey.Stay(), nil
	}
	switch t.Do {
	case view.DoAnswer:
		return d.answer(c, t.Value), nil
	case view.DoUnknown:
		c.Draft.Answers = c.Draft.Answers.With(d.asked(c).Key, household.Answer{State: household.Unknown})
		return journey.Next(), nil
	case view.DoNext:
		return journey.Next(), nil
	case view.DoChoose:
		return journey.Turn("apply:" + emergency), nil
	case view.DoBack:
		if !d.told {
			return journey.Back(), nil
		}
		d.told = false
	}
	return journey.Stay(), nil
}

// answer keeps what was said; a yes is answered with whom to call.
func (d *danger) answer(c *journey.Course, value string) journey.Move {
	a := d.asked(c)
	v, err := entry.Parse(a.Question.Input, value)
	if err == nil {
		err = a.Question.Check(v)
	}
	if err != nil {
		phrase, limit := entry.Refusal(a.Question.Input, err)
		c.Tell(view.NoteProblem, phrase, "limit", limit)
		return journey.Stay()
	}
	c.Draft.Answers = c.Draft.Answers.With(a.Key, v)
	if d.told = v.Number != 0; d.told {
		return journey.Stay()
	}
	return journey.Next()
}

// asked is the one question.
func (d *danger) asked(c *journey.Course) policy.Asked {
	return c.Pack.Questions(first, c.Draft.Answers)[0]
}

func (d *danger) Show(c *journey.Course, v *view.View) {
	if d.told {
		v.Screen, v.Document = view.ScreenDanger, step.Document(c, "danger")
		v.Offers = []view.Do{view.DoBack, view.DoNext}
		if it, ok := c.Pack.Item(emergency); ok && it.Form != "" && !c.Standing.Full {
			v.Offers = append(v.Offers, view.DoChoose)
		}
		return
	}
	a := d.asked(c)
	v.Screen = view.ScreenQuestion
	v.Question = step.Question(c, a)
	v.Question.Now, v.Question.Of = 1, 1
	v.Offers = []view.Do{view.DoBack, view.DoAnswer, view.DoUnknown}
}

func (d *danger) Exit(*journey.Course) []journey.Effect { return nil }
