package step

import (
	"strconv"

	"yimen/drivers/device"
	"yimen/kiosk/household"
	"yimen/kiosk/journey"
	"yimen/kiosk/policy"
)

// prefill answers from the card what the pack says a card can answer, where nothing was answered before.
func prefill(c *journey.Course) {
	for _, a := range c.Pack.Questions(c.Draft.Item.Form, c.Draft.Answers) {
		if a.Question.Prefill == "" || c.Draft.Answers.Get(a.Key).State != household.NotYet {
			continue
		}
		if v, ok := fromCard(c.Draft.Card, a.Question.Prefill); ok && a.Question.Check(v) == nil {
			c.Draft.Answers = c.Draft.Answers.With(a.Key, v)
		}
	}
}

// fromCard gives the answer that a card's field makes; ok is false where the card does not have it.
func fromCard(card device.Card, field string) (household.Answer, bool) {
	given := household.Answer{State: household.Given}
	switch field {
	case "name":
		given.Text = device.Personal(FullName(card))
	case "number":
		given.Text = card.Number
	case "address":
		given.Text = card.Address
	case "ethnic":
		given.Text = device.Personal(card.Ethnic)
	case "birth":
		n, err := strconv.ParseInt(card.Birth.Reveal(), 10, 64)
		if err != nil {
			return household.Answer{}, false
		}
		given.Number = n
		return given, true
	case "sex":
		switch card.Sex {
		case "1":
			given.Code = "male"
		case "2":
			given.Code = "female"
		default:
			return household.Answer{}, false
		}
		return given, true
	}
	return given, !given.Text.Empty()
}

// seen tells whether the resident has already confirmed on the card screen what the question would ask.
func seen(a policy.Asked, v household.Answer, card device.Card) bool {
	switch a.Question.Prefill {
	case "name", "number", "birth", "sex", "ethnic":
		w, ok := fromCard(card, a.Question.Prefill)
		return ok && v == w
	}
	return false
}
