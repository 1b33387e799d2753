package step

import (
	"errors"
	"time"

	"yimen/drivers/device"
	"yimen/kiosk/dossier"
	"yimen/kiosk/household"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/view"
)

// Card asks for the identity card and lets its holder confirm what was read, masked. Taking the card away
// never ends a visit (P14).
type Card struct {
	Whose string // id of the phrase that says whose card is asked for, where it is not plain

	confirming bool
	card       device.Card
	late       bool
}

// AfterFault is the pause before a reader that failed is asked again.
const AfterFault = time.Second

func (k *Card) Part() string { return view.PhrasePartIdentify }

func (k *Card) Enter(c *journey.Course, _ journey.Event, _ string) []journey.Effect {
	if k.confirming {
		return nil
	}
	return ask()
}

// ask waits for a card and points to where it is laid.
func ask() []journey.Effect {
	return []journey.Effect{journey.ReadCard{}, journey.Light{Device: device.IDCardReader, On: true}}
}

func (k *Card) On(c *journey.Course, e journey.Event) (journey.Move, []journey.Effect) {
	switch h := e.Is.(type) {
	case journey.CardRead:
		return journey.Stay(), k.read(c, e, h.Card)
	case journey.CardFault:
		c.Tell(view.NoteProblem, CardPhrase(h.Err))
		return journey.Stay(), []journey.Effect{journey.ReadCard{Pause: AfterFault}}
	case journey.Touch:
		switch h.Do {
		case view.DoNext:
			c.Draft.Card, c.Draft.CardLate = k.card, k.late
			prefill(c)
			return journey.Next(), nil
		case view.DoRetake:
			return journey.Stay(), append(k.forget(c), ask()...)
		case view.DoBack:
			if !k.confirming {
				return journey.Back(), nil
			}
			return journey.Stay(), append(k.forget(c), ask()...)
		}
	}
	return journey.Stay(), nil
}

// read judges what the reader reports: a number that cannot be is refused in words and another card may be
// laid; a card past its date is told and goes on, for people decide.
func (k *Card) read(c *journey.Course, e journey.Event, card device.Card) []journey.Effect {
	if !numberFits(card) {
		c.Tell(view.NoteProblem, view.PhraseCardNumber)
		return []journey.Effect{journey.ReadCard{}}
	}
	if c.Owner != "" && card.Number != c.Owner { // nobody signs what another person stated
		c.Tell(view.NoteProblem, view.PhraseCardOther)
		return []journey.Effect{journey.ReadCard{Pause: AfterFault}}
	}
	c.Note = nil
	k.card, k.confirming = card, true
	k.late = !card.LongTerm && card.ValidTo != "" && card.ValidTo < e.At.In(c.Zone).Format("20060102")
	c.Private = true
	if k.late {
		c.Tell(view.NoteNews, view.PhraseCardExpired)
	}
	return []journey.Effect{journey.Light{Device: device.IDCardReader}}
}

// forget drops a card that is not the resident's, and all that was given under it. What was parked was not given under it.
func (k *Card) forget(c *journey.Course) (effects []journey.Effect) {
	if c.Owner != "" {
		k.card, k.confirming, k.late = device.Card{}, false, false
		return nil
	}
	for _, p := range c.Draft.Pages {
		effects = append(effects, journey.Forget{ID: p.ID})
	}
	k.card, k.confirming, k.late = device.Card{}, false, false
	c.Draft = blank(c.Draft)
	c.Private = false
	return effects
}

// blank is a draft for the same item without anything that a resident gave.
func blank(d dossier.Draft) dossier.Draft {
	return dossier.Draft{Kind: d.Kind, Terminal: d.Terminal, Hall: d.Hall, Lang: d.Lang, Pack: d.Pack, Item: d.Item, Notice: d.Notice}
}

// numberFits checks the check digit where the card has an 18-character number (GB 11643); the 2017 card of
// foreign residents has 15 characters and another scheme.
func numberFits(card device.Card) bool {
	if card.Kind == device.ForeignCard2017 {
		return !card.Number.Empty()
	}
	return household.ValidNumber(card.Number.Reveal())
}

func (k *Card) Show(c *journey.Course, v *view.View) {
	v.Offers = []view.Do{view.DoBack}
	if !k.confirming {
		v.Screen = view.ScreenCard
		v.Card = &view.Card{Whose: view.Phrase{ID: k.Whose}}
		return
	}
	v.Screen = view.ScreenConfirm
	v.Offers = append(v.Offers, view.DoNext, view.DoRetake)
	v.Card = &view.Card{
		Whose:   view.Phrase{ID: k.Whose},
		Name:    FullName(k.card),
		Sex:     view.Phrase{ID: sexPhrase(k.card.Sex)},
		Ethnic:  k.card.Ethnic,
		Birth:   k.card.Birth.MaskBirth(),
		Address: k.card.Address.MaskAddress(),
		Number:  k.card.Number.MaskNumber(),
		ValidTo: day(k.card.ValidTo),
		Long:    k.card.LongTerm,
	}
}

func (k *Card) Exit(*journey.Course) []journey.Effect {
	if k.confirming {
		return nil
	}
	return []journey.Effect{journey.StopCard{}, journey.Light{Device: device.IDCardReader}}
}

// FullName is shown whole: the holder must see that rare characters are right (ACC12).
func FullName(card device.Card) string {
	if card.Name.Empty() {
		return card.Latin.Reveal()
	}
	return card.Name.Reveal()
}

func sexPhrase(code string) string {
	switch code {
	case "1":
		return view.PhraseSexMale
	case "2":
		return view.PhraseSexFemale
	}
	return view.PhraseSexUnknown
}

func day(yyyymmdd string) string {
	if len(yyyymmdd) != 8 {
		return ""
	}
	return yyyymmdd[:4] + "-" + yyyymmdd[4:6] + "-" + yyyymmdd[6:]
}

// CardPhrase is the id of the phrase that says why a card was not read, and what to do.
func CardPhrase(err error) string {
	switch {
	case errors.Is(err, device.ErrGone), errors.Is(err, device.ErrSilent):
		return view.PhraseCardReader
	case errors.Is(err, device.ErrHardware):
		return view.PhraseCardLocked
	}
	return view.PhraseCardAgain
}
