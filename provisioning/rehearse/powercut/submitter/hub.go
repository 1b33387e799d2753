package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"yimen/kiosk/envelope"
	"yimen/kiosk/outbox"
	"yimen/provisioning/hub/intake"
	"yimen/provisioning/hub/store"
)

// hub is the receiving end, on the same disk: what it has acknowledged the outbox no longer has.
type hub struct {
	*store.Store
	host *host
}

// deliver is the outbox's courier. The hub takes the entry in as its intake does, and the host is told before the
// outbox learns of it.
func (h hub) deliver(ctx context.Context, e *outbox.Entry) ([]byte, error) {
	list, err := envelope.ParseList(e.List())
	if err != nil {
		return nil, err
	}
	if _, err := h.Register(ctx, intake.Envelope{ID: e.ID(), Terminal: list.Terminal, Kind: e.Kind(), List: e.List(), Signature: e.Signature()}); err != nil {
		return nil, err
	}
	for _, part := range list.Parts {
		if err := h.take(ctx, e, list.Suite, part); err != nil {
			return nil, fmt.Errorf("part %d of %s: %w", part.No, e.ID(), err)
		}
	}
	receipt, _, err := h.Acknowledge(ctx, e.ID(), []byte("receipt "+e.ID()))
	if err != nil {
		return nil, err
	}
	sum, err := digestOf(e.List(), e.Signature(), list, e.Part)
	if err != nil {
		return nil, err
	}
	return receipt, h.host.carry(e.ID(), sum)
}

// take takes in what is still missing of a part, and reads all of it back.
func (h hub) take(ctx context.Context, e *outbox.Entry, suite envelope.Suite, want envelope.ListPart) error {
	if err := h.Create(ctx, e.ID(), want.No); err != nil {
		return err
	}
	offset, err := h.Size(ctx, e.ID(), want.No)
	if err != nil {
		return err
	}
	part, _, err := e.Part(want.No)
	if err != nil {
		return err
	}
	defer part.Close() // it was only read
	if _, err := part.Seek(min(offset, want.Size), io.SeekStart); err != nil {
		return err
	}
	if _, err := h.Append(ctx, e.ID(), want.No, offset, part); err != nil {
		return err
	}
	kept, _, err := h.part(ctx, e.ID(), want.No)
	if err != nil {
		return err
	}
	digest, size, err := suite.DigestReader(kept)
	if err := errors.Join(err, kept.Close()); err != nil {
		return err
	}
	if digest != want.Digest || size != want.Size {
		return errors.Join(errors.New("differs from the list and is dropped"), h.Drop(ctx, e.ID(), want.No))
	}
	return nil
}

// part opens a part, and tells how large it is.
func (h hub) part(ctx context.Context, id string, no int) (io.ReadCloser, int64, error) {
	size, err := h.Size(ctx, id, no)
	if err != nil {
		return nil, 0, err
	}
	body, err := h.Open(ctx, id, no)
	return body, size, err
}

// look tells every envelope that was acknowledged, and what can be read of it. One that cannot be read has no digest.
func (h hub) look(ctx context.Context) error {
	for after := int64(0); ; {
		page, err := h.Acknowledged(ctx, after, 100)
		if err != nil || len(page) == 0 {
			return err
		}
		for _, a := range page {
			after = a.Sequence
			list, err := envelope.ParseList(a.List)
			if err != nil {
				return err
			}
			sum, err := digestOf(a.List, a.Signature, list, func(no int) (io.ReadCloser, int64, error) { return h.part(ctx, a.ID, no) })
			if err != nil {
				sum = "unreadable"
			}
			if err := h.host.tell("held %s %s", a.ID, sum); err != nil {
				return err
			}
		}
	}
}
