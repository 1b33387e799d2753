// Package bureau is the desk that decides about dossiers: it fetches sealed envelopes from the intake, checks every
// signature, opens them with the unit's key and shows them on pages of this machine. Nothing opened is written to
// disk here; what a case needs of it is kept by the book of cases (provisioning/hub/docket).
package bureau

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"yimen/kiosk/central"
	"yimen/provisioning/identity"
)

const (
	fetchPage  = 200      // envelopes asked for at once
	openAtOnce = 96 << 20 // bytes of opened dossiers kept in memory; the one looked at is kept whatever its size
)

// Row is what the desk's list shows of a dossier.
type Row struct {
	ID         string
	Summary    central.Summary
	Manifest   Manifest // zero if Trouble is set
	ReceivedAt time.Time
	Trouble    error
}

// Desk knows which dossiers there are and opens them.
type Desk struct {
	keys   *identity.Bureau
	source Source
	log    *slog.Logger
	room   int64 // bytes of opened dossiers kept in memory

	catching sync.Mutex // one catch-up at a time
	mu       sync.Mutex
	rows     []Row // in the order of their receipts
	next     string
	parked   []central.Summary // drafts, which have no row
	opened   []*Dossier        // the one looked at last is last
}

// NewDesk makes a desk. It fetches when it is asked.
func NewDesk(keys *identity.Bureau, source Source, log *slog.Logger) *Desk {
	return &Desk{keys: keys, source: source, log: log, room: openAtOnce}
}

// Dossiers gives every dossier that the intake has acknowledged, the newest first. With an error it gives those
// known before.
func (d *Desk) Dossiers(ctx context.Context) ([]Row, error) {
	err := d.catchUp(ctx)
	d.mu.Lock()
	defer d.mu.Unlock()
	rows := slices.Clone(d.rows)
	slices.Reverse(rows)
	return rows, err
}

// catchUp reads on from where the desk stands. An envelope that is wrong gets a row that says so, and does not hide
// the others; an intake that cannot be reached ends it.
func (d *Desk) catchUp(ctx context.Context) error {
	d.catching.Lock()
	defer d.catching.Unlock()
	for {
		page, err := d.source.Envelopes(ctx, d.next, fetchPage)
		if err != nil {
			return err
		}
		if len(page.Envelopes) == 0 {
			return nil
		}
		rows := make([]Row, 0, len(page.Envelopes))
		for _, summary := range page.Envelopes {
			row := Row{ID: summary.Envelope, Summary: summary, ReceivedAt: summary.ReceivedAt}
			o, err := d.cover(ctx, summary.Envelope)
			switch {
			case err == nil:
				row.Manifest = o.Manifest
			case errors.Is(err, ErrParked):
				d.park(summary)
				continue
			case wrong(err):
				row.Trouble = err
				d.log.WarnContext(ctx, "dossier cannot be opened", "envelope", summary.Envelope, "terminal", summary.Terminal, "error", err)
			default:
				return err
			}
			rows = append(rows, row)
		}
		d.mu.Lock()
		d.rows, d.next = append(d.rows, rows...), page.Next
		d.mu.Unlock()
	}
}

// wrong tells whether an error is about the envelope itself, so that asking again will not help.
func wrong(err error) bool {
	for _, about := range []error{ErrSignature, ErrReceipt, ErrElsewhere, ErrSealed, ErrManifest} {
		if errors.Is(err, about) {
			return true
		}
	}
	return false
}

// Dossier opens one dossier whole, or gives it from memory if it was looked at lately.
func (d *Desk) Dossier(ctx context.Context, id string) (*Dossier, error) {
	d.mu.Lock()
	i := slices.IndexFunc(d.opened, func(o *Dossier) bool { return o.ID == id })
	if i >= 0 {
		o := d.opened[i]
		d.opened = append(slices.Delete(d.opened, i, i+1), o)
		d.mu.Unlock()
		return o, nil
	}
	d.mu.Unlock()
	o, err := d.open(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", id, err)
	}
	d.log.InfoContext(ctx, "dossier opened", "envelope", id, "terminal", o.List.Terminal, "parts", len(o.List.Parts))
	d.mu.Lock()
	defer d.mu.Unlock()
	d.opened = append(d.opened, o)
	d.forget()
	return o, nil
}

// forget lets go of the dossiers looked at longest ago. The caller holds the lock.
func (d *Desk) forget() {
	var held int64
	for i := len(d.opened) - 1; i >= 0; i-- {
		held += d.opened[i].size
		if held > d.room && i < len(d.opened)-1 {
			d.opened = slices.Delete(d.opened, 0, i+1)
			return
		}
	}
}
