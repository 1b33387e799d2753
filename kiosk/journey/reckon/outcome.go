package reckon

import (
	"cmp"
	"slices"
	"strconv"

	"yimen/kiosk/estimate"
	"yimen/kiosk/household"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/step"
	"yimen/kiosk/journey/view"
	"yimen/kiosk/journey/working"
	"yimen/kiosk/policy"
	"yimen/kiosk/policy/guide"
)

// outcome shows what came out, one programme a tile, and behind each its working.
type outcome struct {
	findings []finding
	also     []*policy.Item // what else may help
	open     string         // programme whose working, or code of an item whose page is shown; empty for the list
	line     int            // of the working, laid open; -1 none
	disagree bool           // what to do about it is shown
	paper    step.Paper     // the 测算结果单 (domain.md §7)
}

// finding is one programme's estimate; made is false where the pack has no figures for the day.
type finding struct {
	guide.Programme
	made   bool
	result estimate.Result
}

func (o *outcome) Part() string { return view.PhrasePartOutcome }

func (o *outcome) Enter(c *journey.Course, e journey.Event, _ string) []journey.Effect {
	*o = outcome{findings: all(c, estimate.Date(household.DateOf(e.At.In(c.Zone)))), also: c.Pack.Fitting(c.Draft.Answers), line: -1}
	return nil
}

// all estimates every programme that the pack has a name for, the likeliest first, and among them what helps at once
// where the need is pressing.
func all(c *journey.Course, on estimate.Date) (list []finding) {
	for _, id := range estimate.Order {
		i := slices.IndexFunc(c.Pack.Programmes(), func(p guide.Programme) bool { return p.ID == id })
		if i < 0 {
			continue
		}
		f := finding{Programme: c.Pack.Programmes()[i]}
		r, err := estimate.Compute(c.Pack, id, c.Draft.Answers, on)
		if f.made = err == nil; f.made {
			f.result = r
		}
		list = append(list, f)
	}
	slices.SortStableFunc(list, func(x, y finding) int {
		return cmp.Or(cmp.Compare(x.rank(), y.rank()), cmp.Compare(x.place(), y.place()))
	})
	return list
}

// place is where the programme stands for a need so pressing.
func (f finding) place() int { return slices.Index(estimate.OrderOf(f.result.Colour), f.ID) }

// verdict of what could not be reckoned is left to a person.
func (f finding) verdict() estimate.Verdict {
	if !f.made {
		return estimate.Manual
	}
	return f.result.Verdict
}

// rank puts what may fit first, then what a person must look at, then near misses, then the rest.
func (f finding) rank() int {
	switch {
	case f.verdict() == estimate.Likely:
		return 0
	case f.verdict() == estimate.Manual:
		return 1
	case f.hint() != nil || f.near() != nil:
		return 2
	}
	return 3
}

// remark is what a tile says besides its verdict; nil for nothing.
func (f finding) remark(c *journey.Course) policy.Text {
	switch {
	case !f.made:
		return c.Pack.Text("reckon.none")
	case f.verdict() == estimate.Manual:
		return f.paused(c)
	case f.hint() != nil:
		return f.hint()
	}
	return f.near()
}

// near is the change that is nearest to another answer; nil where none is known.
func (f finding) near() policy.Text {
	if f.verdict() == estimate.Unlikely && len(f.result.Changes) > 0 {
		return f.result.Changes[0].Sentence.Text()
	}
	return nil
}

// pressing is the colour of the need and its words.
func (f finding) pressing(c *journey.Course) (string, policy.Text) {
	for _, l := range f.result.Lines {
		if r, ok := c.Pack.Rule(l.Rule); ok && r.Group == policy.GroupColour {
			return string(f.result.Colour), l.Sentence.Text()
		}
	}
	return "", nil
}

// paused is why a person must look because a figure is not settled, or is a sample in production; nil for no such reason.
func (f finding) paused(c *journey.Course) policy.Text {
	for _, l := range f.result.Flags {
		if c.Pack.HasParam(l.Rule) {
			return l.Sentence.Text()
		}
	}
	return nil
}

// hint says what else may fit where this does not; nil where nothing may.
func (f finding) hint() policy.Text {
	if f.verdict() == estimate.Unlikely {
		for _, l := range f.result.Hints {
			if l.Outcome == estimate.Met {
				return l.Sentence.Text()
			}
		}
	}
	return nil
}

func (o *outcome) On(c *journey.Course, e journey.Event) (journey.Move, []journey.Effect) {
	if t, ok := e.Is.(journey.Touch); ok {
		return o.touch(c, e, t)
	}
	o.paper.On(c, e.Is)
	return journey.Stay(), nil
}

