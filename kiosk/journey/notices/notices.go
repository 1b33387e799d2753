// Package notices is 公示 and 公布: what hangs on the hall's board today, proposed or decided, and an objection to what is
// proposed, raised on the spot, named or not, with evidence. It shows what a public notice may say and nothing else, and works without any line.
package notices

import (
	"slices"
	"strconv"

	"yimen/kiosk/household"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/view"
	"yimen/kiosk/noticeboard"
	"yimen/kiosk/policy"
)

// Service offers the one way in.
type Service struct{}

// Door is the way in.
func (Service) Door() view.Door {
	return view.Door{ID: "notices", Icon: "people", Title: view.Phrase{ID: view.PhraseDoorNotices}, Plain: view.Phrase{ID: view.PhraseDoorNotices + view.Plainly}}
}

// Offers gives the one thing to begin.
func (Service) Offers(*policy.Pack) []view.Offer {
	return []view.Offer{{ID: "notices:all", Icon: "people", Here: true, Straight: true}}
}

// Begin gives the board; an objection branches off from a notice.
func (Service) Begin(string, *journey.Course) []journey.Stage { return []journey.Stage{&board{}} }

// board shows what hangs, and one notice of it.
type board struct {
	seen    bool
	today   household.Date
	hanging []noticeboard.Notice
	open    string // number of the notice that is read
}

func (b *board) Part() string { return view.PhrasePartNotices }

// Enter looks at the board, each time anew: a notice may be over since.
func (b *board) Enter(c *journey.Course, e journey.Event, _ string) []journey.Effect {
	c.Draft.Assist = nil // nobody helps with looking
	b.today = household.DateOf(e.At.In(c.Zone))
	return []journey.Effect{journey.LookAtBoard{On: b.today}}
}

func (b *board) Exit(*journey.Course) []journey.Effect { return nil }

func (b *board) On(c *journey.Course, e journey.Event) (journey.Move, []journey.Effect) {
	switch h := e.Is.(type) {
	case journey.BoardSeen:
		b.see(c, h)
	case journey.Touch:
		if today := household.DateOf(e.At.In(c.Zone)); today != b.today {
			return journey.Stay(), b.Enter(c, e, "") // midnight has passed
		}
		return b.touch(c, h), nil
	}
	return journey.Stay(), nil
}

// see takes what hangs. Of an item that this region's procedure does not make public nothing is shown, whatever came.
func (b *board) see(c *journey.Course, seen journey.BoardSeen) {
	b.seen, b.today = true, seen.On
	b.hanging = slices.DeleteFunc(slices.Clone(seen.Notices), func(n noticeboard.Notice) bool { return !public(c.Pack, n) || !n.Hangs(seen.On) })
	if _, still := b.shown(); b.open != "" && !still {
		b.open = ""
		c.Tell(view.NoteNews, view.PhraseNoticeGone)
	}
}

// public tells whether the region's procedure makes such a notice public.
func public(p *policy.Pack, n noticeboard.Notice) bool {
	if n.Result {
		return p.Announced(n.Item)
	}
	return p.Public(n.Item)
}

func (b *board) touch(c *journey.Course, t journey.Touch) journey.Move {
	n, reading := b.shown()
	switch t.Do {
	case view.DoBack:
		if !reading {
			return journey.Back()
		}
		b.open = ""
	case view.DoChoose:
		if slices.ContainsFunc(b.hanging, func(n noticeboard.Notice) bool { return n.No == t.Value }) {
			b.open = t.Value
		}
	case view.DoFinish:
		return journey.Finish()
	case view.DoDisagree, view.DoAssist:
		if reading && b.objectable(c, n) {
			return object(c, n, t.Do == view.DoAssist)
		}
	}
	return journey.Stay()
}

// shown is the notice that is read.
func (b *board) shown() (noticeboard.Notice, bool) {
	i := slices.IndexFunc(b.hanging, func(n noticeboard.Notice) bool { return n.No == b.open })
	if b.open == "" || i < 0 {
		return noticeboard.Notice{}, false
	}
	return b.hanging[i], true
}

// objectable tells whether an objection can be raised here and now.
func (b *board) objectable(c *journey.Course, n noticeboard.Notice) bool {
	_, ok := c.Pack.Request(request)
	return ok && !n.Result && n.Left(b.today) > 0 && !c.Standing.Full
}

func (b *board) Show(c *journey.Course, v *view.View) {
	v.Board = &view.Board{Looking: !b.seen}
	v.Offers = []view.Do{view.DoBack}
	if n, ok := b.shown(); ok {
		v.Screen, v.Board.Posting = view.ScreenPosting, b.posting(c, n)
		v.Offers = append(v.Offers, view.DoFinish)
		if v.Board.Posting.Here {
			v.Offers = append(v.Offers, view.DoDisagree, view.DoAssist)
		}
		return
	}
	v.Screen = view.ScreenBoard
	for _, n := range b.hanging {
		it, _ := c.Pack.Item(n.Item)
		v.Board.Lines = append(v.Board.Lines, view.PostingLine{ID: n.No, Name: n.Name, Item: it.Name, Left: n.Left(b.today), Result: n.Result})
		v.Board.Results = v.Board.Results || n.Result
	}
	if len(v.Board.Lines) > 0 {
		v.Offers = append(v.Offers, view.DoChoose)
	}
}

func (b *board) posting(c *journey.Course, n noticeboard.Notice) *view.Posting {
	it, _ := c.Pack.Item(n.Item)
	p := &view.Posting{
		No: n.No, Name: n.Name, Item: it.Name, Members: n.Members, First: n.First.String(), Last: n.Last.String(), Left: n.Left(b.today),
		Office: n.Office, Phone: n.Phone, Here: b.objectable(c, n), Result: n.Result,
	}
	if n.Amount > 0 {
		p.Amount = strconv.FormatInt(n.Amount/100, 10)
		if cents := n.Amount % 100; cents != 0 {
			p.Amount += "." + strconv.FormatInt(100+cents, 10)[1:]
		}
	}
	return p
}
