package notices

import (
	"slices"

	"yimen/kiosk/dossier"
	"yimen/kiosk/household"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/scan"
	"yimen/kiosk/journey/step"
	"yimen/kiosk/journey/view"
	"yimen/kiosk/letter"
	"yimen/kiosk/noticeboard"
	"yimen/kiosk/policy"
	"yimen/kiosk/slip"
)

// request is the pack's request by which an objection is asked for: its form, papers and slip.
const request = "objection"

// officeLang is the language of what an office files.
const officeLang = "zh-CN"

// object branches off to an objection to a notice: what it is, named or not, what is wrong, evidence, check, slip.
func object(c *journey.Course, n noticeboard.Notice, helped bool) journey.Move {
	it, _ := c.Pack.Request(request)
	c.Draft = dossier.Draft{Kind: string(letter.Objection), Terminal: c.Draft.Terminal, Hall: c.Draft.Hall, Lang: c.Draft.Lang, Pack: c.Pack, Item: it}
	o := &objection{notice: n, helped: helped}
	return journey.Branch(&step.Notice{Document: it.Notice}, &naming{o}, &card{objection: o}, &helper{step.NewHelper(), o}, &step.Interview{}, &scan.Papers{}, &step.Review{},
		&step.Slip{Send: o.send, Facts: o.facts})
}

// objection is what one visit objects to, whether under a name, and whether with somebody's help.
type objection struct {
	notice noticeboard.Notice
	named  bool
	helped bool
}

// naming asks whether the objection goes under the resident's name; both ways are alike.
type naming struct{ *objection }

// The answers of naming, as codes and as the pack's texts.
const (
	unnamed = "unnamed"
	named   = "named"
)

func (naming) Part() string { return view.PhrasePartIdentify }

func (naming) Enter(*journey.Course, journey.Event, string) []journey.Effect { return nil }

func (naming) Exit(*journey.Course) []journey.Effect { return nil }

func (n naming) On(c *journey.Course, e journey.Event) (journey.Move, []journey.Effect) {
	t, ok := e.Is.(journey.Touch)
	switch {
	case ok && t.Do == view.DoBack:
		return journey.Back(), nil
	case ok && t.Do == view.DoAnswer && (t.Value == named || t.Value == unnamed):
		n.named, c.Draft.Assist = t.Value == named, nil
		if n.helped && !n.named {
			c.Helped(dossier.Assist{}) // the helper's name would tell whose objection it is
		}
		return journey.Next(), nil
	}
	return journey.Stay(), nil
}

func (n naming) Show(c *journey.Course, v *view.View) {
	v.Screen = view.ScreenQuestion
	v.Offers = []view.Do{view.DoBack, view.DoAnswer}
	v.Question = &view.Question{
		Key: "objection_named", Input: policy.InputChoice, Must: true, Now: 1, Of: 1,
		Title: c.Pack.Text("objection.who"), Help: c.Pack.Text("objection.who.help"), Section: c.Draft.Item.Name,
		Options: []policy.Option{{Code: unnamed, Title: c.Pack.Text("objection.unnamed")}, {Code: named, Title: c.Pack.Text("objection.named")}},
	}
}

// card reads the card of who objects under a name, and nobody else's.
type card struct {
	step.Card
	*objection
}

// Needless: no name, no card.
func (k *card) Needless(*journey.Course) bool { return !k.named }

// helper asks for the card of who helps with an objection under a name.
type helper struct {
	*step.Other
	*objection
}

// Needless: no helper, or none that may be named.
func (h *helper) Needless(*journey.Course) bool { return !h.helped || !h.named }

// send posts the objection.
func (o *objection) send(c *journey.Course) journey.Effect {
	it, _ := c.Pack.Item(o.notice.Item)
	l := letter.Letter{
		Terminal: c.Terminal, Hall: c.Hall.Name, Lang: c.Lang, Pack: c.Pack, Item: it, Pages: c.Draft.Pages, Papers: map[string]string{},
		Record: o.record(c), Assist: c.Draft.Assist,
	}
	for _, m := range c.Draft.Item.Materials {
		l.Papers[m.Code] = m.Name.In(officeLang)
	}
	if o.named {
		l.From = letter.Party{Name: c.Draft.Card.Name, Number: c.Draft.Card.Number, Proof: letter.ByCard}
	}
	return journey.Post{Letter: l}
}

// record is what was said, in codes and in words.
func (o *objection) record(c *journey.Course) letter.Objected {
	answer := func(fact string) household.Answer { return c.Draft.Answers.Get(household.Key{Fact: fact}) }
	grounds := answer("objection_grounds")
	r := letter.Objected{
		Notice: o.notice.No, Item: o.notice.Item, Grounds: grounds.Chosen(), Proof: len(c.Draft.Pages) > 0,
		Words: letter.Text(answer("objection_words").Text.Reveal()), Phone: letter.Text(answer("phone").Text.Reveal()),
	}
	for _, asked := range c.Pack.Questions(c.Draft.Item.Form, c.Draft.Answers) {
		for _, option := range asked.Question.Options {
			if asked.Key.Fact == "objection_grounds" && slices.Contains(r.Grounds, option.Code) {
				r.Shown = append(r.Shown, option.Title.In(officeLang))
			}
		}
	}
	return r
}

// facts is what the slip tells: numbers and the notice, neither who objects nor against whom.
func (o *objection) facts(c *journey.Course) slip.Facts {
	f := slip.Facts{
		Item: c.Draft.Item.Name.In(officeLang), ItemCode: c.Draft.Item.Code, Terminal: c.Terminal, Hall: c.Hall.Name, Example: c.Hall.Example,
		More: map[string]string{"about": o.notice.No},
	}
	if n := len(c.Draft.Pages); n > 0 {
		f.Materials = []slip.Material{{Name: c.Draft.Item.Materials[0].Name.In(officeLang), Mark: slip.Scanned, Pages: n}}
	}
	return f
}
