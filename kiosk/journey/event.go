package journey

import (
	"time"

	"yimen/drivers/device"
	"yimen/kiosk/journey/view"
)

// Event is one thing that happened, with the moment at which the desk learned of it and a fresh random id
// that Step may use for whatever this event brings into being. Step has no other source of time or ids.
type Event struct {
	At time.Time
	ID string // 26 characters, never used before
	Is Happening
}

// Happening is the closed set of what may happen: a Touch, a Tick, or the outcome of an Effect.
type Happening interface{ happening() }

// Tick says only that time has passed; it comes no later than State.Wake asked for.
type Tick struct{}

// Standing tells how the terminal stands: its devices, and whether another dossier can be kept.
type Standing struct {
	Devices map[device.ID]device.Status
	Full    bool // a dossier could not be kept now
	Faces   bool // faces can be compared: there is a camera for it, and a verifier
	// LostSlip: not long ago the terminal ended in the middle of a print, and whoever stood here may stand here still.
	LostSlip bool
	// Maintenance is set while a technician has locked the terminal.
	Maintenance *view.Maintenance
}

// CardRead is a card's content; CardSeen comes before it, as soon as a card lies there.
type CardRead struct{ Card device.Card }

// CardFault says why a card could not be read.
type CardFault struct{ Err error }

// Settled says that a good page has lain still under the live picture for long enough to be taken.
type Settled struct{}

// FrameTaken is a fresh picture of the bed, and the page that was found in it.
type FrameTaken struct {
	Frame device.Frame
	Page  device.Page // without JPEG where none was found
}

// FrameFault says why there is no picture.
type FrameFault struct{ Err error }

// PageMade is the page cut out of the frame that MakePage named.
type PageMade struct {
	Frame string // id given with MakePage
	Page  device.Page
}

// PageFault says why the page could not be cut out.
type PageFault struct {
	Frame string
	Err   error
}

// Kept says that the dossier is safe on this terminal's disk under these numbers.
type Kept struct {
	Dossier   string
	SlipNo    string
	QueryCode string
}

// NotKept says that nothing was kept and nothing will be sent.
type NotKept struct {
	Err  error
	Full bool
}

// Central says what is known of the delivery when the patience of Await ended: whether central's signed
// receipt for the whole was verified.
type Central struct{ Delivered bool }

// Printed is what the printer said of the slip.
type Printed struct{ Printed device.Printed }

// PrintFault says why nothing, or nothing certain, was printed.
type PrintFault struct{ Err error }

func (Touch) happening()      {}
func (Tick) happening()       {}
func (Standing) happening()   {}
func (CardRead) happening()   {}
func (CardFault) happening()  {}
func (Settled) happening()    {}
func (FrameTaken) happening() {}
func (FrameFault) happening() {}
func (PageMade) happening()   {}
func (PageFault) happening()  {}
func (Kept) happening()       {}
func (NotKept) happening()    {}
func (Central) happening()    {}
func (Printed) happening()    {}
func (PrintFault) happening() {}
