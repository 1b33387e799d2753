package central

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"time"

	"yimen/kiosk/envelope"
)

// Event is what the bureau says to terminals. The bureau numbers and signs its events itself: central can neither
// invent one nor change, reorder or leave one out unnoticed.
type Event struct {
	Format    int             `json:"format"`
	Suite     envelope.Suite  `json:"suite"`               // of the signature
	Number    int64           `json:"number"`              // 1, 2, 3 …
	Oldest    int64           `json:"oldest"`              // events with smaller numbers are over for everybody
	ID        string          `json:"id"`                  // of the form of an envelope's; said twice it is one event
	Kind      string          `json:"kind"`                // what Body is
	At        time.Time       `json:"at"`                  // by the bureau's clock
	Until     *time.Time      `json:"until,omitempty"`     // in force until then; for ever if nil
	Withdraws string          `json:"withdraws,omitempty"` // id of the event that ends with this one
	For       string          `json:"for,omitempty"`       // one terminal, or a region's six digits; all if empty
	Body      json.RawMessage `json:"body"`                // an object of the kind's own form
}

// Kinds of events.
const (
	KindNotice          = "notice"           // 公示 or 公布, to be shown until its end
	KindNoticeWithdrawn = "notice-withdrawn" // the notice that it withdraws is not shown any more
)

// MaxEvent bounds the signed bytes of an event.
const MaxEvent = 16 << 10

// SignedEvent carries the exact bytes of an Event and the signature over them.
type SignedEvent struct {
	Event     []byte `json:"event"`
	Signature []byte `json:"signature"`
}

// EventPage is a stretch of the events, in order.
type EventPage struct {
	Events []SignedEvent `json:"events"`
	Newest *SignedEvent  `json:"newest,omitempty"` // of all; nil before the first
}

// EventPageSize is how many events come at once.
const EventPageSize = 32

// ErrEvent means that what came is not an event of the bureau.
var ErrEvent = errors.New("not an event of the bureau")

const eventFormat = 1

var (
	eventKind = regexp.MustCompile(`^[a-z][a-z-]{0,31}$`)
	eventFor  = regexp.MustCompile(`^([0-9]{6}(-[0-9]{4})?)?$`)
)

// Check names what cannot be in an event, as a publisher makes it or a terminal reads it.
func (e Event) Check() error {
	switch {
	case e.Format != eventFormat:
		return fmt.Errorf("format %d", e.Format)
	case e.Number < 1 || e.Oldest < 1 || e.Oldest > e.Number:
		return fmt.Errorf("number %d, oldest %d", e.Number, e.Oldest)
	case !ValidEnvelopeID(e.ID) || e.Withdraws != "" && (!ValidEnvelopeID(e.Withdraws) || e.Withdraws == e.ID):
		return fmt.Errorf("id %q, withdraws %q", e.ID, e.Withdraws)
	case !eventKind.MatchString(e.Kind):
		return fmt.Errorf("kind %q", e.Kind)
	case !eventFor.MatchString(e.For):
		return fmt.Errorf("for %q: want a terminal or a region", e.For)
	case e.At.IsZero() || e.Until != nil && !e.Until.After(e.At):
		return errors.New("ends before it begins")
	case len(e.Body) == 0 || e.Body[0] != '{':
		return errors.New("body is not an object")
	}
	return nil
}

// Concerns reports whether the event is for this terminal, whose name begins with its region's six digits.
func (e Event) Concerns(terminal string) bool {
	return e.For == "" || e.For == terminal || len(e.For) == 6 && len(terminal) > 6 && terminal[:6] == e.For
}

// Over reports whether the event's own end has come.
func (e Event) Over(at time.Time) bool { return e.Until != nil && !at.Before(*e.Until) }

// SignEvent writes an event and signs it with the algorithm of its suite.
func SignEvent(e Event, by *envelope.Signer, random io.Reader) (SignedEvent, error) {
	e.Format = eventFormat
	e.At = e.At.UTC().Truncate(time.Millisecond)
	if err := e.Check(); err != nil {
		return SignedEvent{}, fmt.Errorf("sign event: %w", err)
	}
	plain, err := json.Marshal(e)
	if err != nil {
		return SignedEvent{}, fmt.Errorf("sign event: %w", err)
	}
	if len(plain) > MaxEvent {
		return SignedEvent{}, fmt.Errorf("sign event: %d bytes, more than %d", len(plain), MaxEvent)
	}
	signature, err := by.Sign(e.Suite, plain, random)
	if err != nil {
		return SignedEvent{}, fmt.Errorf("sign event: %w", err)
	}
	return SignedEvent{Event: plain, Signature: signature}, nil
}

// VerifyEvent gives the event if by signed it. Otherwise the error wraps ErrEvent.
func VerifyEvent(s SignedEvent, by *envelope.Verifier) (Event, error) {
	if len(s.Event) > MaxEvent {
		return Event{}, fmt.Errorf("%w: %d bytes", ErrEvent, len(s.Event))
	}
	var e Event
	if err := strictJSON(s.Event, &e); err != nil {
		return Event{}, fmt.Errorf("%w: %v", ErrEvent, err)
	}
	if !by.Verify(e.Suite, s.Event, s.Signature) {
		return Event{}, fmt.Errorf("%w: signature does not match", ErrEvent)
	}
	if err := e.Check(); err != nil {
		return Event{}, fmt.Errorf("%w: %v", ErrEvent, err)
	}
	return e, nil
}
