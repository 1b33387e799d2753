// Package staff knows who serves in the halls: members sign in at a terminal with their own identity card and a PIN, and have
// copies of slips opened there. It is asked over the relay, answers in the bureau's process, and writes down who did what.
package staff

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"yimen/drivers/device"
	"yimen/kiosk/household"
	"yimen/kiosk/inquiry"
	"yimen/provisioning/hub/rows"
)

const schema = `
CREATE TABLE IF NOT EXISTS pepper (one INTEGER PRIMARY KEY CHECK (one = 1), key BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS members (
	no INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, card BLOB NOT NULL UNIQUE, salt BLOB NOT NULL, pin BLOB NOT NULL,
	wrong INTEGER NOT NULL DEFAULT 0, closed INTEGER NOT NULL DEFAULT 0, gone INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS done (at INTEGER NOT NULL, terminal TEXT NOT NULL, member INTEGER NOT NULL, what TEXT NOT NULL, why TEXT NOT NULL);`

// What a guess at a PIN costs, and how often one may guess.
const (
	pinTime   = 3
	pinMemory = 64 << 10 // KiB
	mostWrong = 5
	closedFor = 15 * time.Minute
)

// Errors of enrolling.
var (
	ErrNumber = errors.New("not an identity number: its check digit is wrong")
	ErrName   = errors.New("a name has 2 to 30 characters")
	ErrNobody = errors.New("no such member")
)

// Roster is the members, on the bureau's disk. It may be used by several goroutines and processes.
type Roster struct {
	db     *sql.DB
	pepper []byte
}

// Open opens or makes the roster in a file. The caller closes it.
func Open(ctx context.Context, file string) (*Roster, error) {
	db, err := rows.Open(ctx, file, schema)
	if err != nil {
		return nil, fmt.Errorf("staff: %w", err)
	}
	r := &Roster{db: db, pepper: make([]byte, 32)}
	if _, err := rand.Read(r.pepper); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	if _, err = db.ExecContext(ctx, `INSERT INTO pepper (one, key) VALUES (1, ?) ON CONFLICT DO NOTHING`, r.pepper); err == nil {
		err = db.QueryRowContext(ctx, `SELECT key FROM pepper`).Scan(&r.pepper)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("staff: %w", err), db.Close())
	}
	return r, nil
}

// Close closes the roster.
func (r *Roster) Close() error { return r.db.Close() }

// Enrol takes a member in, or gives one who is there already another PIN; it answers with the member's number. The identity
// number itself is not kept. Errors: ErrNumber, ErrName, inquiry.ErrPIN.
func (r *Roster) Enrol(ctx context.Context, name string, number, pin device.Personal) (int, error) {
	name = strings.TrimSpace(name)
	if n := utf8.RuneCountInString(name); n < 2 || n > 30 {
		return 0, ErrName
	}
	if !household.ValidNumber(number.Reveal()) {
		return 0, ErrNumber
	}
	if _, err := inquiry.ParsePIN(pin.Reveal()); err != nil {
		return 0, err
	}
	salt := make([]byte, 16)
	if _, err := rand.Read(salt); err != nil {
		return 0, fmt.Errorf("enrol: %w", err)
	}
	var no int
	err := r.db.QueryRowContext(ctx, `INSERT INTO members (name, card, salt, pin) VALUES (?, ?, ?, ?)
		ON CONFLICT (card) DO UPDATE SET name = excluded.name, salt = excluded.salt, pin = excluded.pin, wrong = 0, closed = 0, gone = 0 RETURNING no`,
		name, r.card(number), salt, check(pin, salt)).Scan(&no)
	if err != nil {
		return 0, fmt.Errorf("enrol: %w", err)
	}
	return no, nil
}

// Dismiss takes a member out: the card opens nothing any more, and what the member did stays written.
func (r *Roster) Dismiss(ctx context.Context, no int) error {
	res, err := r.db.ExecContext(ctx, `UPDATE members SET gone = 1 WHERE no = ? AND gone = 0`, no)
	if err != nil {
		return fmt.Errorf("dismiss: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errors.Join(ErrNobody, err)
	}
	return nil
}

// Serves tells whether a member is still one.
func (r *Roster) Serves(ctx context.Context, no int) (bool, error) {
	var n int
	err := r.db.QueryRowContext(ctx, `SELECT count(*) FROM members WHERE no = ? AND gone = 0`, no).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("know staff: %w", err)
	}
	return n == 1, nil
}

// member is who a card belongs to.
type member struct {
	no   int
	name device.Personal
}

// Know gives the member whose card and PIN these are. Whoever is not on the roster takes as long as a wrong PIN; five wrong
// ones close a member for a quarter of an hour, and then the right one is no use either.
func (r *Roster) Know(ctx context.Context, number, pin device.Personal, now time.Time) (m member, outcome inquiry.Outcome, err error) {
	var (
		salt, want = make([]byte, 16), make([]byte, 32)
		closed     int64
		name       string
	)
	err = r.db.QueryRowContext(ctx, `SELECT no, name, salt, pin, closed FROM members WHERE card = ? AND gone = 0`, r.card(number)).
		Scan(&m.no, &name, &salt, &want, &closed)
	known := err == nil
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return member{}, inquiry.Unable, fmt.Errorf("know staff: %w", err)
	}
	right := subtle.ConstantTimeCompare(check(pin, salt), want) == 1
	switch {
	case !known:
		return member{}, inquiry.Nothing, nil
	case now.Unix() < closed:
		return member{}, inquiry.Locked, nil
	case !right:
		_, err := r.db.ExecContext(ctx, `UPDATE members SET closed = CASE WHEN wrong + 1 >= ? THEN ? ELSE closed END,
			wrong = CASE WHEN wrong + 1 >= ? THEN 0 ELSE wrong + 1 END WHERE no = ?`, mostWrong, now.Add(closedFor).Unix(), mostWrong, m.no)
		if err != nil {
			return member{}, inquiry.Unable, fmt.Errorf("know staff: %w", err) // a guess that is not counted is not answered
		}
		return member{}, inquiry.Nothing, nil
	}
	if _, err := r.db.ExecContext(ctx, `UPDATE members SET wrong = 0 WHERE no = ?`, m.no); err != nil {
		return member{}, inquiry.Unable, fmt.Errorf("know staff: %w", err)
	}
	m.name = device.Personal(name)
	return m, inquiry.Found, nil
}

// note writes down what a member did, and why. It returns when that is durable.
func (r *Roster) note(ctx context.Context, at time.Time, terminal string, no int, what inquiry.StaffDo, why string) error {
	if _, err := r.db.ExecContext(ctx, `INSERT INTO done (at, terminal, member, what, why) VALUES (?, ?, ?, ?, ?)`, at.Unix(), terminal, no, what, why); err != nil {
		return fmt.Errorf("note what staff did: %w", err)
	}
	return nil
}

// card is what stands for an identity number in the roster.
func (r *Roster) card(number device.Personal) []byte {
	h := hmac.New(sha256.New, r.pepper)
	h.Write([]byte(number.Reveal()))
	return h.Sum(nil)
}

// check is what stands for a PIN (Argon2id, RFC 9106).
func check(pin device.Personal, salt []byte) []byte {
	return argon2.IDKey([]byte(pin.Reveal()), salt, pinTime, pinMemory, 1, 32)
}
