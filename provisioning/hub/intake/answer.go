package intake

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"yimen/kiosk/central"
)

// problemStatus is the status that goes with each code of the contract.
var problemStatus = map[central.Code]int{
	central.CodeMalformed:  http.StatusBadRequest,
	central.CodeForbidden:  http.StatusForbidden,
	central.CodeNotFound:   http.StatusNotFound,
	central.CodeConflict:   http.StatusConflict,
	central.CodeTooLarge:   http.StatusRequestEntityTooLarge,
	central.CodeMissing:    http.StatusConflict,
	central.CodeMismatched: http.StatusUnprocessableEntity,
	central.CodeFull:       http.StatusInsufficientStorage,
	central.CodeInternal:   http.StatusInternalServerError,
}

func malformed(detail string) error {
	return &central.Problem{Code: central.CodeMalformed, Detail: detail}
}

func forbidden(detail string) error {
	return &central.Problem{Code: central.CodeForbidden, Detail: detail}
}

// problemOf says in the contract's words what went wrong. Troubles of our own are not described to the peer.
func problemOf(err error) *central.Problem {
	var p *central.Problem
	switch {
	case errors.As(err, &p):
		return p
	case errors.Is(err, ErrNotFound):
		return &central.Problem{Code: central.CodeNotFound, Detail: "nothing is kept under this address"}
	case errors.Is(err, ErrConflict):
		return &central.Problem{Code: central.CodeConflict, Detail: ErrConflict.Error()}
	case errors.Is(err, ErrFull):
		return &central.Problem{Code: central.CodeFull, Detail: ErrFull.Error()}
	default:
		return &central.Problem{Code: central.CodeInternal, Detail: "trouble on our side"}
	}
}

// refuse tells the peer why not, and the log who asked for what.
func (in *Intake) refuse(w http.ResponseWriter, r *http.Request, from peer, err error) {
	p := problemOf(err)
	record := in.log.WarnContext
	if p.Code == central.CodeInternal || p.Code == central.CodeFull {
		record = in.log.ErrorContext
	}
	record(r.Context(), "refused", "role", from.role, "peer", from.name, "method", r.Method, "path", r.URL.Path, "code", p.Code, "error", err)
	body, err := json.Marshal(p)
	if err != nil {
		panic(fmt.Sprintf("problem %q does not marshal: %v", p.Code, err))
	}
	send(w, problemStatus[p.Code], central.MediaProblem, body)
}

// answer sends a value of the contract.
func answer(w http.ResponseWriter, status int, value any) error {
	body, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("write answer: %w", err)
	}
	send(w, status, "application/json", body)
	return nil
}

// send writes a whole answer. A peer that went away meanwhile asks again.
func send(w http.ResponseWriter, status int, media string, body []byte) {
	h := w.Header()
	h.Set("Content-Type", media)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	w.Write(body)
}
