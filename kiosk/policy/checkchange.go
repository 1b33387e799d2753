package policy

import (
	"slices"

	"yimen/kiosk/policy/wording"
)

// change checks what a rule says would bring another answer, and the colour it gives.
func (c inspector) change(path string, r *Rule) {
	c.optional(path+".change", r.Change)
	for _, words := range r.Change {
		wording.FillBy(words, func(name string) (string, bool) {
			if !slices.Contains(changeNames, name) {
				c.page.At(path+".change", "rule %s: nothing fills {%s}; change may say %v", r.ID, name, changeNames)
			}
			return "", true
		})
	}
	if r.Proof != "" && (r.Change == nil || !c.pack.asksFor(r.Proof)) {
		c.page.At(path+".proof", "rule %s: proof is the code of a material that some item asks for, and stands beside change", r.ID)
	}
	if known := slices.Contains(colours, r.Colour); known != (r.Group == GroupColour) {
		c.page.At(path, "rule %s: a colour, one of %v, belongs to the group colour, and only there", r.ID, colours)
	}
}

// asksFor reports whether an item asks for the material of that code.
func (p *Pack) asksFor(material string) bool {
	return slices.ContainsFunc(p.items, func(it *Item) bool {
		return slices.ContainsFunc(it.Materials, func(m Material) bool { return m.Code == material })
	})
}
