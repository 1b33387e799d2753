package intake

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"yimen/kiosk/central"
	"yimen/provisioning/hub/door"
)

// draft is the kind of envelope in which an application was parked (kiosk/letter/FORMAT.md). It is the one kind that is ever
// let go: whatever was handed in stays.
const draft = "draft"

// over is how long after the midnight UTC with which a day begins that day is over wherever on earth it is.
const over = 36 * time.Hour

// letGo forgets the parts of a draft whose last day is over: DELETE /v1/envelopes/{envelope}?until=… The bureau has read the
// day under its seal; this clock must agree that it is over, so that one wrong clock loses nobody's draft.
func (in *Intake) letGo(w http.ResponseWriter, r *http.Request, from door.Caller) error {
	ctx, id := r.Context(), r.PathValue("envelope")
	if !central.ValidEnvelopeID(id) {
		return ErrNotFound
	}
	until, err := time.Parse(time.DateOnly, r.URL.Query().Get("until"))
	if err != nil {
		return door.Malformed("until is a day, YYYY-MM-DD")
	}
	e, err := in.envelopes.Find(ctx, id)
	if err != nil {
		return fmt.Errorf("find %s: %w", id, err)
	}
	if e.Kind != draft {
		return door.Forbidden("only what was parked is let go")
	}
	now := in.now()
	if now.Before(until.Add(over)) {
		return &central.Problem{Code: central.CodeConflict, Detail: "its last day is not over"}
	}
	if err := in.envelopes.LetGo(ctx, id, now, until.Format(time.DateOnly)); err != nil {
		return fmt.Errorf("let go of %s: %w", id, err)
	}
	if err := in.parts.Clear(ctx, id); err != nil {
		return fmt.Errorf("clear %s: %w", id, err)
	}
	in.log.InfoContext(ctx, "draft let go", "envelope", id, "terminal", e.Terminal, "until", until.Format(time.DateOnly), "bureau", from.Name)
	door.Done(w)
	return nil
}

// settled tells a terminal that comes back with what was let go that nothing of it is awaited.
func (in *Intake) settled(ctx context.Context, s *central.Status) error {
	gone, err := in.envelopes.WasLetGo(ctx, s.Envelope)
	if err != nil || !gone {
		return err
	}
	for i := range s.Parts {
		s.Parts[i].Offset, s.Parts[i].Complete = s.Parts[i].Size, true
	}
	return nil
}

// clearGone removes what is kept of parts that were let go: the process may have ended before it was done.
func (in *Intake) clearGone(ctx context.Context) error {
	for after := ""; ; {
		ids, err := in.envelopes.Gone(ctx, after, sweepPage)
		if err != nil || len(ids) == 0 {
			return err
		}
		for _, id := range ids {
			switch _, err := in.parts.Grown(ctx, id); {
			case errors.Is(err, ErrNotFound):
				continue
			case err != nil:
				return fmt.Errorf("parts of %s: %w", id, err)
			}
			if err := in.parts.Clear(ctx, id); err != nil {
				return fmt.Errorf("clear %s: %w", id, err)
			}
		}
		after = ids[len(ids)-1]
	}
}
