package staff

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"yimen/kiosk/inquiry"
)

// Caps of a session at a terminal, whatever is done in it.
const longest = 30 * time.Minute

// mostSessions bounds what is kept in memory; no street has that many members at work.
const mostSessions = 1000

// Desk answers members of the staff. All fields are set before use; sessions are in memory and gone with the process.
type Desk struct {
	Roster *Roster
	Clerk  inquiry.Clerk
	Zone   *time.Location // of the halls: a session ends with their day
	Now    func() time.Time

	mu       sync.Mutex
	sessions map[string]session
}

// session is a member at work at one terminal.
type session struct {
	no       int
	terminal string
	until    time.Time
}

var (
	errDo  = errors.New("staff ask for what is not known")
	errWhy = errors.New("no reason was chosen")
)

// Answer answers one question of the kind inquiry.Staff.
func (d *Desk) Answer(ctx context.Context, q inquiry.Question) (inquiry.Answer, error) {
	ask, err := inquiry.ReadStaffAsk(q.Body)
	if err != nil {
		return inquiry.Answer{}, err
	}
	switch ask.Do {
	case inquiry.SignIn, inquiry.Vouch:
		return d.signIn(ctx, q, ask)
	case inquiry.OpenCopy:
		return d.openCopy(ctx, q, ask)
	}
	return inquiry.Answer{}, fmt.Errorf("%w: %q", errDo, ask.Do)
}

// signIn begins a session, or for a Vouch tells who stands there and no more.
func (d *Desk) signIn(ctx context.Context, q inquiry.Question, ask inquiry.StaffAsk) (inquiry.Answer, error) {
	now := d.Now().In(d.Zone)
	m, outcome, err := d.Roster.Know(ctx, q.Proof.Number, ask.PIN, now)
	if err != nil || outcome != inquiry.Found {
		return inquiry.Answer{Outcome: outcome}, err
	}
	if err := d.Roster.note(ctx, now, q.Terminal, m.no, ask.Do, ask.Why); err != nil {
		return inquiry.Answer{}, err
	}
	told := inquiry.Member{No: m.no, Name: m.name.MaskName(), Until: end(now)}
	if ask.Do == inquiry.SignIn {
		told.Session = d.begin(session{m.no, q.Terminal, told.Until}, now)
	}
	body, err := json.Marshal(told)
	return inquiry.Answer{Outcome: inquiry.Found, Body: body}, err
}

// end is when a session that begins now ends: after half an hour, and no later than the day.
func end(now time.Time) time.Time {
	y, m, day := now.Date()
	midnight := time.Date(y, m, day+1, 0, 0, 0, 0, now.Location())
	if by := now.Add(longest); by.Before(midnight) {
		return by
	}
	return midnight
}

// begin keeps a session under a fresh random word. A member has one session: another one ends it.
func (d *Desk) begin(s session, now time.Time) string {
	b := make([]byte, 20)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	word := base32.StdEncoding.EncodeToString(b)
	d.mu.Lock()
	defer d.mu.Unlock()
	for w, old := range d.sessions {
		if old.no == s.no || !now.Before(old.until) || len(d.sessions) >= mostSessions {
			delete(d.sessions, w)
		}
	}
	if d.sessions == nil {
		d.sessions = map[string]session{}
	}
	d.sessions[word] = s
	return word
}

// present gives the session of that word, if it goes on at that terminal.
func (d *Desk) present(word, terminal string) (session, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	s, ok := d.sessions[word]
	return s, ok && s.terminal == terminal && d.Now().Before(s.until)
}

// openCopy opens the copy of a slip that this terminal sealed. Who opens, when and why is written down before it is given.
func (d *Desk) openCopy(ctx context.Context, q inquiry.Question, ask inquiry.StaffAsk) (inquiry.Answer, error) {
	s, ok := d.present(ask.Session, q.Terminal)
	if !ok {
		return inquiry.Answer{Outcome: inquiry.Nothing}, nil
	}
	if ask.Why == "" || len(ask.Why) > 40 {
		return inquiry.Answer{}, errWhy
	}
	if serves, err := d.Roster.Serves(ctx, s.no); err != nil || !serves {
		return inquiry.Answer{Outcome: inquiry.Nothing}, err
	}
	body, err := d.Clerk.OpenCopy(q.Terminal, ask.Copy)
	if err != nil {
		return inquiry.Answer{}, err
	}
	if err := d.Roster.note(ctx, d.Now(), q.Terminal, s.no, ask.Do, ask.Why); err != nil {
		return inquiry.Answer{}, err
	}
	return inquiry.Answer{Outcome: inquiry.Found, Body: body}, nil
}
