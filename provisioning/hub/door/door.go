// Package door is where requests come into the hub: it tells who calls by the connection's certificate, lets the
// right roles through, and says no in the contract's words. Every room behind it serves known callers only.
package door

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"yimen/kiosk/central"
	"yimen/provisioning/identity"
)

// Caller is who asks, as the connection's certificate says.
type Caller struct {
	Role   identity.Role
	Name   string
	Serial string // the certificate's number, as identity.SerialText writes it
}

// Serve answers one request of a known caller. An error it returns is told to the caller and logged in one place: a
// *central.Problem in it is told as it is, anything else as trouble on our side.
type Serve func(w http.ResponseWriter, r *http.Request, from Caller) error

// Door lets callers in. It may be used from many goroutines.
type Door struct {
	log  *slog.Logger
	open context.Context // ends when the hub closes

	admit Admit // nil lets everybody in who has a certificate

	mu     sync.Mutex
	waits  map[Caller]int      // questions left open
	inside map[*visit]struct{} // requests under way
}

// Admit says why a caller is not let in, nil if it is.
type Admit func(ctx context.Context, from Caller) error

// visit is one request under way.
type visit struct {
	from Caller
	cut  func()
}

// New makes a door that logs whom it turns away. When open ends, questions that were left open are answered.
func New(open context.Context, log *slog.Logger) *Door {
	return &Door{log: log, open: open, waits: map[Caller]int{}, inside: map[*visit]struct{}{}}
}

// AskFirst has admit asked about every request. It is called before the first.
func (d *Door) AskFirst(admit Admit) { d.admit = admit }

// Recheck asks about every request under way once more, and cuts off those of callers that are not admitted any more.
func (d *Door) Recheck(ctx context.Context) {
	if d.admit == nil {
		return
	}
	d.mu.Lock()
	visits := slices.Collect(maps.Keys(d.inside))
	d.mu.Unlock()
	for _, v := range visits {
		if err := d.admit(ctx, v.from); err != nil {
			d.log.WarnContext(ctx, "cut off", "role", v.from.Role, "peer", v.from.Name, "error", err)
			v.cut()
		}
	}
}

// Only lets the named roles through to next and turns everybody else away.
func (d *Door) Only(next Serve, roles ...identity.Role) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		from, err := callerOf(r.TLS)
		if err != nil {
			d.refuse(w, r, Caller{}, Forbidden("no usable certificate"))
			return
		}
		if !slices.Contains(roles, from.Role) {
			d.refuse(w, r, from, Forbidden("not for role "+string(from.Role)))
			return
		}
		r, leave := d.enter(w, r, from)
		defer leave()
		if d.admit != nil {
			err = d.admit(r.Context(), from)
		}
		if err == nil {
			err = next(w, r, from)
		}
		if err != nil {
			d.refuse(w, r, from, err)
		}
	})
}

func callerOf(s *tls.ConnectionState) (Caller, error) {
	role, name, err := identity.Peer(s)
	if err != nil {
		return Caller{}, err
	}
	return Caller{role, name, identity.SerialText(s.VerifiedChains[0][0].SerialNumber)}, nil
}

// enter notes a request so that it can be cut off: its context ends and its connection neither reads nor writes on.
func (d *Door) enter(w http.ResponseWriter, r *http.Request, from Caller) (*http.Request, func()) {
	ctx, cancel := context.WithCancel(r.Context())
	connection := http.NewResponseController(w)
	v := &visit{from: from, cut: func() {
		cancel()
		past := time.Unix(1, 0)
		// A connection that takes no deadline is cut off by the context alone.
		_ = connection.SetReadDeadline(past)
		_ = connection.SetWriteDeadline(past)
	}}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.inside[v] = struct{}{}
	return r.WithContext(ctx), func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		delete(d.inside, v)
		cancel()
	}
}

// statuses is the status that goes with each code of the contract.
var statuses = map[central.Code]int{
	central.CodeMalformed:  http.StatusBadRequest,
	central.CodeForbidden:  http.StatusForbidden,
	central.CodeNotFound:   http.StatusNotFound,
	central.CodeConflict:   http.StatusConflict,
	central.CodeTooLarge:   http.StatusRequestEntityTooLarge,
	central.CodeMissing:    http.StatusConflict,
	central.CodeMismatched: http.StatusUnprocessableEntity,
	central.CodeBusy:       http.StatusTooManyRequests,
	central.CodeFull:       http.StatusInsufficientStorage,
	central.CodeInternal:   http.StatusInternalServerError,
}

// Malformed says that a request is not of the contract.
func Malformed(detail string) error {
	return &central.Problem{Code: central.CodeMalformed, Detail: detail}
}

// Forbidden says that a request is not the caller's to make.
func Forbidden(detail string) error {
	return &central.Problem{Code: central.CodeForbidden, Detail: detail}
}

// NotFound says that nothing is kept under the address.
func NotFound() error {
	return &central.Problem{Code: central.CodeNotFound, Detail: "nothing is kept under this address"}
}

// TooLarge says that a body is longer than limit bytes.
func TooLarge(limit int64) error {
	return &central.Problem{Code: central.CodeTooLarge, Detail: fmt.Sprintf("more than %d bytes", limit)}
}

// refuse tells the caller why not, and the log who asked for what. Troubles of our own are not described to the caller.
func (d *Door) refuse(w http.ResponseWriter, r *http.Request, from Caller, err error) {
	var p *central.Problem
	if !errors.As(err, &p) {
		p = &central.Problem{Code: central.CodeInternal, Detail: "trouble on our side"}
	}
	record := d.log.WarnContext
	if p.Code == central.CodeInternal || p.Code == central.CodeFull {
		record = d.log.ErrorContext
	}
	record(r.Context(), "refused", "role", from.Role, "peer", from.Name, "method", r.Method, "path", r.URL.Path, "code", p.Code, "error", err)
	Refuse(w, p)
}

// Refuse sends a problem without a line in the log, for a no that is an everyday answer.
func Refuse(w http.ResponseWriter, p *central.Problem) {
	body, err := json.Marshal(p)
	if err != nil {
		panic(fmt.Sprintf("problem %q does not marshal: %v", p.Code, err))
	}
	Send(w, statuses[p.Code], central.MediaProblem, body)
}

// Done sends an answer that is all in its status.
func Done(w http.ResponseWriter) {
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusNoContent)
}

// Answer sends a value of the contract.
func Answer(w http.ResponseWriter, status int, value any) error {
	body, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("write answer: %w", err)
	}
	Send(w, status, "application/json", body)
	return nil
}

// Send writes a whole answer. A caller that went away meanwhile asks again.
func Send(w http.ResponseWriter, status int, media string, body []byte) {
	h := w.Header()
	h.Set("Content-Type", media)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	w.Write(body)
}
