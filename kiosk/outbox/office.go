package outbox

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
)

// Where an Office answers on the technician's socket.
const (
	ListPath    = "/outbox"          // POST; the answer is a JSON array of Summary
	PutBackPath = "/outbox/put-back" // POST with id; 204, or why not
)

// Office answers the technician: what is not delivered and why, and the one thing to do about what was put aside, which is
// putBack: PutBack, and whatever is to be noted of it. There is no way to throw an entry away.
func (o *Outbox) Office(putBack func(ctx context.Context, id string) error) http.Handler {
	asked := http.NewServeMux()
	asked.HandleFunc("POST "+ListPath, func(w http.ResponseWriter, r *http.Request) {
		list, err := o.List(r.Context())
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(list) // who asked may be gone
	})
	asked.HandleFunc("POST "+PutBackPath, func(w http.ResponseWriter, r *http.Request) {
		err := putBack(r.Context(), r.URL.Query().Get("id"))
		switch {
		case err == nil:
			w.WriteHeader(http.StatusNoContent)
		case errors.Is(err, ErrUnknown):
			http.Error(w, err.Error(), http.StatusNotFound)
		default:
			http.Error(w, err.Error(), http.StatusConflict)
		}
	})
	return asked
}
