package outbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"
)

// ErrNotAside means that the entry was not put aside: it waits, or is delivered.
var ErrNotAside = errors.New("entry is not quarantined")

// PutBack lets a quarantined entry be sent again, after a person has done away with the cause. A file that is still not
// whole stays where it is, and the answer says what is wrong with it.
func (o *Outbox) PutBack(ctx context.Context, id string) error {
	o.putting.Lock()
	defer o.putting.Unlock()
	if err := o.putBack(context.WithoutCancel(ctx), id); err != nil {
		return fmt.Errorf("put back %s: %w", id, err)
	}
	return nil
}

func (o *Outbox) putBack(ctx context.Context, id string) error {
	kept, err := o.rows.find(ctx, id)
	if err != nil {
		return err
	}
	if kept.state != Quarantined {
		return fmt.Errorf("%w: it is %s", ErrNotAside, kept.state)
	}
	found, err := o.adopt(id)
	switch {
	case err != nil:
		return err
	case found.state == Quarantined:
		return errors.New(found.reason)
	case len(kept.list) > 0 && !bytes.Equal(kept.list, found.list): // it was known before its file was damaged
		return ErrConflict
	}
	found.seq, found.putAt = kept.seq, kept.putAt
	if err := o.rows.putBack(ctx, found); err != nil {
		return err
	}
	o.enqueue(id, found.kind, kept.seq)
	o.log.Info("outbox entry put back", "envelope", id, "reason", kept.reason, "aside", time.Since(kept.settledAt).Round(time.Second))
	return nil
}
