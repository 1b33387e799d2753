package usb

import (
	"context"
	"math/rand/v2"
	"time"

	"yimen/drivers/emulator"
)

// What any device can do wrong on the bus, beside what its protocol can. They strike when data would move.
const (
	StallOut emulator.Fault = "usb-stall-out" // takes half of a transfer and halts the endpoint
	StallIn  emulator.Fault = "usb-stall-in"  // halts the endpoint instead of speaking; says it after the halt is cleared
	NAKOut   emulator.Fault = "usb-nak-out"   // takes nothing until the host gives up, or the fault is switched off
	NAKIn    emulator.Fault = "usb-nak-in"    // says nothing until the host gives up, or the fault is switched off
	Short    emulator.Fault = "usb-short"     // ends a transfer to the host half way; the rest is the next one
	Garbage  emulator.Fault = "usb-garbage"   // sends random bytes instead, as many
	Unplug   emulator.Fault = "usb-unplug"    // leaves the bus in the middle of a transfer
	Slow     emulator.Fault = "usb-slow"      // waits before each transfer
)

// slowness is how long a slow device waits.
const slowness = 100 * time.Millisecond

// faultChanged lets go of who is held back by a fault that was switched off.
func (d *Device) faultChanged(_ emulator.Fault, times int) {
	if times != 0 {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	close(d.letGo)
	d.letGo = make(chan struct{})
}

// delay is Slow, and then one of the faults that hold a transfer back.
func (d *Device) delay(ctx context.Context, nak emulator.Fault) error {
	if d.Faults.Take(Slow) {
		if err := emulator.Sleep(ctx, slowness); err != nil {
			return err
		}
	}
	d.mu.Lock()
	letGo := d.letGo // before Take: a fault switched off in between still lets go
	d.mu.Unlock()
	if !d.Faults.Take(nak) {
		return nil
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-letGo:
		return nil
	}
}

// spoilOut lets a bad day strike a transfer to the device: it cuts data short and says how the transfer ends.
func (d *Device) spoilOut(endpoint uint8, data []byte) ([]byte, error) {
	half := data[:len(data)/2/d.maxPacket(endpoint)*d.maxPacket(endpoint)]
	switch {
	case len(data) == 0:
		return data, nil
	case d.Faults.Take(Unplug):
		return half, ErrGone
	case d.Faults.Take(StallOut):
		d.setHalt(endpoint, true)
		return half, ErrStall
	}
	return data, nil
}

// spoilIn lets a bad day strike a transfer to the host.
func (d *Device) spoilIn(endpoint uint8, data []byte) ([]byte, error) {
	switch {
	case len(data) == 0:
	case d.Faults.Take(Unplug):
		return nil, ErrGone
	case d.Faults.Take(StallIn):
		d.function.Return(endpoint, data)
		d.setHalt(endpoint, true)
		return nil, ErrStall
	case len(data) > 1 && d.Faults.Take(Short):
		d.function.Return(endpoint, data[len(data)/2:])
		return data[:len(data)/2], nil
	case d.Faults.Take(Garbage):
		rubbish := make([]byte, len(data))
		for i := range rubbish {
			rubbish[i] = uint8(rand.Uint32())
		}
		return rubbish, nil
	}
	return data, nil
}
