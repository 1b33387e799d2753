// Package store keeps what the intake took in on one machine: rows in SQLite, sealed bytes in a folder. Whatever it
// has answered survives a power cut. It is the intake's Envelopes and Parts.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	_ "github.com/mattn/go-sqlite3" // the driver named "sqlite3"
	"golang.org/x/sys/unix"
)

// Names inside the store's folder.
const (
	databaseName = "intake.db"
	partsName    = "parts"
	lockName     = "lock"
)

// ErrInUse means that another process has the store's folder open.
var ErrInUse = errors.New("in use by another process")

// Store is an open store. One process at a time has it.
type Store struct {
	db    *sql.DB
	lock  *os.File
	parts string // folder
}

// Open opens the store in dir and makes it if there is none. The caller closes it.
func Open(ctx context.Context, dir string) (*Store, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	parts := filepath.Join(dir, partsName)
	if err := os.MkdirAll(parts, 0o700); err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	lock, err := lockFolder(dir)
	if err != nil {
		return nil, fmt.Errorf("open store %s: %w", dir, err)
	}
	db, err := openDatabase(ctx, filepath.Join(dir, databaseName))
	if err != nil {
		lock.Close()
		return nil, fmt.Errorf("open store %s: %w", dir, err)
	}
	s := &Store{db: db, lock: lock, parts: parts}
	if err := errors.Join(syncFolder(dir), syncFolder(filepath.Dir(dir))); err != nil {
		return nil, errors.Join(fmt.Errorf("open store %s: %w", dir, err), s.Close())
	}
	return s, nil
}

// Close lets go of the store. Nothing needs to be saved by it.
func (s *Store) Close() error { return errors.Join(s.db.Close(), s.lock.Close()) }

// lockFolder keeps two processes from appending to the same parts.
func lockFolder(dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, lockName), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		f.Close()
		if errors.Is(err, unix.EWOULDBLOCK) {
			return nil, ErrInUse
		}
		return nil, fmt.Errorf("lock: %w", err)
	}
	return f, nil
}

// A receipt's sequence never comes twice, so that a bureau which reads on from its last page misses nothing.
const schema = `
CREATE TABLE IF NOT EXISTS envelope (
	id        TEXT PRIMARY KEY,
	terminal  TEXT NOT NULL,
	kind      TEXT NOT NULL,
	list      BLOB NOT NULL,
	signature BLOB NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS gone (
	envelope TEXT PRIMARY KEY REFERENCES envelope(id),
	at       TEXT NOT NULL,
	until    TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS receipt (
	sequence INTEGER PRIMARY KEY AUTOINCREMENT,
	envelope TEXT NOT NULL UNIQUE REFERENCES envelope(id),
	signed   BLOB NOT NULL
) STRICT;`

// openDatabase opens the rows with a write-ahead log that is flushed at every commit: synchronous=NORMAL loses
// committed rows in a power cut.
func openDatabase(ctx context.Context, path string) (*sql.DB, error) {
	address := url.URL{Scheme: "file", Path: path, RawQuery: url.Values{
		"_journal_mode": {"WAL"}, "_synchronous": {"FULL"}, "_foreign_keys": {"on"},
		"_busy_timeout": {"10000"}, "_txlock": {"immediate"},
	}.Encode()}
	db, err := sql.Open("sqlite3", address.String())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(4)
	if _, err := db.ExecContext(ctx, schema); err != nil {
		db.Close()
		return nil, fmt.Errorf("lay out %s: %w", filepath.Base(path), err)
	}
	return db, nil
}

// syncFolder makes names that appeared in or vanished from a folder survive a power cut.
func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
