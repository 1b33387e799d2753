// Package registry knows the terminals that enrolled themselves: by a one-time code each got a certificate and had its
// signing key registered. It renews certificates, and shuts out who is revoked. Terminals whose keys were carried to
// the hub by hand are not in it, and can be revoked all the same.
package registry

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"yimen/kiosk/central"
	"yimen/kiosk/central/enrolcode"
	"yimen/kiosk/envelope"
	"yimen/provisioning/hub/door"
	"yimen/provisioning/hub/rows"
	"yimen/provisioning/identity"
)

// CodeLife is how long a one-time code may be used.
const CodeLife = time.Hour

// maxGuesses is how many wrong secrets void a code.
const maxGuesses = 5

// Registry keeps terminals, certificates and codes durably. Several processes may have one file open. It may be used
// from many goroutines.
type Registry struct {
	db  *sql.DB
	now func() time.Time
	log *slog.Logger
}

// Moments are seconds since 1970; 0 is never.
const schema = `
CREATE TABLE IF NOT EXISTS code (
	id       TEXT PRIMARY KEY,
	secret   BLOB NOT NULL, -- SHA-256
	terminal TEXT NOT NULL,
	expires  INTEGER NOT NULL,
	guesses  INTEGER NOT NULL DEFAULT 0,
	used     INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE IF NOT EXISTS terminal (
	name     TEXT PRIMARY KEY,
	signing  BLOB NOT NULL, -- PEM
	enrolled INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS certificate (
	serial   TEXT PRIMARY KEY,
	terminal TEXT NOT NULL REFERENCES terminal(name),
	ends     INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS revoked (
	name TEXT PRIMARY KEY,
	at   INTEGER NOT NULL
) STRICT;`

// Open opens the registry in a database file and makes it if there is none. The caller closes it.
func Open(ctx context.Context, file string, now func() time.Time, log *slog.Logger) (*Registry, error) {
	db, err := rows.Open(ctx, file, schema)
	if err != nil {
		return nil, fmt.Errorf("open registry: %w", err)
	}
	return &Registry{db: db, now: now, log: log}, nil
}

// Close lets go of the registry. Nothing needs to be saved by it.
func (r *Registry) Close() error { return r.db.Close() }

// NewCode draws a code by which one terminal may enrol, once, within CodeLife. A code that was drawn for it before is
// void from now on, and so is a revocation: whoever gives out the code wants the terminal back.
func (r *Registry) NewCode(ctx context.Context, terminal string, hall [sha256.Size]byte) (enrolcode.Code, error) {
	if !identity.TerminalName(terminal) {
		return enrolcode.Code{}, fmt.Errorf("new code: terminal %q: want the region's six digits and the terminal's four, such as 150102-0001", terminal)
	}
	code := enrolcode.New(hall)
	err := r.change(ctx, func(tx *sql.Tx) error {
		now := r.now()
		_, oldErr := tx.ExecContext(ctx, "DELETE FROM code WHERE terminal = ? OR expires < ?", terminal, now.Unix())
		_, newErr := tx.ExecContext(ctx, "INSERT INTO code (id, secret, terminal, expires) VALUES (?, ?, ?, ?)",
			code.ID, digest(code.Secret), terminal, now.Add(CodeLife).Unix())
		return errors.Join(oldErr, newErr)
	})
	if err != nil {
		return enrolcode.Code{}, fmt.Errorf("new code: %w", err)
	}
	return code, nil
}

