// Package keeper brings a visit's draft to safety: it gives the dossier its numbers, has it composed, seals it
// to those who read its kind, and puts it into the outbox. After Keep has returned, nothing of it is readable here.
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
	d.ID, d.SlipNo, d.SubmittedAt = k.NewID(), slipNo, now
	doc, err := dossier.Compose(d, k.Faces)
	if err != nil {
		return desk.Receipt{}, fmt.Errorf("compose dossier %s: %w", d.ID, err)
	}
	sealed, err := k.seal(d, now, doc.Bodies)
	if err != nil {
		return desk.Receipt{}, fmt.Errorf("seal dossier %s: %w", d.ID, err)
	}
	item := outbox.Item{ID: d.ID, Kind: d.Kind, List: sealed.List, Signature: sealed.Signature, Parts: sealed.Parts}
	if err := k.Box.Put(ctx, item); err != nil {
		return desk.Receipt{}, full(fmt.Errorf("keep dossier %s: %w", d.ID, err))
	}
	return desk.Receipt{Dossier: d.ID, SlipNo: slipNo, QueryCode: code}, nil
}

func (k *Keeper) seal(d dossier.Draft, now time.Time, bodies [][]byte) (envelope.Sealed, error) {
	to, err := k.To.For(d.Kind)
	if err != nil {
		return envelope.Sealed{}, err
	}
	head := envelope.Head{Suite: k.Suite, ID: d.ID, Kind: d.Kind, Terminal: d.Terminal, SealedAt: now}
	return envelope.Seal(head, bodies, to, k.By, k.Random)
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
