package crash_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"yimen/kiosk/central"
	"yimen/kiosk/envelope"
	"yimen/kiosk/journal"
	"yimen/kiosk/outbox"
)

// judge opens a disk as it was left, and says how a promise is broken. Whoever kept a promise brings everything to its
// end afterwards.
func judge(ctx context.Context, keys, disk string, p promises) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	s, err := openStreet(ctx, keys, disk)
	if err != nil {
		return fmt.Errorf("does not open: %w", err)
	}
	err = s.judge(ctx, disk, p)
	return errors.Join(err, s.close())
}

func (s *street) judge(ctx context.Context, disk string, p promises) error {
	for id := range p.lists {
		state, err := s.box.State(ctx, id)
		if err != nil || p.done[id] && state != outbox.Delivered {
			return fmt.Errorf("dossier %s was kept and is %q: %v", id, state, err)
		}
		if state == outbox.Delivered && p.receipts[id] == nil {
			return fmt.Errorf("dossier %s is delivered without a receipt", id)
		}
	}
	for id, receipt := range p.receipts {
		if kept, err := s.store.Receipt(ctx, id); err != nil || !bytes.Equal(kept, receipt) {
			return fmt.Errorf("the hub's receipt for %s is another: %v", id, err)
		}
		if err := s.whole(ctx, id, p.lists[id]); err != nil {
			return fmt.Errorf("acknowledged: %w", err)
		}
	}
	if err := s.story(disk, p); err != nil {
		return err
	}
	next, err := s.numbers.Next(ctx, time.Now())
	if err != nil || p.numbers[next] {
		return fmt.Errorf("slip number %s is given twice, or none: %v", next, err)
	}
	if err := s.finish(ctx, p); err != nil {
		return err
	}
	for _, db := range []string{"kiosk/outbox/outbox.db", "kiosk/numbers/numbers.db", "hub/intake.db"} {
		if err := sound(ctx, filepath.Join(disk, db)); err != nil {
			return fmt.Errorf("%s: %w", db, err)
		}
	}
	return nil
}

// story proves the journal against the heads that were told.
func (s *street) story(disk string, p promises) error {
	f, err := os.Open(filepath.Join(disk, "kiosk", "journal", journal.File))
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := journal.Verify(f, p.heads, nil); err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	return nil
}

// finish delivers what waits, and looks that the hub has each dossier once.
func (s *street) finish(ctx context.Context, p promises) error {
	open, err := s.box.List(ctx)
	if err != nil {
		return err
	}
	running, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() {
		ended <- s.box.Run(running, outbox.CourierFunc(func(ctx context.Context, e *outbox.Entry) ([]byte, error) {
			receipt, err := s.client.Deliver(ctx, e)
			if errors.Is(err, central.ErrRefused) {
				err = fmt.Errorf("%w: %w", outbox.ErrRefused, err)
			}
			return receipt, err
		}))
	}()
	lists := p.lists
	for id := range p.receipts {
		if lists[id] == nil {
			lists[id] = []byte{} // delivered before anybody was told that it is kept
		}
	}
	for _, e := range open {
		state, waitErr := s.box.Wait(ctx, e.ID)
		if waitErr != nil || state != outbox.Delivered {
			list, _ := s.box.List(ctx)
			err = errors.Join(err, fmt.Errorf("dossier %s ends as %s: %v: %+v", e.ID, state, waitErr, list))
		}
		if lists[e.ID] == nil {
			lists[e.ID] = []byte{} // one that was being put, and is here whole
		}
	}
	stop()
	if err := errors.Join(err, <-ended); err != nil {
		return err
	}
	times := map[string]int{}
	all, err := s.store.Acknowledged(ctx, 0, 100)
	for _, a := range all {
		times[a.ID]++
	}
	for id, list := range lists {
		if err := s.whole(ctx, id, list); err != nil || times[id] != 1 {
			return fmt.Errorf("%s is at the hub %d times: %v", id, times[id], err)
		}
	}
	if len(all) != len(lists) {
		err = errors.Join(err, fmt.Errorf("%d envelopes at the hub, %d sent", len(all), len(lists)))
	}
	return err
}

// whole compares what the hub has with the list's digests, and the list with the one that was kept, if it is known.
func (s *street) whole(ctx context.Context, id string, list []byte) error {
	kept, err := s.store.Find(ctx, id)
	if err != nil || len(list) > 0 && !bytes.Equal(kept.List, list) {
		return fmt.Errorf("%s has another list: %v", id, err)
	}
	l, err := envelope.ParseList(kept.List)
	if err != nil {
		return err
	}
	for _, want := range l.Parts {
		body, err := s.store.Open(ctx, id, want.No)
		if err != nil {
			return fmt.Errorf("part %d of %s: %w", want.No, id, err)
		}
		b, err := io.ReadAll(body)
		if err := errors.Join(err, body.Close()); err != nil || l.Suite.Digest(b) != want.Digest {
			return fmt.Errorf("part %d of %s is another: %v", want.No, id, err)
		}
	}
	return nil
}

// sound has SQLite read all of a database.
func sound(ctx context.Context, path string) (err error) {
	db, err := sql.Open("sqlite3", "file:"+path+"?mode=ro")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var verdict string
	if err := db.QueryRowContext(ctx, "PRAGMA integrity_check").Scan(&verdict); err != nil || verdict != "ok" {
		return fmt.Errorf("%s: %v", verdict, err)
	}
	return nil
}
