package printer

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"yimen/drivers/device"
	"yimen/drivers/wire/wiretest"
)

func TestEveryRecordedStateIsToldTheSameByBothChannels(t *testing.T) {
	for name, want := range map[string]device.Status{
		"well":       {State: device.Online, Paper: device.PaperFull},
		"near-end":   {State: device.Online, Paper: device.PaperLow},
		"paper-end":  {State: device.UserError, Paper: device.PaperOut, Cause: device.ErrPaperOut},
		"cover-open": {State: device.UserError, Paper: device.PaperFull, Cause: device.ErrNeedsUser},
		"cutter-jam": {State: device.HardwareFail, Paper: device.PaperJammed, Cause: device.ErrJammed},
	} {
		t.Run(name, func(t *testing.T) {
			rec, err := wiretest.Load("../../firmware-notes/escpos/status-" + name + ".wire")
			if err != nil {
				t.Fatal(err)
			}
			var b [4]byte
			copy(b[:], rec[len(rec)-1].Bytes)
			if got := fromASB(b).status(); got != want {
				t.Errorf("ASB: %+v", got)
			}
			p := newPaper()
			for i := 0; i+1 < len(rec)-2; i += 2 {
				p.realTime[rec[i].Bytes[2]] = rec[i+1].Bytes[0]
			}
			on(t, p, Config{}, func(ctx context.Context, pr *Printer) {
				time.Sleep(time.Second)
				synctest.Wait()
				if got := pr.Status(); got != want {
					t.Errorf("DLE EOT: %+v", got)
				}
			})
		})
	}
}
