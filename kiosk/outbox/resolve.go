package outbox

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// resolve brings rows and files into agreement after any end of the last process. What it may find:
//
//   - a file still being written: its Put never answered; removed.
//   - a whole file without a row: its Put never answered either, but it holds what a resident submitted, and
//     central knows an envelope it has seen: taken in, and sent.
//   - a damaged file without a row: quarantined, for a person to look at.
//   - a delivered row with its file: the receipt is stored; the file is removed.
//   - a waiting row without its file, or with a damaged one: not the work of a power cut; quarantined.
func (o *Outbox) resolve(ctx context.Context) error {
	files, err := os.ReadDir(filepath.Join(o.dir, entriesDir))
	if err != nil {
		return err
	}
	present := make(map[string]bool) // ids that have a file
	for _, f := range files {
		id, isEntry := strings.CutSuffix(f.Name(), entrySuffix)
		switch {
		case isEntry && idPattern.MatchString(id):
			present[id] = true
		case strings.HasSuffix(f.Name(), tmpSuffix):
			if err := os.Remove(filepath.Join(o.dir, entriesDir, f.Name())); err != nil {
				return err
			}
		default:
			o.log.Warn("outbox folder holds a strange file", "name", f.Name())
		}
	}
	waiting, err := o.rows.waiting(ctx)
	if err != nil {
		return err
	}
	for _, e := range waiting {
		if err := o.resolveWaiting(ctx, e.id, present[e.id]); err != nil {
			return fmt.Errorf("entry %s: %w", e.id, err)
		}
		delete(present, e.id)
	}
	return o.resolveFiles(ctx, present)
}

// resolveWaiting makes sure that a waiting entry has a file that can be sent.
func (o *Outbox) resolveWaiting(ctx context.Context, id string, hasFile bool) error {
	err := errMissing
	if hasFile {
		var e *Entry
		if e, err = openEntry(o.path(id)); err == nil {
			return e.close()
		}
	}
	if !errors.Is(err, errDamaged) {
		return err
	}
	o.log.Error("outbox entry quarantined", "envelope", id, "err", err)
	return o.rows.quarantine(ctx, id, err.Error(), time.Now())
}

// resolveFiles deals with the files whose entries are not waiting.
func (o *Outbox) resolveFiles(ctx context.Context, ids map[string]bool) error {
	var found []row
	for id := range ids {
		e, err := o.rows.find(ctx, id)
		switch {
		case err == nil && e.state == Delivered:
			o.removeFile(id)
			continue
		case err == nil: // quarantined: it stays
			continue
		case errors.Is(err, ErrUnknown):
			e, err = o.adopt(id)
		}
		if err != nil {
			return fmt.Errorf("entry %s: %w", id, err)
		}
		found = append(found, e)
	}
	slices.SortFunc(found, func(a, b row) int { return cmp.Or(a.putAt.Compare(b.putAt), cmp.Compare(a.id, b.id)) })
	for _, e := range found {
		if _, err := o.rows.insert(ctx, e); err != nil {
			return fmt.Errorf("entry %s: %w", e.id, err)
		}
		o.log.Warn("outbox entry without a row taken in", "envelope", e.id, "state", string(e.state), "reason", e.reason)
	}
	return nil
}

// adopt makes the row for a file that has none.
func (o *Outbox) adopt(id string) (row, error) {
	info, err := os.Stat(o.path(id))
	if err != nil {
		return row{}, err
	}
	opened, err := openEntry(o.path(id))
	if err == nil {
		err = errors.Join(opened.check(), opened.close())
	}
	switch {
	case errors.Is(err, errDamaged):
		return row{
			id: id, kind: "unknown", state: Quarantined, size: info.Size(),
			putAt: info.ModTime(), settledAt: time.Now(), reason: err.Error(),
		}, nil
	case err != nil:
		return row{}, err
	}
	return row{
		id: id, kind: opened.Kind(), state: Waiting, list: opened.list, signature: opened.signature,
		size: info.Size(), putAt: opened.index.PutAt,
	}, nil
}

// removeFile takes a delivered entry's file away. A file that stays is found again by resolve.
func (o *Outbox) removeFile(id string) (gone bool) {
	err := os.Remove(o.path(id))
	gone = err == nil || errors.Is(err, fs.ErrNotExist)
	if !gone {
		o.log.Warn("delivered outbox entry keeps its file", "envelope", id, "err", err)
	}
	return gone
}
