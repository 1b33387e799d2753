package docket

import (
	"slices"

	"yimen/kiosk/household"
	"yimen/kiosk/inquiry"
	"yimen/kiosk/policy/flow"
	"yimen/kiosk/slip/number"
)

// Of gives what may be told to whoever proved a card, or a slip's number with its query code: his cases, the newest first,
// and nothing of the staff or of anybody else. Where nothing is told, nobody learns why. A wrong code takes as long as a
// right one.
func (b *Book) Of(proof inquiry.Proof) (list []inquiry.Case) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if proof.SlipNo != "" {
		c, check := b.behind(proof.SlipNo)
		b.mu.Unlock() // the check is made to be slow
		right := number.Matches(check, proof.SlipNo, proof.Code.Reveal())
		b.mu.Lock()
		if c != nil && right {
			list = append(list, b.view(c))
		}
		return list
	}
	for _, c := range slices.Backward(b.order) {
		if !proof.Number.Empty() && c.Number == proof.Number {
			list = append(list, b.view(c))
		}
	}
	return list
}

// later is a slip about something that was posted about a case.
type later struct {
	*Case
	check string
}

// behind gives the case that a slip tells about, and the check of the slip's code; none for a slip that nobody gave.
func (b *Book) behind(slipNo string) (c *Case, check string) {
	if c, ok := b.slips[slipNo]; ok {
		return c, c.QueryCheck
	}
	l := b.later[slipNo]
	return l.Case, l.check
}

// view is a case as its applicant may see it.
func (b *Book) view(c *Case) inquiry.Case {
	promised, _, _ := b.Lights(*c)
	v := inquiry.Case{
		ID: c.No, SlipNo: c.SlipNo, Item: c.Opened.Item, ItemName: c.Item.Name, Submitted: c.Submitted,
		Light: b.promisedLight(c), Due: promised, Past: []inquiry.Stage{}, Papers: []inquiry.Paper{}, Missing: []inquiry.Missing{},
		Over: c.Stage(c.Now().Code).Over,
	}
	for _, e := range c.Stages[:len(c.Stages)-1] {
		v.Past = append(v.Past, b.stage(c, e, false))
	}
	v.Stage = b.stage(c, c.Now(), true)
	for _, p := range slices.Backward(c.Papers) {
		v.Papers = append(v.Papers, inquiry.Paper{Code: p.Code, No: p.No, Title: p.Title, Paragraphs: p.Paragraphs, Issued: b.day(p.At)})
	}
	if n, ok := c.Hanging(); ok {
		v.Notice = n.No
	}
	b.missing(c, &v)
	if p, ok := c.refusal(); ok {
		v.Remedy, v.Until = p.Remedy, inquiry.Until{Reconsideration: p.Until.Reconsider, Lawsuit: p.Until.Sue}
	}
	for _, s := range c.Chapters() {
		if s.Done != nil || !s.Chapter.Maybe && !v.Over {
			v.Steps = append(v.Steps, inquiry.Step{Chapter: s.Chapter.Name, Name: s.Step.Name, Done: b.doneOn(s)})
		}
	}
	return v
}

func (b *Book) stage(c *Case, e Entered, now bool) inquiry.Stage {
	s := c.Stage(e.Code)
	v := inquiry.Stage{Code: e.Code, Name: s.Name, Plain: s.Plain, Since: e.At}
	if now {
		v.By = b.due(c, e)
		v.Late = v.By != 0 && v.By < b.today() && e.Code != flow.Correct
	}
	return v
}

// Missing gives the document that asks for materials while the case waits for them.
func (c Case) Missing() (Paper, bool) {
	if c.Now().Code != flow.Correct {
		return Paper{}, false
	}
	for _, p := range slices.Backward(c.Papers) {
		if len(p.Materials) > 0 {
			return p, true
		}
	}
	return Paper{}, false
}

// Sent tells whether a supplement with a material has come since a document asked for it.
func (c Case) Sent(material string, asked Paper) bool {
	return slices.ContainsFunc(c.Attached, func(a Arrived) bool {
		return a.At.After(asked.At) && slices.Contains(a.Materials, material)
	})
}

func (b *Book) missing(c *Case, v *inquiry.Case) {
	asked, ok := c.Missing()
	if !ok {
		return
	}
	v.MissingBy = asked.By
	for _, m := range c.Item.Materials {
		if slices.Contains(asked.Materials, m.Code) {
			v.Missing = append(v.Missing, inquiry.Missing{Code: m.Code, Name: m.Name, Sent: c.Sent(m.Code, asked)})
		}
	}
}

// refusal is the document with remedies by which the case stands where it stands.
func (c Case) refusal() (Paper, bool) {
	if len(c.Papers) == 0 || !c.Stage(c.Now().Code).Decided {
		return Paper{}, false
	}
	last := c.Papers[len(c.Papers)-1]
	return last, last.Until != Remedies{}
}

// Place is a documented step in its chapter, and when it was done, if it was.
type Place struct {
	Chapter flow.Chapter
	Step    flow.Step
	Done    *Stood
}

// Chapters lists every documented step of the case's procedure (文书) in order.
func (c Case) Chapters() (list []Place) {
	for _, ch := range c.Flow.Chapters {
		for _, s := range ch.Steps {
			place := Place{Chapter: ch, Step: s}
			if i := slices.IndexFunc(c.Steps, func(d Stood) bool { return d.Step == s.ID }); i >= 0 {
				place.Done = &c.Steps[i]
			}
			list = append(list, place)
		}
	}
	return list
}

func (b *Book) doneOn(p Place) household.Date {
	if p.Done == nil {
		return 0
	}
	return b.day(p.Done.At)
}
