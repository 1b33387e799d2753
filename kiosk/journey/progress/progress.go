// Package progress is 进度: whoever proves the card, or a slip with its code, is told by the bureau how the case stands, in
// words and days; may read and print copies of what was issued; brings the pages that are missing (补正); and goes on with an
// application that was parked. Nothing of it is kept here: what the bureau told ends with the visit.
package progress

import (
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/step"
	"yimen/kiosk/journey/view"
	"yimen/kiosk/policy"
)

// Service offers the one way in.
type Service struct{}

// notice is the document that is shown before anything is asked (P01).
const notice = "privacy_progress"

// Door is the way in.
func (Service) Door() view.Door {
	return view.Door{ID: "progress", Icon: "calendar", Title: view.Phrase{ID: view.PhraseDoorProgress}, Plain: view.Phrase{ID: view.PhraseDoorProgress + view.Plainly}}
}

// Offers gives the one thing to begin.
func (Service) Offers(p *policy.Pack) []view.Offer {
	if _, ok := p.Document(notice); !ok {
		return nil // a pack of a street that has no such service
	}
	return []view.Offer{{ID: "progress:all", Icon: "calendar", Here: true, Straight: true}}
}

// Begin gives the steps up to what the bureau tells; what can be done about a case branches off from there.
func (Service) Begin(string, *journey.Course) []journey.Stage {
	p := &prove{}
	return []journey.Stage{&step.Notice{Document: notice, Of: view.PhrasePartProve}, p, &told{prove: p}}
}
