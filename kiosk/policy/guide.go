package policy

import (
	"fmt"

	"yimen/kiosk/household"
	"yimen/kiosk/policy/guide"
)

// Situations gives the situations of life in the pack's order, Groups the catalogue's 大项, Programmes what the estimate's programmes are called, and
// Standards the amounts to be told. The caller does not change the lists.
func (p *Pack) Situations() []guide.Situation { return p.situations }
func (p *Pack) Groups() []guide.Group         { return p.groups }
func (p *Pack) Programmes() []guide.Programme { return p.programmes }
func (p *Pack) Standards() []guide.Standard   { return p.standards }

// Sample gives the invented answers with which a form is shown filled in; false where the pack has none.
func (p *Pack) Sample(form string) (household.Answers, bool) {
	a, ok := p.samples[form]
	return a, ok
}

// layGuide replaces the ways in by name.
func (p *Pack) layGuide(s *sheet) {
	for _, x := range s.Situations {
		p.situations = replace(p.situations, x, func(y guide.Situation) bool { return y.ID == x.ID })
	}
	for _, x := range s.Groups {
		p.groups = replace(p.groups, x, func(y guide.Group) bool { return y.Code == x.Code })
	}
	for _, x := range s.Programmes {
		p.programmes = replace(p.programmes, x, func(y guide.Programme) bool { return y.ID == x.ID })
	}
	for _, x := range s.Standards {
		p.standards = replace(p.standards, x, func(y guide.Standard) bool { return y.Param == x.Param })
	}
}

// guide wants every way in to lead somewhere. A national edition may tell a standard that only regions settle.
func (c inspector) guide(s *sheet) {
	in := guide.Inspector{
		Page: c.page, Text: c.text,
		Item:  func(code string) bool { _, ok := c.pack.Item(code); return ok },
		Param: func(key string) bool { return c.pack.Region == "" || c.pack.HasParam(key) },
	}
	each(c, "situations", s.Situations, func(x *guide.Situation) string { return x.ID }, in.Situation)
	each(c, "groups", s.Groups, func(x *guide.Group) string { return x.Code }, in.Group)
	each(c, "programmes", s.Programmes, func(x *guide.Programme) string { return x.ID }, in.Programme)
	each(c, "standards", s.Standards, func(x *guide.Standard) string { return x.Param }, in.Standard)
	for i, x := range s.Samples {
		c.sample(fmt.Sprintf("samples[%d]", i), x)
	}
}

// sample keeps the household by which forms are filled in; a region's own takes the place of the national one.
func (c inspector) sample(at string, x guide.Sample) {
	a, err := household.Parse([]byte(x.Household))
	if err != nil {
		c.page.At(at+".household", "%v", err)
		return
	}
	for _, id := range x.Forms {
		if _, ok := c.pack.Form(id); !ok {
			c.page.At(at+".forms", "there is no form %s to be filled in", id)
		}
		c.pack.samples[id] = a
	}
}
