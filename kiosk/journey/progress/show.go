package progress

import (
	"maps"
	"time"

	"yimen/kiosk/household"
	"yimen/kiosk/inquiry"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/view"
)

func (s *told) Show(c *journey.Course, v *view.View) {
	v.Cases = &view.Cases{}
	v.Offers = []view.Do{view.DoBack}
	one, open := s.shown()
	paper, reading := s.copied()
	switch {
	case s.asking:
		v.Screen, v.Offers = view.ScreenAsking, nil
	case reading:
		v.Screen = view.ScreenCopy
		v.Cases.Copy = &view.Copy{No: paper.No, Title: paper.Title, Issued: day(paper.Issued), Paragraphs: paper.Paragraphs, Printing: s.paper.Printing}
		s.mayPrint(v)
	case open:
		v.Screen = view.ScreenCase
		v.Cases.Case = caseView(c, one)
		v.Cases.Case.Printing = s.paper.Printing
		v.Offers = append(v.Offers, view.DoChoose, view.DoFinish)
		s.mayPrint(v)
		if lacks(one) && !s.paper.Printing && !c.Standing.Full {
			v.Offers = append(v.Offers, view.DoNext, view.DoAssist)
		}
	default:
		v.Screen = view.ScreenCases
		v.Cases.Trouble = s.trouble
		v.Cases.Cases, v.Cases.Drafts = s.lines(c)
		switch s.trouble {
		case "":
			v.Offers = append(v.Offers, view.DoChoose)
		case view.TroubleLine, view.TroubleUnable:
			v.Offers = append(v.Offers, view.DoRetake)
		}
		v.Offers = append(v.Offers, view.DoFinish)
	}
}

// mayPrint offers printing while nothing is being printed: until then nobody turns away from its outcome.
func (s *told) mayPrint(v *view.View) {
	if s.paper.Printing {
		v.Offers = nil
		return
	}
	v.Offers = append(v.Offers, view.DoPrint)
}

// lines lists what there is to choose.
func (s *told) lines(c *journey.Course) (cases []view.CaseLine, drafts []view.DraftLine) {
	for _, k := range s.answer.Cases {
		cases = append(cases, view.CaseLine{ID: k.ID, Item: k.ItemName, Stage: k.Stage.Name, Submitted: moment(c, k.Submitted), Light: string(k.Light)})
	}
	for _, d := range s.answer.Drafts {
		name := d.ItemName
		if it, ok := c.Pack.Item(d.Item); ok {
			name = it.Name // in every language
		}
		drafts = append(drafts, view.DraftLine{ID: d.SlipNo, Item: name, Parked: moment(c, d.ParkedAt), Until: day(d.Until)})
	}
	return cases, drafts
}

func caseView(c *journey.Course, k *inquiry.Case) *view.Case {
	v := &view.Case{
		SlipNo: k.SlipNo, Item: k.ItemName, Submitted: moment(c, k.Submitted), Stage: stageLine(c, k.Stage), Light: string(k.Light),
		Due: day(k.Due), MissingBy: day(k.MissingBy), Remedy: k.Remedy, Over: k.Over,
		Until: [2]string{day(k.Until.Reconsideration), day(k.Until.Lawsuit)},
	}
	for _, st := range k.Past {
		v.Past = append(v.Past, stageLine(c, st))
	}
	v.Chapters = chapters(k.Steps)
	for _, m := range k.Missing {
		v.Missing = append(v.Missing, view.MissingLine{Name: m.Name, Hint: m.Hint, Sent: m.Sent})
	}
	for _, p := range k.Papers {
		v.Copies = append(v.Copies, view.CopyLine{ID: p.No, Title: p.Title, Issued: day(p.Issued)})
	}
	for _, r := range k.Answers {
		v.Replies = append(v.Replies, view.ReplyLine{SlipNo: r.SlipNo, Kind: r.Kind, State: r.State, Text: r.Text, At: day(r.At)})
	}
	return v
}

func stageLine(c *journey.Course, s inquiry.Stage) view.StageLine {
	return view.StageLine{Name: s.Name, Plain: s.Plain, Since: moment(c, s.Since), By: day(s.By), Late: s.Late}
}

// chapters puts the steps, which come in order, under the names of their chapters.
func chapters(steps []inquiry.Step) (list []view.ChapterLine) {
	for _, s := range steps {
		if n := len(list); n == 0 || !maps.Equal(list[n-1].Name, s.Chapter) {
			list = append(list, view.ChapterLine{Name: s.Chapter})
		}
		last := &list[len(list)-1]
		last.Steps = append(last.Steps, view.StepLine{Name: s.Name, Done: day(s.Done)})
		if s.Done != 0 {
			last.Done++
		}
	}
	return list
}

// lacks tells whether pages are awaited that have not come in.
func lacks(k *inquiry.Case) bool {
	for _, m := range k.Missing {
		if !m.Sent {
			return true
		}
	}
	return false
}

// moment is the day of t at the hall, YYYY-MM-DD.
func moment(c *journey.Course, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(c.Zone).Format(time.DateOnly)
}

// day is d as YYYY-MM-DD; empty for none.
func day(d household.Date) string {
	if d == 0 {
		return ""
	}
	return d.String()
}
