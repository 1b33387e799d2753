package relay

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"time"

	"yimen/kiosk/central"
	"yimen/provisioning/hub/door"
	"yimen/provisioning/identity"
)

// How long a body may take. The desk's line is the office's own.
const (
	askPatience    = time.Minute
	answerPatience = 5 * time.Minute
)

const mediaSealed = "application/octet-stream"

var cursorForm = regexp.MustCompile(`^[0-9a-f]{16}\.[0-9]{1,18}$`)

// Serve is the relay behind a door: everything under central.AsksPath.
func (r *Relay) Serve(at *door.Door) http.Handler {
	h := handlers{r, at}
	routes := http.NewServeMux()
	const one = central.AsksPath + "/{id}"
	routes.Handle("GET "+central.AsksPath, at.Only(h.list, identity.RoleBureau))
	routes.Handle("PUT "+one, at.Only(h.ask, identity.RoleTerminal))
	routes.Handle("DELETE "+one, at.Only(h.withdraw, identity.RoleTerminal))
	routes.Handle("GET "+one+"/answer", at.Only(h.fetch, identity.RoleTerminal))
	routes.Handle("PUT "+one+"/answer", at.Only(h.answer, identity.RoleBureau))
	return routes
}

type handlers struct {
	relay *Relay
	door  *door.Door
}

// list hands out asks: GET /v1/asks?after=…&wait=…
func (h handlers) list(w http.ResponseWriter, r *http.Request, from door.Caller) error {
	after := r.URL.Query().Get("after")
	if after != "" && !cursorForm.MatchString(after) {
		return door.Malformed("after is the next of another page")
	}
	ctx, stop, err := h.door.Wait(r, from)
	if err != nil {
		return err
	}
	defer stop()
	return door.Answer(w, http.StatusOK, h.relay.open(ctx, after))
}

// ask takes an ask: PUT /v1/asks/{id}.
func (h handlers) ask(w http.ResponseWriter, r *http.Request, from door.Caller) error {
	id, err := idOf(r)
	if err != nil {
		return err
	}
	sealed, err := sealedBody(w, r, central.MaxAsk, askPatience)
	if err != nil {
		return err
	}
	if err := h.relay.put(from.Name, id, sealed); err != nil {
		return err
	}
	door.Done(w)
	return nil
}

// withdraw forgets an ask: DELETE /v1/asks/{id}.
func (h handlers) withdraw(w http.ResponseWriter, r *http.Request, from door.Caller) error {
	if err := h.relay.withdraw(from.Name, r.PathValue("id")); err != nil {
		return err
	}
	door.Done(w)
	return nil
}

// fetch gives the answer: GET /v1/asks/{id}/answer?wait=…
func (h handlers) fetch(w http.ResponseWriter, r *http.Request, from door.Caller) error {
	ctx, stop, err := h.door.Wait(r, from)
	if err != nil {
		return err
	}
	defer stop()
	answer, err := h.relay.answerOf(ctx, from.Name, r.PathValue("id"))
	if err != nil {
		return err
	}
	if answer == nil {
		door.Done(w)
		return nil
	}
	// A reader that stands still may not hold an answer longer than an ask lives.
	if err := http.NewResponseController(w).SetWriteDeadline(time.Now().Add(central.AskLife)); err != nil {
		return fmt.Errorf("set deadline: %w", err)
	}
	door.Send(w, http.StatusOK, mediaSealed, answer)
	return nil
}

// answer takes an answer: PUT /v1/asks/{id}/answer. Room for it is taken before it is read.
func (h handlers) answer(w http.ResponseWriter, r *http.Request, _ door.Caller) error {
	id, err := idOf(r)
	if err != nil {
		return err
	}
	switch {
	case r.ContentLength < 1:
		return door.Malformed("an answer says how long it is, and is not empty")
	case r.ContentLength > central.MaxAnswer:
		return door.TooLarge(central.MaxAnswer)
	}
	release, err := h.relay.reserve(id, r.ContentLength)
	if err != nil {
		return err
	}
	kept := false
	defer func() {
		if !kept {
			release()
		}
	}()
	sealed, err := sealedBody(w, r, central.MaxAnswer, answerPatience)
	if err != nil {
		return err
	}
	if kept, err = h.relay.keepAnswer(id, sealed); err != nil {
		return err
	}
	door.Done(w)
	return nil
}

func idOf(r *http.Request) (string, error) {
	id := r.PathValue("id")
	if !central.ValidEnvelopeID(id) {
		return "", door.Malformed("not an ask's id")
	}
	return id, nil
}

// sealedBody reads a body of 1 to limit bytes.
func sealedBody(w http.ResponseWriter, r *http.Request, limit int64, patience time.Duration) ([]byte, error) {
	if r.Header.Get("Content-Type") != mediaSealed {
		return nil, door.Malformed("not " + mediaSealed)
	}
	if err := http.NewResponseController(w).SetReadDeadline(time.Now().Add(patience)); err != nil {
		return nil, fmt.Errorf("set deadline: %w", err)
	}
	sealed, err := io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
	tooLarge := (*http.MaxBytesError)(nil)
	switch {
	case errors.As(err, &tooLarge):
		return nil, door.TooLarge(limit)
	case err != nil:
		return nil, door.Malformed("the body was cut short")
	case len(sealed) == 0:
		return nil, door.Malformed("the body is empty")
	}
	return sealed, nil
}
