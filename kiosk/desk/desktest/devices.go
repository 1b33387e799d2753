// Package desktest is all that a desk carries effects out with, as a script: whatever a visit asks for waits until the test
// says what comes of it. A device may be stubborn: it does not hear that nobody waits for it any more, and answers late.
package desktest

import (
	"context"
	"errors"
	"reflect"
	"sync"
	"sync/atomic"
	"time"

	"yimen/drivers/device"
	"yimen/kiosk/desk"
	"yimen/kiosk/dossier"
	"yimen/kiosk/household"
	"yimen/kiosk/inquiry"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/view"
	"yimen/kiosk/letter"
	"yimen/kiosk/noticeboard"
)

// Devices are at one terminal.
type Devices struct {
	// Stubborn devices do not hear that what they were asked for is not wanted any more.
	Stubborn atomic.Bool

	live        []byte // what both cameras show
	mu          sync.Mutex
	ports       map[reflect.Type]chan journey.Happening
	waiting     map[reflect.Type]int
	pages       map[string]device.Page // found in a frame, by its bytes
	maintenance *view.Maintenance
	faces       bool
}

// New gives devices that nobody has asked for anything; live is what both cameras show, as JPEG.
func New(live []byte) *Devices {
	return &Devices{live: live, ports: map[reflect.Type]chan journey.Happening{}, waiting: map[reflect.Type]int{}, pages: map[string]device.Page{}}
}

// errUnasked: the device was told that nobody waits any more.
var errUnasked = errors.New("not wanted any more")

func (d *Devices) port(of reflect.Type, change int) chan journey.Happening {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.ports[of] == nil {
		d.ports[of] = make(chan journey.Happening)
	}
	d.waiting[of] += change
	return d.ports[of]
}

// wait waits until the test says what came of it.
func wait[H journey.Happening](ctx context.Context, d *Devices) (H, error) {
	kind := reflect.TypeFor[H]()
	said := d.port(kind, 1)
	defer d.port(kind, -1)
	done := ctx.Done()
	if d.Stubborn.Load() {
		done = nil
	}
	select {
	case h := <-said:
		return h.(H), nil
	case <-done:
		var none H
		return none, errUnasked
	}
}

// Say says what came of what was asked. It tells whether anybody waited for that.
func (d *Devices) Say(h journey.Happening) bool {
	if f, ok := h.(journey.FrameTaken); ok {
		d.find(f)
	}
	select {
	case d.port(reflect.TypeOf(h), 0) <- h:
		return true
	default:
		return false
	}
}

// Asked lists what is waited for, each by the happening that answers it.
func (d *Devices) Asked() (kinds []reflect.Type) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for kind, n := range d.waiting {
		if n > 0 {
			kinds = append(kinds, kind)
		}
	}
	return kinds
}

// Stand sets how the terminal stands; the desk has to be told to look.
func (d *Devices) Stand(s journey.Standing) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.maintenance, d.faces = s.Maintenance, s.Faces
}

// find remembers what is found in a frame.
func (d *Devices) find(f journey.FrameTaken) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.pages[string(f.Frame.JPEG)] = f.Page
}

// Hands are the devices as a desk takes them.
func (d *Devices) Hands(now func() time.Time, newID func() string) desk.Hands {
	return desk.Hands{
		Cards: cards{d}, Camera: bed{d}, Pages: bed{d}, Faces: mirror{d}, Office: office{d}, Keeper: keeper{d}, Board: board{d}, Enquirer: bureau{d},
		Codes: scanner{d}, Printer: printer{d}, Lamps: lamps{}, NewID: newID, Now: now,
		Devices: func() map[device.ID]device.Status { return nil },
		Maintenance: func() *view.Maintenance {
			d.mu.Lock()
			defer d.mu.Unlock()
			return d.maintenance
		},
	}
}

type cards struct{ *Devices }

func (p cards) Read(ctx context.Context) (device.Card, error) {
	h, err := wait[journey.CardRead](ctx, p.Devices)
	return h.Card, err
}

type scanner struct{ *Devices }

func (p scanner) Read(ctx context.Context) (device.Code, error) {
	h, err := wait[journey.CodeRead](ctx, p.Devices)
	return h.Code, err
}

type lamps struct{}

func (lamps) Light(device.ID, bool) {}

type printer struct{ *Devices }

func (p printer) Print(ctx context.Context, _ device.Slip) (device.Printed, error) {
	h, err := wait[journey.Printed](ctx, p.Devices)
	return h.Printed, err
}

type bureau struct{ *Devices }

func (p bureau) Ask(ctx context.Context, _ inquiry.Inquiry) (inquiry.Answer, error) {
	h, err := wait[journey.Answered](ctx, p.Devices)
	return h.Answer, err
}

type keeper struct{ *Devices }

func (keeper) Room() error { return nil }

func (p keeper) Keep(ctx context.Context, _ dossier.Draft) (desk.Receipt, error) {
	return p.receipt(ctx)
}

func (p keeper) Post(ctx context.Context, _ letter.Letter) (desk.Receipt, error) {
	return p.receipt(ctx)
}

func (p keeper) receipt(ctx context.Context) (desk.Receipt, error) {
	h, err := wait[journey.Kept](ctx, p.Devices)
	return desk.Receipt{Dossier: h.Dossier, SlipNo: h.SlipNo, QueryCode: h.QueryCode}, err
}

func (p keeper) Await(ctx context.Context, _ string) bool {
	h, _ := wait[journey.Central](ctx, p.Devices) // an Await that is not wanted any more knows of no receipt
	return h.Delivered
}

type board struct{ *Devices }

// Hanging is asked without a context: it looks at what is here. The test still says what.
func (p board) Hanging(household.Date) []noticeboard.Notice {
	h, _ := wait[journey.BoardSeen](context.Background(), p.Devices) // never told that nobody waits
	return h.Notices
}
