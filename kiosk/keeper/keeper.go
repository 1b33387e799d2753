// Package keeper brings a visit's draft or letter to safety: it gives it its numbers, has it composed, seals it to
// those who read its kind, and puts it into the outbox. After Keep or Post has returned, nothing of it is readable here.
package keeper

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/mattn/go-sqlite3"
	"golang.org/x/sys/unix"

	"yimen/kiosk/desk"
	"yimen/kiosk/dossier"
	"yimen/kiosk/envelope"
	"yimen/kiosk/letter"
	"yimen/kiosk/outbox"
	"yimen/kiosk/slip/number"
	"yimen/kiosk/typeface"
)

// Box keeps sealed envelopes until central has them; *outbox.Outbox is one, and says what each method promises.
type Box interface {
	Room() error
	Put(ctx context.Context, it outbox.Item) error
	Wait(ctx context.Context, id string) (outbox.State, error)
}

// Keeper implements the desk's Keeper. All fields are set before use and not changed afterwards.
type Keeper struct {
	Box     Box
	Numbers *number.Issuer
	Faces   *typeface.Faces
	Suite   envelope.Suite      // SuiteSM where it is empty
	To      envelope.Addressees // who may open: the bureau, or the desk of a closed kind
	By      *envelope.Signer    // this terminal
	Random  io.Reader           // crypto/rand
	Now     func() time.Time    // in the hall's time zone
	NewID   func() string
}

// Room says whether another dossier could be kept now.
func (k *Keeper) Room() error { return full(k.Box.Room()) }

// Keep numbers, composes, seals and stores a draft. It returns nil only when the dossier is durable; otherwise
// nothing was kept but a number that stays unused.
func (k *Keeper) Keep(ctx context.Context, d dossier.Draft) (desk.Receipt, error) {
	return k.put(ctx, d.Kind, d.Terminal, func(g given) ([][]byte, error) {
		d.ID, d.SlipNo, d.QueryCheck, d.SubmittedAt = g.id, g.slipNo, g.check, g.at
		doc, err := dossier.Compose(d, k.Faces)
		return doc.Bodies, err
	})
}

// Post does for a letter what Keep does for a draft.
func (k *Keeper) Post(ctx context.Context, l letter.Letter) (desk.Receipt, error) {
	return k.put(ctx, string(l.Record.Kind()), l.Terminal, func(g given) ([][]byte, error) {
		l.ID, l.SlipNo, l.QueryCheck, l.SubmittedAt = g.id, g.slipNo, g.check, g.at
		doc, err := letter.Compose(l)
		return doc.Bodies, err
	})
}

// given is what the keeper alone gives to what it keeps.
type given struct {
	id, slipNo, check string
	at                time.Time
}

// put numbers what is kept, and seals and stores the bodies that compose makes under these numbers.
func (k *Keeper) put(ctx context.Context, kind, terminal string, compose func(given) ([][]byte, error)) (desk.Receipt, error) {
	if err := k.Room(); err != nil {
		return desk.Receipt{}, err
	}
	now := k.Now()
	slipNo, err := k.Numbers.Next(ctx, now)
	if err != nil {
		return desk.Receipt{}, full(fmt.Errorf("number the slip: %w", err))
	}
	code, err := number.QueryCode(k.Random)
	if err != nil {
		return desk.Receipt{}, fmt.Errorf("make the query code: %w", err)
	}
	check, err := number.Check(slipNo, code)
	if err != nil {
		return desk.Receipt{}, err
	}
	id := k.NewID()
	bodies, err := compose(given{id, slipNo, check, now})
	if err != nil {
		return desk.Receipt{}, fmt.Errorf("compose %s %s: %w", kind, id, err)
	}
	to, err := k.To.For(kind)
	if err != nil {
		return desk.Receipt{}, fmt.Errorf("seal %s %s: %w", kind, id, err)
	}
	head := envelope.Head{Suite: k.Suite, ID: id, Kind: kind, Terminal: terminal, SealedAt: now}
	sealed, err := envelope.Seal(head, bodies, to, k.By, k.Random)
	if err != nil {
		return desk.Receipt{}, err
	}
	item := outbox.Item{ID: id, Kind: kind, List: sealed.List, Signature: sealed.Signature, Parts: sealed.Parts}
	if err := k.Box.Put(ctx, item); err != nil {
		return desk.Receipt{}, full(fmt.Errorf("keep %s %s: %w", kind, id, err))
	}
	return desk.Receipt{Dossier: id, SlipNo: slipNo, QueryCode: code}, nil
}

// Await returns true as soon as central's receipt for the whole dossier was verified.
func (k *Keeper) Await(ctx context.Context, id string) bool {
	state, err := k.Box.Wait(ctx, id)
	return err == nil && state == outbox.Delivered
}

// full makes the outbox's and the disk's way of saying "no room" the desk's.
func full(err error) error {
	var db sqlite3.Error // of the numbers
	if errors.Is(err, outbox.ErrFull) || errors.Is(err, unix.ENOSPC) || errors.Is(err, unix.EDQUOT) ||
		errors.As(err, &db) && (db.Code == sqlite3.ErrFull || db.SystemErrno == unix.ENOSPC || db.SystemErrno == unix.EDQUOT) {
		return fmt.Errorf("%w: %w", desk.ErrFull, err)
	}
	return err
}
