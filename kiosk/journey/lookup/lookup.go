// Package lookup is 查政策: the pack's policy by what happened in a life and by item, the amounts that are paid, forms filled in
// as samples, and an item's papers as a slip to take home. It asks for nothing and works offline.
package lookup

import (
	"strings"

	"yimen/kiosk/journey"
	"yimen/kiosk/journey/step"
	"yimen/kiosk/journey/view"
	"yimen/kiosk/journey/working"
	"yimen/kiosk/policy"
)

// Service offers the one way in.
type Service struct{}

// Door is the way in.
func (Service) Door() view.Door {
	return view.Door{ID: "lookup", Icon: "book", Title: view.Phrase{ID: view.PhraseDoorLookup}, Plain: view.Phrase{ID: view.PhraseDoorLookup + view.Plainly}}
}

// Offers gives the one thing to begin.
func (Service) Offers(*policy.Pack) []view.Offer {
	return []view.Offer{{ID: "lookup:all", Icon: "book", Here: true, Straight: true}}
}

// Begin gives the one step.
func (Service) Begin(string, *journey.Course) []journey.Stage { return []journey.Stage{&pages{}} }

// pages walks through the policy; each page is named by kind and what it is about: "situation:ill", "item:0101",
// "form:0101", "items:", "items:06", "forms:", "standards:". The empty name is the first page.
type pages struct {
	trail []string // the way back; its last is the page shown
	paper step.Paper
}

// checklist is the slip of an item's papers: 一次性告知单 (R2 article 10).
const checklist = "checklist"

func (p *pages) Part() string { return view.PhrasePartLookup }

func (p *pages) Enter(*journey.Course, journey.Event, string) []journey.Effect { return nil }

func (p *pages) Exit(*journey.Course) []journey.Effect { return p.paper.Exit() }

// now is the page shown.
func (p *pages) now() (kind, about string) {
	if len(p.trail) == 0 {
		return "", ""
	}
	kind, about, _ = strings.Cut(p.trail[len(p.trail)-1], ":")
	return kind, about
}

func (p *pages) On(c *journey.Course, e journey.Event) (journey.Move, []journey.Effect) {
	t, ok := e.Is.(journey.Touch)
	if !ok {
		p.paper.On(c, e.Is)
		return journey.Stay(), nil
	}
	kind, about := p.now()
	switch t.Do {
	case view.DoBack:
		if len(p.trail) == 0 {
			return journey.Back(), nil
		}
		p.trail = p.trail[:len(p.trail)-1]
	case view.DoChoose:
		for _, topic := range p.topics(c).Topics {
			if topic.ID == t.Value {
				p.trail = append(p.trail, t.Value)
				break
			}
		}
	case view.DoWhy:
		if it, ok := c.Pack.Item(about); ok && kind == "item" && it.Form != "" {
			p.trail = append(p.trail, "form:"+about)
		}
	case view.DoPrint:
		if it, ok := c.Pack.Item(about); ok {
			return journey.Stay(), p.paper.Print(c, checklist, papers(c, it, e.At))
		}
	case view.DoNext:
		if kind == "item" {
			return journey.Turn("apply:" + about), nil
		}
	}
	return journey.Stay(), nil
}

func (p *pages) Show(c *journey.Course, v *view.View) {
	v.Offers = []view.Do{view.DoBack}
	kind, about := p.now()
	it, known := c.Pack.Item(about)
	switch {
	case kind == "item" && known:
		v.Screen, v.Policy = view.ScreenPolicy, working.Item(c, it)
		if v.Policy.Form {
			v.Offers = append(v.Offers, view.DoWhy)
		}
		if v.Policy.Printing = p.paper.Printing; v.Policy.Printing {
			return // the application's slip is not to be taken for printed because this one was
		}
		v.Offers = append(v.Offers, view.DoPrint)
		if v.Policy.Here {
			v.Offers = append(v.Offers, view.DoNext)
		}
	case kind == "form" && known:
		v.Screen, v.Form = view.ScreenForm, form(c, it)
	case kind == "standards":
		v.Screen, v.Standards = view.ScreenStandards, standards(c)
	default:
		v.Screen, v.Topics = view.ScreenTopics, p.topics(c)
		v.Offers = append(v.Offers, view.DoChoose)
	}
}
