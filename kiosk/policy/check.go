package policy

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"yimen/kiosk/household"
	"yimen/kiosk/policy/calendar"
	"yimen/kiosk/policy/condition"
	"yimen/kiosk/policy/form"
	"yimen/kiosk/policy/handout"
	"yimen/kiosk/policy/page"
)

// conditionKey finds a compiled condition: the same words mean other names in another scope.
type conditionKey struct {
	source string
	scope  household.Scope
}

// flows are the variants of a case's path that domain.md §3.5 lists.
var flows = []string{"NAT-2021", "NAT-2012", "XC", "DLT", "XT", "SH", "LC", "JX", "BLZQ"}

// check holds the merged pack against what an honest estimate needs and compiles its conditions; faults go
// to the pages their values stand on.
func (p *Pack) check(editions []*folder) {
	for _, f := range editions {
		p.checkHead(f)
		for i := range f.sheets {
			c := inspector{p, f.pages[i], editions[0].head.Languages}
			c.sheet(&f.sheets[i])
		}
	}
}

func (p *Pack) checkHead(f *folder) {
	h, pg := f.head, f.pages[0]
	if h.ID != f.id {
		pg.At("pack.id", "is %q but the folder is %s: make them equal", h.ID, f.id)
	}
	if h.Edition == "" || h.From == 0 {
		pg.At("pack", "give edition and from, the first day it is in force")
	}
	if len(h.Region) != 0 && f.id != "CN-"+h.Region {
		pg.At("pack.region", "is %q: the six digits of the id", h.Region)
	}
	if f.id != "CN" && !slices.Contains(flows, h.Flow) {
		pg.At("pack", "a region names its flow: one of %v", flows)
	}
	if f.id != "CN" && h.National.ID == "" {
		pg.At("pack", "a region names its national edition: national with id, edition and digest")
	}
}

// inspector looks at one sheet on its page.
type inspector struct {
	pack  *Pack
	page  *page.Page
	langs []string
}

func (c inspector) sheet(s *sheet) {
	forms := form.Inspector{Page: c.page, Sections: c.pack.sections, Text: c.text, Condition: c.condition}
	handouts := handout.Inspector{Page: c.page, Text: c.text, Citation: c.citation}
	each(c, "sources", s.Sources, func(x *Source) string { return x.ID }, func(string, *Source) {})
	each(c, "params", s.Params, func(x *Param) string { return x.Key }, c.param)
	each(c, "tables", s.Tables, func(x *Table) string { return x.Key }, c.table)
	each(c, "rules", s.Rules, func(x *Rule) string { return x.ID }, func(path string, r *Rule) {
		c.rule(path, r)
		c.change(path, r)
	})
	each(c, "items", s.Items, func(x *Item) string { return x.Code }, c.item)
	each(c, "sections", s.Sections, func(x *Section) string { return x.ID }, forms.Section)
	each(c, "forms", s.Forms, func(x *Form) string { return x.ID }, forms.Form)
	each(c, "documents", s.Documents, func(x *Document) string { return x.ID }, handouts.Document)
	each(c, "slips", s.Slips, func(x *SlipTemplate) string { return x.ID }, handouts.Slip)
	if s.Calendar.Years != nil {
		c.calendar(s.Calendar)
	}
	c.guide(s)
	c.cases(s)
	for key, t := range s.Texts {
		c.text("texts."+key, t)
	}
}

// each checks the things of a list, which have a name each, none twice.
func each[T any](c inspector, list string, things []T, name func(*T) string, check func(path string, thing *T)) {
	once(c, list, len(things), func(i int) string { return name(&things[i]) })
	for i := range things {
		check(fmt.Sprintf("%s[%d]", list, i), &things[i])
	}
}

func once(c inspector, list string, n int, key func(int) string) {
	seen := map[string]bool{}
	for i := range n {
		path := fmt.Sprintf("%s[%d]", list, i)
		switch k := key(i); {
		case k == "":
			c.page.At(path, "%s: give it its name", path)
		case seen[k]:
			c.page.At(path, "%s %q stands twice in this file: keep one", list, k)
		default:
			seen[k] = true
		}
	}
}

// text wants Chinese words and no language that the pack has not named.
func (c inspector) text(path string, t Text) {
	if strings.TrimSpace(t["zh-CN"]) == "" {
		c.page.At(path, "%s: no words under zh-CN", path)
	}
	for lang := range t {
		if !slices.Contains(c.langs, lang) {
			c.page.At(path, "%s: language %q is not among the pack's languages %v", path, lang, c.langs)
		}
	}
}

func (c inspector) optional(path string, t Text) {
	if t != nil {
		c.text(path, t)
	}
}

func (c inspector) citation(path string, q Citation) {
	switch {
	case q.Source == "" && q.Illustrative == "":
		c.page.At(path, "%s: cite a source with article, or say illustrative: and why there is none", path)
	case q.Source != "" && q.Illustrative != "":
		c.page.At(path, "%s: a value has a source or is illustrative, not both", path)
	case q.Source != "":
		if _, ok := c.pack.Source(q.Source); !ok {
			c.page.At(path, "%s: source %q is not in the list of sources", path, q.Source)
		}
	}
	if n := utf8.RuneCountInString(q.Quote); n > 40 {
		c.page.At(path, "%s: a quote of %d characters: at most 40", path, n)
	}
}

func (c inspector) param(path string, p *Param) {
	c.text(path+".name", p.Name)
	if p.Unit == "" {
		c.page.At(path, "parameter %s has no unit: say fen/person/month, ratio, …", p.Key)
	}
	if len(p.Periods) == 0 {
		c.page.At(path, "parameter %s has no period", p.Key)
	}
	for i, period := range p.Periods {
		at := fmt.Sprintf("%s.periods[%d]", path, i)
		c.citation(at+".citation", period.Citation)
		c.optional(at+".pending", period.Pending)
		for _, fault := range p.Faults(i) {
			c.page.At(at, "%s", fault)
		}
	}
}

// calendar keeps the last schedule laid, the region's own where it has one.
func (c inspector) calendar(s Schedule) {
	c.citation("calendar.citation", s.Citation)
	var err error
	if c.pack.Calendar, err = calendar.New(s.Years); err != nil {
		c.page.At("calendar", "%v", err)
	}
}

// condition compiles source and keeps it.
func (c inspector) condition(path, source string, scope household.Scope) {
	if source == "" {
		return
	}
	cond, err := condition.Compile(source, scope)
	if err != nil {
		line, _, _ := strings.Cut(err.Error(), "\n")
		c.page.At(path, "%s", line)
		return
	}
	c.pack.conditions[conditionKey{source, scope}] = cond
}
