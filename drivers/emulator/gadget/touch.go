package gadget

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"yimen/drivers/emulator"
	"yimen/drivers/emulator/usb"
)

// Fingers is how many contacts a report of the panel has room for.
const Fingers = 5

// Contact is one finger on the panel, or one that has just been lifted. X and Y go from 0, left and top, to 1.
type Contact struct {
	ID   int     `json:"id"` // 0 to 31; the same from touching down to lifting
	X    float64 `json:"x"`
	Y    float64 `json:"y"`
	Down bool    `json:"down"`
}

// check refuses contacts that no finger can make; comparisons with what is no number are false.
func (c Contact) check() error {
	if !(c.X >= 0 && c.X <= 1 && c.Y >= 0 && c.Y <= 1) || c.ID < 0 || c.ID > largestID {
		return fmt.Errorf("no such contact: %+v", c)
	}
	return nil
}

// Touch is a multi-touch panel of the class HID. Fingers are laid on it by its methods.
type Touch struct {
	millimetres [2]int
	reports     chan []byte // nobody fetches a report unless a program on the host listens
	started     time.Time

	mu       sync.Mutex
	returned [][]byte
}

// NewTouch gives a panel of so many millimetres, and the device that it is for a host.
func NewTouch(serial string, width, height int) (*Touch, *usb.Device) {
	t := &Touch{millimetres: [2]int{width, height}, reports: make(chan []byte), started: time.Now()}
	about := slices.Concat([]byte{9, 0x21, 0x11, 0x01, 0, 1, typeReport}, binary.LittleEndian.AppendUint16(nil, uint16(len(t.reportDescriptor()))))
	return t, usb.New(usb.Description{
		Speed: usb.HighSpeed, Vendor: 0x1D6B, Product: 0x0A01, Version: 0x0100,
		Maker: "Yimen Bench", Name: "Touch panel", Serial: serial,
		Interfaces: []usb.Interface{{
			Class: 0x03, Extra: about,
			Endpoints: []usb.Endpoint{{Address: touchIn, Attributes: usb.Interrupt, MaxPacket: 64, Interval: 4}},
		}},
	}, t)
}

// ErrUnheard: no program on the host listens to the panel.
var ErrUnheard = errors.New("no host listens to the touch panel")

// heard is how long a host may take to fetch a report.
const heard = 5 * time.Second

// Report tells the host of the contacts that changed, at most Fingers, and waits until it has fetched that.
func (t *Touch) Report(ctx context.Context, contacts ...Contact) error {
	if len(contacts) > Fingers {
		return fmt.Errorf("%d contacts, there is room for %d", len(contacts), Fingers)
	}
	b := []byte{inputReport}
	for i := range Fingers {
		var finger [6]byte
		if i < len(contacts) {
			c := contacts[i]
			if err := c.check(); err != nil {
				return err
			}
			if c.Down {
				finger[0] = tipSwitch | inRange
			}
			finger[1] = byte(c.ID)
			binary.LittleEndian.PutUint16(finger[2:], uint16(c.X*largestCoordinate+0.5))
			binary.LittleEndian.PutUint16(finger[4:], uint16(c.Y*largestCoordinate+0.5))
		}
		b = append(b, finger[:]...)
	}
	b = binary.LittleEndian.AppendUint16(b, uint16(time.Since(t.started)/scanTick))
	b = append(b, byte(len(contacts)))
	ctx, cancel := context.WithTimeoutCause(ctx, heard, ErrUnheard)
	defer cancel()
	select {
	case t.reports <- b:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// How a hand moves.
const (
	tapTime  = 80 * time.Millisecond // from touching down to lifting
	dragBeat = 16 * time.Millisecond // between two reports of a moving finger
)

// Tap taps with one finger.
func (t *Touch) Tap(ctx context.Context, x, y float64) error {
	return t.Drag(ctx, Contact{X: x, Y: y}, x, y, tapTime)
}

// Drag moves one finger in a straight line from a contact to (x, y) and lifts it there.
func (t *Touch) Drag(ctx context.Context, from Contact, x, y float64, takes time.Duration) error {
	if err := (Contact{X: x, Y: y}).check(); err != nil {
		return err
	}
	steps := max(1, int(takes/dragBeat))
	from.Down = true
	if err := t.Report(ctx, from); err != nil {
		return err
	}
	at := from
	for i := 1; i <= steps; i++ {
		if err := emulator.Sleep(ctx, takes/time.Duration(steps)); err != nil {
			break // the finger is lifted all the same
		}
		share := float64(i) / float64(steps)
		if moved := (Contact{ID: from.ID, Down: true, X: from.X + share*(x-from.X), Y: from.Y + share*(y-from.Y)}); moved != at {
			at = moved
			if err := t.Report(ctx, at); err != nil {
				return err
			}
		}
	}
	at.Down = false
	return t.Report(context.WithoutCancel(ctx), at)
}

// Run forgets what the host before did not get. The panel speaks when it is touched.
func (t *Touch) Run(context.Context) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.returned = nil
	return nil
}

// In is the next report.
func (t *Touch) In(ctx context.Context, _ uint8, n int) ([]byte, error) {
	t.mu.Lock()
	if len(t.returned) > 0 {
		defer t.mu.Unlock()
		b := t.returned[0]
		t.returned = t.returned[1:]
		return b, nil
	}
	t.mu.Unlock()
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case b := <-t.reports:
		if len(b) > n {
			return nil, usb.ErrBabble
		}
		return b, nil
	}
}

// Out does not happen: the panel has no endpoint for it.
func (t *Touch) Out(context.Context, uint8, []byte) (int, error) { return 0, usb.ErrStall }

// Return puts a report back.
func (t *Touch) Return(_ uint8, report []byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.returned = append(t.returned, report)
}

// Restart has nothing to make new.
func (t *Touch) Restart(uint8) {}

// Control answers the class HID (USB HID 1.11 §7).
func (t *Touch) Control(s usb.Setup, _ []byte) ([]byte, error) {
	const (
		getReport     = 0x01
		getDescriptor = 0x06
		setIdle       = 0x0A
	)
	switch {
	case s.Kind() == 0 && s.Request == getDescriptor && s.Value>>8 == typeReport:
		return t.reportDescriptor(), nil
	case s.Kind() == usb.Class && s.Request == getReport && s.Value == 3<<8|featureReport:
		return []byte{featureReport, Fingers}, nil
	case s.Kind() == usb.Class && s.Request == setIdle:
		return nil, nil
	}
	return nil, usb.ErrStall
}
