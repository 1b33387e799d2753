package desk

import (
	"context"
	"time"

	"yimen/drivers/device"
	"yimen/kiosk/journey"
)

// CardReader waits until a card is laid and gives what is on it; it returns at once with a *device.Fault when
// a card lies there that cannot be read, so that the resident can be told, and with ctx's error when ctx ends.
type CardReader interface {
	Read(ctx context.Context) (device.Card, error)
}

func (d *Desk) readCard(v *visit, e journey.ReadCard) {
	d.stopCard(v)
	v.stopCard = v.do(func(ctx context.Context) journey.Happening {
		select {
		case <-time.After(e.Pause):
		case <-ctx.Done():
			return nil
		}
		card, err := d.hands.Cards.Read(ctx)
		if err != nil {
			if ctx.Err() != nil {
				return nil
			}
			d.log.Info("card not read", "err", err)
			return journey.CardFault{Err: err}
		}
		return journey.CardRead{Card: card}
	})
}

func (d *Desk) stopCard(v *visit) {
	if v.stopCard != nil {
		v.stopCard()
		v.stopCard = nil
	}
}
