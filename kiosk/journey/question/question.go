// Package question is how the questions of a form are put to one household: which there are now, and in whose name.
package question

import (
	"strconv"
	"strings"

	"yimen/kiosk/household"
	"yimen/kiosk/journey"
	"yimen/kiosk/policy"
)

// All are the questions that apply now, in order, answered or not.
func All(c *journey.Course) []policy.Asked {
	return c.Pack.Questions(c.Draft.Item.Form, c.Draft.Answers)
}

// Find gives the question for a key, if it is asked now.
func Find(c *journey.Course, key household.Key) (policy.Asked, bool) {
	for _, a := range All(c) {
		if a.Key == key {
			return a, true
		}
	}
	return policy.Asked{}, false
}

// Named fills in the subject's name.
func Named(c *journey.Course, a policy.Asked, t policy.Text) policy.Text {
	if len(t) == 0 {
		return nil
	}
	out := policy.Text{}
	for lang, s := range t {
		out[lang] = strings.ReplaceAll(s, "{name}", subject(c, a, lang))
	}
	return out
}

// subject is how a question calls the person it asks about.
func subject(c *journey.Course, a policy.Asked, lang string) string {
	name := c.Draft.Answers.Get(household.Key{Scope: a.Key.Scope, Subject: a.Subject, Fact: "name"})
	if name.State == household.Given {
		return name.Text.Reveal()
	}
	called := "person.member"
	switch {
	case a.Key.Scope == household.Supporter:
		called = "person.supporter"
	case a.Subject == 1:
		called = "person.applicant"
	}
	return policy.Fill(c.Pack.Text(called).In(lang), map[string]string{"n": strconv.Itoa(a.Subject)})
}

// About is a title, or a question's noun, with the person it is about.
func About(c *journey.Course, a policy.Asked, what policy.Text) policy.Text {
	if a.Subject == 0 {
		return what
	}
	return policy.Text{c.Lang: policy.Fill(c.Pack.Text("dossier.section_of").In(c.Lang), map[string]string{
		"section": what.In(c.Lang), "name": subject(c, a, c.Lang),
	})}
}
