package bureau

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"

	"yimen/drivers/device"
	"yimen/kiosk/central"
	"yimen/kiosk/household"
	"yimen/kiosk/letter"
)

// Parked is what the bureau knows of a draft without looking at what was given in it.
type Parked struct {
	ID         string // of the envelope
	SlipNo     string
	QueryCheck string          // number.Check of the slip's code
	Number     device.Personal // of the card of whoever began
	Item       string          // code
	ItemName   string          // in Chinese
	ParkedAt   time.Time
	Until      household.Date // the last day on which it is given out
}

// Drafts are the applications that were begun and parked. They have no page and no row: they are opened for their
// residents' own questions alone, and resealed at once.
type Drafts struct {
	desk *Desk

	mu    sync.Mutex
	known []Parked
	past  int // envelopes that could not be read, or were forgotten
}

// Drafts gives what was parked at this desk.
func (d *Desk) Drafts() *Drafts { return &Drafts{desk: d} }

// park notes a draft that came in. The caller is the catch-up.
func (d *Desk) park(s central.Summary) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.parked = append(d.parked, s)
}

// All lists every draft that the intake has acknowledged, the newest first.
func (d *Drafts) All(ctx context.Context) ([]Parked, error) {
	if err := d.desk.catchUp(ctx); err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.desk.mu.Lock()
	fresh := slices.Clone(d.desk.parked[len(d.known)+d.past:])
	d.desk.mu.Unlock()
	for _, s := range fresh {
		p, err := d.read(ctx, s.Envelope)
		switch {
		case err == nil:
			d.known = append(d.known, p)
		case is(err, central.CodeNotFound): // another desk had it forgotten meanwhile
			d.past++
		case wrong(err):
			d.past++
			d.desk.log.WarnContext(ctx, "draft cannot be read", "envelope", s.Envelope, "terminal", s.Terminal, "error", err)
		default:
			return nil, err
		}
	}
	list := slices.Clone(d.known)
	slices.Reverse(list)
	return list, nil
}

// read opens a draft's manifest and record, and keeps of them what Parked says.
func (d *Drafts) read(ctx context.Context, id string) (Parked, error) {
	o, err := d.open(ctx, id)
	if err != nil {
		return Parked{}, err
	}
	return Parked{
		ID: id, SlipNo: o.manifest.SlipNo, QueryCheck: o.manifest.QueryCheck, Number: device.Personal(o.record.Number.Reveal()),
		Item: o.record.Item, ItemName: o.manifest.ItemName, ParkedAt: o.manifest.SubmittedAt, Until: o.record.Until,
	}, nil
}

// draft is one that was opened, but for its pictures.
type draft struct {
	*Dossier
	manifest letter.Manifest
	record   letter.Parked
	body     []byte // the record's bytes
}

// open opens a draft's manifest and record.
func (d *Drafts) open(ctx context.Context, id string) (draft, error) {
	o, err := d.desk.checked(ctx, id)
	if err != nil {
		return draft{}, err
	}
	if o.List.Kind != string(letter.Draft) {
		return draft{}, fmt.Errorf("%w: it is no draft", ErrManifest)
	}
	if err := d.desk.manifest(ctx, o); err != nil {
		return draft{}, err
	}
	out := draft{Dossier: o}
	if err := json.Unmarshal(o.Plain, &out.manifest); err != nil {
		return draft{}, fmt.Errorf("%w: %w", ErrManifest, err)
	}
	i := slices.IndexFunc(o.Manifest.Parts, func(p Part) bool { return p.Name == letter.RecordName })
	if i < 0 {
		return draft{}, fmt.Errorf("%w: it has no record", ErrManifest)
	}
	if out.body, err = d.desk.openNamed(ctx, o.List, o.Manifest.Parts[i]); err != nil {
		return draft{}, err
	}
	if out.record, err = letter.Read[letter.Parked](out.body); err != nil {
		return draft{}, fmt.Errorf("%w: %w", ErrManifest, err)
	}
	return out, nil
}

// Content gives what was given in a draft: the record's bytes, and for each of its pages the straightened picture and the
// frame. Pages beyond most bytes in all are left out, the last first: they are photographed again.
func (d *Drafts) Content(ctx context.Context, id string, most int) (record []byte, pages [][]byte, err error) {
	o, err := d.open(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	size := len(o.body)
	for _, page := range o.record.Pages {
		var both [][]byte
		for _, of := range []string{"page", frame} {
			body, err := d.picture(ctx, o, page.Material, page.No, of)
			if err != nil {
				return nil, nil, err
			}
			size += len(body)
			both = append(both, body)
		}
		if size > most {
			break
		}
		pages = append(pages, both...)
	}
	return o.body, pages, nil
}

// picture opens one picture of a page.
func (d *Drafts) picture(ctx context.Context, o draft, material string, no int, of string) ([]byte, error) {
	for _, p := range o.Manifest.Parts {
		if p.Scan.Material == material && p.Scan.Page == no && p.Scan.Of == of {
			return d.desk.openNamed(ctx, o.List, p)
		}
	}
	return nil, fmt.Errorf("%w: no %s %d of %s", ErrManifest, of, no, material)
}
