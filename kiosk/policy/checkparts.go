package policy

import (
	"fmt"
	"slices"

	"yimen/kiosk/household"
	"yimen/kiosk/policy/wording"
)

func (c inspector) rule(path string, r *Rule) {
	if !slices.Contains(groups, r.Group) {
		c.page.At(path+".group", "rule %s: group %q: one of %v", r.ID, r.Group, groups)
	}
	if r.Scope != household.Household && r.Scope != household.Member && r.Scope != household.Supporter {
		c.page.At(path+".scope", "rule %s: scope %q: leave it out, or member or supporter", r.ID, r.Scope)
		return
	}
	for _, s := range []struct {
		key  string
		text Text
	}{{"met", r.Met}, {"not_met", r.NotMet}, {"not_known", r.Unknown}} {
		if s.text == nil {
			c.page.At(path, "rule %s has no sentence for %s: a resident is told in each of the three cases", r.ID, s.key)
			continue
		}
		c.text(path+"."+s.key, s.text)
		c.fillable(path+"."+s.key, r, s.text, s.key != "not_known")
	}
	c.citation(path+".citation", r.Citation)
	c.condition(path+".when", r.When, r.Scope)
	for _, name := range slices.Concat(r.Facts, r.Less) {
		if f, ok := household.FactOf(r.Scope, name); !ok || f.Kind != household.Money {
			c.page.At(path, "rule %s: %q is no sum of money of a %s", r.ID, name, r.Scope.Name())
		}
	}
	if r.Kind != "" {
		if f, _ := household.FactOf(household.Member, "exempt_kinds"); !slices.Contains(f.Codes, r.Kind) {
			c.page.At(path+".kind", "rule %s: kind %q: one of %v", r.ID, r.Kind, f.Codes)
		}
	}
	for _, key := range []string{r.Param, r.Times} {
		if key != "" && !c.pack.HasParam(key) {
			c.page.At(path, "rule %s: there is no parameter %s", r.ID, key)
		}
	}
	if t, ok := c.pack.tables[r.Table]; r.Table != "" && (!ok || t.Scope != r.Scope) {
		c.page.At(path+".table", "rule %s: there is no table %s of a %s", r.ID, r.Table, r.Scope.Name())
	}
	if (r.Points != "") != (r.Group == GroupPeople || r.Group == GroupProperty) {
		c.page.At(path, "rule %s: points belong to the groups people and property, and only there", r.ID)
	}
	if r.Param == "" && (r.Group == GroupLimit || r.Group == GroupTopUp || r.Group == GroupDeduct) {
		c.page.At(path, "rule %s: name the parameter that holds its figure", r.ID)
	}
}

// fillable wants no name in a sentence that nobody fills: a resident would read the braces. What is not known
// has no figures.
func (c inspector) fillable(path string, r *Rule, t Text, figures bool) {
	var allowed []string
	switch {
	case figures:
		allowed = slices.Concat(names[r.Group], r.Facts, r.Less)
	case r.Group == GroupSupport:
		allowed = []string{"n"}
	}
	if r.Scope == household.Member {
		allowed = append(allowed, "who")
	}
	for _, words := range t {
		wording.FillBy(words, func(name string) (string, bool) {
			if !slices.Contains(allowed, name) {
				c.page.At(path, "rule %s: nothing fills {%s}; a rule of this group may say %v", r.ID, name, allowed)
			}
			return "", true
		})
	}
}

func (c inspector) item(path string, it *Item) {
	c.text(path+".name", it.Name)
	c.text(path+".plain", it.Plain)
	c.text(path+".deadline", it.Deadline)
	c.text(path+".decider", it.Decider)
	c.citation(path+".citation", it.Citation)
	c.profile(path, it)
	if _, ok := c.pack.Form(it.Form); it.Form != "" && !ok {
		c.page.At(path+".form", "item %s: there is no form %s", it.Code, it.Form)
	}
	if _, ok := c.pack.Slip(it.Slip); it.Form != "" && !ok {
		c.page.At(path+".slip", "item %s: there is no slip %q", it.Code, it.Slip)
	}
	need, known := steps[it.Estimate]
	if it.Estimate != "" && !known {
		c.page.At(path+".estimate", "item %s: there is no programme %q to estimate", it.Code, it.Estimate)
	}
	for _, id := range need {
		if r, ok := c.pack.Rule(id); !ok || r.Group != GroupStep {
			c.page.At(path+".estimate", "item %s: estimating %s needs a rule %s of group step", it.Code, it.Estimate, id)
		}
	}
	if _, ok := c.pack.Document(it.Notice); it.Form != "" && !ok {
		c.page.At(path+".notice", "item %s: there is no document %q to be shown before anything is asked", it.Code, it.Notice)
	}
	if it.Form != "" && (it.Estimate == "") != (it.None != nil) {
		c.page.At(path, "item %s: name the estimate of what can be applied for, or say in no_estimate why there is none", it.Code)
	}
	c.optional(path+".no_estimate", it.None)
	c.condition(path+".fits", it.Fits, household.Household)
	for i, id := range it.Documents {
		if _, ok := c.pack.Document(id); !ok {
			c.page.At(fmt.Sprintf("%s.documents[%d]", path, i), "item %s: there is no document %s", it.Code, id)
		}
	}
	if it.Same != "" {
		c.same(path, it)
		return
	}
	for i := range it.Materials {
		c.material(fmt.Sprintf("%s.materials[%d]", path, i), &it.Materials[i])
	}
}

// same gives an item the papers of another; they are checked where they stand.
func (c inspector) same(path string, it *Item) {
	other, ok := c.pack.Item(it.Same)
	if !ok || other.Same != "" || it.Materials != nil {
		c.page.At(path+".materials_of", "item %s: name an item that lists materials itself, and list none here", it.Code)
		return
	}
	it.Materials = other.Materials
}

func (c inspector) material(path string, m *Material) {
	c.text(path+".name", m.Name)
	c.text(path+".hint", m.Hint)
	c.condition(path+".when", m.When, household.Household)
	scanned := m.Need == NeedScan || m.Need == NeedIf
	switch {
	case !slices.Contains([]Need{NeedScan, NeedIf, NeedShare, NeedHere}, m.Need):
		c.page.At(path, "material %s: need %q: scan, if, share or here", m.Code, m.Need)
	case (m.Need == NeedIf) != (m.When != ""):
		c.page.At(path, "material %s: when belongs to need if, and only there", m.Code)
	case scanned && (m.Least < 1 || m.Most < m.Least || m.Most > 50):
		c.page.At(path, "material %s: least and most say how many pages, from 1 to 50", m.Code)
	}
}
