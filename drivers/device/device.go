// Package device holds the nouns of a terminal's devices: what they deliver (Card, Frame), what they are
// asked to do (Slip), how they are (Status), and the ways in which they fail (Fault). Values and ids only:
// no I/O, no words. The status words are those of XFS4IoT (facts/device-protocols.md §6).
package device

// ID names one device of a terminal, as in config, status and log.
type ID string

// The devices that a terminal may have.
const (
	IDCardReader ID = "idcard"
	Printer      ID = "printer"
	DocCam       ID = "doccam"
	FaceCam      ID = "facecam"
	Scanner      ID = "scanner"
	Lamps        ID = "lamps"
	Loudspeaker  ID = "loudspeaker"
	Earpiece     ID = "earpiece"
)

// State is XFS4IoT's Common.Status.device: a closed set.
type State string

const (
	Starting     State = "starting"
	Online       State = "online"
	Offline      State = "offline"
	NoDevice     State = "noDevice"
	DeviceBusy   State = "deviceBusy"
	UserError    State = "userError" // a person in the hall can cure it: cover open, card in the way
	HardwareFail State = "hardwareError"
	FraudAttempt State = "fraudAttempt"
)

// Media is XFS4IoT's media state of a card reader or a printer's exit.
type Media string

const (
	MediaUnknown    Media = "unknown"
	MediaPresent    Media = "present"
	MediaNotPresent Media = "notPresent"
	MediaJammed     Media = "jammed"
)

// Paper is XFS4IoT's paper supply state of a printer.
type Paper string

const (
	PaperUnknown Paper = "unknown"
	PaperFull    Paper = "full"
	PaperLow     Paper = "low"
	PaperOut     Paper = "out"
	PaperJammed  Paper = "jammed"
)

// Status is what a device last said of itself. A zero Media or Paper does not apply to the device.
type Status struct {
	State State
	Media Media
	Paper Paper
	// Cause wraps the sentinel behind a State other than Online, and may say more for a technician; nil when there is
	// none to name.
	Cause error
}

// Ready reports whether the device can be used now.
func (s Status) Ready() bool {
	return s.State == Online && s.Paper != PaperOut && s.Paper != PaperJammed && s.Media != MediaJammed
}
