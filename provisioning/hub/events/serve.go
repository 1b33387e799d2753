package events

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"yimen/kiosk/central"
	"yimen/kiosk/envelope"
	"yimen/provisioning/hub/door"
	"yimen/provisioning/identity"
)

// bodyPatience bounds how long the body of an event may take.
const bodyPatience = time.Minute

// maxBody is a signed event of central.MaxEvent in base64, with room for the signature.
const maxBody = central.MaxEvent*4/3 + 4<<10

// Serve is the events behind a door: everything under central.EventsPath. word is what the bureau's signature
// verifies with.
func (k *Keeping) Serve(at *door.Door, word *envelope.Verifier, log *slog.Logger) http.Handler {
	h := handlers{k, at, word, log}
	routes := http.NewServeMux()
	routes.Handle("GET "+central.EventsPath, at.Only(h.list, identity.RoleTerminal, identity.RoleBureau))
	routes.Handle("PUT "+central.EventsPath+"/{id}", at.Only(h.publish, identity.RoleBureau))
	return routes
}

type handlers struct {
	kept *Keeping
	door *door.Door
	word *envelope.Verifier
	log  *slog.Logger
}

// list hands on what was said: GET /v1/events?after=…&wait=…
func (h handlers) list(w http.ResponseWriter, r *http.Request, from door.Caller) error {
	var after int64
	if text := r.URL.Query().Get("after"); text != "" {
		var err error
		if after, err = strconv.ParseInt(text, 10, 64); err != nil || after < 0 {
			return door.Malformed("after is the number of an event")
		}
	}
	ctx, stop, err := h.door.Wait(r, from)
	if err != nil {
		return err
	}
	defer stop()
	page, err := h.kept.after(r.Context(), ctx, after)
	if err != nil {
		return err
	}
	return door.Answer(w, http.StatusOK, page)
}

// publish takes an event: PUT /v1/events/{id}.
func (h handlers) publish(w http.ResponseWriter, r *http.Request, from door.Caller) error {
	signed, err := readSigned(w, r)
	if err != nil {
		return err
	}
	e, err := central.VerifyEvent(signed, h.word)
	switch {
	case err != nil:
		return door.Forbidden("not an event with the bureau's signature")
	case e.ID != r.PathValue("id"):
		return door.Malformed("the event has another id")
	}
	kept, first, err := h.kept.keep(r.Context(), e, signed)
	if errors.Is(err, errNumber) {
		return &central.Problem{Code: central.CodeConflict, Detail: err.Error()}
	}
	if err != nil {
		return err
	}
	status := http.StatusOK
	if first {
		status = http.StatusCreated
		h.log.InfoContext(r.Context(), "event kept", "number", e.Number, "event", e.ID, "kind", e.Kind, "for", e.For, "bureau", from.Name)
	}
	return door.Answer(w, status, kept)
}

func readSigned(w http.ResponseWriter, r *http.Request) (central.SignedEvent, error) {
	var signed central.SignedEvent
	if err := http.NewResponseController(w).SetReadDeadline(time.Now().Add(bodyPatience)); err != nil {
		return signed, fmt.Errorf("set deadline: %w", err)
	}
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	d.DisallowUnknownFields()
	if err := d.Decode(&signed); err != nil {
		if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
			return signed, door.TooLarge(tooLarge.Limit)
		}
		return signed, door.Malformed("not a signed event")
	}
	return signed, nil
}
