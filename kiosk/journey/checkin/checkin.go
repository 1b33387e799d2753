// Package checkin is 签到: somebody who is to show up now and then does so, in one of several ways that count the same
// (domain.md §2.4). Nothing hangs on it here: the terminal does not know who is late, and late is never a ground for
// stopping anything (§0.1 trap 15).
package checkin

import (
	"time"

	"yimen/drivers/device"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/step"
	"yimen/kiosk/journey/view"
	"yimen/kiosk/letter"
	"yimen/kiosk/policy"
)

// Service offers the one thing to do.
type Service struct{}

// What the pack has for checking in.
const (
	textName    = "checkin.name"
	textWho     = "checkin.who"
	textLate    = "checkin.late"
	noticeDoc   = "checkin"      // P01
	consentDoc  = "face_consent" // P03
	slipID      = "checkin"
	paramMonths = "checkin.months" // from one check-in to the next
)

// Door is the way in.
func (Service) Door() view.Door {
	return view.Door{ID: "checkin", Icon: "hand", Title: view.Phrase{ID: view.PhraseDoorCheckIn}, Plain: view.Phrase{ID: view.PhraseDoorCheckIn + view.Plainly}}
}

// Offers gives the one thing to begin, where the pack has what it takes.
func (Service) Offers(p *policy.Pack) []view.Offer {
	if p.Text(textName) == nil {
		return nil
	}
	return []view.Offer{{ID: "checkin:self", Title: p.Text(textName), Icon: "calendar", Here: true, Straight: true}}
}

// Begin gives the first screen: the ways, side by side. The others follow from the choice.
func (Service) Begin(_ string, c *journey.Course) []journey.Stage {
	c.Draft.Item = &policy.Item{Name: c.Pack.Text(textName), Slip: slipID}
	return []journey.Stage{&ways{visit: &visit{}}}
}

// visit is what the steps of one check-in share.
type visit struct {
	way       letter.Way
	role      letter.Role
	companion device.Card
	refused   bool // the comparison of the face: not asked again in this visit (P03)
	faces     []letter.FaceTry
	consent   *letter.Consent
	confirmed bool   // by the face
	category  string // kind of aid to be printed, as the resident says; empty for none
	member    int    // number of the member of the staff who confirmed; 0 for nobody
}

// steps are what follows from a way.
func (v *visit) steps(way letter.Way) []journey.Stage {
	*v = visit{way: way, refused: v.refused}
	mine := &own{visit: v}
	begin := []journey.Stage{&step.Notice{Document: noticeDoc, Of: view.PhrasePartCheckIn}, mine}
	switch way {
	case letter.WayFace:
		begin = append(begin, &consent{visit: v}, &compare{visit: v})
	case letter.WayGuardian:
		mine.Whose = view.PhraseCardOfWard
		begin = append(begin, v.along(letter.Guardian))
	case letter.WayAssisted:
		begin = append(begin, v.along(letter.Helper))
	}
	return append(begin, v.end()...)
}

// end is how every way ends.
func (v *visit) end() []journey.Stage {
	return []journey.Stage{&check{visit: v}, &step.Slip{Send: v.send, Facts: v.facts, CheckIn: true}}
}

// along is the step in which the companion lays a card.
func (v *visit) along(role letter.Role) journey.Stage {
	v.role = role
	if role == letter.Guardian {
		take := func(_ *journey.Course, theirs device.Card) { v.companion = theirs }
		return &step.Other{Card: step.Card{Whose: view.PhraseCardOfGuardian}, Take: take}
	}
	helper := step.NewHelper()
	named := helper.Take
	helper.Take = func(c *journey.Course, theirs device.Card) {
		v.companion = theirs
		named(c, theirs)
	}
	return helper
}

// facesFrom is the age from which a face may be compared: below it a guardian comes along (domain.md P07).
const facesFrom = 14

// child tells whether a card's holder is too young to do this alone. Whose birthday is not known is not.
func child(card device.Card, at time.Time) bool {
	born, err := time.ParseInLocation("20060102", card.Birth.Reveal(), at.Location())
	return err == nil && at.Before(born.AddDate(facesFrom, 0, 0))
}
