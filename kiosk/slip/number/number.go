// Package number gives every slip of a terminal its own number, for ever: SJ-{region6}-{terminal4}-{yyyymmdd}-{seq5}-{check}
// (domain.md §7), and the code that a query asks for beside it. A number that was given is on disk before it is given,
// so it never comes twice, whatever ends the process; one that was given and not used leaves a gap, which harms nobody.
package number

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"math/big"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	_ "github.com/mattn/go-sqlite3" // the driver "sqlite3"

	"yimen/kiosk/slip/shape"
)

// ErrUsedUp: the day's 99,999 numbers are given.
var ErrUsedUp = errors.New("no slip number is left for this day")

// Issuer gives numbers. It may be used by several goroutines.
type Issuer struct {
	db               *sql.DB
	region, terminal string
}

var (
	regionShape   = regexp.MustCompile(`^[0-9]{6}$`)
	terminalShape = regexp.MustCompile(`^[0-9A-Z]{4}$`)
)

const most = 99999

// Open opens or makes the counter in dir. region is the six digits of GB/T 2260, terminal four digits or capital letters.
func Open(ctx context.Context, dir, region, terminal string) (*Issuer, error) {
	if !regionShape.MatchString(region) || !terminalShape.MatchString(terminal) {
		return nil, fmt.Errorf("slip numbers of region %q, terminal %q: want six digits, and four digits or capital letters", region, terminal)
	}
	path := filepath.Join(dir, "numbers.db")
	db, err := sql.Open("sqlite3", "file:"+strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(path)+
		"?_journal_mode=WAL&_synchronous=FULL&_busy_timeout=5000&_txlock=immediate")
	if err != nil {
		return nil, fmt.Errorf("open slip numbers: %w", err)
	}
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS given (place TEXT, day TEXT, last INTEGER NOT NULL, PRIMARY KEY (place, day))`); err != nil {
		_ = db.Close()
		return nil, fmt.Errorf("open slip numbers in %s: %w", dir, err)
	}
	// SQLite flushes what is in the counter; that there is one, and a folder with it, nobody else does.
	if err := errors.Join(syncFolder(dir), syncFolder(filepath.Dir(dir))); err != nil {
		return nil, errors.Join(fmt.Errorf("open slip numbers in %s: %w", dir, err), db.Close())
	}
	return &Issuer{db: db, region: region, terminal: terminal}, nil
}

// syncFolder makes the names in a folder last.
func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Close closes the counter.
func (i *Issuer) Close() error { return i.db.Close() }

// Next gives a number of the day of at, which is in the hall's time zone. It returns when the number is durable, or
// ErrUsedUp. A clock that was set back goes on where that day had ended.
func (i *Issuer) Next(ctx context.Context, at time.Time) (string, error) {
	day := at.Format("20060102")
	var seq int
	err := i.db.QueryRowContext(ctx, `INSERT INTO given (place, day, last) VALUES (?, ?, 1)
		ON CONFLICT (place, day) DO UPDATE SET last = last + 1 WHERE last < ? RETURNING last`,
		i.region+i.terminal, day, most).Scan(&seq)
	if errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("slip number for %s: %w", day, ErrUsedUp)
	}
	if err != nil {
		return "", fmt.Errorf("slip number for %s: %w", day, err)
	}
	body := fmt.Sprintf("SJ-%s-%s-%s-%05d", i.region, i.terminal, day, seq)
	return body + "-" + string(shape.Check(body)), nil
}

// Valid tells whether s is a slip's number, as typed or scanned: its shape and its check character are right.
func Valid(s string) bool { return shape.Valid(s) }

// QueryCode draws the eight digits that belong to a slip; random is a cryptographic source.
func QueryCode(random io.Reader) (string, error) {
	n, err := rand.Int(random, big.NewInt(100_000_000))
	if err != nil {
		return "", fmt.Errorf("query code: %w", err)
	}
	return fmt.Sprintf("%08d", n), nil
}
