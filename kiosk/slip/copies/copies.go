// Package copies keeps what was printed for residents for some days, so that it can be printed again (补打, domain.md §7).
// Nobody can read a copy here: it is sealed twice, under the query code that stands on the slip, and to the bureau, which opens
// it for a member of the staff. In the clear stand the slip's number, its title and how often it was printed.
package copies

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	_ "github.com/mattn/go-sqlite3" // the driver "sqlite3"

	"yimen/drivers/device"
	"yimen/kiosk/slip"
)

// What can be wrong, by what can be done about it.
var (
	// ErrNone: there is no copy of that number, or not under that code; which of the two is not told.
	ErrNone = errors.New("no copy under this number and code")
	// ErrClosed: too many wrong codes were tried with this number.
	ErrClosed = errors.New("closed after wrong codes")
	// ErrEnough: the resident has printed it as often as a resident may; the staff can.
	ErrEnough = errors.New("printed often enough")
)

const (
	keptFor   = 15 * 24 * time.Hour
	mostOwn   = 3 // times that a resident prints a slip again
	mostWrong = 5
	closedFor = time.Hour
	mostShown = 60 // in a list
)

const schema = `
CREATE TABLE IF NOT EXISTS copies (slip TEXT PRIMARY KEY, at INTEGER NOT NULL, title TEXT NOT NULL, salt BLOB NOT NULL,
	coded BLOB NOT NULL, sealed BLOB NOT NULL, wrong INTEGER NOT NULL DEFAULT 0, closed INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS prints (slip TEXT NOT NULL, nth INTEGER NOT NULL, at INTEGER NOT NULL, staff INTEGER NOT NULL, why TEXT NOT NULL,
	PRIMARY KEY (slip, nth));`

// Shelf is the copies on a terminal's disk. It may be used by several goroutines.
type Shelf struct {
	db   *sql.DB
	seal func(body []byte, at time.Time) ([]byte, error)
	now  func() time.Time
	mu   sync.Mutex // one code is tried at a time
}

// Open opens or makes the shelf in dir, and throws away what is too old. seal seals to the bureau. The caller closes it.
func Open(ctx context.Context, dir string, seal func(body []byte, at time.Time) ([]byte, error), now func() time.Time) (*Shelf, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("copies of slips: %w", err)
	}
	path := strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(filepath.Join(dir, "copies.db"))
	db, err := sql.Open("sqlite3", "file:"+path+"?_journal_mode=WAL&_synchronous=FULL&_busy_timeout=5000&_txlock=immediate&_secure_delete=on")
	if err != nil {
		return nil, fmt.Errorf("copies of slips: %w", err)
	}
	db.SetMaxOpenConns(1)
	s := &Shelf{db: db, seal: seal, now: now}
	if _, err = db.ExecContext(ctx, schema); err == nil {
		err = s.sweep(ctx)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("copies of slips in %s: %w", dir, err), db.Close())
	}
	return s, nil
}

// Close closes the shelf.
func (s *Shelf) Close() error { return s.db.Close() }

// sweep throws away what is older than it may be.
func (s *Shelf) sweep(ctx context.Context) error {
	before := s.now().Add(-keptFor).Unix()
	_, err1 := s.db.ExecContext(ctx, `DELETE FROM prints WHERE slip IN (SELECT slip FROM copies WHERE at < ?)`, before)
	_, err2 := s.db.ExecContext(ctx, `DELETE FROM copies WHERE at < ?`, before)
	return errors.Join(err1, err2)
}

// Keep keeps a slip under its number and code. One that is there already stays as it was: a copy is of what was printed first.
func (s *Shelf) Keep(ctx context.Context, slipNo, code string, paper device.Slip) error {
	if err := s.keep(ctx, slipNo, code, paper); err != nil {
		return fmt.Errorf("keep copy of %s: %w", slipNo, err)
	}
	return nil
}