func digest(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

// errCode is told for every code that cannot be used, whatever the reason: a guesser learns nothing.
var errCode = errors.New("the code is wrong, used, void or too old")

// enrol registers a terminal by a code, and gives the certificate that issue makes for it. The terminal's former
// certificates end with it. A wrong secret is counted durably before it is told.
func (r *Registry) enrol(ctx context.Context, code enrolcode.Code, signing []byte, issue func(terminal string) (identity.Issued, error)) (terminal string, issued identity.Issued, err error) {
	wrong := false
	err = r.change(ctx, func(tx *sql.Tx) error {
		var secret []byte
		var expires, guesses, used int64
		err := tx.QueryRowContext(ctx, "SELECT secret, terminal, expires, guesses, used FROM code WHERE id = ?", code.ID).Scan(&secret, &terminal, &expires, &guesses, &used)
		if errors.Is(err, sql.ErrNoRows) {
			wrong = true
			return nil
		}
		if err != nil {
			return err
		}
		now := r.now()
		if used != 0 || now.Unix() >= expires || guesses >= maxGuesses || subtle.ConstantTimeCompare(secret, digest(code.Secret)) != 1 {
			wrong = true
			_, err := tx.ExecContext(ctx, "UPDATE code SET guesses = guesses + 1 WHERE id = ?", code.ID)
			return err
		}
		if issued, err = issue(terminal); err != nil {
			return err
		}
		for _, do := range []struct {
			query string
			args  []any
		}{
			{"UPDATE code SET used = ? WHERE id = ?", []any{now.Unix(), code.ID}},
			{"DELETE FROM certificate WHERE terminal = ?", []any{terminal}},
			{"INSERT INTO terminal (name, signing, enrolled) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET signing = excluded.signing, enrolled = excluded.enrolled",
				[]any{terminal, signing, now.Unix()}},
			{"INSERT INTO certificate (serial, terminal, ends) VALUES (?, ?, ?)", []any{issued.Serial, terminal, issued.NotAfter.Unix()}},
			{"DELETE FROM revoked WHERE name = ?", []any{terminal}},
		} {
			if _, err := tx.ExecContext(ctx, do.query, do.args...); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil && wrong {
		err = errCode
	}
	if err != nil {
		return "", identity.Issued{}, fmt.Errorf("enrol: %w", err)
	}
	return terminal, issued, nil
}

// renew registers the next certificate of a terminal. The one before holds until it ends: the answer may get lost.
func (r *Registry) renew(ctx context.Context, terminal string, issued identity.Issued) error {
	err := r.change(ctx, func(tx *sql.Tx) error {
		_, oldErr := tx.ExecContext(ctx, "DELETE FROM certificate WHERE terminal = ? AND ends < ?", terminal, r.now().Unix())
		_, newErr := tx.ExecContext(ctx, "INSERT INTO certificate (serial, terminal, ends) VALUES (?, ?, ?)", issued.Serial, terminal, issued.NotAfter.Unix())
		return errors.Join(oldErr, newErr)
	})
	if err != nil {
		return fmt.Errorf("renew: %w", err)
	}
	return nil
}

// Revoke shuts a terminal, or a bureau's desk, out by its name until it enrols anew.
func (r *Registry) Revoke(ctx context.Context, name string) error {
	err := r.change(ctx, func(tx *sql.Tx) error {
		_, revokeErr := tx.ExecContext(ctx, "INSERT INTO revoked (name, at) VALUES (?, ?) ON CONFLICT DO NOTHING", name, r.now().Unix())
		_, codeErr := tx.ExecContext(ctx, "DELETE FROM code WHERE terminal = ?", name)
		return errors.Join(revokeErr, codeErr)
	})
	if err != nil {
		return fmt.Errorf("revoke %s: %w", name, err)
	}
	return nil
}

// Admit says why a caller is not let in, nil if it is: who is revoked is not, nor an enrolled terminal with a
// certificate other than those that were issued to it since.
func (r *Registry) Admit(ctx context.Context, from door.Caller) error {
	var revoked, enrolled, issued bool
	err := r.db.QueryRowContext(ctx, `SELECT
		EXISTS (SELECT 1 FROM revoked WHERE name = ?1), EXISTS (SELECT 1 FROM terminal WHERE name = ?1),
		EXISTS (SELECT 1 FROM certificate WHERE serial = ?2 AND terminal = ?1)`, from.Name, from.Serial).Scan(&revoked, &enrolled, &issued)
	switch {
	case err != nil:
		return fmt.Errorf("look up %s: %w", from.Name, err)
	case revoked:
		return door.Forbidden("revoked")
	case from.Role == identity.RoleTerminal && enrolled && !issued:
		return door.Forbidden("another certificate was issued to this terminal since")
	}
	return nil
}

// Signing gives what an enrolled terminal's signature verifies with; known is false for a terminal that did not enrol.
func (r *Registry) Signing(ctx context.Context, terminal string) (key *envelope.Verifier, known bool, err error) {
	var signing []byte
	err = r.db.QueryRowContext(ctx, "SELECT signing FROM terminal WHERE name = ?", terminal).Scan(&signing)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	if err == nil {
		key, err = envelope.ParseVerifier(signing)
	}
	if err != nil {
		return nil, false, fmt.Errorf("signing key of %s: %w", terminal, err)
	}
	return key, true, nil
}

// Terminals gives all that are enrolled, by name.
func (r *Registry) Terminals(ctx context.Context) ([]central.Enrolled, error) {
	found, err := r.db.QueryContext(ctx, "SELECT name, signing FROM terminal ORDER BY name")
	if err != nil {
		return nil, fmt.Errorf("list terminals: %w", err)
	}
	defer found.Close()
	all := []central.Enrolled{}
	for found.Next() {
		var e central.Enrolled
		if err := found.Scan(&e.Terminal, &e.Signing); err != nil {
			return nil, fmt.Errorf("list terminals: %w", err)
		}
		all = append(all, e)
	}
	if err := found.Err(); err != nil {
		return nil, fmt.Errorf("list terminals: %w", err)
	}
	return all, nil
}

// lookEvery is how long a revocation by another process may stay unnoticed by who is in the middle of something.
const lookEvery = time.Second

// Watch calls changed after each change that another process made, until ctx ends.
func (r *Registry) Watch(ctx context.Context, changed func()) error {
	look, err := r.db.Conn(ctx) // data_version tells of changes by others than this connection
	if err != nil {
		return fmt.Errorf("watch registry: %w", err)
	}
	defer look.Close()
	last := int64(-1)
	for {
		var version int64
		if err := look.QueryRowContext(ctx, "PRAGMA data_version").Scan(&version); err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return fmt.Errorf("watch registry: %w", err)
		}
		if version != last {
			changed()
		}
		last = version
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(lookEvery):
		}
	}
}

// change does all of what do does, or nothing.
func (r *Registry) change(ctx context.Context, do func(*sql.Tx) error) error {
	tx, err := r.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := do(tx); err != nil {
		return err
	}
	return tx.Commit()
}
