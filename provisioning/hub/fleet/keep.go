// Package fleet knows how every terminal is: its last heartbeat, a short history, the heads of its journal, and what
// is wrong with it. All of it is kept durably, so that a hub that starts anew neither forgets an alarm nor raises it
// twice.
package fleet

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"time"

	"yimen/kiosk/central"
	"yimen/provisioning/hub/fleet/alarm"
	"yimen/provisioning/hub/rows"
)

const (
	// Slot is how far two points of a terminal's history lie apart.
	Slot = 10 * time.Minute
	// History is how far it goes back.
	History = 48 * time.Hour
	// allHeads is for how long every head of a journal is kept; of older days the last.
	allHeads = 48 * time.Hour
	// alarmsKept is for how long it is told which alarms there were.
	alarmsKept = 180 * 24 * time.Hour
)

// Fleet keeps how terminals are. Several processes may have one file open. It may be used from many goroutines.
type Fleet struct {
	db     *sql.DB
	limits alarm.Limits
	now    func() time.Time
	log    *slog.Logger
}

// Moments are milliseconds since 1970.
const schema = `
CREATE TABLE IF NOT EXISTS terminal (
	name     TEXT PRIMARY KEY,
	beat     BLOB NOT NULL, -- the last heartbeat, JSON
	received INTEGER NOT NULL,
	watch    BLOB NOT NULL  -- what is known of it, JSON
) STRICT;
CREATE TABLE IF NOT EXISTS past (
	terminal TEXT NOT NULL,
	slot     INTEGER NOT NULL,
	waiting  INTEGER NOT NULL, -- the most in the slot
	beats    INTEGER NOT NULL,
	PRIMARY KEY (terminal, slot)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS head (
	terminal TEXT NOT NULL,
	no       INTEGER NOT NULL,
	sum      TEXT NOT NULL,
	received INTEGER NOT NULL,
	PRIMARY KEY (terminal, no, sum)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS alarm (
	terminal TEXT NOT NULL,
	kind     TEXT NOT NULL,
	phase    TEXT NOT NULL,
	at       INTEGER NOT NULL,
	since    INTEGER NOT NULL,
	detail   TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS alarm_at ON alarm (at);`

// Open opens the fleet in a database file and makes it if there is none. The caller closes it.
func Open(ctx context.Context, file string, limits alarm.Limits, now func() time.Time, log *slog.Logger) (*Fleet, error) {
	db, err := rows.Open(ctx, file, schema)
	if err != nil {
		return nil, fmt.Errorf("open fleet: %w", err)
	}
	return &Fleet{db: db, limits: limits, now: now, log: log}, nil
}

// Close lets go of the fleet. Nothing needs to be saved by it.
func (f *Fleet) Close() error { return f.db.Close() }

