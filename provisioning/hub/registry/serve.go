package registry

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"yimen/kiosk/central"
	"yimen/kiosk/central/enrolcode"
	"yimen/kiosk/envelope"
	"yimen/provisioning/hub/door"
	"yimen/provisioning/identity"
)

// Strangers may ask for an enrolment. What they can make the hub do is bounded.
const (
	maxStrangers    = 8           // at the same time
	strangePatience = time.Minute // for one of them
	maxRequest      = 32 << 10    // bytes
	guessEvery      = 2 * time.Second
	guessBurst      = 10 // wrong codes before guessEvery holds
)

// Serve is the registry behind a door: renewal for terminals, and their signing keys for a bureau.
func (r *Registry) Serve(at *door.Door, issuer *identity.Issuer) http.Handler {
	routes := http.NewServeMux()
	routes.Handle("POST "+central.CertificatePath, at.Only(func(w http.ResponseWriter, q *http.Request, from door.Caller) error {
		return r.renewal(w, q, from, issuer)
	}, identity.RoleTerminal))
	routes.Handle("GET "+central.TerminalsPath, at.Only(func(w http.ResponseWriter, q *http.Request, _ door.Caller) error {
		all, err := r.Terminals(q.Context())
		if err != nil {
			return err
		}
		return door.Answer(w, http.StatusOK, central.EnrolledPage{Terminals: all})
	}, identity.RoleBureau))
	return routes
}

// renewal gives a terminal its next certificate: POST /v1/certificate.
func (r *Registry) renewal(w http.ResponseWriter, q *http.Request, from door.Caller, issuer *identity.Issuer) error {
	var asked central.Renewal
	if err := readJSON(w, q, &asked); err != nil {
		return err
	}
	if _, known, err := r.Signing(q.Context(), from.Name); err != nil {
		return err
	} else if !known {
		return door.Forbidden("its keys were carried here by hand: enrol the terminal instead")
	}
	issued, err := issuer.Issue(asked.Request, from.Name, r.now())
	if errors.Is(err, identity.ErrRequest) {
		return door.Malformed(err.Error())
	}
	if err != nil {
		return err
	}
	if err := r.renew(q.Context(), from.Name, issued); err != nil {
		return err
	}
	r.log.InfoContext(q.Context(), "certificate renewed", "terminal", from.Name, "serial", issued.Serial, "ends", issued.NotAfter)
	return door.Answer(w, http.StatusCreated, central.Certificate{Chain: issued.Chain})
}

// Enrolment is what a terminal without a certificate may ask: the hall's card, and by a code its certificate.
func (r *Registry) Enrolment(card []byte, issuer *identity.Issuer) http.Handler {
	e := &enrolment{registry: r, card: card, issuer: issuer, inside: make(chan struct{}, maxStrangers)}
	routes := http.NewServeMux()
	routes.HandleFunc("GET "+central.CardPath, e.handOut)
	routes.HandleFunc("POST "+central.EnrolmentPath, e.take)
	routes.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		door.Refuse(w, &central.Problem{Code: central.CodeForbidden, Detail: "only an enrolment needs no certificate"})
	})
	return http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		w.Header().Set("Connection", "close")
		select {
		case e.inside <- struct{}{}:
			defer func() { <-e.inside }()
			routes.ServeHTTP(w, q)
		default:
			door.Refuse(w, &central.Problem{Code: central.CodeBusy, Detail: "others are enrolling"})
		}
	})
}

// enrolment serves strangers.
type enrolment struct {
	registry *Registry
	card     []byte
	issuer   *identity.Issuer
	inside   chan struct{}

	mu      sync.Mutex
	guesses int       // wrong codes, less one for each guessEvery that passed
	since   time.Time // when guesses was last lessened
}

func (e *enrolment) handOut(w http.ResponseWriter, _ *http.Request) {
	door.Send(w, http.StatusOK, "application/json", e.card)
}

// take enrols a terminal: POST /v1/enrolment.
func (e *enrolment) take(w http.ResponseWriter, q *http.Request) {
	if !e.mayGuess() {
		e.registry.log.ErrorContext(q.Context(), "enrolment refused: too many wrong codes", "from", q.RemoteAddr)
		door.Refuse(w, &central.Problem{Code: central.CodeBusy, Detail: "too many wrong codes; try again in a minute"})
		return
	}
	terminal, issued, err := e.enrol(w, q)
	var problem *central.Problem
	switch {
	case err == nil:
		e.registry.log.InfoContext(q.Context(), "terminal enrolled", "terminal", terminal, "serial", issued.Serial, "ends", issued.NotAfter, "from", q.RemoteAddr)
		if err := door.Answer(w, http.StatusCreated, central.Certificate{Chain: issued.Chain}); err != nil {
			e.registry.log.ErrorContext(q.Context(), "enrolment", "err", err)
		}
		return
	case errors.Is(err, errCode):
		e.guessed()
		problem = &central.Problem{Code: central.CodeForbidden, Detail: errCode.Error()}
	case errors.As(err, &problem):
	default:
		problem = &central.Problem{Code: central.CodeInternal, Detail: "trouble on our side"}
	}
	e.registry.log.WarnContext(q.Context(), "enrolment refused", "from", q.RemoteAddr, "code", problem.Code, "err", err)
	door.Refuse(w, problem)
}

func (e *enrolment) enrol(w http.ResponseWriter, q *http.Request) (string, identity.Issued, error) {
	var asked central.Enrolment
	if err := readJSON(w, q, &asked); err != nil {
		return "", identity.Issued{}, err
	}
	code, err := enrolcode.ParseTold(asked.Code)
	if err != nil {
		return "", identity.Issued{}, errCode
	}
	if _, err := envelope.ParseVerifier(asked.Signing); err != nil {
		return "", identity.Issued{}, door.Malformed("not a signing key")
	}
	terminal, issued, err := e.registry.enrol(q.Context(), code, asked.Signing, func(terminal string) (identity.Issued, error) {
		return e.issuer.Issue(asked.Request, terminal, e.registry.now())
	})
	if errors.Is(err, identity.ErrRequest) {
		err = door.Malformed(err.Error())
	}
	return terminal, issued, err
}

// mayGuess tells whether wrong codes have been few enough of late.
func (e *enrolment) mayGuess() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	now := e.registry.now()
	if passed := int(now.Sub(e.since) / guessEvery); passed > 0 {
		e.guesses, e.since = max(0, e.guesses-passed), now
	}
	return e.guesses < guessBurst
}

func (e *enrolment) guessed() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.guesses++
}

// readJSON reads a request's body.
func readJSON(w http.ResponseWriter, q *http.Request, into any) error {
	if err := http.NewResponseController(w).SetReadDeadline(time.Now().Add(strangePatience)); err != nil {
		return fmt.Errorf("set deadline: %w", err)
	}
	d := json.NewDecoder(http.MaxBytesReader(w, q.Body, maxRequest))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
			return door.TooLarge(tooLarge.Limit)
		}
		return door.Malformed("not a request of the contract")
	}
	return nil
}
