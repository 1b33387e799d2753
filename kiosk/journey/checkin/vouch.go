package checkin

import (
	"time"

	"yimen/drivers/device"
	"yimen/kiosk/inquiry"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/step"
	"yimen/kiosk/journey/view"
)

// vouch lets a member of the staff who stands beside the resident confirm at once, with the member's own card and PIN. It
// begins no session.
type vouch struct {
	page page
	card device.Card // the member's
}

// page is what is being asked for.
type page string

const (
	nothing page = ""
	theCard page = "card"
	thePIN  page = "pin"
	asking  page = "asking"
)

// bureauPatience is how long the bureau may take.
const bureauPatience = 20 * time.Second

// begin asks for the member's card.
func (k *vouch) begin() []journey.Effect {
	k.page = theCard
	return []journey.Effect{journey.ReadCard{}, journey.Light{Device: device.IDCardReader, On: true}}
}

// stop ends it, wherever it is; the card and what was typed are gone.
func (k *vouch) stop() (effects []journey.Effect) {
	if k.page == theCard {
		effects = []journey.Effect{journey.StopCard{}, journey.Light{Device: device.IDCardReader}}
	}
	*k = vouch{}
	return effects
}

// on answers what happened meanwhile; member is the number of whoever vouched, 0 for nobody yet.
func (k *vouch) on(c *journey.Course, e journey.Event) (member int, effects []journey.Effect) {
	switch h := e.Is.(type) {
	case journey.CardRead:
		return 0, k.carded(c, h.Card)
	case journey.CardFault:
		if k.page == theCard {
			c.Tell(view.NoteProblem, step.CardPhrase(h.Err))
			return 0, []journey.Effect{journey.ReadCard{Pause: step.AfterFault}}
		}
	case journey.Answered:
		return k.answered(c, h.Answer)
	case journey.NotAnswered:
		k.page = nothing
		c.Tell(view.NoteProblem, view.PhraseVouchLine)
	case journey.Touch:
		switch h.Do {
		case view.DoBack:
			return 0, k.stop()
		case view.DoAnswer:
			return 0, k.ask(c, h.Value)
		}
	}
	return 0, nil
}

// carded takes the member's card. Nobody vouches for oneself.
func (k *vouch) carded(c *journey.Course, read device.Card) []journey.Effect {
	if k.page != theCard {
		return nil
	}
	if read.Number == c.Draft.Card.Number {
		c.Tell(view.NoteProblem, view.PhraseCardTwice)
		return []journey.Effect{journey.ReadCard{Pause: step.AfterFault}}
	}
	effects := k.stop()
	k.page, k.card = thePIN, read
	c.Note = nil
	return effects
}

// ask asks the bureau who the card and the PIN belong to.
func (k *vouch) ask(c *journey.Course, text string) []journey.Effect {
	pin, err := inquiry.ParsePIN(text)
	if err != nil {
		c.Tell(view.NoteProblem, view.PhraseStaffPIN)
		return nil
	}
	q, err := inquiry.StaffAsk{Do: inquiry.Vouch, PIN: pin}.Inquiry(k.card)
	if err != nil {
		c.Tell(view.NoteProblem, view.PhraseVouchLine)
		return nil
	}
	k.page = asking
	return []journey.Effect{journey.Ask{Inquiry: q, Patience: bureauPatience}}
}

func (k *vouch) answered(c *journey.Course, a inquiry.Answer) (member int, effects []journey.Effect) {
	if k.page != asking {
		return 0, nil
	}
	m, err := inquiry.ReadMember(a)
	switch {
	case a.Outcome == inquiry.Found && err == nil:
		*k = vouch{}
		return m.No, []journey.Effect{journey.Attend{Staff: m.No, Did: journey.Vouched}}
	case a.Outcome == inquiry.Locked:
		c.Tell(view.NoteProblem, view.PhraseStaffLocked)
		*k = vouch{}
	case a.Outcome == inquiry.Unable:
		c.Tell(view.NoteProblem, view.PhraseVouchLine)
		*k = vouch{}
	default:
		c.Tell(view.NoteProblem, view.PhraseStaffUnknown)
		k.page = thePIN
	}
	return 0, nil
}

// show fills in what is asked for.
func (k *vouch) show(v *view.View) {
	v.Staff = &view.Staff{Busy: k.page == asking}
	switch k.page {
	case theCard:
		v.Screen, v.Card = view.ScreenCard, &view.Card{Whose: view.Phrase{ID: view.PhraseStaffCard}}
		v.Offers = []view.Do{view.DoBack}
	case thePIN:
		v.Screen, v.Question = view.ScreenPIN, &view.Question{Key: "pin", Input: view.InputPIN, Must: true}
		v.Offers = []view.Do{view.DoBack, view.DoAnswer}
	case asking:
		v.Screen, v.Question = view.ScreenPIN, &view.Question{Key: "pin", Input: view.InputPIN, Must: true}
	}
}
