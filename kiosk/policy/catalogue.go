package policy

import (
	"yimen/kiosk/household"
	"yimen/kiosk/policy/condition"
)

// Items gives the catalogue in the pack's order. The caller does not change what it points to.
func (p *Pack) Items() []*Item { return p.items }

// Item gives the service item with that code.
func (p *Pack) Item(code string) (*Item, bool) {
	for _, it := range p.items {
		if it.Code == code {
			return it, true
		}
	}
	return nil, false
}

// Fitting gives the items that may help this household beside what is estimated. What is not known fits nothing.
func (p *Pack) Fitting(a household.Answers) (list []*Item) {
	for _, it := range p.items {
		if it.Fits != "" && p.conditions[conditionKey{it.Fits, household.Household}].Find(a, 0).Truth == condition.Holds {
			list = append(list, it)
		}
	}
	return list
}

// Form gives an interview.
func (p *Pack) Form(id string) (*Form, bool) {
	f, ok := p.forms[id]
	return f, ok
}

// Document gives a text to be shown in full.
func (p *Pack) Document(id string) (*Document, bool) {
	d, ok := p.documents[id]
	return d, ok
}

// Slip gives a slip's template.
func (p *Pack) Slip(id string) (*SlipTemplate, bool) {
	s, ok := p.slips[id]
	return s, ok
}

// Text gives a wording of the pack such as hotline or hall_address; nil where it has none.
func (p *Pack) Text(id string) Text { return p.texts[id] }

// Source gives a document that citations name.
func (p *Pack) Source(id string) (Source, bool) {
	for _, s := range p.sources {
		if s.ID == id {
			return s, true
		}
	}
	return Source{}, false
}

// Origin gives the id of the pack that a value comes from; key is its list and name: "params/dibao.standard".
func (p *Pack) Origin(key string) string { return p.origin[key] }

// Required is a material as it stands for one household.
type Required struct {
	*Material
	Must bool // to be scanned here; false for what is only offered, shared by departments or made here
}

// Materials gives the rows of an item's matrix that concern this household. A row whose condition does not
// hold is left out; where the condition is not known the material is offered, not demanded.
func (p *Pack) Materials(it *Item, a household.Answers) (list []Required) {
	for i := range it.Materials {
		m := &it.Materials[i]
		must := m.Need == NeedScan
		if m.Need == NeedIf {
			switch p.conditions[conditionKey{m.When, household.Household}].Find(a, 0).Truth {
			case condition.Fails:
				continue
			case condition.Holds:
				must = true
			}
		}
		list = append(list, Required{m, must})
	}
	return list
}
