// Package apply is the service of applying: one tile for each item of the pack's catalogue that has a form,
// and for the chosen one the steps from the privacy notice to the slip.
package apply

import (
	"strings"

	"yimen/kiosk/journey"
	"yimen/kiosk/journey/park"
	"yimen/kiosk/journey/scan"
	"yimen/kiosk/journey/step"
	"yimen/kiosk/journey/view"
	"yimen/kiosk/policy"
)

// Service offers the catalogue.
type Service struct{}

const prefix = "apply:"

// Door is the way in.
func (Service) Door() view.Door {
	return view.Door{ID: "apply", Icon: "pen", Title: view.Phrase{ID: view.PhraseDoorApply}, Plain: view.Phrase{ID: view.PhraseDoorApply + view.Plainly}}
}

// Offers gives a tile for each item that can be applied for here; the first is shown large.
func (Service) Offers(p *policy.Pack) []view.Offer {
	var offers []view.Offer
	for _, it := range p.Items() {
		if it.Form == "" {
			continue
		}
		offers = append(offers, view.Offer{
			ID: prefix + it.Code, Title: it.Name, Plain: it.Plain, Icon: it.Icon,
			Deadline: it.Deadline, Decider: it.Decider, None: it.None, Here: true, First: len(offers) == 0, Helped: true,
		})
	}
	return offers
}

// Begin gives the steps of an application for the item.
func (Service) Begin(offer string, c *journey.Course) []journey.Stage {
	it, ok := c.Pack.Item(strings.TrimPrefix(offer, prefix))
	if !ok || it.Form == "" {
		return nil
	}
	c.Draft.Item, c.Draft.Kind = it, "application"
	steps := []journey.Stage{&step.Notice{Document: it.Notice}, &step.Card{}}
	if c.Assisted {
		steps = append(steps, step.NewHelper())
	}
	steps = append(steps, &step.Interview{})
	if it.Estimate != "" {
		steps = append(steps, &step.Estimate{})
	}
	return append(steps, step.Materials{}, &scan.Papers{}, &step.Sign{}, &step.Review{}, &step.Slip{})
}

// Parks tells whether an application that was begun can be parked now.
func (Service) Parks(c *journey.Course) bool { return park.Can(c) }

// Park gives the steps that park it.
func (Service) Park(*journey.Course) []journey.Stage { return park.Steps() }

// Away parks what was given, without a slip: nobody is there to take it.
func (Service) Away(c *journey.Course) journey.Effect { return park.Keep(c) }
