// Package crier says things to the terminals in a bureau's name: one after the other, numbered and signed, each kept at the hub
// before it is said to be said. What it says is a central.Event.
package crier

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

	"yimen/kiosk/central"
	"yimen/kiosk/envelope"
)

// Saying is what a bureau wants to say: a central.Event before it has its number.
type Saying struct {
	ID        string          // new and random, or the same again when it is not known whether it was said
	Kind      string          // what Body is
	Until     time.Time       // in force until then; for ever if zero
	Withdraws string          // id of the event that ends with this one
	For       string          // one terminal, or a region's six digits; all if empty
	Body      json.RawMessage // an object of the kind's own form
}

// Hub is where events are kept; *central.Client is one, and its methods are the contract.
type Hub interface {
	Published(ctx context.Context, after int64) (central.EventPage, error)
	PutEvent(ctx context.Context, id string, said central.SignedEvent) (central.SignedEvent, error)
}

// Crier may be used from many goroutines; one process at a time speaks under one key.
type Crier struct {
	hub   Hub
	by    *envelope.Signer
	suite envelope.Suite
	now   func() time.Time

	mu     sync.Mutex
	last   int64           // number of the newest event known
	inside []central.Event // events known that were in force when they were read, in order
}

// New makes a crier. now stamps events.
func New(hub Hub, by *envelope.Signer, suite envelope.Suite, now func() time.Time) *Crier {
	return &Crier{hub: hub, by: by, suite: suite, now: now}
}

// tries bounds how often another event may have come first.
const tries = 5

// Say says s to the terminals and gives the event as it is kept at central, durably. Said again under the same
// id it gives the first event, unless that said something else. Nobody is woken: terminals that listen hear it at
// once, the others when they listen again.
func (c *Crier) Say(ctx context.Context, s Saying) (central.Event, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for range tries {
		if err := c.catchUp(ctx); err != nil {
			return central.Event{}, fmt.Errorf("say %s: %w", s.ID, err)
		}
		said, err := central.SignEvent(c.next(s), c.by, rand.Reader)
		if err != nil {
			return central.Event{}, fmt.Errorf("say %s: %w", s.ID, err)
		}
		kept, err := c.hub.PutEvent(ctx, s.ID, said)
		var problem *central.Problem
		if errors.As(err, &problem) && problem.Code == central.CodeConflict {
			continue
		}
		if err != nil {
			return central.Event{}, fmt.Errorf("say %s: %w", s.ID, err)
		}
		return c.same(s, kept)
	}
	return central.Event{}, fmt.Errorf("say %s: others speak under this key all the time", s.ID)
}

// same gives the kept event if it says what was to be said.
func (c *Crier) same(s Saying, kept central.SignedEvent) (central.Event, error) {
	e, err := central.VerifyEvent(kept, c.by.Verifier())
	if err != nil {
		return central.Event{}, fmt.Errorf("say %s: %w", s.ID, err)
	}
	want := c.next(s)
	if e.ID != s.ID || e.Kind != s.Kind || e.Withdraws != s.Withdraws || e.For != s.For || !sameTime(e.Until, want.Until) || !bytes.Equal(e.Body, written(s.Body)) {
		return central.Event{}, fmt.Errorf("say %s: something else was said under this id", s.ID)
	}
	if e.Number == c.last+1 {
		c.note(e)
	}
	return e, nil
}

// next gives s the number after the newest event.
func (c *Crier) next(s Saying) central.Event {
	now := c.now()
	e := central.Event{Suite: c.suite, Number: c.last + 1, ID: s.ID, Kind: s.Kind, At: now, Withdraws: s.Withdraws, For: s.For, Body: s.Body}
	if !s.Until.IsZero() {
		until := s.Until.UTC()
		e.Until = &until
	}
	e.Oldest = e.Number
	for _, known := range c.inside {
		if !known.Over(now) && known.ID != s.Withdraws {
			e.Oldest = known.Number
			break
		}
	}
	return e
}

// catchUp reads what was published since it last looked.
func (c *Crier) catchUp(ctx context.Context) error {
	for {
		page, err := c.hub.Published(ctx, c.last)
		if err != nil {
			return err
		}
		for _, signed := range page.Events {
			e, err := central.VerifyEvent(signed, c.by.Verifier())
			if err != nil {
				return err
			}
			c.note(e)
		}
		if len(page.Events) < central.EventPageSize {
			return c.behind(page.Newest)
		}
	}
}

// note remembers an event that follows what is known.
func (c *Crier) note(e central.Event) {
	c.inside = slices.DeleteFunc(c.inside, func(known central.Event) bool {
		return known.Number < e.Oldest || known.ID == e.Withdraws
	})
	if e.Withdraws == "" {
		c.inside = append(c.inside, e)
	}
	c.last = e.Number
}

// behind notices a central that has forgotten what it kept: what was said again under an old number, no terminal
// would listen to.
func (c *Crier) behind(newest *central.SignedEvent) error {
	if newest == nil && c.last == 0 {
		return nil
	}
	if newest == nil {
		return fmt.Errorf("central has lost its events: the newest was %d", c.last)
	}
	e, err := central.VerifyEvent(*newest, c.by.Verifier())
	if err != nil {
		return err
	}
	if e.Number < c.last {
		return fmt.Errorf("central has lost events: the newest was %d and is %d", c.last, e.Number)
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
