package step

import (
	"slices"
	"strconv"
	"strings"

	"yimen/kiosk/dossier"
	"yimen/kiosk/household"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/question"
	"yimen/kiosk/journey/view"
	"yimen/kiosk/policy"
)

// Review lets the resident check every answer, paper and signature, change one and keep the rest, and submit.
type Review struct {
	last string // what was changed last: the screen shows the page on which it stands
}

func (r *Review) Part() string { return view.PhrasePartReview }

func (r *Review) Enter(c *journey.Course, e journey.Event, _ string) []journey.Effect {
	if c.Draft.Item.Estimate != "" {
		reckon(c, e) // an answer may have changed
	}
	return nil
}

func (r *Review) On(c *journey.Course, e journey.Event) (journey.Move, []journey.Effect) {
	t, ok := e.Is.(journey.Touch)
	if !ok {
		return journey.Stay(), nil
	}
	switch t.Do {
	case view.DoBack:
		return journey.Back(), nil
	case view.DoEdit:
		return r.edit(c, t.Value), nil
	case view.DoSubmit:
		if missing(c) {
			c.Tell(view.NoteProblem, view.PhraseReviewMissing)
			return journey.Stay(), nil
		}
		return journey.Next(), nil
	}
	return journey.Stay(), nil
}

// edit goes to what a line names: "answer:deposits", "paper:M07", "sign:undertaking".
func (r *Review) edit(c *journey.Course, value string) journey.Move {
	kind, what, _ := strings.Cut(value, ":")
	r.last = value
	switch kind {
	case "answer":
		for _, a := range question.All(c) {
			if a.Key.String() == what {
				return journey.Goto(view.PhrasePartInterview, what)
			}
		}
	case "paper":
		for _, m := range ToScan(c) {
			if m.Code == what {
				return journey.Goto(view.PhrasePartScan, what)
			}
		}
	case "sign":
		for _, d := range c.Draft.Item.Documents {
			if d == what {
				return journey.Goto(view.PhrasePartSign, what)
			}
		}
	}
	return journey.Stay()
}

// missing tells whether something without which no case can exist is not there: an answer that must be given,
// or a signature. Papers may always come later.
func missing(c *journey.Course) bool {
	for _, a := range question.All(c) {
		if c.Draft.Answers.Get(a.Key).State == household.NotYet {
			return true
		}
	}
	for _, d := range c.Draft.Item.Documents {
		if !signed(c, d) {
			return true
		}
	}
	return false
}

// signed tells whether a document was signed as it would be shown now, or left to be signed at the desk: words that have
// changed since, with the size of the household for one, are nobody's undertaking yet.
func signed(c *journey.Course, document string) bool {
	for _, s := range c.Draft.Signatures {
		if s.Document == document && s.ShownDigest == shown(c, document).Digest() {
			return true
		}
	}
	return false
}

// left tells whether a document was left to be signed at the desk.
func left(c *journey.Course, document string) bool {
	return slices.ContainsFunc(c.Draft.Signatures, func(s dossier.Signature) bool { return s.Document == document && s.Later })
}

func (r *Review) Show(c *journey.Course, v *view.View) {
	v.Screen = view.ScreenReview
	v.Review = &view.Review{Sections: r.sections(c), Last: r.last, Ready: !missing(c)}
	v.Offers = []view.Do{view.DoBack, view.DoEdit, view.DoSubmit}
}

func (r *Review) Exit(*journey.Course) []journey.Effect { return nil }

func (r *Review) sections(c *journey.Course) []view.ReviewSection {
	var out []view.ReviewSection
	var last policy.Asked
	for _, a := range question.All(c) {
		if a.Section != last.Section || a.Subject != last.Subject {
			last = a
			out = append(out, view.ReviewSection{Title: question.About(c, a, a.Section.Title)})
		}
		s := &out[len(out)-1]
		s.Lines = append(s.Lines, answerLine(c, a))
	}
	papers := view.ReviewSection{Phrase: view.Phrase{ID: view.PhraseReviewPapers}}
	for _, m := range ToScan(c) {
		papers.Lines = append(papers.Lines, paperLine(c, m))
	}
	signatures := view.ReviewSection{Phrase: view.Phrase{ID: view.PhraseReviewSignatures}}
	for _, d := range c.Draft.Item.Documents {
		doc := shown(c, d)
		line := view.ReviewLine{Label: policy.Text{c.Lang: doc.Title}, Edit: "sign:" + d}
		switch {
		case signed(c, d):
			line.Said = view.Phrase{ID: view.PhraseReviewSigned}
			if left(c, d) {
				line.Said = view.Phrase{ID: view.PhraseReviewUnsigned}
			}
		case slices.ContainsFunc(c.Draft.Signatures, func(s dossier.Signature) bool { return s.Document == d }):
			line.Problem = view.Phrase{ID: view.PhraseReviewSignAgain} // its words have changed
		default:
			line.Problem = view.Phrase{ID: view.PhraseReviewMissing}
		}
		signatures.Lines = append(signatures.Lines, line)
	}
	return slices.DeleteFunc(append(out, papers, signatures), func(s view.ReviewSection) bool { return len(s.Lines) == 0 })
}

func answerLine(c *journey.Course, a policy.Asked) view.ReviewLine {
	answer := c.Draft.Answers.Get(a.Key)
	line := view.ReviewLine{Label: question.Named(c, a, a.Question.Label), Edit: "answer:" + a.Key.String()}
	if answer.State == household.NotYet {
		line.Problem = view.Phrase{ID: view.PhraseReviewMissing}
		return line
	}
	line.Value = masked(c, a, answer)
	return line
}

// masked shows an answer as P13 allows on a screen that others can see.
func masked(c *journey.Course, a policy.Asked, answer household.Answer) string {
	if answer.State == household.Given {
		switch a.Question.Input {
		case policy.InputIDNumber:
			return answer.Text.MaskNumber()
		case policy.InputAccount:
			return answer.Text.MaskTail()
		case policy.InputPhone:
			return answer.Text.MaskPhone()
		}
	}
	return c.Pack.Show(a, answer, c.Lang)
}

func paperLine(c *journey.Course, m *policy.Material) view.ReviewLine {
	line := view.ReviewLine{Label: m.Name, Edit: "paper:" + m.Code}
	switch n := Pages(c, m.Code); {
	case n > 0:
		line.Said = view.Phrase{ID: view.PhraseReviewPages, Args: map[string]string{"n": strconv.Itoa(n)}}
	case Must(c, m.Code):
		line.Said = view.Phrase{ID: view.PhraseReviewLater}
	default:
		line.Said = view.Phrase{ID: view.PhraseReviewNone}
	}
	return line
}
