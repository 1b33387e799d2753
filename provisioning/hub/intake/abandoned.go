package intake

import (
	"context"
	"errors"
	"fmt"
	"time"

	"yimen/kiosk/central"
	"yimen/kiosk/envelope"
)

// An upload that stood still for abandonedAfter is taken for abandoned: its terminal was replaced, or somebody registers
// envelopes to fill the disk. A terminal that does come back has kept the envelope and begins anew. The registration
// stays: it is small, and what is known under an id stays known.
const (
	abandonedAfter = 30 * 24 * time.Hour
	sweepEvery     = 24 * time.Hour
	sweepPage      = 500
)

// Run clears away abandoned uploads and what a sudden end left of drafts that were let go, now and every day, until ctx ends;
// then it answers nil.
func (in *Intake) Run(ctx context.Context) error {
	for {
		if cleared, err := in.sweep(ctx, in.now().Add(-abandonedAfter)); err != nil && ctx.Err() == nil {
			in.log.ErrorContext(ctx, "abandoned uploads are not cleared away", "error", err)
		} else if cleared > 0 {
			in.log.InfoContext(ctx, "abandoned uploads cleared away", "envelopes", cleared)
		}
		if err := in.clearGone(ctx); err != nil && ctx.Err() == nil {
			in.log.ErrorContext(ctx, "parts of drafts that were let go are not cleared away", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(sweepEvery):
		}
	}
}

// sweep clears the parts of every envelope that has no receipt and of which nothing came since before.
func (in *Intake) sweep(ctx context.Context, before time.Time) (cleared int, err error) {
	for after := ""; ; {
		ids, err := in.envelopes.Pending(ctx, after, sweepPage)
		if err != nil || len(ids) == 0 {
			return cleared, err
		}
		for _, id := range ids {
			gone, err := in.clear(ctx, id, before)
			if err != nil {
				return cleared, fmt.Errorf("clear %s: %w", id, err)
			}
			if gone {
				cleared++
			}
		}
		after = ids[len(ids)-1]
	}
}

// clear drops all that is kept of an envelope's parts if none has grown since before. Nobody can add to them or ask for
// the receipt meanwhile.
func (in *Intake) clear(ctx context.Context, id string, before time.Time) (gone bool, err error) {
	grown, err := in.parts.Grown(ctx, id)
	if errors.Is(err, ErrNotFound) || err == nil && !grown.Before(before) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	release, err := in.hold(ctx, id)
	if err != nil {
		return false, err
	}
	defer release()
	if _, err := in.envelopes.Receipt(ctx, id); !errors.Is(err, ErrNotFound) {
		return false, err // it came while we waited
	}
	e, err := in.envelopes.Find(ctx, id)
	if err != nil {
		return false, err
	}
	list, err := envelope.ParseList(e.List)
	if err != nil {
		return false, fmt.Errorf("kept list: %w", err)
	}
	for _, p := range list.Parts {
		in.tallies.forget(central.UploadID(id, p.No))
	}
	return true, in.parts.Clear(ctx, id)
}

// hold keeps an envelope from being closed until release is called.
func (in *Intake) hold(ctx context.Context, id string) (release func(), err error) {
	lock, err := in.closing.NewLock(id)
	if err != nil {
		return nil, err
	}
	if err := lock.Lock(ctx, func() {}); err != nil {
		return nil, err
	}
	return func() { _ = lock.Unlock() }, nil // in memory: it cannot fail
}
