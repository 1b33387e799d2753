package journey

import (
	"time"

	"yimen/drivers/device"
	"yimen/kiosk/dossier"
)

// Effect is something that Step wants done. Effects name resources, never services; the set is closed. What
// comes of an Effect comes back as a Happening, and only to the visit that asked.
type Effect interface{ effect() }

// ReadCard waits for a card and reads it: CardRead or CardFault. One at a time; StopCard ends the waiting.
// After a fault a Pause keeps a dead reader from being asked without end.
type ReadCard struct{ Pause time.Duration }

// StopCard ends a ReadCard whose outcome is no longer wanted.
type StopCard struct{}

// Light switches the lamp beside a device, to point the resident there (ACC13). Nothing comes of it: a terminal may have no
// lamps.
type Light struct {
	Device device.ID
	On     bool
}

// Live switches the live picture of the bed on or off. With Auto, Settled comes when a good page lies still. Again says
// that the picture taken last was thrown away, so its page is to be laid better and not to be taken off.
type Live struct{ On, Auto, Again bool }

// TakeFrame takes one fresh picture and looks for the page in it: FrameTaken or FrameFault.
type TakeFrame struct{}

// MakePage cuts a page out of a picture: PageMade or PageFault, both naming Frame.
type MakePage struct {
	Frame  string
	JPEG   []byte
	Quad   device.Quad
	Turned bool // a person has said which corner is the page's top left: the first. Otherwise its writing tells
}

// Remember keeps a picture for the screen under an id until the visit ends or Forget names it.
type Remember struct {
	ID   string
	JPEG []byte
}

// Forget drops a remembered picture.
type Forget struct{ ID string }

// Keep composes, seals and stores a dossier: Kept or NotKept.
type Keep struct{ Draft dossier.Draft }

// Await waits until central has receipted the whole dossier, but no longer than Patience: Central.
type Await struct {
	Dossier  string
	Patience time.Duration
}

// Print puts a slip on paper: Printed or PrintFault.
type Print struct {
	Slip     device.Slip
	Original *Original // of which a copy is kept; nil for none
	Paper    Paper     // empty for a resident's slip
}

// End says that the visit is over: whatever still runs for it is stopped, its pictures are forgotten, and
// nothing that comes of it later reaches anybody.
type End struct{}

func (ReadCard) effect()  {}
func (StopCard) effect()  {}
func (Light) effect()     {}
func (Live) effect()      {}
func (TakeFrame) effect() {}
func (MakePage) effect()  {}
func (Remember) effect()  {}
func (Forget) effect()    {}
func (Keep) effect()      {}
func (Await) effect()     {}
func (Print) effect()     {}
func (End) effect()       {}
