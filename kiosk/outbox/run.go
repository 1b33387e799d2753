package outbox

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"
)

// Courier takes one entry to central. It answers a receipt and no error only after it has verified the
// receipt; everything else means that the entry is not delivered. An error that wraps ErrRefused is final,
// any other is tried again. Deliver waits as long as bytes move, and ends soon after ctx does. The same entry
// may come again after a receipt got lost on the way: central must know it.
type Courier interface {
	Deliver(ctx context.Context, e *Entry) (receipt []byte, err error)
}

// CourierFunc is a function as a Courier.
type CourierFunc func(ctx context.Context, e *Entry) (receipt []byte, err error)

// Deliver calls f.
func (f CourierFunc) Deliver(ctx context.Context, e *Entry) ([]byte, error) { return f(ctx, e) }

// Run delivers what waits until ctx ends; then it answers nil. Kinds share the line as Config.Shares says, and of each
// kind the oldest goes first. An entry that fails stands back and the others go on.
func (o *Outbox) Run(ctx context.Context, by Courier) error {
	for ctx.Err() == nil {
		o.mu.Lock()
		id, when := o.queue.Next(time.Now())
		o.mu.Unlock()
		if id == "" {
			o.rest(ctx, when)
			continue
		}
		o.attempt(ctx, by, id)
		if err := o.rows.checkpointIfDue(context.WithoutCancel(ctx)); err != nil {
			o.log.Warn("outbox log not folded", "err", err)
		}
	}
	return nil
}

// rest waits for the moment, for something new in the queue, or for the end. The zero time is no moment.
func (o *Outbox) rest(ctx context.Context, until time.Time) {
	var bell <-chan time.Time
	if !until.IsZero() {
		bell = time.After(time.Until(until))
	}
	select {
	case <-ctx.Done():
	case <-o.wake:
	case <-bell:
	}
}

// attempt tries one entry and records how it ended. What was learned is recorded even if ctx has ended.
func (o *Outbox) attempt(ctx context.Context, by Courier, id string) {
	begun := time.Now()
	receipt, err := o.deliver(ctx, by, id)
	o.mu.Lock()
	o.queue.Used(id, time.Since(begun))
	o.mu.Unlock()
	record := context.WithoutCancel(ctx)
	switch {
	case err == nil:
		err = o.recordReceipt(record, id, receipt)
	case errors.Is(err, ErrRefused), errors.Is(err, errDamaged):
		err = o.putAside(record, id, err)
	}
	if err == nil {
		return
	}
	if ctx.Err() == nil {
		o.log.Warn("outbox entry not delivered", "envelope", id, "err", err)
	}
	o.mu.Lock()
	o.queue.Failed(id, time.Now(), err.Error(), rand.Float64())
	o.mu.Unlock()
}

func (o *Outbox) deliver(ctx context.Context, by Courier, id string) ([]byte, error) {
	e, err := openEntry(o.path(id))
	if err != nil {
		return nil, err
	}
	defer e.close() // opened for reading: nothing can be lost by closing
	ctx, cancel := context.WithTimeout(ctx, o.config.Attempt)
	defer cancel()
	receipt, err := by.Deliver(ctx, e)
	if err == nil && len(receipt) == 0 {
		err = errors.New("courier brought no receipt")
	}
	return receipt, err
}

// recordReceipt ends an entry well: proof first, then the file goes.
func (o *Outbox) recordReceipt(ctx context.Context, id string, receipt []byte) error {
	err := o.rows.deliver(ctx, id, receipt, time.Now())
	if errors.Is(asFull(err), ErrFull) {
		if err = dropReserve(o.dir); err == nil {
			err = o.rows.deliver(ctx, id, receipt, time.Now())
		}
	}
	if err != nil {
		return fmt.Errorf("store receipt: %w", err)
	}
	ended := o.purging(id)
	ended(o.removeFile(id))
	o.keepReserve()
	o.mu.Lock()
	o.queue.Succeeded()
	o.mu.Unlock()
	o.settle(id)
	o.log.Info("outbox entry delivered", "envelope", id)
	return nil
}

// putAside ends an entry that cannot be delivered. Its file, if there is one, stays for a person to look at.
func (o *Outbox) putAside(ctx context.Context, id string, why error) error {
	if err := o.rows.quarantine(ctx, id, why.Error(), time.Now()); err != nil {
		return fmt.Errorf("put aside: %w", err)
	}
	o.settle(id)
	o.log.Error("outbox entry quarantined", "envelope", id, "err", why)
	return nil
}
