package step

import (
	"yimen/drivers/device"
	"yimen/kiosk/dossier"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/view"
)

// Other asks for the card of somebody who came along. It is read as any other, and is not the resident's: all that the
// resident gave stays as it was.
type Other struct {
	Card
	Take func(c *journey.Course, theirs device.Card) // once it was confirmed
}

// On does as Card with the resident's card and all else put aside. The same card twice is refused in words.
func (o *Other) On(c *journey.Course, e journey.Event) (journey.Move, []journey.Effect) {
	mine := c.Draft
	move, effects := o.Card.On(c, e)
	theirs := c.Draft.Card
	c.Draft, c.Private = mine, true
	if t, ok := e.Is.(journey.Touch); !ok || t.Do != view.DoNext {
		return move, effects
	}
	if theirs.Number == mine.Card.Number {
		again, more := o.Card.On(c, journey.Event{At: e.At, ID: e.ID, Is: journey.Touch{Do: view.DoRetake}})
		c.Draft, c.Private = mine, true
		c.Tell(view.NoteProblem, view.PhraseCardTwice)
		return again, append(effects, more...)
	}
	o.Take(c, theirs)
	return move, effects
}

// NewHelper asks for the card of whoever helps the resident (STA3): the record names the helper, and from then on each page
// waits for the resident's own word.
func NewHelper() *Other {
	return &Other{Card: Card{Whose: view.PhraseCardOfHelper}, Take: func(c *journey.Course, theirs device.Card) {
		c.Helped(dossier.Assist{Helper: device.Personal(FullName(theirs)), Number: theirs.Number})
	}}
}
