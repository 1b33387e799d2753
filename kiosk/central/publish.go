package central

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"yimen/kiosk/envelope"
)

// Saying is what a bureau wants to say: an event before it has its number.
type Saying struct {
	ID        string          // new and random, or the same again when it is not known whether it was said
	Kind      string          // what Body is
	Until     time.Time       // in force until then; for ever if zero
	Withdraws string          // id of the event that ends with this one
	For       string          // one terminal, or a region's six digits; all if empty
	Body      json.RawMessage // an object of the kind's own form
}

// Publisher says things in a bureau's name, one after the other. It may be used from many goroutines; one process
// at a time publishes under one key.
type Publisher struct {
	client *Client
	by     *envelope.Signer
	suite  envelope.Suite
	now    func() time.Time

	mu     sync.Mutex
	last   int64   // number of the newest event known
	inside []Event // events known that were in force when they were read, in order
}

// NewPublisher makes a publisher. now stamps events.
func NewPublisher(c *Client, by *envelope.Signer, suite envelope.Suite, now func() time.Time) *Publisher {
	return &Publisher{client: c, by: by, suite: suite, now: now}
}

// publishTries bounds how often another event may have come first.
const publishTries = 5

// Publish says s to the terminals and gives the event as it is kept at central, durably. Said again under the same
// id it gives the first event, unless that said something else. Nobody is woken: terminals that listen hear it at
// once, the others when they listen again.
func (p *Publisher) Publish(ctx context.Context, s Saying) (Event, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for range publishTries {
		if err := p.catchUp(ctx); err != nil {
			return Event{}, fmt.Errorf("publish %s: %w", s.ID, err)
		}
		said, err := SignEvent(p.next(s), p.by, rand.Reader)
		if err != nil {
			return Event{}, fmt.Errorf("publish %s: %w", s.ID, err)
		}
		kept, err := p.client.putEvent(ctx, s.ID, said)
		var problem *Problem
		if errors.As(err, &problem) && problem.Code == CodeConflict {
			continue
		}
		if err != nil {
			return Event{}, fmt.Errorf("publish %s: %w", s.ID, err)
		}
		return p.same(s, kept)
	}
	return Event{}, fmt.Errorf("publish %s: others publish under this key all the time", s.ID)
}

// same gives the kept event if it says what was to be said.
func (p *Publisher) same(s Saying, kept SignedEvent) (Event, error) {
	e, err := VerifyEvent(kept, p.by.Verifier())
	if err != nil {
		return Event{}, fmt.Errorf("publish %s: %w", s.ID, err)
	}
	want := p.next(s)
	if e.ID != s.ID || e.Kind != s.Kind || e.Withdraws != s.Withdraws || e.For != s.For || !sameTime(e.Until, want.Until) || !bytes.Equal(e.Body, written(s.Body)) {
		return Event{}, fmt.Errorf("publish %s: something else was said under this id", s.ID)
	}
	if e.Number == p.last+1 {
		p.note(e)
	}
	return e, nil
}

// next gives s the number after the newest event.
func (p *Publisher) next(s Saying) Event {
	now := p.now()
	e := Event{Suite: p.suite, Number: p.last + 1, ID: s.ID, Kind: s.Kind, At: now, Withdraws: s.Withdraws, For: s.For, Body: s.Body}
	if !s.Until.IsZero() {
		until := s.Until.UTC()
		e.Until = &until
	}
	e.Oldest = e.Number
	for _, known := range p.inside {
		if !known.Over(now) && known.ID != s.Withdraws {
			e.Oldest = known.Number
			break
		}
	}
	return e
}

// catchUp reads what was published since it last looked.
func (p *Publisher) catchUp(ctx context.Context) error {
	for {
		page, err := p.client.eventsBy(ctx, fmt.Sprintf("after=%d", p.last))
		if err != nil {
			return err
		}
		for _, signed := range page.Events {
			e, err := VerifyEvent(signed, p.by.Verifier())
			if err != nil {
				return err
			}
			p.note(e)
		}
		if len(page.Events) < EventPageSize {
			return p.behind(page.Newest)
		}
	}
}

// note remembers an event that follows what is known.
func (p *Publisher) note(e Event) {
	p.inside = slices.DeleteFunc(p.inside, func(known Event) bool {
		return known.Number < e.Oldest || known.ID == e.Withdraws
	})
	if e.Withdraws == "" {
		p.inside = append(p.inside, e)
	}
	p.last = e.Number
}

// behind notices a central that has forgotten what it kept: what was said again under an old number, no terminal
// would listen to.
func (p *Publisher) behind(newest *SignedEvent) error {
	if newest == nil && p.last == 0 {
		return nil
	}
	if newest == nil {
		return fmt.Errorf("central has lost its events: the newest was %d", p.last)
	}
	e, err := VerifyEvent(*newest, p.by.Verifier())
	if err != nil {
		return err
	}
	if e.Number < p.last {
		return fmt.Errorf("central has lost events: the newest was %d and is %d", p.last, e.Number)
	}
	return nil
}

func sameTime(a, b *time.Time) bool {
	return a == nil && b == nil || a != nil && b != nil && a.Equal(*b)
}

// written is JSON as signing writes it; nil if it is none.
func written(body json.RawMessage) []byte {
	b, err := json.Marshal(body)
	if err != nil {
		return nil
	}
	return b
}
