package step

import (
	"slices"

	"yimen/kiosk/household"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/entry"
	"yimen/kiosk/journey/question"
	"yimen/kiosk/journey/view"
	"yimen/kiosk/policy"
)

// Interview asks the pack's questions, one to a screen. Which questions there are follows from the answers,
// so the list is made anew after each of them.
type Interview struct {
	Without func(*policy.Question) bool // questions that this visit leaves out; nil for none

	at     household.Key
	visits []household.Key // the way back
	edit   bool            // one answer is being changed, the rest stays
	before household.Key   // the present question before the change
}

func (i *Interview) Part() string { return view.PhrasePartInterview }

func (i *Interview) Enter(c *journey.Course, e journey.Event, arg string) []journey.Effect {
	today := household.Answer{State: household.Given, Number: int64(household.DateOf(e.At.In(c.Zone)))}
	c.Draft.Answers = c.Draft.Answers.With(household.AsOf, today)
	i.leaveOut(c)
	if i.edit {
		i.at, i.edit = i.before, false
	}
	if key, err := household.ParseKey(arg); err == nil {
		i.before, i.at, i.edit = i.at, key, true
		return nil
	}
	asked := i.open(c)
	if len(asked) == 0 {
		return nil
	}
	switch _, still := i.now(c); {
	case len(i.visits) == 0 && c.Owner != "": // on with what was parked
		i.goOn(c, asked)
	case len(i.visits) == 0: // the first time; coming back from later shows the last question again
		i.at = asked[0].Key
	case !still:
		i.at = asked[len(asked)-1].Key
	}
	return nil
}

// goOn begins at the first question without an answer, with those before it as the way back; at the last where all have one.
func (i *Interview) goOn(c *journey.Course, asked []policy.Asked) {
	for _, a := range asked {
		i.at = a.Key
		if c.Draft.Answers.Get(a.Key).State == household.NotYet {
			return
		}
		i.visits = append(i.visits, a.Key)
	}
	i.visits = i.visits[:len(i.visits)-1]
}

// open lists the questions to be walked through: all but those left out and those confirmed on the card screen.
func (i *Interview) open(c *journey.Course) []policy.Asked {
	return slices.DeleteFunc(question.All(c), func(a policy.Asked) bool {
		return i.Without != nil && i.Without(a.Question) || seen(a, c.Draft.Answers.Get(a.Key), c.Draft.Card)
	})
}

// leaveOut takes what is not asked for 不清楚, so that the questions which stand in for it come: who gives no number is
// asked for the birthday.
func (i *Interview) leaveOut(c *journey.Course) {
	if i.Without == nil {
		return
	}
	for more := true; more; {
		more = false
		for _, a := range question.All(c) {
			if i.Without(a.Question) && c.Draft.Answers.Get(a.Key).State == household.NotYet {
				c.Draft.Answers = c.Draft.Answers.With(a.Key, household.Answer{State: household.Unknown})
				more = true
			}
		}
	}
}

// danger is the question whose yes is answered at once with whom to call, whatever is applied for (domain.md §4.11).
var danger = household.Key{Fact: "urgent"}

// now finds the present question; there is none where the form has nothing to ask.
func (i *Interview) now(c *journey.Course) (policy.Asked, bool) { return question.Find(c, i.at) }

func (i *Interview) On(c *journey.Course, e journey.Event) (journey.Move, []journey.Effect) {
	t, ok := e.Is.(journey.Touch)
	if !ok {
		return journey.Stay(), nil
	}
	a, ok := i.now(c)
	if !ok {
		return journey.Next(), nil
	}
	switch t.Do {
	case view.DoBack:
		return i.backwards(c), nil
	case view.DoUnknown:
		return i.answer(c, a, household.Answer{State: household.Unknown}), nil
	case view.DoAnswer:
		v, err := entry.Parse(a.Question.Input, t.Value)
		if err == nil {
			err = a.Question.Check(v)
		}
		if err != nil {
			phrase, limit := entry.Refusal(a.Question.Input, err)
			c.Tell(view.NoteProblem, phrase, "limit", limit)
			return journey.Stay(), nil
		}
		return i.answer(c, a, v), nil
	}
	return journey.Stay(), nil
}

// answer keeps v and goes on: forwards through the open questions, or, when one answer was changed, to what
// that change newly asks and then back to where the change was asked for.
func (i *Interview) answer(c *journey.Course, a policy.Asked, v household.Answer) journey.Move {
	c.Draft.Answers = c.Draft.Answers.With(a.Key, v)
	c.Private = true
	if a.Key == danger && v.Number != 0 {
		c.Tell(view.NoteProblem, view.PhraseAnswerDanger)
	}
	i.leaveOut(c)
	open := i.open(c)
	passed := false
	for _, o := range open {
		if passed || i.edit {
			if !i.edit || c.Draft.Answers.Get(o.Key).State == household.NotYet {
				i.leave(a.Key)
				i.at = o.Key
				return journey.Stay()
			}
		}
		passed = passed || o.Key == a.Key
	}
	i.leave(a.Key)
	return journey.Next()
}

// leave notes the way back; a change has none of its own but to where it was asked for.
func (i *Interview) leave(key household.Key) {
	if !i.edit {
		i.visits = append(i.visits, key)
	}
}

// backwards goes to the question before, past those that a later change has made pointless.
func (i *Interview) backwards(c *journey.Course) journey.Move {
	if i.edit {
		return journey.Back()
	}
	for last := len(i.visits) - 1; last >= 0; last-- {
		key := i.visits[last]
		i.visits = i.visits[:last]
		if _, asked := question.Find(c, key); asked {
			i.at = key
			return journey.Stay()
		}
	}
	return journey.Back()
}

func (i *Interview) Show(c *journey.Course, v *view.View) {
	v.Screen = view.ScreenQuestion
	v.Offers = []view.Do{view.DoBack}
	a, ok := i.now(c)
	if !ok {
		v.Question = &view.Question{}
		v.Offers = append(v.Offers, view.DoAnswer)
		return
	}
	v.Offers = append(v.Offers, view.DoAnswer)
	if !a.Question.Must {
		v.Offers = append(v.Offers, view.DoUnknown)
	}
	v.Question = Question(c, a)
	v.Question.Now, v.Question.Of = place(i.open(c), a)
}

// Question is a question as it is asked now, with the answer it has.
func Question(c *journey.Course, a policy.Asked) *view.Question {
	q, answer := a.Question, c.Draft.Answers.Get(a.Key)
	card, fits := fromCard(c.Draft.Card, q.Prefill)
	return &view.Question{
		Key: a.Key.String(), Input: q.Input, Title: question.Named(c, a, q.Title), Help: question.Named(c, a, q.Help), Unit: q.Unit,
		Options: q.Options, Section: a.Section.Title, Value: entry.Value(q.Input, answer), Known: entry.Known(answer),
		Must: q.Must, Card: fits && a.Subject <= 1 && answer == card,
	}
}

func (i *Interview) Exit(*journey.Course) []journey.Effect { return nil }

// place is where a stands among its section's open questions.
func place(open []policy.Asked, a policy.Asked) (now, of int) {
	for _, o := range open {
		if o.Section != a.Section {
			continue
		}
		of++
		if o.Key == a.Key {
			now = of
		}
	}
	return now, of
}
