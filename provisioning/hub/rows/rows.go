// Package rows opens the databases in which the hub's rooms keep their rows: what a commit has answered survives a
// power cut.
package rows

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	_ "github.com/mattn/go-sqlite3" // the driver named "sqlite3"
)

// Open opens the database file and lays it out by schema, which must leave alone what is there already. Several
// processes may have it open. The caller closes it.
func Open(ctx context.Context, file, schema string) (*sql.DB, error) {
	file, err := filepath.Abs(file)
	if err != nil {
		return nil, fmt.Errorf("open rows: %w", err)
	}
	dir := filepath.Dir(file)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("open rows: %w", err)
	}
	// synchronous=NORMAL would lose committed rows in a power cut.
	address := url.URL{Scheme: "file", Path: file, RawQuery: url.Values{
		"_journal_mode": {"WAL"}, "_synchronous": {"FULL"}, "_foreign_keys": {"on"},
		"_busy_timeout": {"10000"}, "_txlock": {"immediate"},
	}.Encode()}
	db, err := sql.Open("sqlite3", address.String())
	if err != nil {
		return nil, fmt.Errorf("open rows: %w", err)
	}
	db.SetMaxOpenConns(4)
	_, err = db.ExecContext(ctx, schema)
	if err := errors.Join(err, syncFolder(dir)); err != nil {
		return nil, errors.Join(fmt.Errorf("open rows %s: %w", filepath.Base(file), err), db.Close())
	}
	return db, nil
}

// syncFolder makes the names of files that appeared in a folder survive a power cut.
func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
