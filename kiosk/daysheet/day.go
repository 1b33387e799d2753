// Package daysheet makes the slip that staff keep of a day: what the terminal did, what is still on its way, what was
// interrupted, and the journal's head, which on paper is out of anybody's reach who could change the journal. It holds
// nothing of a person: all of it comes out of the journal and the outbox's counts.
package daysheet

import (
	"time"

	"yimen/kiosk/journal"
)

// Day is what a journal tells of one day.
type Day struct {
	Begins time.Time // midnight in the hall's zone

	Kept, NotKept, Delivered uint // dossiers and letters
	// Slips for residents, by what the printer said. Of Unknown nobody knows whether they came out.
	Printed, Unconfirmed, Failed, Unknown uint

	Copied uint // slips that were printed again (补打)
	Staff  uint // sessions of members of the staff

	Starts uint // of the daemon
	Sudden uint // of these, after an end without order: a power cut, a crash

	papers  map[uint32]journal.PrintIntendedPaper
	running bool // at the last record, as far as the journal knows
}

// NewDay is an empty day; at is any moment of it, in the hall's zone.
func NewDay(at time.Time) *Day {
	y, m, d := at.Date()
	return &Day{Begins: time.Date(y, m, d, 0, 0, 0, 0, at.Location()), papers: make(map[uint32]journal.PrintIntendedPaper)}
}

// Tell counts a record, if it is of the day. Records come in their order, all from the first on.
func (d *Day) Tell(r journal.Record) {
	if e, ok := r.Event.(journal.PrintIntended); ok {
		d.papers[r.No] = e.Paper
	}
	sudden := d.running
	d.running = r.Is != journal.Name(journal.DaemonStopped{}) && r.Is != journal.Name(journal.JournalBegun{})
	if r.At.Before(d.Begins) || !r.At.Before(d.Begins.AddDate(0, 0, 1)) {
		return
	}
	switch e := r.Event.(type) {
	case journal.DaemonStarted:
		d.Starts++
		if sudden {
			d.Sudden++
		}
	case journal.SubmitEnded:
		if e.Outcome == journal.SubmitEndedOutcomeKept {
			d.Kept++
		} else {
			d.NotKept++
		}
	case journal.PurgeEnded:
		d.Delivered++ // its receipt was verified before anything was purged
	case journal.SlipCopied:
		d.Copied++
	case journal.StaffCame:
		d.Staff++
	case journal.PrintEnded:
		if d.papers[e.Intent] == journal.PrintIntendedPaperSlip {
			d.printed(e.Outcome)
		}
	}
}

func (d *Day) printed(o journal.PrintEndedOutcome) {
	switch o {
	case journal.PrintEndedOutcomePrinted:
		d.Printed++
	case journal.PrintEndedOutcomeUnconfirmed:
		d.Unconfirmed++
	case journal.PrintEndedOutcomeFailed:
		d.Failed++
	case journal.PrintEndedOutcomeUnknown:
		d.Unknown++
	}
}
