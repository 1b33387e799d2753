// Package bulletin keeps what the bureau said to this terminal: public notices to be shown until their end. Events
// come in the bureau's order and with its signature, none left out; what was accepted is kept durably and holds
// without any line.
package bulletin

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/cenkalti/backoff/v5"

	"yimen/kiosk/central"
	"yimen/kiosk/durable"
	"yimen/kiosk/envelope"
)

// Source gives the events after a number, as central.Client.Events does. It may wait until there are some.
type Source interface {
	Events(ctx context.Context, after int64) (central.EventPage, error)
}

// ErrMissing means that central hands out events with some left out, or fewer than it had. What is in force stays.
var ErrMissing = errors.New("central leaves events out")

// Bulletin is what one terminal was told. Run must not run twice at once; the other methods may be called from any
// goroutine.
type Bulletin struct {
	dir, scratch string
	terminal     string
	word         *envelope.Verifier
	from         Source
	log          *slog.Logger

	mu     sync.Mutex
	last   int64   // number of the last event accepted
	inside []entry // in force when accepted, by number
}

// entry is an event and the bytes that prove it.
type entry struct {
	central.Event
	signed central.SignedEvent
}

// Open opens the bulletin of a terminal in the folder dir. word is what the bureau's signature verifies with. What is
// kept is verified again; when that fails the terminal begins with nothing, is told everything anew, and says so in
// the log.
func Open(dir, terminal string, word *envelope.Verifier, from Source, log *slog.Logger) (*Bulletin, error) {
	scratch, err := durable.Scratch(dir)
	if err != nil {
		return nil, fmt.Errorf("open bulletin: %w", err)
	}
	b := &Bulletin{dir: dir, scratch: scratch, terminal: terminal, word: word, from: from, log: log}
	if err := b.restore(); err != nil {
		b.last, b.inside = 0, nil
		log.Error("kept events cannot be used, central is asked for all of them", "err", err)
	}
	return b, nil
}

// InForce gives the events of one kind that are in force at a moment, in the order in which they were said. The
// caller does not change their bodies.
func (b *Bulletin) InForce(kind string, at time.Time) []central.Event {
	b.mu.Lock()
	defer b.mu.Unlock()
	var events []central.Event
	for _, e := range b.inside {
		if e.Kind == kind && !e.Over(at) {
			events = append(events, e.Event)
		}
	}
	return events
}

// Last is the number of the last event accepted, 0 before the first.
func (b *Bulletin) Last() int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.last
}

const (
	breath    = time.Second // between two questions
	lastRetry = 5 * time.Minute
)

// Run listens to central until ctx ends. changed is called after each change of what is in force, when it is kept
// durably.
func (b *Bulletin) Run(ctx context.Context, changed func()) error {
	retry := &backoff.ExponentialBackOff{InitialInterval: breath, RandomizationFactor: 0.5, Multiplier: 2, MaxInterval: lastRetry}
	told := ""
	for {
		came, err := b.Listen(ctx)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if came {
			changed()
		}
		pause := breath
		if err == nil {
			retry.Reset()
			told = ""
		} else {
			pause = retry.NextBackOff()
			if err.Error() != told { // once, not with every try
				b.log.WarnContext(ctx, "no events from central, what is in force stays", "err", err)
				told = err.Error()
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
	}
}

// Listen asks central once, and keeps what it says. came tells whether there was something new, also with an error.
func (b *Bulletin) Listen(ctx context.Context) (came bool, err error) {
	last := b.Last()
	page, err := b.from.Events(ctx, last)
	if err != nil {
		return false, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.take(page)
}

// take accepts the events of a page as far as they follow each other, and keeps them.
func (b *Bulletin) take(page central.EventPage) (came bool, err error) {
	if page.Newest == nil {
		if b.last > 0 {
			return false, fmt.Errorf("%w: it has none, event %d was accepted", ErrMissing, b.last)
		}
		return false, nil
	}
	newest, err := central.VerifyEvent(*page.Newest, b.word)
	if err != nil {
		return false, err
	}
	if newest.Number < b.last {
		return false, fmt.Errorf("%w: its newest is %d, event %d was accepted", ErrMissing, newest.Number, b.last)
	}
	last, inside := b.last, slices.Clone(b.inside)
	for _, signed := range page.Events {
		if last, inside, err = b.follow(last, inside, signed, newest.Oldest); err != nil {
			break
		}
	}
	if last == b.last {
		return false, err
	}
	if saveErr := b.save(last, inside); saveErr != nil {
		return false, errors.Join(err, saveErr)
	}
	b.last, b.inside = last, inside
	return true, err
}

// follow accepts one event after last. Numbers below oldest are over for everybody and may be left out.
func (b *Bulletin) follow(last int64, inside []entry, signed central.SignedEvent, oldest int64) (int64, []entry, error) {
	e, err := central.VerifyEvent(signed, b.word)
	if err != nil {
		return last, inside, err
	}
	switch {
	case e.Number <= last: // heard before
		return last, inside, nil
	case e.Number > last+1 && e.Number > oldest:
		return last, inside, fmt.Errorf("%w: event %d comes after %d, and all from %d on matter", ErrMissing, e.Number, last, oldest)
	case e.Number > last+1:
		inside = ended(inside, oldest, "")
	}
	inside = ended(inside, e.Oldest, e.Withdraws)
	if e.Withdraws == "" && e.Concerns(b.terminal) {
		inside = append(inside, entry{e, signed})
	}
	return e.Number, inside, nil
}

// ended leaves out the events below oldest and the one that is withdrawn. An event's own end does not count here: the
// terminal's clock may be wrong, and would lose for ever what is only not shown at the moment.
func ended(inside []entry, oldest int64, withdrawn string) []entry {
	return slices.DeleteFunc(inside, func(known entry) bool {
		return known.Number < oldest || withdrawn != "" && known.ID == withdrawn
	})
}

func (b *Bulletin) file() string { return filepath.Join(b.dir, "events.json") }

// restore reads what is kept. Nothing is kept before the first event.
func (b *Bulletin) restore() error {
	data, err := os.ReadFile(b.file())
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read events: %w", err)
	}
	b.last, b.inside, err = parseRecord(data, b.word)
	return err
}

func (b *Bulletin) save(last int64, inside []entry) error {
	data, err := writeRecord(last, inside)
	if err != nil {
		return err
	}
	return durable.Replace(b.file(), data, b.scratch)
}
