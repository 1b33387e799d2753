package form

import (
	"fmt"
	"slices"

	"yimen/kiosk/household"
	"yimen/kiosk/policy/page"
	"yimen/kiosk/policy/wording"
)

// Inspector looks at the forms of one page; what is wrong goes to the page. Text and Condition check what every part of a
// pack has.
type Inspector struct {
	Page      *page.Page
	Sections  map[string]*Section // shared ones, by id
	Text      func(path string, t wording.Text)
	Condition func(path, source string, scope household.Scope)
}

func (c Inspector) optional(path string, t wording.Text) {
	if t != nil {
		c.Text(path, t)
	}
}

// Form puts shared sections in their places and wants each fact asked once.
func (c Inspector) Form(path string, f *Form) {
	seen := map[string]string{}
	for i := range f.Sections {
		s := &f.Sections[i]
		at := fmt.Sprintf("%s.sections[%d]", path, i)
		if s.Use != "" || s.Only != nil {
			c.use(at, s)
		} else {
			c.Section(at, s)
		}
		for j := range s.Questions {
			q := &s.Questions[j]
			key := fmt.Sprint(s.Each, max(s.From, 1), s.Count == "", ".", q.Fact)
			if seen[key] != "" {
				c.Page.At(at, "%s is asked already in %s", q.Fact, seen[key])
			}
			seen[key] = "section " + s.ID
		}
	}
}

// use puts the shared section that s names in its place: a copy, with what s says anew. Its questions are
// checked where they stand.
func (c Inspector) use(path string, s *Section) {
	shared, ok := c.Sections[s.Use]
	if !ok {
		c.Page.At(path+".use", "there is no shared section %q", s.Use)
		return
	}
	if s.ID != "" || s.Each != "" || s.Questions != nil {
		c.Page.At(path, "section %s is taken as it stands: beside use there may be only, title, count, from and when", s.Use)
		return
	}
	taken := *shared
	for _, fact := range s.Only {
		if !slices.ContainsFunc(shared.Questions, func(q Question) bool { return q.Fact == fact }) {
			c.Page.At(path+".only", "section %s does not ask for %q", s.Use, fact)
		}
	}
	if s.Only != nil {
		taken.Questions = slices.DeleteFunc(slices.Clone(shared.Questions), func(q Question) bool { return !slices.Contains(s.Only, q.Fact) })
	}
	if s.Title != nil {
		taken.Title = s.Title
	}
	if s.Count != "" {
		taken.Count = s.Count
	}
	if s.From != 0 {
		taken.From = s.From
	}
	if s.When != "" {
		taken.When = s.When
	}
	*s = taken
	c.heading(path, s)
}

// Section checks one section with its questions.
func (c Inspector) Section(path string, s *Section) {
	if s.Use != "" || s.Only != nil {
		c.Page.At(path, "section %s: use and only belong into a form", s.ID)
	}
	if !c.heading(path, s) {
		return
	}
	for i := range s.Questions {
		c.question(fmt.Sprintf("%s.questions[%d]", path, i), s, &s.Questions[i])
	}
}

// heading checks what a section says of all its questions; false where no question can be looked at.
func (c Inspector) heading(path string, s *Section) bool {
	c.Text(path+".title", s.Title)
	if s.Each != "" && s.Each != string(household.Member) && s.Each != string(household.Supporter) {
		c.Page.At(path+".each", "section %s: each %q: leave it out, or member or supporter", s.ID, s.Each)
		return false
	}
	if _, ok := household.FactOf(household.Household, s.Count); s.Count != "" && !ok {
		c.Page.At(path+".count", "section %s: there is no fact %s", s.ID, s.Count)
	}
	c.Condition(path+".when", s.When, household.Scope(s.Each))
	return true
}

// inputKinds says which input takes which kind of fact.
var inputKinds = map[Input]household.Kind{
	InputChoice: household.Code, InputChoices: household.Codes, InputYesNo: household.Bool,
	InputMoney: household.Money, InputCount: household.Count, InputDate: household.Day,
	InputText: household.Text, InputName: household.Text, InputIDNumber: household.Text,
	InputPhone: household.Text, InputAccount: household.Text,
}

// cardFields are the fields of a card that a question may be prefilled from.
var cardFields = []string{"", "name", "number", "sex", "birth", "ethnic", "address"}

func (c Inspector) question(path string, s *Section, q *Question) {
	c.Text(path+".title", q.Title)
	c.Text(path+".label", q.Label)
	c.optional(path+".help", q.Help)
	c.optional(path+".unit", q.Unit)
	c.Condition(path+".when", q.When, household.Scope(s.Each))
	fact, known := household.FactOf(household.Scope(s.Each), q.Fact)
	kind, input := inputKinds[q.Input]
	switch {
	case !known:
		c.Page.At(path, "%q is no fact of a %s", q.Fact, household.Scope(s.Each).Name())
	case !input:
		c.Page.At(path, "question %s: there is no input %q", q.Fact, q.Input)
	case kind != fact.Kind:
		c.Page.At(path, "question %s: input %s gives a %s, but the fact is a %s", q.Fact, q.Input, kind, fact.Kind)
	}
	if q.Unit == nil && (q.Input == InputMoney || q.Input == InputCount) {
		c.Page.At(path, "question %s: say the unit that stands behind the number", q.Fact)
	}
	if !slices.Contains(cardFields, q.Prefill) {
		c.Page.At(path+".prefill", "question %s: a card has no field %q", q.Fact, q.Prefill)
	}
	if q.Max != 0 && q.Max < q.Min {
		c.Page.At(path, "question %s: max is below min", q.Fact)
	}
	c.options(path, q, fact)
}

func (c Inspector) options(path string, q *Question, fact household.Fact) {
	choice := q.Input == InputChoice || q.Input == InputChoices
	if choice != (len(q.Options) > 0) {
		c.Page.At(path, "question %s: options belong to a choice, and only there", q.Fact)
	}
	for i, o := range q.Options {
		at := fmt.Sprintf("%s.options[%d]", path, i)
		c.Text(at+".title", o.Title)
		if !slices.Contains(fact.Codes, o.Code) {
			c.Page.At(at, "question %s: code %q: one of %v", q.Fact, o.Code, fact.Codes)
		}
	}
}