func (s *Shelf) keep(ctx context.Context, slipNo, code string, paper device.Slip) error {
	body, err := slip.Encode(paper)
	if err != nil {
		return err
	}
	salt, coded, err := lock(code, slipNo, body)
	if err != nil {
		return err
	}
	at := s.now()
	sealed, err := s.seal(body, at)
	if err != nil {
		return err
	}
	if err := s.sweep(ctx); err != nil {
		return err
	}
	_, err = s.db.ExecContext(ctx, `INSERT INTO copies (slip, at, title, salt, coded, sealed) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
		slipNo, at.Unix(), title(paper), salt, coded, sealed)
	return err
}

// title is a slip's first line, which names no person.
func title(paper device.Slip) string {
	for _, r := range paper.Rows {
		if t, ok := r.(device.Text); ok {
			return t.Text
		}
	}
	return ""
}

// ByCode opens a copy with the code that stands on the slip. Errors: ErrNone, ErrClosed.
func (s *Shelf) ByCode(ctx context.Context, slipNo, code string) (device.Slip, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var (
		salt, coded = make([]byte, saltSize), []byte(nil)
		closed      int64
	)
	err := s.db.QueryRowContext(ctx, `SELECT salt, coded, closed FROM copies WHERE slip = ?`, slipNo).Scan(&salt, &coded, &closed)
	known := err == nil
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return device.Slip{}, fmt.Errorf("open copy of %s: %w", slipNo, err)
	}
	body, err := unlock(code, slipNo, salt, coded)
	switch {
	case known && s.now().Unix() < closed:
		return device.Slip{}, ErrClosed
	case err != nil && known:
		_, err := s.db.ExecContext(ctx, `UPDATE copies SET closed = CASE WHEN wrong + 1 >= ? THEN ? ELSE closed END,
			wrong = CASE WHEN wrong + 1 >= ? THEN 0 ELSE wrong + 1 END WHERE slip = ?`, mostWrong, s.now().Add(closedFor).Unix(), mostWrong, slipNo)
		return device.Slip{}, errors.Join(ErrNone, err)
	case err != nil:
		return device.Slip{}, ErrNone
	}
	if _, err := s.db.ExecContext(ctx, `UPDATE copies SET wrong = 0 WHERE slip = ?`, slipNo); err != nil {
		return device.Slip{}, fmt.Errorf("open copy of %s: %w", slipNo, err)
	}
	return slip.Decode(body)
}

// Sealed gives a copy as it is sealed to the bureau, or ErrNone.
func (s *Shelf) Sealed(ctx context.Context, slipNo string) ([]byte, error) {
	var sealed []byte
	err := s.db.QueryRowContext(ctx, `SELECT sealed FROM copies WHERE slip = ?`, slipNo).Scan(&sealed)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, ErrNone
	}
	if err != nil {
		return nil, fmt.Errorf("copy of %s: %w", slipNo, err)
	}
	return sealed, nil
}

// Entry is one copy in the list.
type Entry struct {
	SlipNo, Title string
	At            time.Time // when it was printed first
	Again         int       // times it was printed again
}

// List gives the newest copies, the newest first.
func (s *Shelf) List(ctx context.Context) ([]Entry, error) {
	rows, err := s.db.QueryContext(ctx, `SELECT slip, title, at, (SELECT count(*) FROM prints p WHERE p.slip = c.slip) FROM copies c ORDER BY at DESC, slip DESC LIMIT ?`, mostShown)
	if err != nil {
		return nil, fmt.Errorf("list copies: %w", err)
	}
	defer rows.Close()
	var list []Entry
	for rows.Next() {
		var (
			e  Entry
			at int64
		)
		if err := rows.Scan(&e.SlipNo, &e.Title, &at, &e.Again); err != nil {
			return nil, fmt.Errorf("list copies: %w", err)
		}
		e.At = time.Unix(at, 0).In(s.now().Location())
		list = append(list, e)
	}
	return list, rows.Err()
}

// Count notes, durably and before it is printed, that a slip is printed again: which time that is, from 1, and when it was
// printed first. staff is the member's number, 0 for the resident, who may do so three times (ErrEnough). Errors: ErrNone.
func (s *Shelf) Count(ctx context.Context, slipNo string, staff int, why string) (nth int, first time.Time, err error) {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return 0, time.Time{}, fmt.Errorf("count print of %s: %w", slipNo, err)
	}
	defer func() { _ = tx.Rollback() }() // after a commit there is nothing to take back
	var (
		at  int64
		own int
	)
	err = tx.QueryRowContext(ctx, `SELECT at, (SELECT count(*) FROM prints p WHERE p.slip = c.slip),
		(SELECT count(*) FROM prints p WHERE p.slip = c.slip AND staff = 0) FROM copies c WHERE slip = ?`, slipNo).Scan(&at, &nth, &own)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return 0, time.Time{}, ErrNone
	case err != nil:
		return 0, time.Time{}, fmt.Errorf("count print of %s: %w", slipNo, err)
	case staff == 0 && own >= mostOwn:
		return 0, time.Time{}, ErrEnough
	}
	nth++
	_, err = tx.ExecContext(ctx, `INSERT INTO prints (slip, nth, at, staff, why) VALUES (?, ?, ?, ?, ?)`, slipNo, nth, s.now().Unix(), staff, why)
	if err == nil {
		err = tx.Commit()
	}
	if err != nil {
		return 0, time.Time{}, fmt.Errorf("count print of %s: %w", slipNo, err)
	}
	return nth, time.Unix(at, 0).In(s.now().Location()), nil
}
