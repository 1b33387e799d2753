package desk

import (
	"context"

	"yimen/drivers/device"
	"yimen/kiosk/journey"
)

// Printer puts slips on paper and reports what the printer said; an error wraps one of device's sentinels.
type Printer interface {
	Print(ctx context.Context, s device.Slip) (device.Printed, error)
}

// print is not stopped by the end of the visit: half a slip is worse than a whole one nobody waits for. The
// next visit waits for it.
func (d *Desk) print(v *visit, e journey.Print) {
	d.keepCopy(v, e)
	by := d.hands.Printer.Print
	if e.Paper == journey.PaperCopy && d.hands.Office != nil {
		by = d.hands.Office.PrintCopy
	}
	v.do(func(context.Context) journey.Happening { return d.printed(by(v.lasting, e.Slip)) })
}

// printed tells what the printer said.
func (d *Desk) printed(p device.Printed, err error) journey.Happening {
	if err != nil {
		d.log.Info("slip not printed", "err", err)
		return journey.PrintFault{Err: err}
	}
	return journey.Printed{Printed: p}
}
