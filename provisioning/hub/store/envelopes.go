package store

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/mattn/go-sqlite3"

	"yimen/provisioning/hub/intake"
)

// Register implements intake.Envelopes.
func (s *Store) Register(ctx context.Context, e intake.Envelope) (created bool, err error) {
	result, err := s.db.ExecContext(ctx,
		`INSERT INTO envelope (id, terminal, kind, list, signature) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
		e.ID, e.Terminal, e.Kind, e.List, e.Signature)
	if err != nil {
		return false, full(err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 1 {
		return err == nil, err
	}
	kept, err := s.Find(ctx, e.ID)
	if err != nil {
		return false, err
	}
	if !bytes.Equal(kept.List, e.List) {
		return false, intake.ErrConflict
	}
	return false, nil
}

// Find implements intake.Envelopes.
func (s *Store) Find(ctx context.Context, id string) (intake.Envelope, error) {
	e := intake.Envelope{ID: id}
	err := s.db.QueryRowContext(ctx, `SELECT terminal, kind, list, signature FROM envelope WHERE id = ?`, id).
		Scan(&e.Terminal, &e.Kind, &e.List, &e.Signature)
	if err != nil {
		return intake.Envelope{}, absent(err)
	}
	return e, nil
}

// Acknowledge implements intake.Envelopes.
func (s *Store) Acknowledge(ctx context.Context, id string, signed []byte) (kept []byte, first bool, err error) {
	result, err := s.db.ExecContext(ctx,
		`INSERT INTO receipt (envelope, signed) SELECT id, ? FROM envelope WHERE id = ? ON CONFLICT DO NOTHING`, signed, id)
	if err != nil {
		return nil, false, full(err)
	}
	n, err := result.RowsAffected()
	if err != nil {
		return nil, false, err
	}
	kept, err = s.Receipt(ctx, id)
	return kept, n == 1, err
}

// Receipt implements intake.Envelopes.
func (s *Store) Receipt(ctx context.Context, id string) ([]byte, error) {
	var signed []byte
	err := s.db.QueryRowContext(ctx, `SELECT signed FROM receipt WHERE envelope = ?`, id).Scan(&signed)
	if err != nil {
		return nil, absent(err)
	}
	return signed, nil
}

// Pending implements intake.Envelopes.
func (s *Store) Pending(ctx context.Context, after string, limit int) ([]string, error) {
	return s.ids(ctx, `
		SELECT id FROM envelope e
		WHERE id > ? AND NOT EXISTS (SELECT 1 FROM receipt r WHERE r.envelope = e.id) ORDER BY id LIMIT ?`, after, limit)
}

func (s *Store) ids(ctx context.Context, query string, args ...any) ([]string, error) {
	rows, err := s.db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var ids []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

// LetGo implements intake.Envelopes.
func (s *Store) LetGo(ctx context.Context, id string, at time.Time, until string) error {
	if _, err := s.Receipt(ctx, id); err != nil {
		return err
	}
	_, err := s.db.ExecContext(ctx, `INSERT INTO gone (envelope, at, until) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`, id, at.UTC().Format(time.RFC3339), until)
	return full(err)
}

// Gone implements intake.Envelopes.
func (s *Store) Gone(ctx context.Context, after string, limit int) ([]string, error) {
	return s.ids(ctx, `SELECT envelope FROM gone WHERE envelope > ? ORDER BY envelope LIMIT ?`, after, limit)
}

// WasLetGo implements intake.Envelopes.
func (s *Store) WasLetGo(ctx context.Context, id string) (gone bool, err error) {
	err = s.db.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM gone WHERE envelope = ?)`, id).Scan(&gone)
	return gone, err
}

// Acknowledged implements intake.Envelopes.
func (s *Store) Acknowledged(ctx context.Context, after int64, limit int) ([]intake.Acknowledged, error) {
	rows, err := s.db.QueryContext(ctx, `
		SELECT r.sequence, r.signed, e.id, e.terminal, e.kind, e.list, e.signature
		FROM receipt r JOIN envelope e ON e.id = r.envelope
		WHERE r.sequence > ? AND NOT EXISTS (SELECT 1 FROM gone g WHERE g.envelope = e.id) ORDER BY r.sequence LIMIT ?`, after, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var kept []intake.Acknowledged
	for rows.Next() {
		var a intake.Acknowledged
		if err := rows.Scan(&a.Sequence, &a.Receipt, &a.ID, &a.Terminal, &a.Kind, &a.List, &a.Signature); err != nil {
			return nil, err
		}
		kept = append(kept, a)
	}
	return kept, rows.Err()
}

func absent(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return intake.ErrNotFound
	}
	return err
}

func full(err error) error {
	if lite := (sqlite3.Error{}); errors.As(err, &lite) && lite.Code == sqlite3.ErrFull {
		return errors.Join(intake.ErrFull, err)
	}
	return err
}
