// Package chain keeps rows on this machine's disk that can be added and nothing else. Each row carries a digest over itself and
// over the one before, so that a change behind the program's back is found when they are opened.
package chain

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"

	_ "github.com/mattn/go-sqlite3" // the driver named "sqlite3"
	"golang.org/x/sys/unix"
)

// ErrChanged: a row that was written is not as it was.
var ErrChanged = errors.New("a row was changed after it was written")

// ErrInUse: another process has them open.
var ErrInUse = errors.New("in use by another process")

// Row is one thing that was written down.
type Row struct {
	Seq   int64 // from 1, without a gap
	About string
	At    time.Time
	By    string // who did it; empty for the program
	Kind  string // of Body
	Body  []byte
}

const schema = `
CREATE TABLE IF NOT EXISTS record (
	seq   INTEGER PRIMARY KEY AUTOINCREMENT,
	about TEXT NOT NULL,
	at    TEXT NOT NULL,
	actor TEXT NOT NULL,
	kind  TEXT NOT NULL,
	body  BLOB NOT NULL,
	chain BLOB NOT NULL
) STRICT;
CREATE TRIGGER IF NOT EXISTS never_changed BEFORE UPDATE ON record BEGIN SELECT RAISE(ABORT, 'a record is never changed'); END;
CREATE TRIGGER IF NOT EXISTS never_removed BEFORE DELETE ON record BEGIN SELECT RAISE(ABORT, 'a record is never removed'); END;`

// Chain is an open file of rows, readable by this account alone. One process at a time has it, and one goroutine at a time
// may add.
type Chain struct {
	db   *sql.DB
	lock *os.File
	link []byte // of the last row
	last int64
}

// Open opens the rows under a name in the folder dir, makes both if there are none, and gives every row there is. The caller
// closes it. Errors: ErrInUse, ErrChanged.
func Open(ctx context.Context, dir, name string) (*Chain, []Row, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, nil, err
	}
	lock, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, nil, err
	}
	c := &Chain{lock: lock}
	if err := unix.Flock(int(lock.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		if errors.Is(err, unix.EWOULDBLOCK) {
			err = ErrInUse
		}
		return nil, nil, errors.Join(err, c.Close())
	}
	if err := c.lay(ctx, filepath.Join(dir, name)); err != nil {
		return nil, nil, errors.Join(err, c.Close())
	}
	rows, err := c.all(ctx)
	if err != nil {
		return nil, nil, errors.Join(err, c.Close())
	}
	return c, rows, nil
}

// lay opens the database with a log that is flushed at every commit: synchronous=NORMAL loses committed rows in a power cut.
func (c *Chain) lay(ctx context.Context, path string) error {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600) // SQLite would make it readable to others
	if err != nil {
		return err
	}
	if err := file.Close(); err != nil {
		return err
	}
	address := url.URL{Scheme: "file", Path: path, RawQuery: url.Values{
		"_journal_mode": {"WAL"}, "_synchronous": {"FULL"}, "_busy_timeout": {"10000"}, "_txlock": {"immediate"},
	}.Encode()}
	if c.db, err = sql.Open("sqlite3", address.String()); err != nil {
		return err
	}
	c.db.SetMaxOpenConns(1)
	if _, err := c.db.ExecContext(ctx, schema); err != nil {
		return fmt.Errorf("lay out the rows: %w", err)
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close()) // the names survive a power cut too
}

// Close lets go of the rows. Nothing needs to be saved by it.
func (c *Chain) Close() error {
	var err error
	if c.db != nil {
		err = c.db.Close()
	}
	return errors.Join(err, c.lock.Close())
}

const clockForm = time.RFC3339Nano

func (c *Chain) all(ctx context.Context) (list []Row, err error) {
	rows, err := c.db.QueryContext(ctx, "SELECT seq, about, at, actor, kind, body, chain FROM record ORDER BY seq")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var r Row
		var at string
		var written []byte
		if err := rows.Scan(&r.Seq, &r.About, &at, &r.By, &r.Kind, &r.Body, &written); err != nil {
			return nil, err
		}
		link := linked(c.link, r.Seq, r.About, at, r.By, r.Kind, string(r.Body))
		if r.Seq != c.last+1 || subtle.ConstantTimeCompare(link, written) != 1 {
			return nil, fmt.Errorf("row %d: %w", r.Seq, ErrChanged)
		}
		c.link, c.last = link, r.Seq
		if r.At, err = time.Parse(clockForm, at); err != nil {
			return nil, fmt.Errorf("row %d: %w", r.Seq, err)
		}
		list = append(list, r)
	}
	return list, rows.Err()
}

// Add makes rows durable, all or none, and numbers them.
func (c *Chain) Add(ctx context.Context, rows []Row) (err error) {
	tx, err := c.db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("add rows: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("add rows: %w", err), tx.Rollback())
		}
	}()
	link, last := c.link, c.last
	for i := range rows {
		r := &rows[i]
		last++
		at := r.At.Format(clockForm)
		link = linked(link, last, r.About, at, r.By, r.Kind, string(r.Body))
		if _, err := tx.ExecContext(ctx, "INSERT INTO record (seq, about, at, actor, kind, body, chain) VALUES (?, ?, ?, ?, ?, ?, ?)",
			last, r.About, at, r.By, r.Kind, r.Body, link); err != nil {
			return err
		}
		r.Seq = last
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	c.link, c.last = link, last
	return nil
}

// linked is the digest of a row: a digest over the one before and over each field with its length.
func linked(before []byte, seq int64, fields ...string) []byte {
	h := sha256.New()
	h.Write(before)
	h.Write(binary.BigEndian.AppendUint64(nil, uint64(seq)))
	for _, f := range fields {
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(f))))
		h.Write([]byte(f))
	}
	return h.Sum(nil)
}
