package journey

import (
	"time"

	"yimen/drivers/device"
	"yimen/kiosk/household"
	"yimen/kiosk/journey/view"
)

// Original says that what is printed is a slip of its own number, of which a copy is kept for printing it again.
type Original struct {
	SlipNo    string
	QueryCode device.Personal
}

// Paper says what a Print puts on paper, where it is no resident's slip printed for the first time.
type Paper string

// Papers of the staff.
const (
	PaperCopy Paper = "copy" // a slip that is printed again
)

// ListCopies asks which slips could be printed again: CopiesListed or CopyFault.
type ListCopies struct{}

// OpenCopy opens a copy with the code that stands on the slip: CopyOpened or CopyFault.
type OpenCopy struct {
	SlipNo string
	Code   device.Personal
}

// FetchCopy gets a copy as it is sealed to the bureau: CopyFetched or CopyFault.
type FetchCopy struct{ SlipNo string }

// CountCopy notes, durably and before it is printed, that a slip is printed again: CopyCounted or CopyFault.
type CountCopy struct {
	SlipNo string
	Staff  int // the member's number; 0 for whoever knew the code
	Why    view.CopyWhy
}

// Survey asks how the terminal stands: Surveyed.
type Survey struct{}

// PutBack lets an envelope that central had refused be sent again: Surveyed, or NotPutBack.
type PutBack struct {
	Envelope string
	Staff    int // the member's number
}

// PrintDaySheet puts the sheet of the present day on paper: Printed or PrintFault.
type PrintDaySheet struct{}

// Attend notes that a member of the staff came, left or vouched for a resident. Nothing comes of it.
type Attend struct {
	Staff int
	Did   Attendance
}

// Attendance is what a member of the staff did.
type Attendance string

// What they may have done.
const (
	Came    Attendance = "came"
	Left    Attendance = "left"
	Vouched Attendance = "vouched"
)

// CopyTrouble says why there is no copy.
type CopyTrouble string

// The troubles.
const (
	CopyNone   CopyTrouble = "none"   // no copy under this number, or not under this code
	CopyClosed CopyTrouble = "closed" // too many wrong codes
	CopyEnough CopyTrouble = "enough" // the resident has printed it as often as a resident may
	CopyBroken CopyTrouble = "broken" // the terminal cannot say
)

// CopyEntry is one slip that could be printed again. It names nobody.
type CopyEntry struct {
	SlipNo, Title string
	At            time.Time // when it was printed first
	Again         int       // times it was printed again
}

// CopiesListed are the newest slips, the newest first.
type CopiesListed struct{ Copies []CopyEntry }

// CopyOpened is what was printed, as it was.
type CopyOpened struct{ Slip device.Slip }

// CopyFetched is a copy that only the bureau can open.
type CopyFetched struct{ Sealed []byte }

// CopyCounted says which time a slip is printed again, from 1, and when it was printed first.
type CopyCounted struct {
	Nth   int
	First time.Time
}

// CopyFault says why there is no copy.
type CopyFault struct{ Trouble CopyTrouble }

// Surveyed is how the terminal stands.
type Surveyed struct {
	Waiting int       // envelopes on their way
	Oldest  time.Time // when the oldest of them was put; zero for none
	Stuck   []Stuck
}

// NotPutBack says that an envelope stays aside: what is kept of it is not whole, or it is aside no more.
type NotPutBack struct{}

// Stuck is an envelope that does not get through by itself.
type Stuck struct {
	ID    string // of the envelope
	Kind  string // application, checkin, …
	PutAt time.Time
	Cause view.StuckCause
}

func (ListCopies) effect()    {}
func (OpenCopy) effect()      {}
func (FetchCopy) effect()     {}
func (CountCopy) effect()     {}
func (Survey) effect()        {}
func (PutBack) effect()       {}
func (PrintDaySheet) effect() {}
func (Attend) effect()        {}

func (CopiesListed) happening() {}
func (CopyOpened) happening()   {}
func (CopyFetched) happening()  {}
func (CopyCounted) happening()  {}
func (CopyFault) happening()    {}
func (Surveyed) happening()     {}
func (NotPutBack) happening()   {}

// attend begins the visit of a member of the staff. It is a visit of its own, that begins where nobody stands: what a
// resident gave is gone by then, and cannot be seen from here.
func (s *State) attend(e Event) []Effect {
	if s.cfg.Staff == nil {
		return nil
	}
	c := &Course{Config: s.cfg, Standing: s.standing, Began: e.At.In(s.cfg.Zone), Lang: s.lang}
	c.Draft.Terminal, c.Draft.Hall, c.Draft.Lang, c.Draft.Pack = s.cfg.Terminal, s.cfg.Hall.Name, s.lang, s.cfg.Pack
	c.Draft.Answers = household.Answers{}
	s.id, s.offer, s.screen = e.ID, view.Offer{}, ""
	s.course, s.steps, s.at, s.back = c, s.cfg.Staff.Begin("", c), 0, -1
	return s.steps[0].Enter(c, e, "")
}

// capped tells whether the visit's time is over, whatever is being done.
func (s *State) capped(at time.Time) bool {
	return s.course != nil && !s.course.Until.IsZero() && !at.Before(s.course.Until)
}
