// Package casework is the desk on which cases are worked: a clerk files what comes in and passes public notices on, and
// pages let officers see a case and take its lawful steps.
package casework

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"yimen/drivers/device"
	"yimen/kiosk/central"
	"yimen/kiosk/letter"
	"yimen/provisioning/hub/bureau"
	"yimen/provisioning/hub/crier"
	"yimen/provisioning/hub/docket"
)

// Desk opens what came in; *bureau.Desk is one. Dossiers gives the newest first, with an error those known before; Look the
// manifest and the bodies of the named parts, as far as there are such.
type Desk interface {
	Dossiers(ctx context.Context) ([]bureau.Row, error)
	Look(ctx context.Context, id string, names ...string) (bureau.Manifest, map[string][]byte, error)
}

// Voice says things to the terminals; *crier.Crier is one. Said again under the same id it is one saying.
type Voice interface {
	Say(ctx context.Context, s crier.Saying) (central.Event, error)
}

// Clerk files what comes in and says what is to be made public. All fields are set before use.
type Clerk struct {
	Desk  Desk
	Book  *docket.Book
	Voice Voice // nil where nothing is said: then notices wait
	Zone  *time.Location
	Now   func() time.Time
	Log   *slog.Logger

	round sync.Mutex // one round at a time
	mu    sync.Mutex
	left  map[string]error
}

// pause is the time between two rounds.
const pause = 2 * time.Second

// Run makes rounds until ctx ends.
func (c *Clerk) Run(ctx context.Context) error {
	told := ""
	for {
		err := c.Round(ctx)
		switch {
		case err == nil:
			told = ""
		case ctx.Err() == nil && err.Error() != told: // once, not with every round
			told = err.Error()
			c.Log.WarnContext(ctx, "not everything is filed or said, tried again", "error", err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
	}
}

// Round files everything that has come and is not in the book, writes down which days have passed in vain, and says every
// notice that was not said. What cannot be
// filed stays where it is, with the reason under Left, and holds nothing else up.
func (c *Clerk) Round(ctx context.Context) error {
	c.round.Lock()
	defer c.round.Unlock()
	rows, err := c.Desk.Dossiers(ctx)
	left := map[string]error{}
	for _, row := range slices.Backward(rows) {
		if row.Trouble != nil || c.Book.Filed(row.ID) || private(row.Manifest.Kind) {
			continue
		}
		if fault := c.file(ctx, row); fault != nil {
			left[row.ID] = fault
		}
	}
	c.mu.Lock()
	c.left = left
	c.mu.Unlock()
	for id, fault := range left {
		err = errors.Join(err, fmt.Errorf("%s: %w", id, fault))
	}
	_, late := c.Book.Overrun(ctx)
	return errors.Join(err, late, c.say(ctx))
}

// Left tells why an envelope is not in the book; nil where it is, or belongs to no case.
func (c *Clerk) Left(id string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.left[id]
}

// LeftCount tells how many envelopes could not be filed.
func (c *Clerk) LeftCount() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.left)
}

// private kinds are no business of any desk screen: a parked draft is not handed in.
func private(kind string) bool { return kind == string(letter.Draft) }

// file puts one envelope where it belongs: an application and an objection become cases, anything else is put with the
// case that it names, or that its person has.
func (c *Clerk) file(ctx context.Context, row bureau.Row) error {
	m := row.Manifest
	switch m.Kind {
	case "application":
		return c.application(ctx, row.ID)
	case string(letter.Objection):
		return c.objection(ctx, row.ID)
	case string(letter.Supplement):
		return c.supplement(ctx, row.ID)
	}
	a := docket.Attached{Envelope: row.ID, Kind: m.Kind, SlipNo: m.SlipNo, Submitted: m.SubmittedAt}
	whose := m.From.Number
	if !m.For.Number.Empty() {
		whose = m.For.Number
	}
	if about, ok := c.Book.Latest(m.About, whose); ok {
		return c.Book.Attach(ctx, about.SlipNo, a)
	}
	return nil // a check-in of somebody whose case is not in this book stays in the list of what came in
}

