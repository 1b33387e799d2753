package step

import (
	"slices"

	"yimen/kiosk/journey"
	"yimen/kiosk/journey/view"
	"yimen/kiosk/policy"
)

// Materials tells, before scanning begins, which papers to scan, which only if they exist, and which not to
// bring because the departments fetch them (domain.md §2.3).
type Materials struct{}

func (Materials) Part() string { return view.PhrasePartScan }

func (Materials) Enter(*journey.Course, journey.Event, string) []journey.Effect { return nil }

func (Materials) On(c *journey.Course, e journey.Event) (journey.Move, []journey.Effect) {
	if t, ok := e.Is.(journey.Touch); ok {
		switch t.Do {
		case view.DoNext:
			return journey.Next(), nil
		case view.DoBack:
			return journey.Back(), nil
		}
	}
	return journey.Stay(), nil
}

func (Materials) Show(c *journey.Course, v *view.View) {
	v.Screen = view.ScreenMaterials
	v.Offers = []view.Do{view.DoNext, view.DoBack}
	m := &view.Materials{}
	for _, r := range c.Pack.Materials(c.Draft.Item, c.Draft.Answers) {
		line := MaterialLine(c, r.Material)
		switch {
		case r.Material.Need == policy.NeedShare:
			m.Share = append(m.Share, line)
		case r.Material.Need == policy.NeedHere:
			m.Here = append(m.Here, line)
		case r.Must:
			m.Scan = append(m.Scan, line)
		default:
			m.Maybe = append(m.Maybe, line)
		}
	}
	v.Materials = m
}

func (Materials) Exit(*journey.Course) []journey.Effect { return nil }

// Must tells whether a paper has to come, now or later.
func Must(c *journey.Course, code string) bool {
	for _, r := range c.Pack.Materials(c.Draft.Item, c.Draft.Answers) {
		if r.Material.Code == code {
			return r.Must
		}
	}
	return false
}

func MaterialLine(c *journey.Course, m *policy.Material) view.MaterialLine {
	return view.MaterialLine{
		Code: m.Code, Name: m.Name, Hint: m.Hint, Pages: Pages(c, m.Code), Later: slices.Contains(c.Draft.Later, m.Code),
	}
}

// Pages counts the kept pages of a material.
func Pages(c *journey.Course, code string) int {
	n := 0
	for _, p := range c.Draft.Pages {
		if p.Material == code {
			n++
		}
	}
	return n
}

// ToScan lists what the scan step walks through: all that must be scanned, then what may exist, then what was scanned
// before an answer changed.
func ToScan(c *journey.Course) []*policy.Material {
	var must, maybe []*policy.Material
	for _, r := range c.Pack.Materials(c.Draft.Item, c.Draft.Answers) {
		switch {
		case r.Material.Need == policy.NeedShare || r.Material.Need == policy.NeedHere:
		case r.Must:
			must = append(must, r.Material)
		default:
			maybe = append(maybe, r.Material)
		}
	}
	return slices.Concat(must, maybe, unasked(c))
}

// unasked lists the materials that are not asked for any more and of which pages are kept: what goes up must be seen,
// and can be taken out.
func unasked(c *journey.Course) []*policy.Material {
	asked := c.Pack.Materials(c.Draft.Item, c.Draft.Answers)
	var list []*policy.Material
	for i := range c.Draft.Item.Materials {
		m := &c.Draft.Item.Materials[i]
		if Pages(c, m.Code) > 0 && !slices.ContainsFunc(asked, func(r policy.Required) bool { return r.Material.Code == m.Code }) {
			list = append(list, m)
		}
	}
	return list
}
