// Package emulator and the packages below it hold devices that exist only on the wire: an ID-card reader, a
// receipt printer, a camera over a desk or before a drawn face, a QR engine and a board of lamps, each written from firmware-notes alone and kept apart from the
// drivers, so that the two can prove each other. A device lives on any io.ReadWriter (or HTTP), keeps its
// own state across plugging and unplugging, and has a bad day when it is told to. Nothing shipped imports
// any of it. Here is what the devices share: the switches for their faults, and a typeface.
package emulator

import (
	"context"
	"time"
)

// Sleep waits for d or for the end of ctx, whichever comes first.
func Sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
