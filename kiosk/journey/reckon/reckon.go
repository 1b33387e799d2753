// Package reckon is 先算一算: one interview that asks nobody's name or number (domain.md §6 P02), what it makes of every
// programme, why, what to do if one disagrees, a slip, and the way to an application with the answers kept. Nothing of it
// is stored or sent.
package reckon

import (
	"slices"

	"yimen/kiosk/journey"
	"yimen/kiosk/journey/step"
	"yimen/kiosk/journey/view"
	"yimen/kiosk/policy"
)

// Service offers the one interview.
type Service struct{}

// The pack's forms: what is asked first, and the interview that knows what every programme needs.
const (
	first = "danger"
	form  = "reckon"
)

// Door is the way in.
func (Service) Door() view.Door {
	return view.Door{ID: "reckon", Icon: "coin", Title: view.Phrase{ID: view.PhraseDoorReckon}, Plain: view.Phrase{ID: view.PhraseDoorReckon + view.Plainly}}
}

// Offers gives the one thing to begin.
func (Service) Offers(p *policy.Pack) []view.Offer {
	return []view.Offer{{ID: "reckon:all", Title: p.Text("reckon.name"), Icon: "coin", Here: true, Straight: true}}
}

// Begin gives the steps: what it is, the interview, what came out.
func (Service) Begin(_ string, c *journey.Course) []journey.Stage {
	c.Draft.Item = &policy.Item{Name: c.Pack.Text("reckon.name"), Form: form, Slip: "reckon"}
	return []journey.Stage{
		&step.Notice{Document: "reckon", Of: view.PhrasePartReckon}, &danger{}, &step.Interview{Without: needless}, &outcome{},
	}
}

// naming are the inputs that tell who somebody is.
var naming = []policy.Input{policy.InputName, policy.InputIDNumber}

// needless tells whether a question of the forms' shared sections is left out of an anonymous interview.
func needless(q *policy.Question) bool { return slices.Contains(naming, q.Input) }
