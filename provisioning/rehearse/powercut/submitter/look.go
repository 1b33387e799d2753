package main

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"

	_ "github.com/mattn/go-sqlite3" // the driver "sqlite3"
)

// look tells what the last life left, and does not take the outbox's word for it.
func look(ctx context.Context, s settings, h *host) error {
	outbox := filepath.Join(s.outbox(), "outbox.db")
	for _, path := range []string{outbox, filepath.Join(s.numbers(), "numbers.db"), filepath.Join(s.hub(), "intake.db")} {
		if err := check(ctx, path, h); err != nil {
			return err
		}
	}
	return rows(ctx, outbox, h)
}

// check has SQLite read all of a database.
func check(ctx context.Context, path string, h *host) (err error) {
	db, err := sql.Open("sqlite3", "file:"+path+"?mode=ro")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var verdict string
	if err := db.QueryRowContext(ctx, "PRAGMA integrity_check").Scan(&verdict); err != nil {
		verdict = err.Error()
	}
	return h.tell("sound %s %q", filepath.Base(path), verdict)
}

// rows tells every entry and its state.
func rows(ctx context.Context, path string, h *host) (err error) {
	db, err := sql.Open("sqlite3", "file:"+path+"?mode=ro")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	found, err := db.QueryContext(ctx, "SELECT id, state FROM entry ORDER BY seq")
	if err != nil {
		return err
	}
	defer found.Close()
	for found.Next() {
		var id, state string
		if err := found.Scan(&id, &state); err != nil {
			return err
		}
		if err := h.tell("row %s %s", id, state); err != nil {
			return err
		}
	}
	return found.Err()
}