// take keeps a heartbeat and what it means.
func (f *Fleet) take(ctx context.Context, terminal string, h central.Heartbeat) error {
	at := f.now()
	var told []alarm.Alarm
	err := f.change(ctx, func(tx *sql.Tx) error {
		watch, err := watchOf(ctx, tx, terminal)
		if err != nil {
			return err
		}
		watch, told = watch.Beat(judged(h, at), at, f.limits)
		beat, beatErr := json.Marshal(h)
		known, watchErr := json.Marshal(watch)
		if err := errors.Join(beatErr, watchErr); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO terminal (name, beat, received, watch) VALUES (?, ?, ?, ?)
			ON CONFLICT (name) DO UPDATE SET beat = excluded.beat, received = excluded.received, watch = excluded.watch`, terminal, beat, at.UnixMilli(), known)
		_, pastErr := tx.ExecContext(ctx, `INSERT INTO past (terminal, slot, waiting, beats) VALUES (?, ?, ?, 1)
			ON CONFLICT (terminal, slot) DO UPDATE SET waiting = max(waiting, excluded.waiting), beats = beats + 1`,
			terminal, at.Truncate(Slot).UnixMilli(), h.Outbox.Waiting)
		return errors.Join(err, pastErr, keepHead(ctx, tx, terminal, h.Journal, at), keepAlarms(ctx, tx, terminal, told, at))
	})
	if err != nil {
		return fmt.Errorf("keep heartbeat: %w", err)
	}
	f.tell(ctx, terminal, told)
	return nil
}

// broken are the words of XFS4IoT that call for a person with a screwdriver or with paper.
var broken = []string{"offline", "noDevice", "hardwareError", "fraudAttempt", "out", "jammed"}

// judged is what of a heartbeat is judged.
func judged(h central.Heartbeat, at time.Time) alarm.Beat {
	b := alarm.Beat{
		Resting: h.Screen.Resting, ScreenAge: time.Duration(h.Screen.Age) * time.Second, Waiting: h.Outbox.Waiting, Delivered: h.Outbox.Delivered,
		Quarantined: h.Outbox.Quarantined, Skew: h.At.Sub(at), Journal: h.Journal,
	}
	for _, d := range h.Devices {
		if slices.Contains(broken, d.State) || slices.Contains(broken, d.Paper) || slices.Contains(broken, d.Media) {
			b.Broken = append(b.Broken, d.ID)
		}
	}
	return b
}

// watchOf reads what is known of a terminal; nothing yet before its first heartbeat.
func watchOf(ctx context.Context, tx *sql.Tx, terminal string) (alarm.Watch, error) {
	var watch alarm.Watch
	var known []byte
	err := tx.QueryRowContext(ctx, "SELECT watch FROM terminal WHERE name = ?", terminal).Scan(&known)
	if errors.Is(err, sql.ErrNoRows) {
		return watch, nil
	}
	if err == nil {
		err = json.Unmarshal(known, &watch)
	}
	return watch, err
}

func keepHead(ctx context.Context, tx *sql.Tx, terminal, head string, at time.Time) error {
	no, sum, found := strings.Cut(head, ":")
	if !found {
		return nil
	}
	n, err := strconv.ParseInt(no, 10, 64)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "INSERT INTO head (terminal, no, sum, received) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", terminal, n, sum, at.UnixMilli())
	return err
}

func keepAlarms(ctx context.Context, tx *sql.Tx, terminal string, told []alarm.Alarm, at time.Time) error {
	for _, a := range told {
		if _, err := tx.ExecContext(ctx, "INSERT INTO alarm (terminal, kind, phase, at, since, detail) VALUES (?, ?, ?, ?, ?, ?)",
			terminal, string(a.Kind), string(a.Phase), at.UnixMilli(), a.Since.UnixMilli(), a.Detail); err != nil {
			return err
		}
	}
	return nil
}

// tell writes alarms to the log, from where they go to whoever is on duty.
func (f *Fleet) tell(ctx context.Context, terminal string, told []alarm.Alarm) {
	for _, a := range told {
		write := f.log.ErrorContext
		if a.Phase == alarm.Ended {
			write = f.log.InfoContext
		}
		write(ctx, "alarm", "terminal", terminal, "kind", a.Kind, "phase", a.Phase, "since", a.Since, "detail", a.Detail)
	}
}

// Look finds the terminals that fell silent. Run does it again and again.
func (f *Fleet) Look(ctx context.Context) error {
	all, err := f.Terminals(ctx)
	if err != nil {
		return err
	}
	for _, t := range all {
		if _, told := t.Watch.Tick(f.now(), f.limits); len(told) == 0 {
			continue
		}
		if err := f.tick(ctx, t.Name); err != nil {
			return err
		}
	}
	return nil
}

func (f *Fleet) tick(ctx context.Context, terminal string) error {
	at := f.now()
	var told []alarm.Alarm
	err := f.change(ctx, func(tx *sql.Tx) error {
		watch, err := watchOf(ctx, tx, terminal)
		if err != nil {
			return err
		}
		watch, told = watch.Tick(at, f.limits)
		return errors.Join(keepWatch(ctx, tx, terminal, watch), keepAlarms(ctx, tx, terminal, told, at))
	})
	if err != nil {
		return fmt.Errorf("look at %s: %w", terminal, err)
	}
	f.tell(ctx, terminal, told)
	return nil
}

func keepWatch(ctx context.Context, tx *sql.Tx, terminal string, watch alarm.Watch) error {
	known, err := json.Marshal(watch)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "UPDATE terminal SET watch = ? WHERE name = ?", known, terminal)
	return err
}

// Settle takes it that somebody has looked why a terminal's journal went back.
func (f *Fleet) Settle(ctx context.Context, terminal string) error {
	err := f.change(ctx, func(tx *sql.Tx) error {
		watch, err := watchOf(ctx, tx, terminal)
		if err != nil {
			return err
		}
		return keepWatch(ctx, tx, terminal, watch.Settled())
	})
	if err != nil {
		return fmt.Errorf("settle %s: %w", terminal, err)
	}
	return nil
}

// Forget takes a terminal off the list, until it tells of itself again. The heads of its journal stay.
func (f *Fleet) Forget(ctx context.Context, terminal string) error {
	err := f.change(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "DELETE FROM terminal WHERE name = ?", terminal)
		_, pastErr := tx.ExecContext(ctx, "DELETE FROM past WHERE terminal = ?", terminal)
		return errors.Join(err, pastErr)
	})
	if err != nil {
		return fmt.Errorf("forget %s: %w", terminal, err)
	}
	return nil
}

// Prune drops what is older than it needs to be. Of a journal's older heads each day's last stays for ever.
func (f *Fleet) Prune(ctx context.Context) error {
	now := f.now()
	const day = 24 * 60 * 60 * 1000
	err := f.change(ctx, func(tx *sql.Tx) error {
		_, pastErr := tx.ExecContext(ctx, "DELETE FROM past WHERE slot < ?", now.Add(-History).UnixMilli())
		_, alarmErr := tx.ExecContext(ctx, "DELETE FROM alarm WHERE at < ?", now.Add(-alarmsKept).UnixMilli())
		_, headErr := tx.ExecContext(ctx, `DELETE FROM head WHERE received < ?1 AND EXISTS (SELECT 1 FROM head AS later
			WHERE later.terminal = head.terminal AND later.received / ?2 = head.received / ?2
			AND (later.received, later.no, later.sum) > (head.received, head.no, head.sum))`, now.Add(-allHeads).UnixMilli(), day)
		return errors.Join(pastErr, alarmErr, headErr)
	})
	if err != nil {
		return fmt.Errorf("prune fleet: %w", err)
	}
	return nil
}

// change does all of what do does, or nothing.
func (f *Fleet) change(ctx context.Context, do func(*sql.Tx) error) error {
	tx, err := f.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := do(tx); err != nil {
		return err
	}
	return tx.Commit()
}
