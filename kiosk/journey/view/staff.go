package view

import (
	"slices"

	"yimen/drivers/device"
	"yimen/kiosk/policy"
)

// Screens of the staff at the terminal. The number and the code of a slip are asked for on ScreenSlipNo and ScreenCode.
const (
	ScreenEntrance Screen = "entrance" // for members of the staff, and for whoever wants a slip printed again
	ScreenPIN      Screen = "pin"
	ScreenStaff    Screen = "staff"   // what can be done
	ScreenSlips    Screen = "slips"   // slips that can be printed again
	ScreenWhy      Screen = "why"     // why one is
	ScreenQueue    Screen = "queue"   // what is on its way, and what does not get through
	ScreenDevices  Screen = "devices" // how the devices are
)

// InputPIN is Question.Input on ScreenPIN: six digits that nobody sees.
const InputPIN policy.Input = "pin"

// DoStaff is touched on the first screen by a member of the staff.
const DoStaff Do = "staff"

// Staff is what a member of the staff works with. Nothing in it names a resident.
type Staff struct {
	Name    string // masked; empty before signing in
	Until   string // 15:04, when the session ends
	Busy    bool   // the bureau is asked, or something is printed: nothing else can be done
	Slips   []SlipLine
	Slip    SlipLine // that is to be printed again
	Whys    []Phrase // ID is the phrase; its argument "why" is the Value of DoChoose
	Queue   *Queue
	Devices []DeviceLine
}

// SlipLine is one slip that can be printed again.
type SlipLine struct {
	SlipNo, Title, At string // At: 2006-01-02 15:04
	Again             int
}

// Queue is what is on its way.
type Queue struct {
	Waiting int
	Oldest  string
	Stuck   []StuckLine
}

// StuckLine is one envelope that does not get through: what it is, why, and what to do next.
type StuckLine struct {
	ID, At            string
	Kind, Cause, Next Phrase
	Again             bool // it can be sent again: ID is the Value of DoChoose
}

// DeviceLine is one device's state in words.
type DeviceLine struct {
	Name, State Phrase
	Bad         bool
}

// The phrases of the staff.
const (
	PhraseStaffUnknown = "staff.unknown"
	PhraseStaffLocked  = "staff.locked"
	PhraseStaffLine    = "staff.line"
	PhraseStaffPIN     = "staff.pin-short"
	PhraseStaffCard    = "staff.card"
	PhraseStaffOver    = "staff.over"
	PhraseVouched      = "staff.vouched"
	PhrasePutBack      = "staff.put-back"
	PhraseStaysAside   = "staff.stays-aside"

	PhraseCopyNone   = "copy.none"
	PhraseCopyClosed = "copy.closed"
	PhraseCopyEnough = "copy.enough"
	PhraseCopyBroken = "copy.broken"
	PhraseCopyLine   = "copy.line"

	phraseWhy    = "why."
	phraseKind   = "kind."
	phraseStuck  = "stuck."
	phraseDevice = "device."
	phraseState  = "state."
	phraseOther  = "other"
)

// Kinds of envelopes that the queue names; any other is told as such.
var queueKinds = []string{"application", "checkin", "supplement", "objection", "declaration", "report", "rating", "draft"}

// KindPhrase names a kind of envelope.
func KindPhrase(kind string) Phrase {
	if !slices.Contains(queueKinds, kind) {
		kind = phraseOther
	}
	return Phrase{ID: phraseKind + kind}
}

// StuckPhrases say why an envelope does not get through, and what to do next.
func StuckPhrases(c StuckCause) (cause, next Phrase) {
	return Phrase{ID: phraseStuck + string(c)}, Phrase{ID: phraseStuck + string(c) + ".next"}
}

// WhyPhrase names a reason for printing a slip again.
func WhyPhrase(w CopyWhy) Phrase {
	return Phrase{ID: phraseWhy + string(w), Args: map[string]string{"why": string(w)}}
}

// devices and states are those that DeviceLines name.
var (
	namedDevices = []device.ID{device.IDCardReader, device.DocCam, device.Printer, device.FaceCam, device.Scanner, device.Lamps, device.Loudspeaker, device.Earpiece}
	namedStates  = []string{
		"ready", "low", "paper-out", "jammed", string(device.Starting), string(device.Offline), string(device.NoDevice), string(device.DeviceBusy),
		string(device.UserError), string(device.HardwareFail), string(device.FraudAttempt),
	}
)

// DeviceLines says in words how the devices are, in an order that stays.
func DeviceLines(all map[device.ID]device.Status) (lines []DeviceLine) {
	for _, id := range namedDevices {
		if st, there := all[id]; there {
			lines = append(lines, DeviceLine{Name: Phrase{ID: phraseDevice + string(id)}, State: Phrase{ID: phraseState + stateOf(st)}, Bad: !st.Ready()})
		}
	}
	return lines
}

// stateOf is the state that a person would name first.
func stateOf(st device.Status) string {
	switch {
	case st.State != device.Online && slices.Contains(namedStates, string(st.State)):
		return string(st.State)
	case st.State != device.Online:
		return string(device.HardwareFail)
	case st.Paper == device.PaperOut:
		return "paper-out"
	case st.Paper == device.PaperJammed || st.Media == device.MediaJammed:
		return "jammed"
	case st.Paper == device.PaperLow:
		return "low"
	}
	return "ready"
}

func staffPhrases() []string {
	list := []string{
		PhraseStaffUnknown, PhraseStaffLocked, PhraseStaffLine, PhraseStaffPIN, PhraseStaffCard, PhraseStaffOver, PhraseVouched, PhrasePutBack, PhraseStaysAside,
		PhraseCopyNone, PhraseCopyClosed, PhraseCopyEnough, PhraseCopyBroken, PhraseCopyLine, phraseKind + phraseOther,
	}
	for _, w := range CopyWhys() {
		list = append(list, phraseWhy+string(w))
	}
	for _, k := range queueKinds {
		list = append(list, phraseKind+k)
	}
	for _, c := range []StuckCause{StuckRefused, StuckUnheard} {
		cause, next := StuckPhrases(c)
		list = append(list, cause.ID, next.ID)
	}
	for _, id := range namedDevices {
		list = append(list, phraseDevice+string(id))
	}
	for _, st := range namedStates {
		list = append(list, phraseState+st)
	}
	return list
}

// CopyWhy is the reason for printing a slip again.
type CopyWhy string

// The reasons to choose from; whoever knows the code need give none.
const (
	WhyCode       CopyWhy = "code"
	WhyLost       CopyWhy = "lost"
	WhyUnreadable CopyWhy = "unreadable"
	WhyNotPrinted CopyWhy = "not-printed"
	WhyOffice     CopyWhy = "office"
)

// CopyWhys lists the reasons that a member of the staff chooses from.
func CopyWhys() []CopyWhy { return []CopyWhy{WhyLost, WhyUnreadable, WhyNotPrinted, WhyOffice} }

// StuckCause says why an envelope does not get through, by who can do something about it.
type StuckCause string

// The causes.
const (
	StuckRefused StuckCause = "refused" // central will never take it as it is: the technician
	StuckUnheard StuckCause = "unheard" // tried again and again without an answer: the line
)
