// Package park breaks a visit off and lets another go on with it. What was given goes up as a letter of kind draft, sealed to
// the bureau, where no desk shows it; the bureau gives it out to a visit that proves the card or the slip's code, and only the
// card of the person who began goes on with it.
package park

import (
	"errors"
	"fmt"

	"yimen/drivers/device"
	"yimen/kiosk/dossier"
	"yimen/kiosk/household"
	"yimen/kiosk/inquiry"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/question"
	"yimen/kiosk/journey/step"
	"yimen/kiosk/journey/view"
	"yimen/kiosk/letter"
	"yimen/kiosk/policy"
	"yimen/kiosk/slip"
)

// Notice is the pack's document that tells what parking is; agreeing to it parks.
const Notice = "park"

// keptDays is how long a draft is given out: as long as an office waits for what is missing (domain.md §3.2 T03).
const keptDays = 30

const slipLang = "zh-CN" // a slip is an office's paper

// Can tells whether there is something to park: somebody's card was read, something was answered, and the pack has the words.
func Can(c *journey.Course) bool {
	_, worded := c.Pack.Document(Notice)
	return worded && c.Draft.Item != nil && !c.Draft.Card.Number.Empty() && c.Draft.Answers.Len() > 0
}

// Steps ask whether to park, and park.
func Steps() []journey.Stage {
	return []journey.Stage{
		&step.Notice{Document: Notice, Of: view.PhrasePartPark},
		&step.Slip{Send: Keep, Facts: facts, Parked: true},
	}
}

// until is the last day on which the draft is given out.
func until(c *journey.Course) household.Date {
	return household.DateOf(c.Began.AddDate(0, 0, keptDays))
}

// Keep posts the draft.
func Keep(c *journey.Course) journey.Effect {
	return journey.Post{Letter: letter.Letter{
		Terminal: c.Terminal, Hall: c.Hall.Name, Lang: c.Lang, Pack: c.Pack, Item: c.Draft.Item,
		From:   letter.Party{Name: c.Draft.Card.Name, Number: c.Draft.Card.Number, Proof: letter.ByCard},
		Record: record(c), Pages: c.Draft.Pages,
	}}
}

func record(c *journey.Course) letter.Parked {
	r := letter.Parked{Item: c.Draft.Item.Code, Until: until(c), Number: letter.Text(c.Draft.Card.Number.Reveal()), Later: c.Draft.Later}
	for _, a := range question.All(c) {
		v := c.Draft.Answers.Get(a.Key)
		if v.State == household.NotYet {
			continue
		}
		r.Answers = append(r.Answers, letter.ParkedAnswer{
			Key: a.Key.String(), Known: v.State == household.Given, Number: v.Number, Code: v.Code, Text: letter.Text(v.Text.Reveal()),
		})
	}
	for _, p := range c.Draft.Pages {
		p.Original, p.Derived = nil, nil
		r.Pages = append(r.Pages, p)
	}
	return r
}

func facts(c *journey.Course) slip.Facts {
	return slip.Facts{
		Item: c.Draft.Item.Name.In(slipLang), ItemCode: c.Draft.Item.Code, Number: c.Draft.Card.Number, Terminal: c.Terminal, Hall: c.Hall.Name,
		Example: c.Hall.Example, More: map[string]string{"until": c.Pack.ShowDate(until(c), slipLang)},
	}
}

// ErrDraft: what the bureau gave is no draft that this terminal can go on with.
var ErrDraft = errors.New("not a draft to go on with")

// Restore makes a draft of the bureau's answer: answers, pages and later papers, and of the card nothing but its number.
// What today's questions and papers do not take any more is left out, and will be asked again.
func Restore(pack *policy.Pack, a inquiry.Answer) (dossier.Draft, error) {
	r, err := letter.Read[letter.Parked](a.Body)
	if err != nil {
		return dossier.Draft{}, fmt.Errorf("%w: %w", ErrDraft, err)
	}
	it, ok := pack.Item(r.Item)
	if !ok || it.Form == "" || r.Number == "" {
		return dossier.Draft{}, fmt.Errorf("%w: item %q", ErrDraft, r.Item)
	}
	d := dossier.Draft{Item: it, Card: device.Card{Number: device.Personal(r.Number.Reveal())}, Answers: answers(pack, r.Answers)}
	for _, code := range r.Later {
		if asksFor(it, code) {
			d.Later = append(d.Later, code)
		}
	}
	for i, p := range r.Pages {
		if 2*i+1 >= len(a.Pages) || !asksFor(it, p.Material) {
			continue // what did not come is photographed again
		}
		p.Derived, p.Original = a.Pages[2*i], a.Pages[2*i+1]
		d.Pages = append(d.Pages, p)
	}
	return d, nil
}

// answers takes what can still be answered so.
func answers(pack *policy.Pack, parked []letter.ParkedAnswer) (out household.Answers) {
	for _, p := range parked {
		key, err := household.ParseKey(p.Key)
		if err != nil {
			continue
		}
		q, asked := pack.Question(key.Scope, key.Fact)
		if !asked {
			continue
		}
		v := household.Answer{State: household.Unknown}
		if p.Known {
			v = household.Answer{State: household.Given, Number: p.Number, Code: p.Code, Text: device.Personal(p.Text.Reveal())}
			if q.Check(v) != nil {
				continue
			}
		}
		out = out.With(key, v)
	}
	return out
}

func asksFor(it *policy.Item, code string) bool {
	for _, m := range it.Materials {
		if m.Code == code {
			return true
		}
	}
	return false
}
