// Package answers is the bureau's clerk for residents' questions: it takes the sealed asks from the relay, opens them with
// the unit's key, has each answered by whoever knows its kind, and seals the answer to the key that asked. What it opens is
// never written down; the log names the kind and the outcome alone.
package answers

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"golang.org/x/sync/errgroup"

	"yimen/kiosk/central"
	"yimen/kiosk/envelope"
	"yimen/kiosk/inquiry"
)

// Relay is where sealed asks wait for an answer. *central.Client is one.
type Relay interface {
	Asks(ctx context.Context, after string) (central.AskPage, error)
	Answer(ctx context.Context, id string, sealed []byte) error
}

// Handler answers the questions of one kind. It checks the proof; an error is the bureau's own trouble and becomes
// inquiry.Unable.
type Handler interface {
	Answer(ctx context.Context, q inquiry.Question) (inquiry.Answer, error)
}

// Answers serves the relay's asks. All fields are set before Run.
type Answers struct {
	Relay    Relay
	Clerk    inquiry.Clerk
	Handlers map[inquiry.Kind]Handler
	Now      func() time.Time
	Log      *slog.Logger
}

const (
	atOnce    = 4 // questions that are answered at the same time
	firstWait = time.Second
	longWait  = 30 * time.Second // between two tries at a relay that cannot be reached
)

// Run answers until ctx ends. A relay that cannot be reached is tried again, less and less often.
func (a *Answers) Run(ctx context.Context) error {
	var group errgroup.Group
	group.SetLimit(atOnce)
	defer func() { _ = group.Wait() }() // the answering returns no error
	after, wait := "", firstWait
	for ctx.Err() == nil {
		page, err := a.Relay.Asks(ctx, after)
		if err != nil {
			a.Log.WarnContext(ctx, "relay of asks not reached", "error", err, "again_in", wait)
			select {
			case <-ctx.Done():
			case <-time.After(wait):
			}
			wait = min(2*wait, longWait)
			continue
		}
		after, wait = page.Next, firstWait
		for _, ask := range page.Asks {
			group.Go(func() error { a.serve(ctx, ask); return nil })
		}
	}
	return ctx.Err()
}

// serve answers one ask. What cannot be opened here is not answered: it is for another desk, or nobody's.
func (a *Answers) serve(ctx context.Context, ask central.Ask) {
	q, err := a.Clerk.Open(ask.ID, ask.Terminal, ask.Sealed)
	if err != nil {
		if !errors.Is(err, envelope.ErrRecipient) {
			a.Log.WarnContext(ctx, "ask cannot be opened", "ask", ask.ID, "terminal", ask.Terminal, "error", err)
		}
		return
	}
	answer, err := a.answer(ctx, q)
	if err != nil {
		a.Log.ErrorContext(ctx, "ask cannot be answered", "ask", ask.ID, "kind", q.Kind, "error", err)
		answer = inquiry.Answer{Outcome: inquiry.Unable}
	}
	sealed, err := a.Clerk.Answer(q, answer, a.Now())
	if err == nil {
		err = a.Relay.Answer(ctx, ask.ID, sealed)
	}
	if err != nil {
		a.Log.WarnContext(ctx, "answer not handed over", "ask", ask.ID, "kind", q.Kind, "error", err)
		return
	}
	a.Log.InfoContext(ctx, "ask answered", "ask", ask.ID, "terminal", ask.Terminal, "kind", q.Kind, "outcome", answer.Outcome)
}

var errKind = errors.New("nobody answers this kind")

func (a *Answers) answer(ctx context.Context, q inquiry.Question) (inquiry.Answer, error) {
	h, ok := a.Handlers[q.Kind]
	if !ok {
		return inquiry.Answer{}, errKind
	}
	return h.Answer(ctx, q)
}
