// Package voice reads out what the screen shows, to those who ask for it: by recordings where there are some, else by a
// synthesiser, never by guessing. What is said is a function of the View, as the screen is.
//
// The page asks for it by two requests, guarded as POST /touch is, answered 204 as soon as they are understood; nothing
// waits for the sound. Both carry the page's data-visit and data-seq, and what comes from a screen that is gone is not said:
//
//	POST /voice {"visit":"…","seq":12,"do":"on"}          a Control
//	POST /say   {"visit":"…","seq":12,"thing":"do:answer=1"}  what has the focus, or is about to be chosen
//
// /say is silent while the voice is off: focus alone makes no noise in the hall. ControlOn switches it on and begins at the
// top, also where it is on already, so one key can be "say (again)". A thing is named by the first of these attributes of
// its element, without "data-", then ":" and its value: do, undo, voice, key, code, way, tool, part, step; data-do and
// data-voice with a data-value have "=" and that behind it. A heading or anything else without them is "top": the whole
// screen, from its title on. What stands on keys (key:7) tells what somebody types and is said into the ear-piece alone.
// What the page itself puts there (letters, characters to choose from, the handles of a picture) is no thing of the screen:
//
//	POST /say   {"visit":"…","seq":12,"typed":"李"}        the words on it; into the ear-piece or not at all
package voice

// Prompt is one thing to say: a wording and what is filled into it.
type Prompt struct {
	// ID is the phrase's id in ui/words; empty for a text of a policy pack, which its wording names.
	ID   string
	Lang string // language tag of ui/words
	// Text is the wording with its {names} left open. What the terminal cannot pronounce with certainty is not said:
	// a text that no list of readings has, most of all anything that somebody wrote.
	Text string
	Args []Arg // by name
	// Own marks what concerns the person who stands here: it is said only when asked for, and into the ear-piece.
	Own bool
	// Typed marks an Own one that is said as what somebody writes: letter by letter, characters by their readings.
	Typed bool
}

// Arg is what stands for one {name} of a Prompt's Text: a value, or a wording of its own.
type Arg struct {
	Name  string
	Value string  // a number, an amount in yuan, a date as the screen shows it
	Said  *Prompt // instead of Value
}

// Script is all that a screen has to say.
type Script struct {
	Visit  string
	Seq    uint64
	Lang   string              // language tag of ui/words
	Screen []Prompt            // from the top: notes, title, content, what can be done
	Things map[string][]Prompt // by the name of a thing; what is on a button or a tile
}

// Top is the thing that stands for the whole screen.
const Top = "top"

// Control is what residents do to the voice.
type Control string

const (
	ControlOn     Control = "on"     // speak, and begin at the top of the screen
	ControlOff    Control = "off"    // be silent until asked again
	ControlWhole  Control = "whole"  // read this screen once, also while off
	ControlOwn    Control = "own"    // read this screen once with what concerns the resident, into the ear-piece
	ControlSlower Control = "slower" // one step
	ControlFaster Control = "faster"
	ControlSofter Control = "softer"
	ControlLouder Control = "louder"
	ControlEar    Control = "ear"  // into the ear-piece from now on
	ControlHall   Control = "hall" // out of the loudspeaker from now on

	ControlSheet    Control = "sheet" // show what can be done to the voice
	ControlSheetEnd Control = "sheet-end"

	ControlCurtain    Control = "curtain"     // be silent until it is lifted: somebody stands behind, and the page hides all
	ControlCurtainEnd Control = "curtain-end" // any other Control lifts it too
)

// Controls lists every Control.
func Controls() []Control {
	return []Control{
		ControlOn, ControlOff, ControlWhole, ControlOwn, ControlSlower, ControlFaster, ControlSofter, ControlLouder, ControlEar, ControlHall,
		ControlSheet, ControlSheetEnd, ControlCurtain, ControlCurtainEnd,
	}
}

// State is how the voice stands; it is a visit's own and ends with it.
type State struct {
	Ready   bool // something can be heard at all: without, no control is offered
	On      bool
	Once    bool // one screen is being read although it is not on
	Ear     bool // into the ear-piece
	HasEar  bool // there is an ear-piece
	OnlyEar bool // and no loudspeaker
	Sheet   bool // what can be done to the voice is shown
	Rate    int  // steps from the usual, slowest -2 to fastest 2
	Volume  int  // steps from the usual, softest -2 to loudest 2
}

// most is how many steps Rate and Volume go either way.
const most = 2

// Piece is what one voice says without a break: a text in the letters that the synthesiser reads it by, for Chinese numbered
// pinyin (yin2 hang2) with commas and full stops for pauses.
type Piece struct {
	Lang string // language tag of ui/words
	Text string
}
