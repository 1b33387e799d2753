package progress

import (
	"slices"
	"strconv"

	"yimen/drivers/device"
	"yimen/kiosk/household"
	"yimen/kiosk/inquiry"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/scan"
	"yimen/kiosk/journey/step"
	"yimen/kiosk/journey/view"
	"yimen/kiosk/letter"
	"yimen/kiosk/policy"
	"yimen/kiosk/slip"
)

// supply branches off to scanning what the case lacks, and nothing else (补正). Where somebody helps, the helper's card comes
// first.
func (s *told) supply(c *journey.Course, k *inquiry.Case, helped bool) (journey.Move, []journey.Effect) {
	if k == nil || !lacks(k) {
		return journey.Stay(), nil
	}
	effects := letGo(c)
	c.Looking = false
	c.Draft.Item = lacking(c.Pack, k)
	c.Draft.Answers, c.Draft.Later, c.Draft.Card = household.Answers{}, nil, s.prove.card
	about := &about{slipNo: k.SlipNo, by: k.MissingBy, proof: letter.ByCode}
	if !s.prove.card.Number.Empty() {
		about.proof = letter.ByCard
	}
	steps := []journey.Stage{&scan.Papers{}, &check{}, &step.Slip{Send: about.send, Facts: about.facts}}
	if helped {
		steps = slices.Insert(steps, 0, journey.Stage(step.NewHelper()))
	}
	return journey.Branch(steps...), effects
}

// letGo forgets the pages of another case that were scanned before.
func letGo(c *journey.Course) (effects []journey.Effect) {
	for _, p := range c.Draft.Pages {
		effects = append(effects, journey.Forget{ID: p.ID})
	}
	c.Draft.Pages = nil
	return effects
}

// lacking is the case's item with the papers that it lacks, and no other.
func lacking(pack *policy.Pack, k *inquiry.Case) *policy.Item {
	it := &policy.Item{Code: k.Item, Name: k.ItemName, Slip: supplySlip}
	known, _ := pack.Item(k.Item)
	for _, m := range k.Missing {
		if m.Sent {
			continue
		}
		paper := policy.Material{Code: m.Code, Name: m.Name, Most: mostPages}
		if known != nil {
			for _, of := range known.Materials {
				if of.Code == m.Code {
					paper = of
				}
			}
		}
		if m.Hint != "" {
			paper.Hint = policy.Text{slipLang: m.Hint}
		}
		paper.Need, paper.When = policy.NeedScan, ""
		it.Materials = append(it.Materials, paper)
	}
	return it
}

// mostPages bounds a paper that the pack does not know.
const mostPages = 10

// about is the case that pages are brought for, and how who brings them is known.
type about struct {
	slipNo string
	by     household.Date // until when; 0 where no rule says
	proof  letter.Proof
}

// send posts the pages.
func (a *about) send(c *journey.Course) journey.Effect {
	record := letter.Supplied{}
	for _, m := range c.Draft.Item.Materials {
		n := pages(c, m.Code)
		record.Papers = append(record.Papers, letter.SuppliedPaper{Code: m.Code, Pages: n, Later: n == 0})
	}
	return journey.Post{Letter: letter.Letter{
		Terminal: c.Terminal, Hall: c.Hall.Name, Lang: c.Lang, Pack: c.Pack, Item: c.Draft.Item, About: a.slipNo,
		From:   letter.Party{Name: c.Draft.Card.Name, Number: c.Draft.Card.Number, Proof: a.proof},
		Record: record, Pages: c.Draft.Pages, Assist: c.Draft.Assist,
	}}
}

// facts is what the slip tells: which papers came, which still lack, until when.
func (a *about) facts(c *journey.Course) slip.Facts {
	f := slip.Facts{
		Item: c.Draft.Item.Name.In(slipLang), ItemCode: c.Draft.Item.Code, Applicant: device.Personal(c.Draft.Card.Name.MaskName()),
		Number: c.Draft.Card.Number, Terminal: c.Terminal, Hall: c.Hall.Name, Example: c.Hall.Example,
		More: map[string]string{"about": a.slipNo, "due": date(c, a.by)},
	}
	for _, m := range c.Draft.Item.Materials {
		row := slip.Material{Name: m.Name.In(slipLang), Mark: slip.Later, Pages: pages(c, m.Code)}
		if row.Pages > 0 {
			row.Mark = slip.Scanned
			for _, p := range c.Draft.Pages {
				if p.Material == m.Code && p.Check {
					row.Mark = slip.Check
				}
			}
		}
		f.Materials = append(f.Materials, row)
	}
	return f
}

// pages counts the pages of a paper.
func pages(c *journey.Course, code string) int {
	n := 0
	for _, p := range c.Draft.Pages {
		if p.Material == code {
			n++
		}
	}
	return n
}

// check shows what is going to be sent, and lets it be changed.
type check struct{}

func (check) Part() string { return view.PhrasePartReview }

func (check) Enter(*journey.Course, journey.Event, string) []journey.Effect { return nil }

func (check) Exit(*journey.Course) []journey.Effect { return nil }

func (check) On(c *journey.Course, e journey.Event) (journey.Move, []journey.Effect) {
	t, ok := e.Is.(journey.Touch)
	if !ok {
		return journey.Stay(), nil
	}
	switch t.Do {
	case view.DoBack:
		return journey.Back(), nil
	case view.DoEdit:
		for _, m := range c.Draft.Item.Materials {
			if m.Code == t.Value {
				return journey.Goto(view.PhrasePartScan, t.Value), nil
			}
		}
	case view.DoSubmit:
		if len(c.Draft.Pages) == 0 {
			c.Tell(view.NoteProblem, view.PhraseNoPages)
			return journey.Stay(), nil
		}
		return journey.Next(), nil
	}
	return journey.Stay(), nil
}

func (check) Show(c *journey.Course, v *view.View) {
	v.Screen = view.ScreenReview
	v.Offers = []view.Do{view.DoBack, view.DoEdit, view.DoSubmit}
	papers := view.ReviewSection{Phrase: view.Phrase{ID: view.PhraseReviewPapers}}
	for _, m := range c.Draft.Item.Materials {
		line := view.ReviewLine{Label: m.Name, Edit: m.Code, Said: view.Phrase{ID: view.PhraseReviewLater}}
		if n := pages(c, m.Code); n > 0 {
			line.Said = view.Phrase{ID: view.PhraseReviewPages, Args: map[string]string{"n": strconv.Itoa(n)}}
		}
		papers.Lines = append(papers.Lines, line)
	}
	v.Review = &view.Review{Sections: []view.ReviewSection{papers}, Ready: len(c.Draft.Pages) > 0}
}
