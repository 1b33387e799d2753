package checkin

import (
	"yimen/drivers/device"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/step"
	"yimen/kiosk/journey/view"
	"yimen/kiosk/letter"
)

// own asks for the card of the person who is to check in.
type own struct {
	step.Card
	*visit
}

// On does as step.Card. What another card proved is forgotten, and a child's guardian is asked for.
func (o *own) On(c *journey.Course, e journey.Event) (journey.Move, []journey.Effect) {
	before := c.Draft.Card.Number
	move, effects := o.Card.On(c, e)
	if c.Draft.Card.Number == before {
		return move, effects
	}
	o.companion, o.faces, o.consent, o.confirmed, o.member, o.category = device.Card{}, nil, nil, false, 0, ""
	if !c.Draft.Card.Number.Empty() && o.way != letter.WayGuardian && child(c.Draft.Card, e.At.In(c.Zone)) {
		o.way = letter.WayGuardian
		c.Tell(view.NoteNews, view.PhraseCheckInChild)
		return journey.Branch(append([]journey.Stage{o.along(letter.Guardian)}, o.end()...)...), effects
	}
	return move, effects
}
