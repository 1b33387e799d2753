package device

import (
	"errors"
	"fmt"
)

// Each sentinel is named for what the caller can do about it.
var (
	// ErrGone: the device or its port is not there any more. Reopen it.
	ErrGone = errors.New("device is gone")
	// ErrSilent: the device did not answer in time. Try again, then call a person.
	ErrSilent = errors.New("device does not answer")
	// ErrBusy: another program, or another device on the same bus, has what this one needs. A technician makes room.
	ErrBusy = errors.New("device is taken")
	// ErrNoMedia: there is no card, page or paper where one is needed. Ask the resident to lay one.
	ErrNoMedia = errors.New("nothing to read")
	// ErrInvalidMedia: what lies there cannot be read by this device. Ask for another, or to lay it again.
	ErrInvalidMedia = errors.New("medium cannot be read")
	// ErrPaperOut: the printer has no paper. Staff puts paper in.
	ErrPaperOut = errors.New("paper is out")
	// ErrNeedsUser: a person in the hall can cure it, such as by closing the cover.
	ErrNeedsUser = errors.New("device needs a hand")
	// ErrJammed: paper or cutter is stuck. Staff opens the printer.
	ErrJammed = errors.New("device is jammed")
	// ErrHardware: the device reports a defect, such as a module that is not licensed. Call service.
	ErrHardware = errors.New("device is defective")
	// ErrProtocol: the device answered something that its manual does not know. Call a technician.
	ErrProtocol = errors.New("device answered nonsense")
	// ErrUnconfirmed: the device took the work and did not say that it is done. Claim nothing.
	ErrUnconfirmed = errors.New("device did not confirm")
)

// kinds are all of the above.
var kinds = []error{ErrGone, ErrSilent, ErrBusy, ErrNoMedia, ErrInvalidMedia, ErrPaperOut, ErrNeedsUser, ErrJammed, ErrHardware,
	ErrProtocol, ErrUnconfirmed}

// Kind gives the first sentinel that err wraps, nil where it wraps none: two errors of one kind ask for the same cure.
func Kind(err error) error {
	for _, k := range kinds {
		if errors.Is(err, k) {
			return k
		}
	}
	return nil
}

// Fault is the error that every driver returns: which device, doing what, and why.
type Fault struct {
	Device ID
	Op     string // what was being done, such as "read card"
	Err    error  // wraps one of the sentinels
}

func (f *Fault) Error() string { return fmt.Sprintf("%s: %s: %v", f.Device, f.Op, f.Err) }
func (f *Fault) Unwrap() error { return f.Err }
