// Package idcard drives a resident ID-card reader that speaks SAM_V: it sees cards come and go, and reads the one that
// lies there when somebody asks. It reports what the card says and judges none of it.
package idcard

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"yimen/drivers/device"
	"yimen/drivers/gauge"
	"yimen/drivers/wire"
)

// AfterRead says what makes a card that was read readable again (firmware-notes/sam-v "Sequence and repeat read").
type AfterRead string

const (
	WaitRemoval AfterRead = "wait_removal" // it must leave and be laid anew
	AllowReread AfterRead = "allow_reread" // the next Read may read it where it lies
)

// Config of a Reader. The zero value is usable.
type Config struct {
	AfterRead AfterRead     // WaitRemoval when empty
	Poll      time.Duration // between two looks for a card; 300 ms when zero
	// Fingerprint has the fingerprint read with the rest; unless somebody can match it, it is better left on the card.
	Fingerprint bool
	// Photo decodes the photos; nil: they stay as read.
	Photo PhotoDecoder
	// USB is what the reader is on the bus, in the words of a port usb:…
	USB string
}

// PhotoDecoder makes a PNG of the 1,024 bytes of WLT on a card (firmware-notes/sam-v "Photo"). It may take its time, but ends
// by itself, and when ctx ends.
type PhotoDecoder interface {
	Decode(ctx context.Context, photo []byte) (png []byte, err error)
}

// Reader is one reader. Run must be running for the other methods to do anything; all may be called from any goroutine.
type Reader struct {
	port    wire.Port
	cfg     Config
	log     *slog.Logger
	gauge   *gauge.Gauge
	turn    chan struct{} // held by the Read that waits: one at a time
	waiting atomic.Pointer[waiter]
	wake    chan struct{}
}

// waiter is a Read that waits for a card. Whoever takes it out of Reader.waiting answers it, once.
type waiter struct{ answer chan answer }

type answer struct {
	card device.Card
	err  error
}

// New makes a Reader at port.
func New(port wire.Port, cfg Config, log *slog.Logger) *Reader {
	if cfg.AfterRead == "" {
		cfg.AfterRead = WaitRemoval
	}
	if cfg.Poll == 0 {
		cfg.Poll = 300 * time.Millisecond
	}
	return &Reader{
		port: port, cfg: cfg, log: log.With("device", device.IDCardReader, "port", port.String()),
		gauge: gauge.New(device.Status{State: device.Starting, Media: device.MediaUnknown}),
		turn:  make(chan struct{}, 1),
		wake:  make(chan struct{}, 1),
	}
}

// Run keeps the port open, looks for cards and serves Read until ctx ends, and reopens a port that is gone.
func (r *Reader) Run(ctx context.Context) error {
	return wire.Keep(ctx, r.port, time.Second, r.serve, r.lost)
}

// Status is what the reader last said of itself; Media in it tells whether a card lies there.
func (r *Reader) Status() device.Status { return r.gauge.Status() }

// Media tells whether a card lies on the reader.
func (r *Reader) Media() device.Media { return r.gauge.Status().Media }

// Watch has f called after each change of Status; f must not wait.
func (r *Reader) Watch(f func(device.Status)) { r.gauge.Watch(f) }

// Read waits until a card lies on the reader and gives what it holds. A card that was read before counts only after it
// has left, unless Config allows otherwise. Read gives up when ctx ends, with ctx's error, and else with a *device.Fault
// that wraps one of the sentinels: ErrInvalidMedia or ErrNoMedia as soon as a card cannot be read or is gone again (the next
// Read waits for it to be laid anew), and ErrGone, ErrSilent, ErrHardware or ErrProtocol while the reader is out of order.
func (r *Reader) Read(ctx context.Context) (device.Card, error) {
	select {
	case r.turn <- struct{}{}:
		defer func() { <-r.turn }()
	case <-ctx.Done():
		return device.Card{}, fault(ctx.Err())
	}
	w := &waiter{make(chan answer, 1)}
	r.waiting.Store(w)
	defer r.waiting.CompareAndSwap(w, nil) // a card that comes later belongs to nobody
	select {
	case r.wake <- struct{}{}:
	default:
	}
	for {
		now, changed := r.gauge.Now()
		if now.State != device.Online && now.State != device.Starting {
			return device.Card{}, fault(now.Cause)
		}
		select {
		case a := <-w.answer:
			if a.err == nil {
				r.picture(ctx, &a.card)
			}
			return a.card, a.err
		case <-changed:
		case <-ctx.Done():
			return device.Card{}, fault(ctx.Err())
		}
	}
}

// picture adds the decoded photo, outside the goroutine that serves the reader. A card without one is as good a card.
func (r *Reader) picture(ctx context.Context, card *device.Card) {
	if r.cfg.Photo == nil {
		return
	}
	var err error
	if card.Picture, err = r.cfg.Photo.Decode(ctx, card.Photo); err != nil {
		r.log.Warn("photo not decoded", "err", err)
	}
}

// give answers w, unless it has stopped waiting.
func (r *Reader) give(w *waiter, card device.Card, err error) (taken bool) {
	if w == nil || !r.waiting.CompareAndSwap(w, nil) {
		return false
	}
	w.answer <- answer{card, err}
	return true
}

// lost notes why the reader did not answer, or that the port is gone.
func (r *Reader) lost(err error) {
	s := device.Status{State: device.NoDevice, Media: device.MediaUnknown, Cause: device.ErrGone}
	switch {
	case errors.Is(err, device.ErrSilent):
		s.State, s.Cause = device.Offline, device.ErrSilent
	case errors.Is(err, device.ErrProtocol):
		s.State, s.Cause = device.Offline, device.ErrProtocol
	case errors.Is(err, device.ErrBusy), errors.Is(err, device.ErrGone):
		s.Cause = err // whose words say more to a technician: a right that is missing, two devices alike
	}
	r.log.Debug("reader missed", "err", err)
	r.gauge.Miss(s)
}

func fault(err error) *device.Fault {
	return &device.Fault{Device: device.IDCardReader, Op: "read card", Err: err}
}

func unexpected(c command, s status) error {
	if err := s.err(); err != nil {
		return fmt.Errorf("command % X: %w", c[:], err)
	}
	return fmt.Errorf("command % X: answered by %02X: %w", c[:], byte(s), device.ErrProtocol)
}
