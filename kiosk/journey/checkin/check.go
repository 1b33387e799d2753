package checkin

import (
	"yimen/drivers/device"
	"yimen/kiosk/household"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/step"
	"yimen/kiosk/journey/view"
	"yimen/kiosk/letter"
	"yimen/kiosk/policy"
	"yimen/kiosk/slip"
)

// check shows what will be handed in, and hands it in when the resident says so. A member of the staff may confirm here.
type check struct {
	*visit
	vouch  vouch
	naming bool // the kind of aid is being chosen
}

func (k *check) Part() string { return view.PhrasePartCheckIn }

func (k *check) Enter(*journey.Course, journey.Event, string) []journey.Effect {
	k.vouch, k.naming = vouch{}, false
	return nil
}

func (k *check) On(c *journey.Course, e journey.Event) (journey.Move, []journey.Effect) {
	if k.vouch.page != nothing {
		member, effects := k.vouch.on(c, e)
		if member != 0 {
			k.member = member
		}
		return journey.Stay(), effects
	}
	if t, ok := e.Is.(journey.Touch); ok {
		if k.naming {
			k.name(t)
			return journey.Stay(), nil
		}
		switch t.Do {
		case view.DoBack:
			return journey.Back(), nil
		case view.DoEdit:
			k.naming = true
		case view.DoStaff:
			return journey.Stay(), k.vouch.begin()
		case view.DoSubmit:
			return journey.Next(), nil
		}
	}
	return journey.Stay(), nil
}

func (k *check) Show(c *journey.Course, v *view.View) {
	if k.vouch.page != nothing {
		k.vouch.show(v)
		return
	}
	if k.naming {
		k.ask(c, v)
		return
	}
	v.Screen, v.Offers = view.ScreenCheckIn, []view.Do{view.DoSubmit, view.DoBack}
	if c.Pack.Text(textCategory) != nil {
		v.Offers = append(v.Offers, view.DoEdit)
	}
	if k.stands() == letter.ConfirmedLater {
		v.Offers = append(v.Offers, view.DoStaff)
	}
	v.CheckIn = &view.CheckIn{
		Name: step.FullName(c.Draft.Card), Number: c.Draft.Card.Number.MaskNumber(), Way: view.Phrase{ID: phraseOf(k.taken())},
		Stands: view.Phrase{ID: stands[k.stands()]}, Next: k.next(c), Late: c.Pack.Text(textLate), Aid: k.aid(c),
	}
	if !k.companion.Number.Empty() {
		v.CheckIn.With, v.CheckIn.Role = device.Personal(step.FullName(k.companion)).MaskName(), view.Phrase{ID: roles[k.role]}
	}
}

func (k *check) Exit(*journey.Course) []journey.Effect { return k.vouch.stop() }

// taken is the way that was gone in the end: who began with the face and was not confirmed by it goes to the staff.
func (v *visit) taken() letter.Way {
	if v.way == letter.WayFace && !v.confirmed {
		return letter.WayStaff
	}
	return v.way
}

// stands says who has seen that it is the person.
func (v *visit) stands() letter.Confirmed {
	switch {
	case v.confirmed:
		return letter.ConfirmedFace
	case v.member != 0:
		return letter.ConfirmedStaff
	}
	return letter.ConfirmedLater
}

var (
	stands = map[letter.Confirmed]string{
		letter.ConfirmedFace: view.PhraseStandsFace, letter.ConfirmedStaff: view.PhraseStandsStaff, letter.ConfirmedLater: view.PhraseStandsLater,
	}
	roles = map[letter.Role]string{letter.Guardian: view.PhraseRoleGuardian, letter.Helper: view.PhraseRoleHelper}
)

func phraseOf(way letter.Way) string {
	for _, o := range choices {
		if o.way == way {
			return o.phrase
		}
	}
	return ""
}

// next is the day of the next check-in, YYYY-MM-DD; empty where the region has not settled how often, or says so by way of
// example only and this is no demonstration.
func (v *visit) next(c *journey.Course) string {
	months, err := c.Pack.Param(paramMonths, household.DateOf(c.Began))
	if err != nil || months.Amount == nil || months.Example && !c.Hall.Example {
		return ""
	}
	n, whole := months.Amount.Int()
	if !whole {
		return ""
	}
	return c.Began.AddDate(0, int(n), 0).Format("2006-01-02")
}

// send posts what is known.
func (v *visit) send(c *journey.Course) journey.Effect {
	record := letter.CheckedIn{Way: v.taken(), Confirmed: v.stands(), Faces: v.faces, Consent: v.consent, Staff: v.member, Next: v.next(c)}
	card := c.Draft.Card
	l := letter.Letter{
		Terminal: c.Draft.Terminal, Hall: c.Draft.Hall, Lang: c.Lang, Pack: c.Pack,
		From: letter.Party{Name: device.Personal(step.FullName(card)), Number: card.Number, Proof: proofs[v.stands()]},
	}
	if with := v.companion; !with.Number.Empty() {
		name := step.FullName(with)
		record.Companion = &letter.Companion{Role: v.role, Name: letter.Text(name), Number: letter.Text(with.Number.Reveal())}
		if c.Draft.Assist != nil {
			record.Companion.Confirmed = c.Draft.Assist.Confirmed
		}
		if v.role == letter.Guardian {
			l.For = l.From
			l.From = letter.Party{Name: device.Personal(name), Number: with.Number, Proof: letter.ByCard}
		}
	}
	l.Record = record
	return journey.Post{Letter: l}
}

// proofs say how the person is known, by who confirmed.
var proofs = map[letter.Confirmed]letter.Proof{
	letter.ConfirmedFace: letter.ByFace, letter.ConfirmedStaff: letter.ByStaff, letter.ConfirmedLater: letter.ByCard,
}

// facts are what the slip tells (domain.md §7). It is asked when all is safe: nothing else of the check-in stays.
func (v *visit) facts(c *journey.Course) slip.Facts {
	defer func() { *v = visit{} }()
	next := v.next(c)
	if next == "" {
		next = word(c.Pack, "checkin.next_unknown")
	}
	return slip.Facts{
		Item: word(c.Pack, textName), Applicant: device.Personal(step.FullName(c.Draft.Card)), Number: c.Draft.Card.Number,
		Agent: device.Personal(step.FullName(v.companion)), Terminal: c.Draft.Terminal, Hall: c.Draft.Hall, Example: c.Hall.Example,
		Category: v.printed(c),
		More: map[string]string{
			"checkin_way": word(c.Pack, "checkin.way."+string(v.taken())), "checkin_result": word(c.Pack, "checkin.result."+string(v.stands())), "checkin_next": next,
		},
	}
}

// word is a text of the pack as an office's paper has it.
func word(p *policy.Pack, id string) string { return p.Text(id).In("zh-CN") }
