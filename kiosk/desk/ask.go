package desk

import (
	"context"

	"yimen/kiosk/inquiry"
	"yimen/kiosk/journey"
)

// Enquirer asks the bureau. It waits until the answer is there and its signature holds, or ctx ends, or the line is dead.
type Enquirer interface {
	Ask(ctx context.Context, q inquiry.Inquiry) (inquiry.Answer, error)
}

// ask ends with the visit: an answer that comes later is opened by nobody.
func (d *Desk) ask(v *visit, e journey.Ask) {
	v.do(func(ctx context.Context) journey.Happening {
		ctx, stop := context.WithTimeout(ctx, e.Patience)
		defer stop()
		a, err := d.hands.Enquirer.Ask(ctx, e.Inquiry)
		if err != nil {
			d.log.Info("bureau not asked", "kind", e.Inquiry.Kind, "err", err)
			return journey.NotAnswered{Err: err}
		}
		return journey.Answered{Answer: a}
	})
}
