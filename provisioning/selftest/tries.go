package selftest

import (
	"context"
	"errors"
	"strconv"
	"time"
	"unicode/utf8"

	"yimen/drivers/device"
	"yimen/drivers/jpeg"
)

// How long a device may take. The printer's is longer than the driver's own patience, which says more when it ends.
const (
	startPatience   = 10 * time.Second
	framePatience   = 15 * time.Second
	printPatience   = 60 * time.Second
	switchPatience  = 5 * time.Second
	soundPatience   = 10 * time.Second
	lampShows       = time.Second
	largestFrame    = 64 << 20 // pixels
	statusLooksEach = 50 * time.Millisecond
)

// round is one self-test.
type round struct {
	Devices
	wait time.Duration
	tell func(Step)
}

// tries are the tries of the devices that are there. What needs no person comes first.
func (r *round) tries() []func(context.Context) Result {
	var all []func(context.Context) Result
	add := func(there bool, id device.ID, try func(context.Context) Result) {
		if there {
			all = append(all, func(ctx context.Context) Result { return r.try(ctx, id, try) })
		}
	}
	if r.Packs != nil {
		all = append(all, r.packs)
	}
	add(r.Camera != nil, device.DocCam, func(ctx context.Context) Result { return camera(ctx, device.DocCam, r.Camera) })
	add(r.FaceCam != nil, device.FaceCam, func(ctx context.Context) Result { return camera(ctx, device.FaceCam, r.FaceCam) })
	add(r.Printer != nil, device.Printer, r.printer)
	add(r.Lamps != nil, device.Lamps, r.lamps)
	if r.Sounds != nil {
		for _, id := range r.Sounds.Devices() {
			all = append(all, func(ctx context.Context) Result { return r.sound(ctx, id) })
		}
	}
	add(r.Cards != nil, device.IDCardReader, r.card)
	add(r.Scanner != nil, device.Scanner, r.scanner)
	return all
}

// try waits until a device that has just been opened says how it is, and tries it unless it is away.
func (r *round) try(ctx context.Context, id device.ID, try func(context.Context) Result) Result {
	ready, stop := context.WithTimeout(ctx, startPatience)
	defer stop()
	look := time.NewTicker(statusLooksEach)
	defer look.Stop()
	for {
		now := r.Statuses()[id]
		switch now.State {
		case device.NoDevice, device.Offline:
			return failed(id, now.Cause)
		case device.Starting:
		default:
			result := try(ctx)
			result.Device = id
			return result
		}
		select {
		case <-look.C:
		case <-ready.Done():
			return failed(id, device.ErrSilent)
		}
	}
}

// packs repeats what the daemon's last look for new editions said.
func (r *round) packs(context.Context) Result {
	edition, trouble := r.Packs.InForce()
	result := Result{Device: PacksArrive, Outcome: Passed, Remark: "packs", Args: map[string]string{"edition": edition}}
	if trouble != nil {
		result.Outcome, result.Remark, result.Cause = Failed, "packs-refused", trouble.Error()
	}
	return result
}

func (r *round) card(ctx context.Context) Result {
	r.tell(Step{Ask: device.IDCardReader})
	ctx, stop := context.WithTimeout(ctx, r.wait)
	defer stop()
	card, err := r.Cards.Read(ctx)
	if err != nil {
		return failed(device.IDCardReader, err)
	}
	return passed("card", map[string]string{"name": masked(card), "number": card.Number.MaskNumber()})
}

// masked is a card's name masked; the oldest foreigners' cards have one in Latin letters alone.
func masked(c device.Card) string {
	if c.Name.Empty() {
		return c.Latin.MaskName()
	}
	return c.Name.MaskName()
}

// camera takes one picture, looks whether it is one, and keeps nothing of it.
func camera(ctx context.Context, id device.ID, from Camera) Result {
	ctx, stop := context.WithTimeout(ctx, framePatience)
	defer stop()
	frame, err := from.Capture(ctx)
	if err != nil {
		return failed(id, err)
	}
	picture, err := jpeg.Decode(frame.JPEG, jpeg.Full, largestFrame)
	if err != nil {
		result := failed(id, err)
		result.Remark = "broken-picture"
		return result
	}
	size := picture.Bounds().Size()
	return passed("frame", map[string]string{"width": strconv.Itoa(size.X), "height": strconv.Itoa(size.Y)})
}

