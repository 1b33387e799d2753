package policy

import (
	"fmt"
	"slices"

	"yimen/kiosk/policy/flow"
)

// profiles are the kinds of way that items go (domain.md §2.1), from PA 低保型 to PI 灾害型, and PO, by which an objection to a
// public notice is examined and answered.
var profiles = []string{"PA", "PB", "PC", "PD", "PE", "PF", "PG", "PH", "PI", "PO"}

// FlowOf gives the way of an item's cases here: the region's own variant of the item's profile, or else the national one.
func (p *Pack) FlowOf(it *Item) (*flow.Flow, bool) {
	for _, variant := range []string{p.Flow, flow.National} {
		if f, ok := p.flows[variant+"/"+it.Profile]; ok {
			return f, true
		}
	}
	return nil, false
}

// Stage gives a stage's words; false for a code that the pack does not know.
func (p *Pack) Stage(code string) (*flow.Stage, bool) {
	s, ok := p.stages[code]
	return s, ok
}

// Paper gives a document of the office and what is to be filled in; its words are the Document of the same code.
func (p *Pack) Paper(code string) (*flow.Paper, bool) {
	d, ok := p.papers[code]
	return d, ok
}

// Request gives what residents may ask for without a case, such as an objection to a public notice: an item of its own list,
// which no catalogue shows.
func (p *Pack) Request(code string) (*Item, bool) {
	it, ok := p.requests[code]
	return it, ok
}

// Public tells whether cases of an item are ever made public before a decision (公示). Of an item that the pack does not know
// none is.
func (p *Pack) Public(code string) bool {
	f, ok := p.wayOf(code)
	return ok && f.Public()
}

// Announced tells whether the result of an item's cases is made public (公布).
func (p *Pack) Announced(code string) bool {
	f, ok := p.wayOf(code)
	return ok && f.Announced()
}

func (p *Pack) wayOf(code string) (*flow.Flow, bool) {
	it, ok := p.Item(code)
	if !ok {
		return nil, false
	}
	return p.FlowOf(it)
}

// layCases lays an edition's stages, flows, papers and requests over those of the same name.
func (p *Pack) layCases(id string, s *sheet) {
	put(p, id, "stages/", p.stages, s.Stages, func(x *flow.Stage) string { return x.Code })
	put(p, id, "flows/", p.flows, s.Flows, func(x *flow.Flow) string { return x.ID })
	put(p, id, "papers/", p.papers, s.Papers, func(x *flow.Paper) string { return x.Code })
	put(p, id, "requests/", p.requests, s.Requests, func(x *Item) string { return x.Code })
}

// cases wants every way to be walkable and every document to have its words.
func (c inspector) cases(s *sheet) {
	in := flow.Inspector{
		Page: c.page, Profiles: profiles, Text: c.text, Citation: c.citation,
		Stage: func(code string) bool { _, ok := c.pack.stages[code]; return ok },
		Paper: func(code string) bool { _, ok := c.pack.papers[code]; return ok },
		Document: func(code string) ([]Text, bool) {
			d, ok := c.pack.documents[code]
			if !ok {
				return nil, false
			}
			return append([]Text{d.Title}, d.Paragraphs...), true
		},
	}
	each(c, "stages", s.Stages, func(x *flow.Stage) string { return x.Code }, in.AStage)
	each(c, "flows", s.Flows, func(x *flow.Flow) string { return x.ID }, in.Flow)
	each(c, "papers", s.Papers, func(x *flow.Paper) string { return x.Code }, in.APaper)
	each(c, "requests", s.Requests, func(x *Item) string { return x.Code }, c.item)
}

// profile wants an item whose cases can begin here to have a way.
func (c inspector) profile(path string, it *Item) {
	switch _, ok := c.pack.FlowOf(it); {
	case it.Profile == "":
	case !slices.Contains(profiles, it.Profile):
		c.page.At(path+".profile", "item %s: profile %q: one of %v", it.Code, it.Profile, profiles)
	case !ok:
		c.page.At(path+".profile", "item %s: there is no flow %s", it.Code, fmt.Sprintf("%s/%s", flow.National, it.Profile))
	}
}