func (o *outcome) touch(c *journey.Course, e journey.Event, t journey.Touch) (journey.Move, []journey.Effect) {
	switch t.Do {
	case view.DoChoose:
		_, found := o.find(t.Value)
		if _, beside := o.beside(t.Value); found || beside {
			o.open, o.line = t.Value, -1
		}
	case view.DoWhy:
		o.line = -1
		if f, ok := o.find(o.open); ok {
			if n, err := strconv.Atoi(t.Value); err == nil && n >= 0 && n < len(f.result.Lines) {
				o.line = n
			}
		}
	case view.DoDisagree:
		o.disagree = true
	case view.DoBack:
		return o.back(), nil
	case view.DoPrint:
		return journey.Stay(), o.paper.Print(c, c.Draft.Item.Slip, o.facts(c, e))
	case view.DoNext:
		return o.apply(c), nil
	case view.DoFinish:
		return journey.Finish(), nil
	}
	return journey.Stay(), nil
}

// back closes what lies on top; from the list it leads into the interview again.
func (o *outcome) back() journey.Move {
	switch {
	case o.disagree:
		o.disagree = false
	case o.open != "":
		o.open, o.line = "", -1
	default:
		return journey.Back()
	}
	return journey.Stay()
}

func (o *outcome) find(programme string) (finding, bool) {
	for _, f := range o.findings {
		if f.ID == programme {
			return f, true
		}
	}
	return finding{}, false
}

// beside finds one of what else may help.
func (o *outcome) beside(code string) (*policy.Item, bool) {
	i := slices.IndexFunc(o.also, func(it *policy.Item) bool { return it.Code == code })
	if i < 0 {
		return nil, false
	}
	return o.also[i], true
}

// apply goes on with the open programme's item. What was left out and what a card tells is asked there anew.
func (o *outcome) apply(c *journey.Course) journey.Move {
	code := o.open
	if f, ok := o.find(o.open); ok {
		code = f.Item
	}
	if !applies(c, code) {
		return journey.Stay()
	}
	for _, a := range c.Pack.Questions(form, c.Draft.Answers) {
		if needless(a.Question) || a.Question.Prefill != "" {
			c.Draft.Answers = c.Draft.Answers.With(a.Key, household.Answer{})
		}
	}
	return journey.Turn("apply:" + code)
}

// applies tells whether an item can be applied for at this terminal now.
func applies(c *journey.Course, code string) bool {
	it, ok := c.Pack.Item(code)
	return ok && it.Form != "" && !c.Standing.Full
}

func (o *outcome) Show(c *journey.Course, v *view.View) {
	f, open := o.find(o.open)
	it, beside := o.beside(o.open)
	switch {
	case o.disagree:
		v.Screen, v.Document = view.ScreenNotice, step.Document(c, "disagree")
		v.Offers = []view.Do{view.DoBack}
	case open:
		o.show(c, f, v)
	case beside:
		v.Screen, v.Policy, v.Offers = view.ScreenPolicy, working.Item(c, it), []view.Do{view.DoBack}
		v.Policy.Form = false // what lies behind it is looked up elsewhere
		if v.Policy.Here && !o.paper.Printing {
			v.Offers = append(v.Offers, view.DoNext)
		}
	default:
		v.Screen, v.Results = view.ScreenResults, o.results(c)
		v.Offers = []view.Do{view.DoBack, view.DoChoose, view.DoDisagree, view.DoFinish}
		if !o.paper.Printing {
			v.Offers = append(v.Offers, view.DoPrint)
		}
	}
}

// show lays one programme's working out.
func (o *outcome) show(c *journey.Course, f finding, v *view.View) {
	v.Screen, v.Offers = view.ScreenEstimate, []view.Do{view.DoBack, view.DoWhy, view.DoDisagree}
	if applies(c, f.Item) && !o.paper.Printing { // the application's slip is not to be taken for printed because this one was
		v.Offers = append(v.Offers, view.DoNext)
	}
	if f.made {
		v.Estimate = working.Of(c, &f.result, o.line)
	} else {
		v.Estimate = working.Of(c, nil, -1)
	}
	v.Estimate.Programme = f.Name
}

func (o *outcome) results(c *journey.Course) *view.Results {
	v := &view.Results{Edition: c.Pack.Edition, Printing: o.paper.Printing}
	for _, f := range o.findings {
		v.Example = v.Example || f.result.Example
		if v.Colour == "" {
			v.Colour, v.Pressing = f.pressing(c)
		}
		tile := view.Finding{ID: f.ID, Programme: f.Name, Verdict: string(f.verdict()), Hint: f.remark(c)}
		if f.verdict() == estimate.Likely && f.result.HasMonthly {
			tile.Monthly = policy.Yuan(int64(f.result.Monthly))
		}
		v.Findings = append(v.Findings, tile)
	}
	for _, it := range o.also {
		v.Also = append(v.Also, view.Topic{ID: it.Code, Title: it.Name, Plain: it.Plain, Icon: it.Icon, Here: applies(c, it.Code)})
	}
	return v
}

func (o *outcome) Exit(*journey.Course) []journey.Effect { return o.paper.Exit() }
