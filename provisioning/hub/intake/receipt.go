package intake

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"yimen/kiosk/central"
	"yimen/kiosk/envelope"
	"yimen/provisioning/hub/door"
	"yimen/provisioning/identity"
)

// close gives the receipt for an envelope that is all here: POST /v1/envelopes/{envelope}/receipt. Asked again it
// gives the same bytes.
func (in *Intake) close(w http.ResponseWriter, r *http.Request, from door.Caller) error {
	ctx, id := r.Context(), r.PathValue("envelope")
	e, list, err := in.owned(ctx, id, from)
	if err != nil {
		return err
	}
	release, err := in.hold(ctx, id)
	if err != nil {
		return fmt.Errorf("lock %s: %w", id, err)
	}
	defer release()
	signed, err := in.envelopes.Receipt(ctx, id)
	if err == nil {
		door.Send(w, http.StatusOK, "application/json", signed)
		return nil
	}
	if !errors.Is(err, ErrNotFound) {
		return fmt.Errorf("receipt of %s: %w", id, err)
	}
	parts, err := in.account(ctx, list)
	if err != nil {
		return err
	}
	signed, first, err := in.acknowledge(ctx, e, list, parts)
	if err != nil {
		return err
	}
	for _, p := range parts {
		in.tallies.forget(central.UploadID(id, p.No))
	}
	status := http.StatusOK
	if first {
		status = http.StatusCreated
		in.log.InfoContext(ctx, "envelope acknowledged", "envelope", id, "terminal", e.Terminal, "kind", e.Kind, "parts", len(parts))
	}
	door.Send(w, status, "application/json", signed)
	return nil
}

// account gives the digest of every part as the store keeps it. Parts that differ from the list are dropped, so that
// they are sent again.
func (in *Intake) account(ctx context.Context, list envelope.List) ([]central.ReceiptPart, error) {
	var parts []central.ReceiptPart
	var missing, mismatched []int
	for _, want := range list.Parts {
		got, err := in.digest(ctx, list, want.No)
		switch {
		case errors.Is(err, ErrNotFound), err == nil && got.Size < want.Size:
			missing = append(missing, want.No)
		case err != nil:
			return nil, fmt.Errorf("digest part %d of %s: %w", want.No, list.Envelope, err)
		case got != central.ReceiptPart(want):
			mismatched = append(mismatched, want.No)
		}
		parts = append(parts, got)
	}
	if len(mismatched) > 0 {
		for _, no := range mismatched {
			in.tallies.forget(central.UploadID(list.Envelope, no))
			if err := in.parts.Drop(ctx, list.Envelope, no); err != nil {
				return nil, fmt.Errorf("drop part %d of %s: %w", no, list.Envelope, err)
			}
		}
		return nil, &central.Problem{Code: central.CodeMismatched, Detail: "parts differ from the list and were dropped", Parts: mismatched}
	}
	if len(missing) > 0 {
		return nil, &central.Problem{Code: central.CodeMissing, Detail: "parts are not all here", Parts: missing}
	}
	return parts, nil
}

// digest is what is kept of a part: as it was tallied on its way to the store, or read back from there.
func (in *Intake) digest(ctx context.Context, list envelope.List, no int) (central.ReceiptPart, error) {
	size, err := in.parts.Size(ctx, list.Envelope, no)
	if err != nil {
		return central.ReceiptPart{}, err
	}
	if digest, ok := in.tallies.digest(central.UploadID(list.Envelope, no), size); ok {
		return central.ReceiptPart{No: no, Size: size, Digest: digest}, nil
	}
	body, err := in.parts.Open(ctx, list.Envelope, no)
	if err != nil {
		return central.ReceiptPart{}, err
	}
	digest, read, err := list.Suite.DigestReader(body)
	if err := errors.Join(err, body.Close()); err != nil {
		return central.ReceiptPart{}, err
	}
	return central.ReceiptPart{No: no, Size: read, Digest: digest}, nil
}

// acknowledge signs the receipt and keeps it before anybody hears of it.
func (in *Intake) acknowledge(ctx context.Context, e Envelope, list envelope.List, parts []central.ReceiptPart) (signed []byte, first bool, err error) {
	signed, err = central.SignReceipt(central.Receipt{
		Envelope: e.ID, ListDigest: list.Suite.Digest(e.List), Parts: parts, ReceivedAt: in.now(), Hub: in.hub.Name,
	}, list.Suite, in.hub.Receipt, in.random)
	if err != nil {
		return nil, false, fmt.Errorf("acknowledge %s: %w", e.ID, err)
	}
	signed, first, err = in.envelopes.Acknowledge(ctx, e.ID, signed)
	if err != nil {
		return nil, false, fmt.Errorf("keep receipt of %s: %w", e.ID, err)
	}
	return signed, first, nil
}

// receipt gives a receipt that exists: GET /v1/envelopes/{envelope}/receipt.
func (in *Intake) receipt(w http.ResponseWriter, r *http.Request, from door.Caller) error {
	ctx, id := r.Context(), r.PathValue("envelope")
	if from.Role == identity.RoleTerminal {
		if _, _, err := in.owned(ctx, id, from); err != nil {
			return err
		}
	}
	signed, err := in.envelopes.Receipt(ctx, id)
	if err != nil {
		return fmt.Errorf("receipt of %s: %w", id, err)
	}
	door.Send(w, http.StatusOK, "application/json", signed)
	return nil
}
