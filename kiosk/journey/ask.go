package journey

import (
	"time"

	"yimen/kiosk/inquiry"
)

// Ask asks the bureau over the line and waits for its answer, but no longer than Patience: Answered or NotAnswered. The key
// that opens the answer is drawn for this question and gone with the visit.
type Ask struct {
	Inquiry  inquiry.Inquiry
	Patience time.Duration
}

// Answered is what the bureau said; its signature holds.
type Answered struct{ Answer inquiry.Answer }

// NotAnswered says why nothing is known: the line is down, nobody answered in time, or what came was not the bureau's.
type NotAnswered struct{ Err error }

func (Ask) effect() {}

func (Answered) happening()    {}
func (NotAnswered) happening() {}
