package reckon

import (
	"slices"
	"strings"

	"yimen/kiosk/estimate"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/working"
	"yimen/kiosk/policy"
	"yimen/kiosk/slip"
)

// lang is the slip's: it is an office's paper.
const lang = "zh-CN"

// facts are what the slip tells: of each programme the verdict and the lines that no programme before it has told.
func (o *outcome) facts(c *journey.Course, e journey.Event) slip.Facts {
	f := slip.Facts{Edition: c.Pack.Edition, Hall: c.Draft.Hall, Terminal: c.Draft.Terminal, ReceivedAt: e.At.In(c.Zone), PrintedAt: e.At.In(c.Zone)}
	said, office := told{}, *c
	office.Lang = lang
	for _, x := range o.findings {
		f.Example = f.Example || x.result.Example
		one := slip.Estimate{Programme: x.Name.In(lang), Verdict: verdict(c, x)}
		if x.made {
			one.Digest = x.result.ShortDigest()
		} else {
			one.Lines = []string{c.Pack.Text("reckon.none").In(lang)}
		}
		for _, s := range x.sentences() {
			one.Lines = said.once(one.Lines, s)
		}
		if labels := said.labels(working.Of(&office, &x.result, -1).Missing); len(labels) > 0 {
			list := strings.Join(labels, c.Pack.Text("answer.between").In(lang))
			one.Lines = append(one.Lines, policy.Fill(c.Pack.Text("reckon.missing").In(lang), map[string]string{"list": list}))
		}
		f.Estimates = append(f.Estimates, one)
	}
	var also []string
	for _, it := range o.also {
		also = append(also, it.Name.In(lang))
	}
	f.Also = strings.Join(also, c.Pack.Text("answer.between").In(lang))
	return f
}

// sentences are the working, what a person must look at, and what would bring another answer.
func (f finding) sentences() (all []string) {
	for _, l := range slices.Concat(f.result.Lines, f.result.Flags) {
		all = append(all, l.Sentence.In(lang))
	}
	for _, x := range f.result.Changes {
		if x.Lever != estimate.Answer && x.Lever != estimate.Settlement { // those are told in a line of their own
			all = append(all, x.Sentence.In(lang))
		}
	}
	return all
}

// told is what the slip has said already.
type told map[string]bool

// once adds a sentence that was not said yet.
func (t told) once(lines []string, s string) []string {
	if s == "" || t[s] {
		return lines
	}
	t[s] = true
	return append(lines, s)
}

// labels names the questions that were not named yet.
func (t told) labels(list []policy.Text) (names []string) {
	for _, l := range list {
		names = t.once(names, l.In(lang))
	}
	return names
}

// verdict is one of three, with what may be paid a month.
func verdict(c *journey.Course, x finding) string {
	word := c.Pack.Text("verdict." + string(x.verdict())).In(lang)
	if x.verdict() != estimate.Likely || !x.result.HasMonthly {
		return word
	}
	return policy.Fill(c.Pack.Text("reckon.monthly").In(lang), map[string]string{"verdict": word, "amount": policy.Yuan(int64(x.result.Monthly))})
}
