package desk

import (
	"context"

	"yimen/drivers/device"
	"yimen/kiosk/journey"
)

// Scanner waits until a code is shown to it and gives what it holds.
type Scanner interface {
	Read(ctx context.Context) (device.Code, error)
}

func (d *Desk) readCode(v *visit) {
	d.stopCode(v)
	if d.hands.Codes == nil {
		v.do(func(context.Context) journey.Happening { return journey.CodeFault{Err: device.ErrGone} })
		return
	}
	v.stopCode = v.do(func(ctx context.Context) journey.Happening {
		code, err := d.hands.Codes.Read(ctx)
		switch {
		case err == nil:
			return journey.CodeRead{Code: code}
		case ctx.Err() != nil:
			return nil
		}
		d.log.Info("code not read", "err", err)
		return journey.CodeFault{Err: err}
	})
}

func (d *Desk) stopCode(v *visit) {
	if v.stopCode != nil {
		v.stopCode()
		v.stopCode = nil
	}
}
