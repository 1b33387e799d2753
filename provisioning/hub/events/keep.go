// Package events keeps what the bureau says to terminals and hands it on in order. It checks the bureau's signature
// and counts with its numbers; it can say nothing in the bureau's name itself.
package events

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"

	"yimen/kiosk/central"
	"yimen/provisioning/hub/rows"
)

// Keeping keeps events durably. It may be used from many goroutines.
type Keeping struct {
	db *sql.DB

	mu   sync.Mutex
	came chan struct{} // closed and made anew when an event is kept
}

const schema = `
CREATE TABLE IF NOT EXISTS event (
	number    INTEGER PRIMARY KEY,
	id        TEXT NOT NULL UNIQUE,
	event     BLOB NOT NULL,
	signature BLOB NOT NULL
) STRICT;`

// Open opens the events in a database file and makes it if there is none. The caller closes it.
func Open(ctx context.Context, file string) (*Keeping, error) {
	db, err := rows.Open(ctx, file, schema)
	if err != nil {
		return nil, fmt.Errorf("open events: %w", err)
	}
	return &Keeping{db: db, came: make(chan struct{})}, nil
}

// Close lets go of the events. Nothing needs to be saved by it.
func (k *Keeping) Close() error { return k.db.Close() }

// errNumber means that an event's number is not the next.
var errNumber = errors.New("the event's number is not the next")

// keep keeps a verified event that bears the next number, and drops those that are over by it. Under a known id it
// changes nothing, gives what is kept, and first is false.
func (k *Keeping) keep(ctx context.Context, e central.Event, signed central.SignedEvent) (kept central.SignedEvent, first bool, err error) {
	tx, err := k.db.BeginTx(ctx, nil)
	if err != nil {
		return kept, false, fmt.Errorf("keep event: %w", err)
	}
	defer tx.Rollback()
	err = tx.QueryRowContext(ctx, "SELECT event, signature FROM event WHERE id = ?", e.ID).Scan(&kept.Event, &kept.Signature)
	if err == nil || !errors.Is(err, sql.ErrNoRows) {
		return kept, false, err
	}
	var newest int64
	if err := tx.QueryRowContext(ctx, "SELECT coalesce(max(number), 0) FROM event").Scan(&newest); err != nil {
		return kept, false, fmt.Errorf("keep event: %w", err)
	}
	if e.Number != newest+1 {
		return kept, false, errNumber
	}
	_, insertErr := tx.ExecContext(ctx, "INSERT INTO event (number, id, event, signature) VALUES (?, ?, ?, ?)", e.Number, e.ID, signed.Event, signed.Signature)
	_, deleteErr := tx.ExecContext(ctx, "DELETE FROM event WHERE number < ?", e.Oldest)
	if err := errors.Join(insertErr, deleteErr); err != nil {
		return kept, false, fmt.Errorf("keep event: %w", err)
	}
	if err := tx.Commit(); err != nil {
		return kept, false, fmt.Errorf("keep event: %w", err)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	close(k.came)
	k.came = make(chan struct{})
	return signed, true, nil
}

// after gives the events after a number, waiting until ctx ends for the first. reading bounds the look itself.
func (k *Keeping) after(reading, waiting context.Context, number int64) (central.EventPage, error) {
	for {
		k.mu.Lock()
		came := k.came
		k.mu.Unlock()
		page, err := k.page(reading, number)
		if err != nil || len(page.Events) > 0 {
			return page, err
		}
		select {
		case <-came:
		case <-waiting.Done():
			return page, nil
		}
	}
}

func (k *Keeping) page(ctx context.Context, number int64) (central.EventPage, error) {
	page := central.EventPage{Events: []central.SignedEvent{}}
	// One look, so that the newest is not older than the page.
	found, err := k.db.QueryContext(ctx, `
		SELECT event, signature, newest FROM (
			SELECT *, false AS newest FROM (SELECT * FROM event WHERE number > ? ORDER BY number LIMIT ?)
			UNION ALL SELECT *, true FROM (SELECT * FROM event ORDER BY number DESC LIMIT 1)
		) ORDER BY newest, number`, number, central.EventPageSize)
	if err != nil {
		return page, fmt.Errorf("read events: %w", err)
	}
	defer found.Close()
	for found.Next() {
		var e central.SignedEvent
		var newest bool
		if err := found.Scan(&e.Event, &e.Signature, &newest); err != nil {
			return page, fmt.Errorf("read events: %w", err)
		}
		if newest {
			page.Newest = &e
		} else {
			page.Events = append(page.Events, e)
		}
	}
	if err := found.Err(); err != nil {
		return page, fmt.Errorf("read events: %w", err)
	}
	return page, nil
}
