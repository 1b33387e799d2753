package outbox

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/mattn/go-sqlite3"
)

const (
	schemaVersion = 1
	schema        = `
CREATE TABLE IF NOT EXISTS entry (
	seq        INTEGER PRIMARY KEY AUTOINCREMENT,
	id         TEXT NOT NULL UNIQUE,
	kind       TEXT NOT NULL,
	state      TEXT NOT NULL CHECK (state IN ('waiting', 'delivered', 'quarantined')),
	list       BLOB NOT NULL,
	signature  BLOB NOT NULL,
	size       INTEGER NOT NULL, -- bytes of the file
	put_at     INTEGER NOT NULL, -- milliseconds since 1970
	settled_at INTEGER,          -- when it stopped waiting
	receipt    BLOB,
	reason     TEXT,             -- why it is quarantined
	CHECK ((state = 'delivered') = (receipt IS NOT NULL))
) STRICT;
CREATE INDEX IF NOT EXISTS entry_open ON entry (state) WHERE state <> 'delivered';
CREATE TABLE IF NOT EXISTS upkeep (checkpoints INTEGER NOT NULL) STRICT;
INSERT INTO upkeep SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM upkeep);
PRAGMA user_version = 1;
`
	columns = `seq, id, kind, state, list, signature, size, put_at, settled_at, receipt, reason`
	// checkpointEvery is how many commits go to the log before it is folded into the database: about 4 MB.
	checkpointEvery = 256
)

// row is what is known of an entry besides its file.
type row struct {
	seq             int64 // grows with every insert
	id, kind        string
	state           State
	list, signature []byte
	size            int64
	putAt           time.Time
	settledAt       time.Time // zero while waiting
	receipt         []byte
	reason          string
}

// rows is the database: write-ahead log, synchronous=FULL, every commit flushed once.
type rows struct {
	db      *sql.DB
	commits atomic.Int32 // since the last checkpoint
}

// connector opens connections with the settings that no address can carry.
type connector struct {
	address string
	driver  *sqlite3.SQLiteDriver
}

func (c connector) Connect(context.Context) (driver.Conn, error) { return c.driver.Open(c.address) }
func (c connector) Driver() driver.Driver                        { return c.driver }

func openRows(ctx context.Context, path string) (_ *rows, err error) {
	path, err = filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	address := url.URL{Scheme: "file", Path: path, RawQuery: "_journal_mode=WAL&_synchronous=FULL&_txlock=immediate&_busy_timeout=5000"}
	db := sql.OpenDB(connector{address.String(), &sqlite3.SQLiteDriver{ConnectHook: func(c *sqlite3.SQLiteConn) error {
		// Checkpoints cost two flushes more; they are made between deliveries, never within a Put.
		_, err := c.Exec("PRAGMA wal_autocheckpoint = 0", nil)
		return err
	}}})
	db.SetMaxOpenConns(1)
	r := &rows{db: db}
	if err := r.prepare(ctx); err != nil {
		return nil, fmt.Errorf("database %s: %w", path, errors.Join(err, db.Close()))
	}
	return r, nil
}

// prepare makes the tables and makes sure that the database keeps the promises it was asked for.
func (r *rows) prepare(ctx context.Context) error {
	var mode string
	var synchronous, version int
	err := errors.Join(
		r.db.QueryRowContext(ctx, "PRAGMA journal_mode").Scan(&mode),
		r.db.QueryRowContext(ctx, "PRAGMA synchronous").Scan(&synchronous),
		r.db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version),
	)
	switch {
	case err != nil:
		return err
	case mode != "wal" || synchronous != 2:
		return fmt.Errorf("journal mode %s and synchronous %d, want wal and 2: commits would not last", mode, synchronous)
	case version > schemaVersion:
		return fmt.Errorf("version %d was written by a newer program, this one knows %d", version, schemaVersion)
	}
	if _, err := r.db.ExecContext(ctx, schema); err != nil {
		return err
	}
	return r.checkpoint(ctx)
}

func (r *rows) close() error { return r.db.Close() }

// checkpoint folds the log into the database and starts it anew. The first commit into a new log flushes
// twice; the one made here takes that upon itself, so that every Put needs one.
func (r *rows) checkpoint(ctx context.Context) error {
	var busy, frames, folded int
	err := r.db.QueryRowContext(ctx, "PRAGMA wal_checkpoint(RESTART)").Scan(&busy, &frames, &folded)
	if err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	r.commits.Store(0)
	return r.exec(ctx, "UPDATE upkeep SET checkpoints = checkpoints + 1")
}

