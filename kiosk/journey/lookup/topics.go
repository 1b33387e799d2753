package lookup

import (
	"slices"
	"strings"

	"yimen/kiosk/household"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/view"
	"yimen/kiosk/policy"
	"yimen/kiosk/policy/guide"
)

// topics are the ways on from the page shown.
func (p *pages) topics(c *journey.Course) *view.Topics {
	v := &view.Topics{}
	switch kind, about := p.now(); kind {
	case "":
		v.Phrase = view.Phrase{ID: view.PhraseTopicsHome}
		v.Topics = home(c)
	case "situation":
		for _, s := range c.Pack.Situations() {
			if s.ID == about {
				v.Title = s.Name
				v.Topics = items(c, "item:", func(it *policy.Item) bool { return slices.Contains(s.Items, it.Code) })
				slices.SortStableFunc(v.Topics, func(x, y view.Topic) int {
					return slices.Index(s.Items, x.ID[len("item:"):]) - slices.Index(s.Items, y.ID[len("item:"):])
				})
			}
		}
	case "items":
		v.Phrase = view.Phrase{ID: view.PhraseTopicsItems}
		v.Title, v.Topics = catalogue(c, kind, about, "item:", func(*policy.Item) bool { return true })
	case "forms":
		v.Phrase = view.Phrase{ID: view.PhraseTopicsForms}
		v.Title, v.Topics = catalogue(c, kind, about, "form:", func(it *policy.Item) bool { return it.Form != "" })
	}
	return v
}

// home leads to the situations, then to the lists.
func home(c *journey.Course) (list []view.Topic) {
	for _, s := range c.Pack.Situations() {
		list = append(list, view.Topic{ID: "situation:" + s.ID, Title: s.Name, Icon: s.Icon})
	}
	return append(list,
		view.Topic{ID: "items:", Phrase: view.Phrase{ID: view.PhraseTopicsItems}, Icon: "book"},
		view.Topic{ID: "standards:", Phrase: view.Phrase{ID: view.PhraseTopicsStandards}, Icon: "coin"},
		view.Topic{ID: "forms:", Phrase: view.Phrase{ID: view.PhraseTopicsForms}, Icon: "papers"})
}

// catalogue leads to the items group by group (大项), and within one to its items. A group of one leads there at once, as
// does an item of no group.
func catalogue(c *journey.Course, list, group, kind string, wanted func(*policy.Item) bool) (title policy.Text, topics []view.Topic) {
	rest := items(c, kind, wanted)
	for _, g := range c.Pack.Groups() {
		var within, others []view.Topic
		for _, t := range rest {
			if strings.HasPrefix(t.ID, kind+g.Code) {
				within = append(within, t)
			} else {
				others = append(others, t)
			}
		}
		rest = others
		switch {
		case g.Code == group:
			return g.Name, within
		case len(within) > 1:
			within = []view.Topic{{ID: list + ":" + g.Code, Title: g.Name, Icon: g.Icon}}
		}
		topics = append(topics, within...)
	}
	return nil, append(topics, rest...)
}

func items(c *journey.Course, kind string, wanted func(*policy.Item) bool) (list []view.Topic) {
	for _, it := range c.Pack.Items() {
		if wanted(it) {
			list = append(list, view.Topic{ID: kind + it.Code, Title: it.Name, Plain: it.Plain, Icon: it.Icon, Here: it.Form != ""})
		}
	}
	return list
}

// form shows a form filled in as the pack's sample does, a heading for each person it asks about.
func form(c *journey.Course, it *policy.Item) *view.Form {
	v := &view.Form{Item: it.Name}
	sample, _ := c.Pack.Sample(it.Form)
	sample = sample.On(household.DateOf(c.Began))
	last := policy.Asked{}
	for _, a := range c.Pack.Questions(it.Form, sample) {
		if a.Section != last.Section || a.Subject != last.Subject {
			v.Sections = append(v.Sections, view.FormSection{Title: heading(c, a, sample)})
		}
		last = a
		section := &v.Sections[len(v.Sections)-1]
		section.Lines = append(section.Lines, view.FormLine{Label: a.Question.Label, Value: c.Pack.Show(a, sample.Get(a.Key), c.Lang)})
	}
	return v
}

// heading names a section and the person of the sample it asks about.
func heading(c *journey.Course, a policy.Asked, sample household.Answers) policy.Text {
	if a.Subject == 0 {
		return a.Section.Title
	}
	name := sample.Get(household.Key{Scope: a.Key.Scope, Subject: a.Subject, Fact: "name"})
	return policy.Text{c.Lang: policy.Fill(c.Pack.Text("dossier.section_of").In(c.Lang), map[string]string{
		"section": a.Section.Title.In(c.Lang), "name": name.Text.Reveal()})}
}

// standards tells the amounts that hold on the day of the visit. In production an illustrative figure is nobody's amount.
func standards(c *journey.Course) *view.Standards {
	v := &view.Standards{}
	params := c.Pack.Params()
	for _, s := range c.Pack.Standards() {
		i := slices.IndexFunc(params, func(p policy.Param) bool { return p.Key == s.Param })
		if i < 0 {
			continue
		}
		period, holds := guide.Holding(params[i], household.DateOf(c.Began))
		if !holds {
			continue
		}
		row := view.StandardRow{Kind: s.Kind, Area: s.Area, Unit: s.Unit, Example: period.Citation.Illustrative != ""}
		if !row.Example || c.Pack.Mode == policy.Demo {
			row.Amount, row.From = guide.Amount(params[i].Unit, period.Value), period.From.String()
		}
		if source, ok := c.Pack.Source(period.Citation.Source); ok {
			row.DocNo, row.DocTitle = source.DocNo, source.Title.In(c.Lang)
		}
		v.Rows = append(v.Rows, row)
	}
	return v
}
