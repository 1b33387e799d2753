package working

import (
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/view"
	"yimen/kiosk/policy"
)

// Item is all about one item, as it is told before anything begins.
func Item(c *journey.Course, it *policy.Item) *view.Policy {
	v := &view.Policy{
		Name: it.Name, Plain: it.Plain, Deadline: it.Deadline, Decider: it.Decider, None: it.None,
		Article: it.Citation.Article, Form: it.Form != "", Here: it.Form != "" && !c.Standing.Full,
	}
	if source, ok := c.Pack.Source(it.Citation.Source); ok {
		v.Source = source.Title.In(c.Lang)
	}
	for _, m := range it.Materials {
		line := view.MaterialLine{Code: m.Code, Name: m.Name, Hint: m.Hint}
		switch m.Need {
		case policy.NeedScan:
			v.Materials.Scan = append(v.Materials.Scan, line)
		case policy.NeedIf:
			v.Materials.Maybe = append(v.Materials.Maybe, line)
		case policy.NeedShare:
			v.Materials.Share = append(v.Materials.Share, line)
		case policy.NeedHere:
			v.Materials.Here = append(v.Materials.Here, line)
		}
	}
	return v
}
