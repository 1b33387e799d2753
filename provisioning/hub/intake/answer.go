package intake

import (
	"errors"
	"fmt"
	"net/http"

	"yimen/kiosk/central"
	"yimen/provisioning/hub/door"
	"yimen/provisioning/identity"
)

// only lets the named roles through to next, and has what a store answered told in the contract's words.
func (in *Intake) only(next door.Serve, roles ...identity.Role) http.Handler {
	return in.door.Only(func(w http.ResponseWriter, r *http.Request, from door.Caller) error {
		return told(next(w, r, from))
	}, roles...)
}

// told adds to a store's answer the problem that the caller is told.
func told(err error) error {
	switch {
	case errors.Is(err, ErrNotFound):
		return fmt.Errorf("%w: %w", door.NotFound(), err)
	case errors.Is(err, ErrConflict):
		return fmt.Errorf("%w: %w", &central.Problem{Code: central.CodeConflict, Detail: ErrConflict.Error()}, err)
	case errors.Is(err, ErrFull):
		return fmt.Errorf("%w: %w", &central.Problem{Code: central.CodeFull, Detail: ErrFull.Error()}, err)
	}
	return err
}
