package journey

import (
	"time"

	"yimen/drivers/device"
	"yimen/kiosk/dossier"
	"yimen/kiosk/journey/view"
	"yimen/kiosk/policy"
)

// Config is what stays the same from visit to visit. It is never changed while a State that holds it lives.
type Config struct {
	Pack      *policy.Pack
	Services  []Service
	Staff     Service // entered from the first screen, by the staff; nil for none
	Terminal  string
	Hall      view.Hall
	Languages []string       // offered, the first is the default
	Zone      *time.Location // of the hall
	Pad       view.Pad
	Idle      Idle
}

// Idle holds the patience of domain.md P14.
type Idle struct {
	Cover  time.Duration `yaml:"cover"`  // until the privacy cover lies over a visit's data
	Ask    time.Duration `yaml:"ask"`    // until the screen asks whether somebody is still here
	Answer time.Duration `yaml:"answer"` // from asking to wiping
	Quiet  time.Duration `yaml:"quiet"`  // until a screen without anybody's data goes back to the start
}

// DefaultIdle is what P14 asks for, and half a minute of quiet after the last screen (lesson 20).
func DefaultIdle() Idle {
	return Idle{Cover: 60 * time.Second, Ask: 5 * time.Minute, Answer: 45 * time.Second, Quiet: 30 * time.Second}
}

// Service is a family of things that residents come for. A service offers tiles and, for a chosen one, the
// steps of the visit; it lives in a package of its own and adds no line here.
type Service interface {
	// Door is the service's way in on the menu. Its ID is the service's own name.
	Door() view.Door
	// Offers lists the tiles; their ids begin with the service's own name and a colon.
	Offers(p *policy.Pack) []view.Offer
	// Begin gives the steps for a chosen tile and writes what it knows into the draft; nil steps inform only.
	Begin(offer string, c *Course) []Stage
}

// Stage is one step of a visit: it asks for something, waits for it, and says when it is done. A Stage belongs
// to one visit and holds that visit's state of this part.
type Stage interface {
	// Part is the id of the phrase that names this part in the progress bar; steps that share it count as one.
	Part() string
	// Enter is called when the visit comes to this step, forwards or backwards; arg is what Goto carried.
	Enter(c *Course, e Event, arg string) []Effect
	// On answers what happened. Touches have been checked against the offers of Show.
	On(c *Course, e Event) (Move, []Effect)
	// Show fills in the screen, its content and its offers.
	Show(c *Course, v *view.View)
	// Exit is called when the visit leaves this step: it stops what Enter or On started.
	Exit(c *Course) []Effect
}

// Course is what the steps of one visit share.
type Course struct {
	*Config
	Draft    dossier.Draft
	Standing Standing
	Began    time.Time // in the hall's zone; the date that documents of this visit carry
	Lang     string
	// Private tells that the screen may show somebody's data: the privacy cover and wiping apply.
	Private bool
	// Looking tells that the visit only looks at what the office says: leaving loses nothing, and nobody is told so.
	Looking bool
	// Over tells that what was gathered has left the draft, and quiet may end the visit without a word.
	Over bool
	// Sent tells that what was given is on its way to the disk: it is not parked as well.
	Sent bool
	// Kept tells that the dossier is safe on disk: leaving takes nothing away any more, and nobody is told so.
	Kept bool
	// Owner is the number of the only card that goes on with what was parked; empty in every other visit.
	Owner device.Personal
	// Assisted tells that somebody helps the resident and is still to be asked for by name.
	Assisted bool
	// Until is when the visit ends, whatever is being done; zero for no such time.
	Until time.Time
	// Note is shown on top of the step's screen until the next touch.
	Note *view.Note
}

// Tell sets the note on top of the screen.
func (c *Course) Tell(kind view.NoteKind, id string, args ...string) {
	n := &view.Note{Kind: kind, Phrase: view.Phrase{ID: id}}
	for i := 0; i+1 < len(args); i += 2 {
		if n.Args == nil {
			n.Args = map[string]string{}
		}
		n.Args[args[i]] = args[i+1]
	}
	c.Note = n
}

// Move says where the visit goes after an event.
type Move struct {
	kind moveKind
	part string
	arg  string // what Goto carries, or the offer that Turn takes
	then []Stage
	from dossier.Draft // what Resume goes on with
}

type moveKind int

const (
	stay moveKind = iota
	next
	back
	jump
	turn
	branch
	resume
	finish
)

// Stay remains in the step.
func Stay() Move { return Move{} }

// Next goes to the following step, or back to the step that Goto came from.
func Next() Move { return Move{kind: next} }

// Back goes to the step before.
func Back() Move { return Move{kind: back} }

// Goto enters the last step of a part, to which the part's other steps only lead, with an argument; when that step is
// done the visit returns here.
func Goto(part, arg string) Move { return Move{kind: jump, part: part, arg: arg} }

// Turn goes on with an offer of another service; the answers given so far go along, and nothing else does.
func Turn(offer string) Move { return Move{kind: turn, arg: offer} }

// Branch goes on with these steps, instead of whatever was to follow.
func Branch(then ...Stage) Move { return Move{kind: branch, then: then} }

// Resume goes on with an application that was parked: an offer of another service, the answers, pages and later papers of
// the draft, and the number of the card that it belongs to.
func Resume(offer string, from dossier.Draft) Move { return Move{kind: resume, arg: offer, from: from} }

// Finish ends the visit.
func Finish() Move { return Move{kind: finish} }
