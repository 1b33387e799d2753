package officer

import (
	"crypto/rand"
	"errors"
	"sync"
	"time"

	"yimen/provisioning/hub/docket"
)

// ErrRefused: number and password do not belong together.
var ErrRefused = errors.New("number and password do not belong together")

// ErrLocked: too many wrong passwords; the number is closed for a while.
var ErrLocked = errors.New("too many wrong passwords")

const (
	mostWrong = 5
	lockedFor = 15 * time.Minute
	idleCap   = 30 * time.Minute // without doing anything
	workday   = 10 * time.Hour   // after which everybody signs in again
)

// Sessions are the officers who are signed in at this desk, in memory only: a desk that starts anew knows nobody.
type Sessions struct {
	roster *Roster
	now    func() time.Time

	mu    sync.Mutex
	open  map[string]*session // by token
	wrong map[string]*failures
}

type session struct {
	officer     docket.Officer
	since, seen time.Time
}

type failures struct {
	n     int
	until time.Time
}

// NewSessions begins with nobody signed in.
func NewSessions(r *Roster, now func() time.Time) *Sessions {
	return &Sessions{roster: r, now: now, open: map[string]*session{}, wrong: map[string]*failures{}}
}

// SignIn gives a token for an officer. Errors: ErrRefused, ErrLocked.
func (s *Sessions) SignIn(id, password string) (string, error) {
	if s.locked(id) {
		return "", ErrLocked
	}
	o, right := s.roster.Check(id, password) // slow, so outside the lock
	s.mu.Lock()
	defer s.mu.Unlock()
	if !right {
		if idForm.MatchString(id) { // anything else is nobody's number and is not remembered
			s.failed(id)
		}
		return "", ErrRefused
	}
	delete(s.wrong, id)
	token := rand.Text()
	s.open[token] = &session{o, s.now(), s.now()}
	return token, nil
}

func (s *Sessions) locked(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.wrong[id]
	return f != nil && f.n >= mostWrong && s.now().Before(f.until)
}

// mostKnown bounds how many numbers' failures are remembered.
const mostKnown = 1000

func (s *Sessions) failed(id string) {
	now := s.now()
	f := s.wrong[id]
	if f == nil || now.After(f.until) {
		if len(s.wrong) >= mostKnown {
			clear(s.wrong)
		}
		f = &failures{}
		s.wrong[id] = f
	}
	f.n++
	f.until = now.Add(lockedFor)
}

// Who gives the officer of a token, if he is still signed in, and notes that he is there.
func (s *Sessions) Who(token string) (docket.Officer, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	for t, o := range s.open {
		if now.Sub(o.seen) > idleCap || now.Sub(o.since) > workday {
			delete(s.open, t)
		}
	}
	o, ok := s.open[token]
	if !ok {
		return docket.Officer{}, false
	}
	o.seen = now
	return o.officer, true
}

// SignOut ends a session.
func (s *Sessions) SignOut(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, token)
}

// Name gives an officer's name for what he did once.
func (s *Sessions) Name(id string) string { return s.roster.Name(id) }
