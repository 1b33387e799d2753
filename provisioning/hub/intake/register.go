package intake

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"yimen/kiosk/central"
	"yimen/kiosk/envelope"
	"yimen/provisioning/hub/door"
)

// bodyPatience bounds how long the body of a registration may take.
const bodyPatience = 60 * time.Second

// register takes the signed list of an envelope: PUT /v1/envelopes/{envelope}.
func (in *Intake) register(w http.ResponseWriter, r *http.Request, from door.Caller) error {
	s, err := readSubmission(w, r)
	if err != nil {
		return err
	}
	list, err := in.verify(r.Context(), s, from)
	if err != nil {
		return err
	}
	if list.Envelope != r.PathValue("envelope") {
		return door.Malformed("the list is of another envelope")
	}
	created, err := in.envelopes.Register(r.Context(), Envelope{ID: list.Envelope, Terminal: list.Terminal, Kind: list.Kind, List: s.List, Signature: s.Signature})
	if err != nil {
		return fmt.Errorf("register %s: %w", list.Envelope, err)
	}
	status, err := in.status(r.Context(), list)
	if err != nil {
		return err
	}
	if err := in.settled(r.Context(), &status); err != nil {
		return err
	}
	code := http.StatusOK
	if created {
		code = http.StatusCreated
		in.log.InfoContext(r.Context(), "envelope registered", "envelope", list.Envelope, "terminal", list.Terminal, "parts", len(list.Parts))
	}
	return door.Answer(w, code, status)
}

func readSubmission(w http.ResponseWriter, r *http.Request) (central.Submission, error) {
	if err := http.NewResponseController(w).SetReadDeadline(time.Now().Add(bodyPatience)); err != nil {
		return central.Submission{}, fmt.Errorf("set deadline: %w", err)
	}
	var s central.Submission
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, central.MaxSubmission))
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil {
		if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
			return s, door.TooLarge(tooLarge.Limit)
		}
		return s, door.Malformed("not a submission")
	}
	return s, nil
}

// verify believes a list only if the terminal that asks has signed it as its own.
func (in *Intake) verify(ctx context.Context, s central.Submission, from door.Caller) (envelope.List, error) {
	key, known, err := in.signing(ctx, from.Name)
	if err != nil {
		return envelope.List{}, err
	}
	if !known {
		return envelope.List{}, door.Forbidden("terminal is not registered")
	}
	list, err := envelope.VerifyList(s.List, s.Signature, key)
	switch {
	case errors.Is(err, envelope.ErrSignature):
		return envelope.List{}, door.Forbidden("the list is not signed by this terminal")
	case err != nil:
		return envelope.List{}, door.Malformed("not a list")
	case list.Terminal != from.Name:
		return envelope.List{}, door.Forbidden("the list is of another terminal")
	}
	for _, p := range list.Parts {
		if p.Size < 1 || p.Size > envelope.MaxPartSize {
			return envelope.List{}, door.Malformed("part of an impossible size")
		}
	}
	return list, nil
}

// signing finds what a terminal's signature verifies with: who enrolled is known by the enrolment, whoever else by the
// key that was carried to the hub.
func (in *Intake) signing(ctx context.Context, terminal string) (*envelope.Verifier, bool, error) {
	if in.enrolled != nil {
		if key, known, err := in.enrolled(ctx, terminal); err != nil || known {
			return key, known, err
		}
	}
	key, known := in.hub.Terminals[terminal]
	return key, known, nil
}

// status tells how far each part has come.
func (in *Intake) status(ctx context.Context, list envelope.List) (central.Status, error) {
	status := central.Status{Envelope: list.Envelope}
	for _, p := range list.Parts {
		kept, err := in.parts.Size(ctx, list.Envelope, p.No)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return central.Status{}, fmt.Errorf("size of part %d: %w", p.No, err)
		}
		kept = min(kept, p.Size) // longer than it can be: complete and wrong, which closing finds out
		status.Parts = append(status.Parts, central.PartStatus{No: p.No, Size: p.Size, Offset: kept, Complete: kept == p.Size})
	}
	return status, nil
}

// owned finds a registered envelope of the terminal that asks.
func (in *Intake) owned(ctx context.Context, id string, from door.Caller) (Envelope, envelope.List, error) {
	if !central.ValidEnvelopeID(id) {
		return Envelope{}, envelope.List{}, ErrNotFound
	}
	e, err := in.envelopes.Find(ctx, id)
	if err != nil {
		return Envelope{}, envelope.List{}, fmt.Errorf("find %s: %w", id, err)
	}
	if e.Terminal != from.Name {
		return Envelope{}, envelope.List{}, door.Forbidden("the envelope is another terminal's")
	}
	list, err := envelope.ParseList(e.List)
	if err != nil {
		return Envelope{}, envelope.List{}, fmt.Errorf("kept list of %s: %w", id, err)
	}
	return e, list, nil
}