func opened(id string, m bureau.Manifest) docket.Opened {
	return docket.Opened{
		Envelope: id, Kind: m.Kind, SlipNo: m.SlipNo, QueryCheck: m.QueryCheck, Item: m.Item, Name: device.Personal(m.Applicant),
		Terminal: m.Terminal, Hall: m.Hall, Region: m.Region, Submitted: m.SubmittedAt,
		Pack: docket.PackRef{ID: m.Pack.ID, Edition: m.Pack.Edition, Digest: m.Pack.Digest},
	}
}

func (c *Clerk) application(ctx context.Context, id string) error {
	const answers = "answers.json"
	m, bodies, err := c.Desk.Look(ctx, id, answers)
	if err != nil {
		return err
	}
	o := opened(id, m)
	if body, ok := bodies[answers]; ok {
		var sheet struct {
			Card struct {
				Number device.Personal `json:"number"`
			} `json:"card"`
		}
		if err := json.Unmarshal(body, &sheet); err != nil {
			return fmt.Errorf("read answers: %w", err)
		}
		o.Number = sheet.Card.Number
	}
	_, err = c.Book.File(ctx, o)
	return err
}

const record = "record.json"

// recordOf reads the record of a letter.
func recordOf[R letter.Record](ctx context.Context, c *Clerk, id string) (bureau.Manifest, R, error) {
	var none R
	m, bodies, err := c.Desk.Look(ctx, id, record)
	if err != nil {
		return m, none, err
	}
	r, err := letter.Read[R](bodies[record])
	return m, r, err
}

func (c *Clerk) objection(ctx context.Context, id string) error {
	m, said, err := recordOf[letter.Objected](ctx, c, id)
	if err != nil {
		return err
	}
	o := opened(id, m)
	o.Item, o.About = string(letter.Objection), said.Notice
	o.Name, o.Number = m.From.Name, m.From.Number
	_, err = c.Book.File(ctx, o)
	return err
}

func (c *Clerk) supplement(ctx context.Context, id string) error {
	m, said, err := recordOf[letter.Supplied](ctx, c, id)
	if err != nil {
		return err
	}
	// Whoever supplements has proved the case to the office already, so the slip about it proves it too.
	a := docket.Attached{Envelope: id, Kind: m.Kind, SlipNo: m.SlipNo, QueryCheck: m.QueryCheck, Submitted: m.SubmittedAt}
	for _, p := range said.Papers {
		if p.Pages > 0 {
			a.Materials = append(a.Materials, p.Code)
		}
	}
	return c.Book.Attach(ctx, m.About, a)
}

// say passes on which notices are to hang and which are to be taken down, in order.
func (c *Clerk) say(ctx context.Context) error {
	if c.Voice == nil {
		return nil
	}
	for _, n := range c.Book.News() {
		s, err := c.saying(n)
		if err != nil {
			return fmt.Errorf("notice %s: %w", n.No, err)
		}
		if late := !s.Until.IsZero() && !s.Until.After(c.Now()); late {
			c.Log.ErrorContext(ctx, "a notice was never said: its days are over", "notice", n.No)
		} else if _, err := c.Voice.Say(ctx, s); err != nil {
			return fmt.Errorf("notice %s: %w", n.No, err)
		}
		if err := c.Book.Told(ctx, n); err != nil {
			return fmt.Errorf("notice %s: %w", n.No, err)
		}
	}
	return nil
}

func (c *Clerk) saying(n docket.News) (crier.Saying, error) {
	region, _, _ := strings.Cut(n.No, "-")
	if n.Hang == nil {
		body, err := json.Marshal(map[string]string{"no": n.No})
		return crier.Saying{ID: sayingID("down", n.No), Kind: central.KindNoticeWithdrawn, Withdraws: sayingID("up", n.No), For: region, Body: body}, err
	}
	body, err := n.Hang.Body()
	last := int(n.Hang.Last)
	over := time.Date(last/10000, time.Month(last/100%100), last%100+1, 0, 0, 0, 0, c.Zone) // the midnight that ends the last day
	return crier.Saying{ID: sayingID("up", n.No), Kind: central.KindNotice, Until: over, For: region, Body: body}, err
}

// sayingID gives a saying about a notice the same id whenever it is said: a clerk that died between saying and noting it
// says it again.
func sayingID(what, no string) string {
	sum := sha256.Sum256([]byte("notice " + what + " " + no))
	return strings.ToLower(base32.HexEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:]))[:26]
}
