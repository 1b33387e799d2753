package docket

import (
	"context"
	"fmt"
	"slices"

	"yimen/kiosk/household"
	"yimen/kiosk/policy/flow"
)

// Act is one step that an officer takes in a case.
type Act struct {
	Move   string            // flow.Move.ID, or Extend
	Fields map[string]string // of the document that goes out with it, by flow.Ask.ID
}

// Extend is the Act.Move that takes more time (延期); it is no move between stages.
const Extend = "extend"

// Lawful lists the moves that the procedure allows a case now, whosever duty they are.
func (b *Book) Lawful(c Case) []flow.Move {
	b.mu.Lock()
	defer b.mu.Unlock()
	return c.Flow.Next(b.standing(&c))
}

// Extensible tells whether the promised time may be extended: once, while it runs.
func (b *Book) Extensible(c Case) bool {
	return c.Flow.Clock.Extended > 0 && !c.Extended && b.promised(&c) != 0
}

func (b *Book) standing(c *Case) flow.Standing {
	s := flow.Standing{Stage: c.Now().Code, Decided: c.Stage(c.Now().Code).Decided, NoticeOpen: b.noticeOpen(c)}
	for _, e := range c.Stages {
		s.Been = append(s.Been, e.Code)
		s.Taken = append(s.Taken, e.Move)
	}
	return s
}

// Preview writes the document that would go out with an act, and changes nothing; nil where none goes out. Errors are those
// of Take.
func (b *Book) Preview(by Officer, no string, a Act) (*Issued, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	records, err := b.plan(by, no, a)
	if err != nil {
		return nil, err
	}
	for _, r := range records {
		if p, ok := r.Happening.(*Issued); ok {
			return p, nil
		}
	}
	return nil, nil
}

// Take carries an act out: stage, document and notice at once or nothing. Errors: ErrNoCase; ErrUnlawful; ErrDuty; ErrMinor;
// *FieldError, several joined.
func (b *Book) Take(ctx context.Context, by Officer, no string, a Act) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	records, err := b.plan(by, no, a)
	if err != nil {
		return err
	}
	if err := b.write(ctx, records...); err != nil {
		return err
	}
	b.log.InfoContext(ctx, "case moved", "case", no, "move", a.Move, "officer", by.ID)
	return nil
}

// plan gives the records that an act comes to. The caller holds the lock.
func (b *Book) plan(by Officer, no string, a Act) ([]Record, error) {
	c, ok := b.cases[no]
	if !ok {
		return nil, fmt.Errorf("case %s: %w", no, ErrNoCase)
	}
	records, err := b.planned(c, by, a)
	if err != nil {
		return nil, fmt.Errorf("case %s, %s: %w", no, a.Move, err)
	}
	at := b.now()
	for i := range records {
		records[i].Case, records[i].At, records[i].Officer = no, at, by.ID
	}
	return records, nil
}

func (b *Book) planned(c *Case, by Officer, a Act) ([]Record, error) {
	if a.Move == Extend {
		return b.extension(c, by, a)
	}
	var m flow.Move
	lawful := c.Flow.Next(b.standing(c))
	i := slices.IndexFunc(lawful, func(m flow.Move) bool { return m.ID() == a.Move })
	if i < 0 {
		return nil, ErrUnlawful
	}
	if m = lawful[i]; !slices.Contains(by.Roles, m.By) {
		return nil, ErrDuty
	}
	records := []Record{{Happening: &Moved{Move: m.ID(), To: m.To, Steps: m.Steps}}}
	if m.To != flow.Objection { // while one is examined the notice goes on hanging; any other move ends what it is about
		records = append(records, b.outlived(c)...)
	}
	out, err := b.outgoing(c, m, a.Fields)
	return append(records, out...), err
}

// outgoing is what goes out with a move.
func (b *Book) outgoing(c *Case, m flow.Move, fields map[string]string) ([]Record, error) {
	if post, ok := b.posted(c, m); ok {
		return b.publish(c, post, fields)
	}
	if b.PaperOf(*c, m) == "" {
		return nil, nil
	}
	due := b.promised(c)
	if m.To == c.Flow.Clock.From {
		due = b.promisedFrom(c, b.today(), c.Extended)
	}
	p, err := b.compose(c, m.Paper, fields, map[string]household.Date{"due": due})
	if err != nil {
		return nil, err
	}
	return []Record{{Happening: p}}, nil
}

// extension takes more time, with the document that says why.
func (b *Book) extension(c *Case, by Officer, a Act) ([]Record, error) {
	if c.Flow.Clock.Extended == 0 || c.Extended || b.promised(c) == 0 {
		return nil, ErrUnlawful
	}
	if !slices.Contains(by.Roles, flow.Review) {
		return nil, ErrDuty
	}
	began, _ := b.began(c)
	due := b.promisedFrom(c, began, true)
	p, err := b.compose(c, c.Flow.Clock.Paper, a.Fields, map[string]household.Date{"due": due})
	if err != nil {
		return nil, err
	}
	return []Record{{Happening: &Extended{}}, {Happening: p}}, nil
}

// Done marks a documented step (文书) as done on its own, beside those that moves do.
func (b *Book) Done(ctx context.Context, by Officer, no, step string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	c, ok := b.cases[no]
	if !ok {
		return fmt.Errorf("case %s: %w", no, ErrNoCase)
	}
	if _, _, ok := c.Flow.Step(step); !ok || slices.ContainsFunc(c.Steps, func(s Stood) bool { return s.Step == step }) {
		return fmt.Errorf("case %s, step %s: %w", no, step, ErrUnlawful)
	}
	if !slices.Contains(by.Roles, flow.Review) {
		return fmt.Errorf("case %s, step %s: %w", no, step, ErrDuty)
	}
	return b.write(ctx, Record{Case: no, At: b.now(), Officer: by.ID, Happening: &Stepped{Step: step}})
}
