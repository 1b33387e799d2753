package fleet

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"yimen/kiosk/central"
	"yimen/provisioning/hub/fleet/alarm"
)

// Terminal is how one terminal is.
type Terminal struct {
	Name     string
	Beat     central.Heartbeat // the last
	Received time.Time         // when it came, by the hub's clock
	Watch    alarm.Watch
}

// Skew is how far the terminal's clock was ahead of the hub's when its last heartbeat came.
func (t Terminal) Skew() time.Duration { return t.Beat.At.Sub(t.Received) }

// Point is one Slot of a terminal's history.
type Point struct {
	Slot    time.Time // its beginning
	Waiting int       // in the outbox, at most
	Beats   int       // heartbeats that came
}

// Telling is an alarm that was told of a terminal.
type Telling struct {
	Terminal string
	At       time.Time
	alarm.Alarm
}

// Head is the head of a terminal's journal as it came.
type Head struct {
	Head     string // number:sum
	Received time.Time
}

// Terminals gives all that ever told of themselves, by name.
func (f *Fleet) Terminals(ctx context.Context) ([]Terminal, error) {
	var all []Terminal
	err := f.each(ctx, "SELECT name, beat, received, watch FROM terminal ORDER BY name", nil, func(scan func(...any) error) error {
		var t Terminal
		var beat, watch []byte
		var received int64
		if err := scan(&t.Name, &beat, &received, &watch); err != nil {
			return err
		}
		t.Received = time.UnixMilli(received).UTC()
		all = append(all, t)
		last := &all[len(all)-1]
		return errors.Join(json.Unmarshal(beat, &last.Beat), json.Unmarshal(watch, &last.Watch))
	})
	if err != nil {
		return nil, fmt.Errorf("read terminals: %w", err)
	}
	return all, nil
}

// Past gives every terminal's history, by its name, oldest first. A slot without a heartbeat is left out.
func (f *Fleet) Past(ctx context.Context) (map[string][]Point, error) {
	past := map[string][]Point{}
	since := f.now().Add(-History).UnixMilli()
	err := f.each(ctx, "SELECT terminal, slot, waiting, beats FROM past WHERE slot >= ? ORDER BY terminal, slot", []any{since}, func(scan func(...any) error) error {
		var terminal string
		var slot int64
		var p Point
		if err := scan(&terminal, &slot, &p.Waiting, &p.Beats); err != nil {
			return err
		}
		p.Slot = time.UnixMilli(slot).UTC()
		past[terminal] = append(past[terminal], p)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read history: %w", err)
	}
	return past, nil
}

// Told gives the last tellings, newest first.
func (f *Fleet) Told(ctx context.Context, limit int) ([]Telling, error) {
	var told []Telling
	err := f.each(ctx, "SELECT terminal, kind, phase, at, since, detail FROM alarm ORDER BY at DESC, rowid DESC LIMIT ?", []any{limit}, func(scan func(...any) error) error {
		var t Telling
		var at, since int64
		if err := scan(&t.Terminal, &t.Kind, &t.Phase, &at, &since, &t.Detail); err != nil {
			return err
		}
		t.At, t.Since = time.UnixMilli(at).UTC(), time.UnixMilli(since).UTC()
		told = append(told, t)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read alarms: %w", err)
	}
	return told, nil
}

// Heads gives the heads of a terminal's journal that are kept, oldest first. provisioning journal verify holds a
// journal to them.
func (f *Fleet) Heads(ctx context.Context, terminal string) ([]Head, error) {
	var heads []Head
	err := f.each(ctx, "SELECT no, sum, received FROM head WHERE terminal = ? ORDER BY received, no", []any{terminal}, func(scan func(...any) error) error {
		var no, received int64
		var sum string
		if err := scan(&no, &sum, &received); err != nil {
			return err
		}
		heads = append(heads, Head{fmt.Sprintf("%d:%s", no, sum), time.UnixMilli(received).UTC()})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read heads of %s: %w", terminal, err)
	}
	return heads, nil
}

// each reads rows one after the other.
func (f *Fleet) each(ctx context.Context, query string, args []any, read func(scan func(...any) error) error) error {
	found, err := f.db.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer found.Close()
	for found.Next() {
		if err := read(found.Scan); err != nil {
			return err
		}
	}
	return found.Err()
}
