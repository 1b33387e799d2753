package docket

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

// ErrChanged: a record that was written is not as it was.
var ErrChanged = errors.New("a record was changed after it was written")

// ErrInUse: another process has the book open.
var ErrInUse = errors.New("in use by another process")

// Rows can be added and nothing else; each one's chain is a digest over the row and the chain before it, so that a change
// behind this program's back is found when the book is opened.
const schema = `
CREATE TABLE IF NOT EXISTS record (
	seq     INTEGER PRIMARY KEY AUTOINCREMENT,
	case_no TEXT NOT NULL,
	at      TEXT NOT NULL,
	officer TEXT NOT NULL,
	kind    TEXT NOT NULL,
	body    BLOB NOT NULL,
	chain   BLOB NOT NULL
) STRICT;
CREATE TRIGGER IF NOT EXISTS never_changed BEFORE UPDATE ON record BEGIN SELECT RAISE(ABORT, 'a record is never changed'); END;
CREATE TRIGGER IF NOT EXISTS never_removed BEFORE DELETE ON record BEGIN SELECT RAISE(ABORT, 'a record is never removed'); END;`

// store keeps the records on this machine's disk, for the account of the desk alone.
type store struct {
	db    *sql.DB
	lock  *os.File
	chain []byte // of the last record
	last  int64
}

// openStore opens the store in dir, makes it if there is none, and gives every record there is.
func openStore(ctx context.Context, dir string) (*store, []Record, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, nil, err
	}
	lock, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, nil, err
	}
	s := &store{lock: lock}
	if err := unix.Flock(int(lock.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		if errors.Is(err, unix.EWOULDBLOCK) {
			err = ErrInUse
		}
		return nil, nil, errors.Join(err, s.close())
	}
	if err := s.lay(ctx, filepath.Join(dir, "docket.db")); err != nil {
		return nil, nil, errors.Join(err, s.close())
	}
	records, err := s.all(ctx)
	if err != nil {
		return nil, nil, errors.Join(err, s.close())
	}
	return s, records, nil
}

// lay opens the database with a log that is flushed at every commit: synchronous=NORMAL loses committed rows in a power cut.
func (s *store) lay(ctx context.Context, path string) error {
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
	if s.db, err = sql.Open("sqlite3", address.String()); err != nil {
		return err
	}
	s.db.SetMaxOpenConns(1)
	if _, err := s.db.ExecContext(ctx, schema); err != nil {
		return fmt.Errorf("lay out the book: %w", err)
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close()) // the names survive a power cut too
}

func (s *store) close() error {
	var err error
	if s.db != nil {
		err = s.db.Close()
	}
	return errors.Join(err, s.lock.Close())
}

const clockForm = time.RFC3339Nano

func (s *store) all(ctx context.Context) (records []Record, err error) {
	rows, err := s.db.QueryContext(ctx, "SELECT seq, case_no, at, officer, kind, body, chain FROM record ORDER BY seq")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var r Record
		var at, kind string
		var body, chain []byte
		if err := rows.Scan(&r.Seq, &r.Case, &at, &r.Officer, &kind, &body, &chain); err != nil {
			return nil, err
		}
		link := linked(s.chain, r.Seq, r.Case, at, r.Officer, kind, string(body))
		if r.Seq != s.last+1 || subtle.ConstantTimeCompare(link, chain) != 1 {
			return nil, fmt.Errorf("record %d: %w", r.Seq, ErrChanged)
		}
		s.chain, s.last = link, r.Seq
		if r.At, err = time.Parse(clockForm, at); err != nil {
			return nil, fmt.Errorf("record %d: %w", r.Seq, err)
		}
		if r.Happening, err = read(kind, body); err != nil {
			return nil, fmt.Errorf("record %d: %w", r.Seq, err)
		}
		records = append(records, r)
	}
	return records, rows.Err()
}

// add makes records durable, all or none, and numbers them.
func (s *store) add(ctx context.Context, records []Record) (err error) {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("add to the book: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("add to the book: %w", err), tx.Rollback())
		}
	}()
	chain, last := s.chain, s.last
	for i := range records {
		r := &records[i]
		body, err := write(r.Happening)
		if err != nil {
			return err
		}
		last++
		at := r.At.Format(clockForm)
		chain = linked(chain, last, r.Case, at, r.Officer, r.kind(), string(body))
		if _, err := tx.ExecContext(ctx, "INSERT INTO record (seq, case_no, at, officer, kind, body, chain) VALUES (?, ?, ?, ?, ?, ?, ?)",
			last, r.Case, at, r.Officer, r.kind(), body, chain); err != nil {
			return err
		}
		r.Seq = last
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	s.chain, s.last = chain, last
	return nil
}

// linked is the chain of a record: a digest over the one before and over each field with its length.
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
