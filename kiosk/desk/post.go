package desk

import (
	"context"
	"errors"

	"yimen/kiosk/journey"
	"yimen/kiosk/letter"
)

// Postbox keeps letters until central has them.
type Postbox interface {
	// Post numbers, composes, seals and stores a letter; it returns nil only when the letter is durable, and ErrFull where
	// there is no room.
	Post(ctx context.Context, l letter.Letter) (Receipt, error)
}

// post is not stopped by the end of the visit, as keep is not.
func (d *Desk) post(v *visit, e journey.Post) {
	v.do(func(ctx context.Context) journey.Happening {
		kind := e.Letter.Record.Kind()
		r, err := d.hands.Keeper.Post(context.WithoutCancel(ctx), e.Letter)
		if err != nil {
			d.log.Error("letter not kept", "kind", kind, "err", err)
			return journey.NotKept{Err: err, Full: errors.Is(err, ErrFull)}
		}
		d.log.Info("letter kept", "kind", kind, "letter", r.Dossier, "slip", r.SlipNo)
		return journey.Kept{Dossier: r.Dossier, SlipNo: r.SlipNo, QueryCode: r.QueryCode}
	})
}
