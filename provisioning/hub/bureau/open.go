package bureau

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"yimen/kiosk/central"
	"yimen/kiosk/envelope"
	"yimen/kiosk/letter"
)

// What can be wrong with an envelope that came to the desk, by whom to ask about it.
var (
	// ErrSignature: no terminal that this desk knows signed the list.
	ErrSignature = errors.New("no known terminal signed it")
	// ErrReceipt: the hub's receipt does not verify.
	ErrReceipt = errors.New("the receipt does not verify")
	// ErrElsewhere: it is sealed to another desk, as kinds are that are closed to this one. Nobody to ask.
	ErrElsewhere = errors.New("it is sealed to another desk")
	// ErrSealed: a part is not what was sealed.
	ErrSealed = errors.New("a part cannot be opened")
	// ErrParked: it is an application that was begun and parked, which is the resident's until it is handed in.
	ErrParked = errors.New("it is parked and not for the desk")
	// ErrManifest: the parts open, and are not what the manifest says.
	ErrManifest = errors.New("the manifest does not fit the parts")
)

// Dossier is opened: every signature and digest of it holds.
type Dossier struct {
	ID       string
	Manifest Manifest
	Plain    []byte // the manifest's bytes
	List     envelope.List
	Signed   []byte // the signed receipt
	Receipt  central.Receipt
	bodies   map[string][]byte // by name of the part
	size     int64             // bytes of all bodies
}

// Body gives the plain bytes of a part.
func (d *Dossier) Body(name string) (Part, []byte, bool) {
	for _, p := range d.Manifest.Parts {
		if p.Name == name {
			return p, d.bodies[name], true
		}
	}
	return Part{}, nil, false
}

// Source is where sealed envelopes come from: the hub's intake. *central.Client is one.
type Source interface {
	Envelopes(ctx context.Context, after string, limit int) (central.Page, error)
	Envelope(ctx context.Context, id string) (central.Kept, error)
	Part(ctx context.Context, id string, no int) ([]byte, error)
}

// cover checks both signatures and opens the manifest. What was parked is not opened: ErrParked.
func (d *Desk) cover(ctx context.Context, id string) (*Dossier, error) {
	o, err := d.checked(ctx, id)
	if err != nil {
		return nil, err
	}
	if o.List.Kind == string(letter.Draft) {
		return nil, ErrParked
	}
	return o, d.manifest(ctx, o)
}

// manifest opens the first part.
func (d *Desk) manifest(ctx context.Context, o *Dossier) (err error) {
	if o.Plain, err = d.openPart(ctx, o.List, 0); err != nil {
		return err
	}
	if err := json.Unmarshal(o.Plain, &o.Manifest); err != nil {
		return fmt.Errorf("%w: %w", ErrManifest, err)
	}
	return nil
}

// checked fetches what stands outside the seals and checks both signatures.
func (d *Desk) checked(ctx context.Context, id string) (*Dossier, error) {
	kept, err := d.source.Envelope(ctx, id)
	if err != nil {
		return nil, err
	}
	claimed, err := envelope.ParseList(kept.List)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSignature, err)
	}
	list, err := d.keys.Terminals.VerifyList(claimed.Terminal, kept.List, kept.Signature)
	if err != nil {
		return nil, fmt.Errorf("%w: terminal %s: %w", ErrSignature, claimed.Terminal, err)
	}
	if list.Envelope != id {
		return nil, fmt.Errorf("%w: it is envelope %s", ErrSignature, list.Envelope)
	}
	receipt, err := central.VerifyReceipt(kept.Receipt, kept.List, d.keys.Receipts)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrReceipt, err)
	}
	return &Dossier{ID: id, List: list, Signed: kept.Receipt, Receipt: receipt, bodies: map[string][]byte{}}, nil
}

func (d *Desk) openPart(ctx context.Context, list envelope.List, no int) ([]byte, error) {
	sealed, err := d.source.Part(ctx, list.Envelope, no)
	if err != nil {
		return nil, err
	}
	body, err := envelope.OpenPart(sealed, list, no, d.keys.Opening)
	switch {
	case errors.Is(err, envelope.ErrRecipient):
		return nil, fmt.Errorf("%w: %w", ErrElsewhere, err)
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrSealed, err)
	}
	return body, nil
}

// openNamed opens a part and holds it against the manifest.
func (d *Desk) openNamed(ctx context.Context, list envelope.List, p Part) ([]byte, error) {
	body, err := d.openPart(ctx, list, p.No)
	if err != nil {
		return nil, err
	}
	if int64(len(body)) != p.Size || envelope.Digest(body) != p.Digest {
		return nil, fmt.Errorf("%w: part %d differs", ErrManifest, p.No)
	}
	return body, nil
}

// open fetches and opens a whole dossier, in memory only.
func (d *Desk) open(ctx context.Context, id string) (*Dossier, error) {
	o, err := d.cover(ctx, id)
	if err != nil {
		return nil, err
	}
	if len(o.Manifest.Parts) != len(o.List.Parts)-1 {
		return nil, fmt.Errorf("%w: %d parts named, %d sealed", ErrManifest, len(o.Manifest.Parts), len(o.List.Parts)-1)
	}
	for i, p := range o.Manifest.Parts {
		if p.No != i+1 || p.Name == "" || o.bodies[p.Name] != nil {
			return nil, fmt.Errorf("%w: part %d is named %q, number %d", ErrManifest, i+1, p.Name, p.No)
		}
		body, err := d.openNamed(ctx, o.List, p)
		if err != nil {
			return nil, err
		}
		o.bodies[p.Name] = body
		o.size += int64(len(body))
	}
	return o, nil
}

// Look gives the manifest of a dossier and the bodies of the named parts, as far as there are such, past the memory of those
// that were opened whole.
func (d *Desk) Look(ctx context.Context, id string, names ...string) (Manifest, map[string][]byte, error) {
	o, err := d.cover(ctx, id)
	if err != nil {
		return Manifest{}, nil, fmt.Errorf("look into %s: %w", id, err)
	}
	for _, p := range o.Manifest.Parts {
		if !slices.Contains(names, p.Name) {
			continue
		}
		if p.No < 1 || p.No >= len(o.List.Parts) {
			return Manifest{}, nil, fmt.Errorf("look into %s: %w: part %s has number %d", id, ErrManifest, p.Name, p.No)
		}
		if o.bodies[p.Name], err = d.openNamed(ctx, o.List, p); err != nil {
			return Manifest{}, nil, fmt.Errorf("look into %s: %w", id, err)
		}
	}
	return o.Manifest, o.bodies, nil
}
