package docket

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"yimen/kiosk/household"
	"yimen/kiosk/noticeboard"
	"yimen/kiosk/policy/flow"
)

// adult is the age from which a name may stand on a public notice.
const adult = 18

func (b *Book) minor(c *Case) bool {
	birth, ok := household.BirthOf(c.Number.Reveal())
	return ok && household.Age(birth, b.today()) < adult
}

// posted gives the public notice that goes up with a move. What was decided about a minor is announced nowhere, and goes its
// way all the same; what is proposed about one waits (ErrMinor).
func (b *Book) posted(c *Case, m flow.Move) (flow.Notice, bool) {
	post, ok := c.Flow.Posted(m.To)
	if ok && post.Result && b.minor(c) {
		return flow.Notice{}, false
	}
	return post, ok
}

// PaperOf gives the code of the document that goes out with a move of a case; empty for none.
func (b *Book) PaperOf(c Case, m flow.Move) string {
	if post, ok := b.posted(&c, m); ok {
		return post.Paper
	}
	if _, public := c.Flow.Posted(m.To); public {
		return "" // its words are the announcement's
	}
	return m.Paper
}

// outlived takes down every notice of a case that still hangs.
func (b *Book) outlived(c *Case) (list []Record) {
	for _, h := range c.Notices {
		if h.Down == 0 && b.today() <= h.Last {
			list = append(list, Record{Happening: &TakenDown{No: h.No}})
		}
	}
	return list
}

// noticeOpen tells whether the notice's days have not passed, or somebody's objection to it is not answered.
func (b *Book) noticeOpen(c *Case) bool {
	n, ok := c.Hanging()
	if !ok {
		return false
	}
	return b.today() <= n.Last || len(b.unanswered(c)) > 0
}

// unanswered lists the objections to the case's notices that have not been decided.
func (b *Book) unanswered(c *Case) (list []*Case) {
	for _, a := range c.Attached {
		if o, ok := b.cases[a.Case]; ok && !o.Stage(o.Now().Code).Decided {
			list = append(list, o)
		}
	}
	return list
}

// publish makes the public notice and the document with its words.
func (b *Book) publish(c *Case, post flow.Notice, fields map[string]string) ([]Record, error) {
	if b.minor(c) {
		return nil, ErrMinor
	}
	code := post.Paper
	today := b.today()
	n := noticeboard.Notice{
		No: b.paperNo(c, code), Item: c.Opened.Item, Name: c.Name.Reveal(), Posted: today, Result: post.Result,
		Office: c.Pack.Text("office_name").In(lang), Phone: c.Pack.Text("hotline").In(lang),
	}
	if c.Pack.Calendar == nil {
		return nil, fmt.Errorf("days of the notice: %w", ErrNoWay)
	}
	var err error
	if n.First, n.Last, _, err = c.Pack.Calendar.Notice(today, int(post.Days), post.Working); err != nil {
		return nil, fmt.Errorf("days of the notice: %w", err)
	}
	p, err := b.compose(c, code, fields, map[string]household.Date{"first": n.First, "last": n.Last})
	if err != nil {
		return nil, err
	}
	n.Members, _ = strconv.Atoi(p.Fields["members"]) // compose has checked it
	if amount := p.Fields["amount"]; amount != "" {
		if n.Amount, err = fenOf(amount); err != nil {
			return nil, &FieldError{"amount", ReasonForm}
		}
	}
	if err := n.Check(); err != nil {
		return nil, err
	}
	return []Record{{Happening: &Noticed{Notice: n}}, {Happening: p}}, nil
}

// News is what the terminals have not been told yet: a notice to hang or to take down.
type News struct {
	Record int64
	At     time.Time
	Hang   *noticeboard.Notice // nil to take No down
	No     string
}

// News lists it in the order in which it happened.
func (b *Book) News() (list []News) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, r := range b.news {
		switch h := r.Happening.(type) {
		case *Noticed:
			list = append(list, News{Record: r.Seq, At: r.At, Hang: &h.Notice, No: h.Notice.No})
		case *TakenDown:
			list = append(list, News{Record: r.Seq, At: r.At, No: h.No})
		}
	}
	return list
}

// Told says that a piece of news has been taken over by those who bring it to the terminals.
func (b *Book) Told(ctx context.Context, n News) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	i := slices.IndexFunc(b.news, func(r Record) bool { return r.Seq == n.Record })
	if i < 0 {
		return nil
	}
	return b.write(ctx, Record{Case: b.news[i].Case, At: b.now(), Happening: &Told{Record: n.Record}})
}
