package lookup

import (
	"time"

	"yimen/kiosk/journey"
	"yimen/kiosk/policy"
	"yimen/kiosk/slip"
)

// lang is the slip's: it is an office's paper.
const lang = "zh-CN"

// marks says of each paper whether it has to come, by who brings it.
var marks = map[policy.Need]slip.Mark{
	policy.NeedScan: slip.Bring, policy.NeedIf: slip.Maybe, policy.NeedShare: slip.Shared, policy.NeedHere: slip.Here,
}

// papers is what the slip tells of an item: all its papers at once, by whom and how soon it is decided, by which article.
func papers(c *journey.Course, it *policy.Item, at time.Time) slip.Facts {
	f := slip.Facts{
		Item: it.Name.In(lang), ItemCode: it.Code, Deadline: it.Deadline.In(lang), Decider: it.Decider.In(lang), Basis: it.Citation.Illustrative,
		Hall: c.Hall.Name, PrintedAt: at.In(c.Zone), ReceivedAt: at.In(c.Zone),
	}
	if source, ok := c.Pack.Source(it.Citation.Source); ok {
		f.Basis = source.Title.In(lang)
		if it.Citation.Article != "" {
			f.Basis = policy.Fill(c.Pack.Text("basis.article").In(lang), map[string]string{"title": f.Basis, "article": it.Citation.Article})
		}
	}
	for _, m := range it.Materials {
		f.Materials = append(f.Materials, slip.Material{Name: m.Name.In(lang), Mark: marks[m.Need], Hint: m.Hint.In(lang)})
	}
	return f
}
