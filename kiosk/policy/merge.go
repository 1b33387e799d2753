package policy

import (
	"slices"

	"yimen/kiosk/household"
	"yimen/kiosk/policy/condition"
	"yimen/kiosk/policy/flow"
)

// merge lays the region over its national edition: per key the region's value stands whole, with every
// period, row and word of it; the two are never mixed. Each value remembers which pack it comes from.
func merge(editions []*folder) *Pack {
	own := editions[len(editions)-1]
	p := &Pack{
		ID: own.head.ID, Edition: own.head.Edition, Digest: own.digest,
		Region: own.head.Region, Name: own.head.Name, From: own.head.From, Flow: own.head.Flow,
		params: map[string]Param{}, tables: map[string]*Table{}, sections: map[string]*Section{}, forms: map[string]*Form{}, documents: map[string]*Document{},
		slips: map[string]*SlipTemplate{}, texts: map[string]Text{}, samples: map[string]household.Answers{}, origin: map[string]string{},
		conditions: map[conditionKey]*condition.Condition{},
		stages:     map[string]*flow.Stage{}, flows: map[string]*flow.Flow{}, papers: map[string]*flow.Paper{}, requests: map[string]*Item{},
	}
	for _, f := range editions {
		for i := range f.sheets {
			p.lay(f.id, &f.sheets[i])
		}
	}
	return p
}

func (p *Pack) lay(id string, s *sheet) {
	for _, x := range s.Sources {
		p.sources = replace(p.sources, x, func(y Source) bool { return y.ID == x.ID })
	}
	for _, x := range s.Params {
		p.params[x.Key] = x
		p.origin["params/"+x.Key] = id
	}
	put(p, id, "tables/", p.tables, s.Tables, func(x *Table) string { return x.Key })
	for _, x := range s.Rules {
		p.rules = replace(p.rules, x, func(y Rule) bool { return y.ID == x.ID })
		p.origin["rules/"+x.ID] = id
	}
	for i := range s.Items {
		x := &s.Items[i]
		p.items = replace(p.items, x, func(y *Item) bool { return y.Code == x.Code })
		p.origin["items/"+x.Code] = id
	}
	put(p, id, "sections/", p.sections, s.Sections, func(x *Section) string { return x.ID })
	put(p, id, "forms/", p.forms, s.Forms, func(x *Form) string { return x.ID })
	put(p, id, "documents/", p.documents, s.Documents, func(x *Document) string { return x.ID })
	put(p, id, "slips/", p.slips, s.Slips, func(x *SlipTemplate) string { return x.ID })
	p.layGuide(s)
	p.layCases(id, s)
	for key, x := range s.Texts {
		p.texts[key] = x
		p.origin["texts/"+key] = id
	}
}

// put lays an edition's things over those of the same name.
func put[T any](p *Pack, id, list string, over map[string]*T, things []T, name func(*T) string) {
	for i := range things {
		over[name(&things[i])] = &things[i]
		p.origin[list+name(&things[i])] = id
	}
}

// replace puts x where its namesake stood, or at the end.
func replace[T any](list []T, x T, same func(T) bool) []T {
	if i := slices.IndexFunc(list, same); i >= 0 {
		list[i] = x
		return list
	}
	return append(list, x)
}
