package docket

import (
	"fmt"
	"slices"
	"time"

	"yimen/kiosk/household"
	"yimen/kiosk/noticeboard"
	"yimen/kiosk/policy"
	"yimen/kiosk/policy/flow"
)

// Case is what the records of a case come to. Its lists are never changed in place, so a copy stays as it is.
type Case struct {
	No string
	Opened
	At       time.Time // when it was opened here
	Pack     *policy.Pack
	Item     *policy.Item
	Flow     *flow.Flow
	Stages   []Entered // the first is where it began, the last where it stands
	Papers   []Paper   // in the order in which they were issued
	Notices  []Hung
	Attached []Arrived
	Steps    []Stood // documented steps that were done
	Extended bool
	Overruns []Overrun
	Records  []Record // all of them, for whoever must answer for the case
}

// Entered is a stage and when it was entered.
type Entered struct {
	Code    string
	At      time.Time
	Officer string
	Move    string // by which; empty for the first
}

// Paper is a document that was issued.
type Paper struct {
	Issued
	At      time.Time
	Officer string
}

// Hung is a public notice that was put up.
type Hung struct {
	noticeboard.Notice
	Down household.Date // the day on which it was taken down before its time; 0 where it was not
}

// Arrived is what came later about the case.
type Arrived struct {
	Attached
	At time.Time
}

// Stood is a documented step that was done.
type Stood struct {
	Step    string
	At      time.Time
	Officer string
}

// Now is the stage at which the case stands.
func (c Case) Now() Entered { return c.Stages[len(c.Stages)-1] }

// Stage gives a stage's words; one that the pack does not know has its code for a name.
func (c Case) Stage(code string) *flow.Stage {
	if s, ok := c.Pack.Stage(code); ok {
		return s
	}
	return &flow.Stage{Code: code, Name: policy.Text{"zh-CN": code}}
}

// Hanging is the notice before a decision (公示) that was put up last, unless it was taken down.
func (c Case) Hanging() (noticeboard.Notice, bool) {
	for _, h := range slices.Backward(c.Notices) {
		if !h.Result {
			return h.Notice, h.Down == 0
		}
	}
	return noticeboard.Notice{}, false
}

// wayOf finds the item or request that was handed in; the procedure comes with it.
func wayOf(pack *policy.Pack, o *Opened) (*policy.Item, error) {
	it, ok := pack.Item(o.Item)
	if o.Kind != applicationKind {
		it, ok = pack.Request(o.Item)
	}
	if !ok {
		return nil, fmt.Errorf("%s %s: %w", o.Kind, o.Item, ErrNoWay)
	}
	if _, ok := pack.FlowOf(it); !ok {
		return nil, fmt.Errorf("%s %s: %w", o.Kind, o.Item, ErrNoWay)
	}
	return it, nil
}

// applicationKind is the kind of envelope by which an item of the catalogue is applied for; cases of any other kind are
// requests of the same name.
const applicationKind = "application"

// fold puts a record into the cases. It is the only place where a case changes.
func (b *Book) fold(r Record) error {
	r.At = r.At.Round(0).In(b.zone) // the same before and after it lay on disk
	if o, ok := r.Happening.(*Opened); ok {
		b.known[o.Envelope] = true
		if err := b.begin(r, o); err != nil {
			b.aside[r.Case] = err
			b.log.Error("case put aside", "case", r.Case, "err", err)
		}
		return nil
	}
	if b.aside[r.Case] != nil {
		return nil
	}
	c, ok := b.cases[r.Case]
	if !ok {
		return fmt.Errorf("case %s: %w", r.Case, ErrNoCase)
	}
	c.Records = append(c.Records, r)
	switch h := r.Happening.(type) {
	case *Moved:
		c.Stages = append(c.Stages, Entered{h.To, r.At, r.Officer, h.Move})
		for _, s := range h.Steps {
			c.Steps = append(c.Steps, Stood{s, r.At, r.Officer})
		}
	case *Stepped:
		c.Steps = append(c.Steps, Stood{h.Step, r.At, r.Officer})
	case *Extended:
		c.Extended = true
	case *Issued:
		c.Papers = append(c.Papers, Paper{*h, r.At, r.Officer})
	case *Noticed:
		c.Notices = append(c.Notices, Hung{Notice: h.Notice})
		b.news = append(b.news, r)
	case *TakenDown:
		c.Notices = slices.Clone(c.Notices)
		for i := range c.Notices {
			if c.Notices[i].No == h.No {
				c.Notices[i].Down = b.day(r.At)
			}
		}
		b.news = append(b.news, r)
	case *Overran:
		c.Overruns = append(c.Overruns, Overrun{Overran: *h, Record: r.Seq, At: r.At})
	case *Signed:
		c.Overruns = slices.Clone(c.Overruns)
		for i := range c.Overruns {
			if c.Overruns[i].Record == h.Record {
				c.Overruns[i].Signed = &Signature{Words: h.Words, Officer: r.Officer, At: r.At}
			}
		}
	case *Told:
		b.news = slices.DeleteFunc(b.news, func(n Record) bool { return n.Seq == h.Record })
	case *Attached:
		c.Attached = append(c.Attached, Arrived{*h, r.At})
		if h.Case == "" { // what has a case of its own is known by that
			b.known[h.Envelope] = true
		}
		if h.QueryCheck != "" {
			b.later[h.SlipNo] = later{c, h.QueryCheck}
		}
	}
	return nil
}

func (b *Book) begin(r Record, o *Opened) error {
	pack, err := b.editions.Edition(o.Pack.ID, o.Pack.Digest)
	if err != nil {
		return err
	}
	it, err := wayOf(pack, o)
	if err != nil {
		return err
	}
	way, _ := pack.FlowOf(it)
	o.Submitted = o.Submitted.Round(0).In(b.zone)
	c := &Case{
		No: r.Case, Opened: *o, At: r.At, Pack: pack, Item: it, Flow: way, Records: []Record{r},
		Stages: []Entered{{Code: way.Begins(), At: r.At}},
	}
	b.cases[c.No], b.slips[c.SlipNo] = c, c
	b.order = append(b.order, c)
	return nil
}
