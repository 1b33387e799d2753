// Package relay hands what a visit asks of the bureau to the bureau's desk, and the desk's answer back to the
// visit. Both are sealed past the hub; it keeps them in memory only, so many and so long as the bounds say, and
// loses them all when it ends: whoever still wants to know asks again.
package relay

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"yimen/kiosk/central"
	"yimen/provisioning/hub/door"
)

// Bounds of what is kept at one time.
const (
	maxAsks       = 1024      // of all terminals
	maxTerminal   = 8         // of one terminal: a visit has one open
	maxAnswerByte = 192 << 20 // of all answers together, those on their way in included
)

// Relay keeps the asks that are open. It may be used from many goroutines.
type Relay struct {
	now   func() time.Time
	epoch string // of this relay's cursors: the next relay counts anew

	mu       sync.Mutex
	asks     map[string]*ask
	order    []*ask // as they came
	counted  int64
	reserved int64         // bytes of answers
	came     chan struct{} // closed and made anew when an ask comes
}

// ask is one question and, from some time on, its answer.
type ask struct {
	central.Ask
	number   int64
	answer   []byte
	answered chan struct{} // closed when the answer is there
	gone     chan struct{} // closed when the ask is forgotten
	end      *time.Timer
}

// New makes an empty relay. now stamps asks.
func New(now func() time.Time) *Relay {
	epoch := make([]byte, 8)
	_, _ = rand.Read(epoch) // never fails (crypto/rand)
	return &Relay{now: now, epoch: hex.EncodeToString(epoch), asks: map[string]*ask{}, came: make(chan struct{})}
}

// put keeps an ask. The same ask again changes nothing.
func (r *Relay) put(terminal, id string, sealed []byte) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if known := r.asks[id]; known != nil {
		switch {
		case known.Terminal != terminal:
			return door.Forbidden("the ask is another terminal's")
		case !bytes.Equal(known.Sealed, sealed):
			return conflict("another ask is kept under this id")
		}
		return nil
	}
	if of := r.ofTerminal(terminal); of >= maxTerminal || len(r.order) >= maxAsks {
		return busy(fmt.Sprintf("%d asks of this terminal are open, %d in all", of, len(r.order)))
	}
	r.counted++
	a := &ask{
		Ask:    central.Ask{ID: id, Terminal: terminal, AskedAt: r.now().UTC().Truncate(time.Millisecond), Sealed: sealed},
		number: r.counted, answered: make(chan struct{}), gone: make(chan struct{}),
	}
	a.end = time.AfterFunc(central.AskLife, func() { r.forget(a) })
	r.asks[id] = a
	r.order = append(r.order, a)
	close(r.came)
	r.came = make(chan struct{})
	return nil
}

func (r *Relay) ofTerminal(terminal string) (n int) {
	for _, a := range r.order {
		if a.Terminal == terminal {
			n++
		}
	}
	return n
}

// withdraw forgets an ask of this terminal; one that is not there is forgotten already.
func (r *Relay) withdraw(terminal, id string) error {
	a, err := r.of(terminal, id)
	if err != nil || a == nil {
		return err
	}
	a.end.Stop()
	r.forget(a)
	return nil
}

// of finds an ask of this terminal, nil if there is none.
func (r *Relay) of(terminal, id string) (*ask, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	a := r.asks[id]
	if a != nil && a.Terminal != terminal {
		return nil, door.Forbidden("the ask is another terminal's")
	}
	return a, nil
}

func (r *Relay) forget(a *ask) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.asks[a.ID] != a {
		return
	}
	delete(r.asks, a.ID)
	r.order = slices.DeleteFunc(r.order, func(other *ask) bool { return other == a })
	r.reserved -= int64(len(a.answer))
	close(a.gone)
}

// answerOf waits for the answer to an ask until ctx ends; nil if there is none by then.
func (r *Relay) answerOf(ctx context.Context, terminal, id string) ([]byte, error) {
	a, err := r.of(terminal, id)
	if err != nil {
		return nil, err
	}
	if a == nil {
		return nil, door.NotFound()
	}
	select {
	case <-a.answered:
	case <-a.gone:
		return nil, door.NotFound()
	case <-ctx.Done():
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return a.answer, nil
}

// reserve takes room for an answer to an ask before its bytes are read. release gives back what keepAnswer did not
// take.
func (r *Relay) reserve(id string, size int64) (release func(), err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.asks[id] == nil:
		return nil, door.NotFound()
	case r.reserved+size > maxAnswerByte:
		return nil, busy("no room for more answers at the moment")
	}
	r.reserved += size
	return func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.reserved -= size
	}, nil
}

// keepAnswer keeps the answer to an ask in the room reserved for it, or tells that it did not. The first answer
// stays; the same again changes nothing.
func (r *Relay) keepAnswer(id string, sealed []byte) (kept bool, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	a := r.asks[id]
	switch {
	case a == nil:
		return false, door.NotFound()
	case a.answer != nil && bytes.Equal(a.answer, sealed):
		return false, nil
	case a.answer != nil:
		return false, conflict("the ask has another answer")
	}
	a.answer = sealed
	close(a.answered)
	return true, nil
}

// open gives the asks without an answer after a cursor, waiting until ctx ends for the first.
func (r *Relay) open(ctx context.Context, after string) central.AskPage {
	number := r.number(after)
	for {
		page, came := r.page(number)
		if len(page.Asks) > 0 {
			return page
		}
		select {
		case <-came:
		case <-ctx.Done():
			return page
		}
	}
}

func (r *Relay) page(number int64) (central.AskPage, <-chan struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	page := central.AskPage{Asks: []central.Ask{}, Next: r.cursor(number)}
	for _, a := range r.order {
		if a.number > number && a.answer == nil && len(page.Asks) < central.AskPageSize {
			page.Asks = append(page.Asks, a.Ask)
			page.Next = r.cursor(a.number)
		}
	}
	return page, r.came
}

func (r *Relay) cursor(number int64) string { return r.epoch + "." + strconv.FormatInt(number, 10) }

// number reads a cursor; one of another relay begins with the oldest ask.
func (r *Relay) number(cursor string) int64 {
	epoch, digits, _ := strings.Cut(cursor, ".")
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || epoch != r.epoch {
		return 0
	}
	return n
}

func busy(detail string) error { return &central.Problem{Code: central.CodeBusy, Detail: detail} }

func conflict(detail string) error {
	return &central.Problem{Code: central.CodeConflict, Detail: detail}
}
