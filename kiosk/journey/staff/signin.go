package staff

import (
	"yimen/drivers/device"
	"yimen/kiosk/inquiry"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/step"
	"yimen/kiosk/journey/view"
)

// enter begins what was chosen at the entrance.
func (d *desk) enter(what string) []journey.Effect {
	switch what {
	case chooseSignIn:
		d.page = card
		return []journey.Effect{journey.ReadCard{}, journey.Light{Device: device.IDCardReader, On: true}}
	case chooseCode:
		d.page = slipNo
		return d.listen()
	}
	return nil
}

// carded takes the member's card and asks for the PIN.
func (d *desk) carded(c *journey.Course, read device.Card) []journey.Effect {
	if d.page != card {
		return nil
	}
	effects := d.leave()
	d.page, d.own = pin, read
	c.Note, c.Private = nil, true
	return effects
}

// entered takes what was typed on the present page.
func (d *desk) entered(c *journey.Course, text string) []journey.Effect {
	switch d.page {
	case pin:
		return d.sign(c, text)
	case slipNo:
		return d.numbered(c, text)
	case code:
		return d.coded(c, text)
	}
	return nil
}

// sign asks the bureau who card and PIN belong to. Neither stays here afterwards.
func (d *desk) sign(c *journey.Course, text string) []journey.Effect {
	typed, err := inquiry.ParsePIN(text)
	if err != nil {
		c.Tell(view.NoteProblem, view.PhraseStaffPIN)
		return nil
	}
	return d.ask(c, inquiry.StaffAsk{Do: inquiry.SignIn, PIN: typed}, d.own)
}

// ask asks the bureau.
func (d *desk) ask(c *journey.Course, what inquiry.StaffAsk, of device.Card) []journey.Effect {
	q, err := what.Inquiry(device.Card{Name: device.Personal(step.FullName(of)), Number: of.Number})
	if err != nil {
		c.Tell(view.NoteProblem, view.PhraseStaffLine)
		return nil
	}
	d.busy = true
	return []journey.Effect{journey.Ask{Inquiry: q, Patience: patience}}
}

// answered takes what the bureau says.
func (d *desk) answered(c *journey.Course, e journey.Event, a inquiry.Answer) []journey.Effect {
	d.busy = false
	if d.page == why {
		return d.unsealed(c, e, a)
	}
	if d.page != pin {
		return nil
	}
	m, err := inquiry.ReadMember(a)
	switch {
	case a.Outcome == inquiry.Locked:
		c.Tell(view.NoteProblem, view.PhraseStaffLocked)
	case a.Outcome == inquiry.Unable:
		c.Tell(view.NoteProblem, view.PhraseStaffLine)
	case a.Outcome != inquiry.Found || err != nil || m.Session == "" || !e.At.Before(m.Until):
		c.Tell(view.NoteProblem, view.PhraseStaffUnknown)
	default:
		d.member, d.own, d.page = m, device.Card{}, home
		c.Until = m.Until
		return []journey.Effect{journey.Attend{Staff: m.No, Did: journey.Came}}
	}
	return nil
}

// notAnswered: the line is down. What can be done without it is said.
func (d *desk) notAnswered(c *journey.Course) {
	d.busy = false
	if d.page == why {
		c.Tell(view.NoteProblem, view.PhraseCopyLine)
		return
	}
	c.Tell(view.NoteProblem, view.PhraseStaffLine)
}
