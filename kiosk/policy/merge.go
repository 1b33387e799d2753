package policy

import (
	"slices"

	"yimen/kiosk/policy/condition"
)

// merge lays the region over its national edition: per key the region's value stands whole, with every
// period, row and word of it; the two are never mixed. Each value remembers which pack it comes from.
func merge(editions []*folder) *Pack {
	own := editions[len(editions)-1]
	p := &Pack{
		ID: own.head.ID, Edition: own.head.Edition, Digest: own.digest,
		Region: own.head.Region, Name: own.head.Name, From: own.head.From, Flow: own.head.Flow,
		params: map[string]Param{}, tables: map[string]*Table{}, forms: map[string]*Form{}, documents: map[string]*Document{},
		slips: map[string]*SlipTemplate{}, texts: map[string]Text{}, origin: map[string]string{},
		conditions: map[conditionKey]*condition.Condition{},
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
	for i := range s.Tables {
		p.tables[s.Tables[i].Key] = &s.Tables[i]
		p.origin["tables/"+s.Tables[i].Key] = id
	}
	for _, x := range s.Rules {
		p.rules = replace(p.rules, x, func(y Rule) bool { return y.ID == x.ID })
		p.origin["rules/"+x.ID] = id
	}
	for i := range s.Items {
		x := &s.Items[i]
		p.items = replace(p.items, x, func(y *Item) bool { return y.Code == x.Code })
		p.origin["items/"+x.Code] = id
	}
	for i := range s.Forms {
		p.forms[s.Forms[i].ID] = &s.Forms[i]
		p.origin["forms/"+s.Forms[i].ID] = id
	}
	for i := range s.Documents {
		p.documents[s.Documents[i].ID] = &s.Documents[i]
		p.origin["documents/"+s.Documents[i].ID] = id
	}
	for i := range s.Slips {
		p.slips[s.Slips[i].ID] = &s.Slips[i]
		p.origin["slips/"+s.Slips[i].ID] = id
	}
	for key, x := range s.Texts {
		p.texts[key] = x
		p.origin["texts/"+key] = id
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