func (r *round) printer(ctx context.Context) Result {
	ctx, stop := context.WithTimeout(ctx, printPatience)
	defer stop()
	p, err := r.Printer.Print(ctx, testSlip())
	switch {
	case errors.Is(err, device.ErrUnconfirmed), err == nil && !p.Confirmed:
		return Result{Device: device.Printer, Outcome: Unsure, Remark: "unconfirmed"}
	case err != nil:
		return failed(device.Printer, err)
	case p.Paper == device.PaperLow:
		return passed("printed-low", nil)
	}
	return passed("printed", nil)
}

func (r *round) scanner(ctx context.Context) Result {
	r.tell(Step{Ask: device.Scanner})
	ctx, stop := context.WithTimeout(ctx, r.wait)
	defer stop()
	code, err := r.Scanner.Read(ctx)
	if err != nil {
		return failed(device.Scanner, err)
	}
	return passed("code", map[string]string{"length": strconv.Itoa(utf8.RuneCountInString(code.Text.Reveal()))})
}

// lamps lights each lamp for a moment. The board's answer says that it switched; whether there was light, only who
// stands there can say.
func (r *round) lamps(ctx context.Context) Result {
	devices := r.Lamps.Devices()
	for _, id := range devices {
		if err := r.lamp(ctx, id); err != nil {
			return failed(device.Lamps, err)
		}
	}
	return passed("lamps", map[string]string{"lamps": strconv.Itoa(len(devices))})
}

func (r *round) lamp(ctx context.Context, id device.ID) error {
	ctx, stop := context.WithTimeout(ctx, 2*switchPatience+lampShows)
	defer stop()
	if err := r.Lamps.Point(ctx, id, true); err != nil {
		return err
	}
	select {
	case <-time.After(lampShows):
	case <-ctx.Done():
	}
	// Also when the test is broken off, the lamp does not stay lit.
	dark, stopDark := context.WithTimeout(context.WithoutCancel(ctx), switchPatience)
	defer stopDark()
	return r.Lamps.Point(dark, id, false)
}

// sound plays a tone.
func (r *round) sound(ctx context.Context, id device.ID) Result {
	ctx, stop := context.WithTimeout(ctx, soundPatience)
	defer stop()
	if err := r.Sounds.Sound(ctx, id); err != nil {
		return Result{Device: id, Outcome: Failed, Remark: "soundless", Cause: err.Error()}
	}
	return Result{Device: id, Outcome: Passed, Remark: "sound"}
}

func passed(remark string, args map[string]string) Result {
	return Result{Outcome: Passed, Remark: remark, Args: args}
}

// NothingCame is the remark of a device that is there and was brought nothing to read in the time it was given.
const NothingCame = "nothing-came"

// remarks are the phrases for the ways in which devices fail.
var remarks = []struct {
	err    error
	remark string
}{
	{device.ErrGone, "gone"}, {device.ErrSilent, "silent"}, {device.ErrBusy, "taken"}, {device.ErrNoMedia, NothingCame},
	{device.ErrInvalidMedia, "unreadable"}, {device.ErrPaperOut, "paper-out"}, {device.ErrNeedsUser, "needs-hand"},
	{device.ErrJammed, "jammed"}, {device.ErrHardware, "defective"}, {device.ErrProtocol, "nonsense"},
	{context.DeadlineExceeded, NothingCame},
}

// failed words an error by what can be done about it.
func failed(id device.ID, err error) Result {
	r := Result{Device: id, Outcome: Failed, Remark: "failed"}
	if err == nil {
		return r
	}
	r.Cause = err.Error()
	for _, known := range remarks {
		if errors.Is(err, known.err) {
			r.Remark = known.remark
			break
		}
	}
	switch {
	case (id == device.DocCam || id == device.FaceCam) && r.Remark == "nonsense":
		r.Remark = "broken-picture"
	case r.Remark == NothingCame && id != device.IDCardReader && id != device.Scanner: // nobody was asked to bring anything
		r.Remark = "silent"
	}
	return r
}