// checkpointIfDue keeps the log from growing for ever.
func (r *rows) checkpointIfDue(ctx context.Context) error {
	if r.commits.Load() < checkpointEvery {
		return nil
	}
	return r.checkpoint(ctx)
}

// exec carries out one statement that must change one row.
func (r *rows) exec(ctx context.Context, statement string, args ...any) error {
	result, err := r.db.ExecContext(ctx, statement, args...)
	if err != nil {
		return err
	}
	r.commits.Add(1)
	n, err := result.RowsAffected()
	if err == nil && n != 1 {
		err = fmt.Errorf("%d rows changed, want 1", n)
	}
	return err
}

// insert adds an entry. A state other than Waiting is settled at once.
func (r *rows) insert(ctx context.Context, e row) (seq int64, err error) {
	result, err := r.db.ExecContext(ctx, `INSERT INTO entry (id, kind, state, list, signature, size, put_at, settled_at, reason)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		e.id, e.kind, e.state, notNull(e.list), notNull(e.signature), e.size, e.putAt.UnixMilli(), millis(e.settledAt), text(e.reason))
	if err != nil {
		return 0, err
	}
	r.commits.Add(1)
	return result.LastInsertId()
}

// deliver stores the receipt and ends the waiting, in one commit.
func (r *rows) deliver(ctx context.Context, id string, receipt []byte, at time.Time) error {
	return r.exec(ctx, `UPDATE entry SET state = 'delivered', receipt = ?, settled_at = ? WHERE id = ? AND state = 'waiting'`,
		receipt, at.UnixMilli(), id)
}

func (r *rows) quarantine(ctx context.Context, id, reason string, at time.Time) error {
	return r.exec(ctx, `UPDATE entry SET state = 'quarantined', reason = ?, settled_at = ? WHERE id = ? AND state = 'waiting'`,
		reason, at.UnixMilli(), id)
}

// putBack lets a quarantined entry wait again, with what its file says of it.
func (r *rows) putBack(ctx context.Context, e row) error {
	return r.exec(ctx, `UPDATE entry SET state = 'waiting', reason = NULL, settled_at = NULL, kind = ?, list = ?, signature = ?, size = ?
		WHERE id = ? AND state = 'quarantined'`, e.kind, notNull(e.list), notNull(e.signature), e.size, e.id)
}

// find gives the entry's row, or ErrUnknown.
func (r *rows) find(ctx context.Context, id string) (row, error) {
	found, err := r.query(ctx, "WHERE id = ?", id)
	if err == nil && len(found) == 0 {
		err = ErrUnknown
	}
	if err != nil {
		return row{}, err
	}
	return found[0], nil
}

// waiting gives the waiting entries, oldest first.
func (r *rows) waiting(ctx context.Context) ([]row, error) {
	return r.query(ctx, "WHERE state = 'waiting' ORDER BY seq")
}

// open gives the entries that are not delivered, oldest first.
func (r *rows) open(ctx context.Context) ([]row, error) {
	return r.query(ctx, "WHERE state <> 'delivered' ORDER BY seq")
}

// delivered counts the delivered entries.
func (r *rows) delivered(ctx context.Context) (n int, err error) {
	err = r.db.QueryRowContext(ctx, "SELECT count(*) FROM entry WHERE state = 'delivered'").Scan(&n)
	return n, err
}

func (r *rows) query(ctx context.Context, where string, args ...any) (found []row, err error) {
	q, err := r.db.QueryContext(ctx, "SELECT "+columns+" FROM entry "+where, args...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, q.Close()) }()
	for q.Next() {
		var e row
		var put int64
		var settled sql.NullInt64
		var reason sql.NullString
		err := q.Scan(&e.seq, &e.id, &e.kind, &e.state, &e.list, &e.signature, &e.size, &put, &settled, &e.receipt, &reason)
		if err != nil {
			return nil, err
		}
		e.putAt, e.reason = time.UnixMilli(put), reason.String
		if settled.Valid {
			e.settledAt = time.UnixMilli(settled.Int64)
		}
		found = append(found, e)
	}
	return found, q.Err()
}

// notNull keeps an absent blob from becoming NULL.
func notNull(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

func millis(t time.Time) sql.NullInt64 {
	return sql.NullInt64{Int64: t.UnixMilli(), Valid: !t.IsZero()}
}

func text(s string) sql.NullString { return sql.NullString{String: s, Valid: s != ""} }
