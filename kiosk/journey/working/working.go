// Package working is how an estimate is told on a screen: its verdict, what would bring another, what staff must look at, and
// each line of the working with what it was worked from. What an item is, is told beside it.
package working

import (
	"slices"

	"yimen/kiosk/estimate"
	"yimen/kiosk/household"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/question"
	"yimen/kiosk/journey/view"
	"yimen/kiosk/policy"
	"yimen/kiosk/policy/guide"
)

// Of is an estimate in plain words with the line open laid open; nil says that none could be made.
func Of(c *journey.Course, r *estimate.Result, open int) *view.Estimate {
	if r == nil {
		return &view.Estimate{Verdict: string(estimate.Manual), Open: -1, Edition: c.Pack.Edition}
	}
	v := &view.Estimate{
		Verdict: string(r.Verdict), Edition: r.Edition, Digest: r.ShortDigest(), Example: r.Example, Open: open,
		Sentences: lines(c, r.Lines), Flags: lines(c, r.Flags), Hints: lines(c, r.Hints), Changes: changes(c, r.Changes),
	}
	if r.HasMonthly {
		v.Monthly = policy.Yuan(int64(r.Monthly))
	}
	for _, key := range r.Missing {
		v.Missing = append(v.Missing, missed(c, key))
	}
	return v
}

// missed names an answer that is missing, by its question on the form or, where another form asks it, in the pack.
func missed(c *journey.Course, key household.Key) policy.Text {
	for _, a := range question.All(c) {
		if a.Key == key {
			return question.About(c, a, question.Named(c, a, a.Question.Label))
		}
	}
	if q, ok := c.Pack.Question(key.Scope, key.Fact); ok {
		return q.Label
	}
	return nil
}

// changes leaves out missing answers and figures that are not settled: those are told already.
func changes(c *journey.Course, in []estimate.Change) (out []view.Change) {
	for _, x := range in {
		if x.Lever == estimate.Answer || x.Lever == estimate.Settlement {
			continue
		}
		out = append(out, view.Change{Distance: x.Lever == estimate.Distance, Sentence: x.Sentence.Text(),
			Proof: paper(c, x.Document), Article: x.Citation.Article})
	}
	return out
}

// paper is what a material is called.
func paper(c *journey.Course, code string) policy.Text {
	for _, it := range c.Pack.Items() {
		for _, m := range it.Materials {
			if code != "" && m.Code == code {
				return m.Name
			}
		}
	}
	return nil
}

// figures are the inputs of a line that the pack has words for: an answer by its question, a figure of the pack by its
// name, a sum reckoned before by the text figure.NAME.
func figures(c *journey.Course, in []estimate.Input) (out []view.Figure) {
	for _, i := range in {
		label := c.Pack.Text("figure." + i.Name)
		if key, err := household.ParseKey(i.Name); err == nil {
			if q, asked := c.Pack.Question(key.Scope, key.Fact); asked {
				label = q.Label
			}
		}
		if at := slices.IndexFunc(c.Pack.Params(), func(p policy.Param) bool { return p.Key == i.Name }); at >= 0 {
			label = c.Pack.Params()[at].Name
		}
		number := guide.Amount(i.Unit, policy.Decimal(i.Value))
		if label != nil && number != "" {
			out = append(out, view.Figure{Label: label, Value: policy.Fill(c.Pack.Text("answer.with_unit").In(c.Lang),
				map[string]string{"number": number, "unit": c.Pack.Text("unit." + i.Unit).In(c.Lang)})})
		}
	}
	return out
}

func lines(c *journey.Course, in []estimate.Line) []view.Line {
	out := make([]view.Line, len(in))
	for i, l := range in {
		out[i] = view.Line{
			Outcome: string(l.Outcome), Sentence: l.Sentence.Text(), Example: l.Example,
			Article: l.Citation.Article, Quote: l.Citation.Quote, Inputs: figures(c, l.Inputs),
		}
		if source, ok := c.Pack.Source(l.Citation.Source); ok {
			out[i].Source = source.Title.In(c.Lang)
		}
	}
	return out
}
