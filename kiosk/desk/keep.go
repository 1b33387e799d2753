package desk

import (
	"context"
	"errors"

	"yimen/kiosk/dossier"
	"yimen/kiosk/journey"
)

// ErrFull says that the terminal has no room for another dossier.
var ErrFull = errors.New("no room for another dossier")

// Receipt is what a kept dossier or letter goes by.
type Receipt struct {
	Dossier, SlipNo, QueryCode string
}

// Keeper keeps dossiers until central has them.
type Keeper interface {
	// Room says whether another dossier could be kept now; ErrFull if not.
	Room() error
	// Keep numbers, composes, seals and stores a draft; it returns nil only when the dossier is durable.
	Keep(ctx context.Context, d dossier.Draft) (Receipt, error)
	// Await returns true as soon as central's receipt for the whole dossier was verified, false when ctx ends.
	Await(ctx context.Context, dossier string) bool

	Postbox
}

// keep is not stopped by the end of the visit: a dossier is kept whole or not at all, and that is told while
// somebody is there to hear it.
func (d *Desk) keep(v *visit, e journey.Keep) {
	v.do(func(ctx context.Context) journey.Happening {
		r, err := d.hands.Keeper.Keep(context.WithoutCancel(ctx), e.Draft)
		if err != nil {
			d.log.Error("dossier not kept", "err", err)
			return journey.NotKept{Err: err, Full: errors.Is(err, ErrFull)}
		}
		d.log.Info("dossier kept", "dossier", r.Dossier, "slip", r.SlipNo)
		return journey.Kept{Dossier: r.Dossier, SlipNo: r.SlipNo, QueryCode: r.QueryCode}
	})
}

func (d *Desk) await(v *visit, e journey.Await) {
	v.do(func(ctx context.Context) journey.Happening {
		ctx, stop := context.WithTimeout(ctx, e.Patience)
		defer stop()
		return journey.Central{Delivered: d.hands.Keeper.Await(ctx, e.Dossier)}
	})
}
