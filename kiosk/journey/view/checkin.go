package view

import "yimen/kiosk/policy"

// Screens of checking in.
const (
	ScreenWays    Screen = "ways"    // equal ways to do one thing
	ScreenConsent Screen = "consent" // to agree to one thing, or to do without
	ScreenFace    Screen = "face"    // look into the camera
	ScreenCheckIn Screen = "checkin" // what will be handed in
)

// DoRefuse says no to what a consent asks for; another way follows.
const DoRefuse Do = "refuse"

// Ways is a choice between ways that count the same: none is larger than another.
type Ways struct {
	Who  policy.Text // whom this concerns
	Ways []Way
	Not  []Phrase // ways that cannot be gone now, and why
}

// Way is one way.
type Way struct {
	ID   string // Value of DoChoose
	Icon string
	Said Phrase // its own id, and with Plainly behind it how it goes
}

// CheckIn is a check-in before it is handed in.
type CheckIn struct {
	Name   string
	Number string // masked
	Way    Phrase
	With   string      // companion's name, masked; empty where nobody came along
	Role   Phrase      // of the companion
	Stands Phrase      // who has confirmed, or who will
	Next   string      // YYYY-MM-DD; empty where it is not settled
	Aid    policy.Text // what will be printed of the kind of aid, or that nothing will; DoEdit, where it is offered, changes it
	Late   policy.Text // what happens to those who come late: nothing that anybody need fear
}

// The phrases of checking in.
const (
	PhraseDoorCheckIn = "door.checkin"
	PhrasePartWays    = "part.ways"
	PhrasePartCheckIn = "part.checkin"

	PhraseWayFace     = "way.face"
	PhraseWayStaff    = "way.staff"
	PhraseWayGuardian = "way.guardian"
	PhraseWayAssisted = "way.assisted"
	PhraseNoFace      = "way.no-face"

	PhraseCardOfWard     = "card.of-ward"
	PhraseCardOfGuardian = "card.of-guardian"
	PhraseCardOfHelper   = "card.of-helper"
	PhraseCardTwice      = "card.twice"
	PhraseCheckInChild   = "checkin.child"

	PhraseFaceAgain   = "face.again"
	PhraseFaceUnseen  = "face.unseen"
	PhraseFaceEnough  = "face.enough"
	PhraseFaceGone    = "face.gone"
	PhraseFacePhoto   = "face.photo"
	PhraseFaceRefused = "face.refused"

	PhraseVouchLine = "vouch.line"

	PhraseStandsFace  = "stands.face"
	PhraseStandsStaff = "stands.staff"
	PhraseStandsLater = "stands.later"

	PhraseRoleGuardian = "role.guardian"
	PhraseRoleHelper   = "role.helper"
)

func checkInPhrases() []string {
	list := []string{
		PhraseDoorCheckIn, PhraseDoorCheckIn + Plainly, PhrasePartWays, PhrasePartCheckIn, PhraseNoFace,
		PhraseCardOfWard, PhraseCardOfGuardian, PhraseCardOfHelper, PhraseCardTwice, PhraseCheckInChild,
		PhraseFaceAgain, PhraseFaceUnseen, PhraseFaceEnough, PhraseFaceGone, PhraseFacePhoto, PhraseFaceRefused,
		PhraseVouchLine, PhraseStandsFace, PhraseStandsStaff, PhraseStandsLater, PhraseRoleGuardian, PhraseRoleHelper,
	}
	for _, way := range []string{PhraseWayFace, PhraseWayStaff, PhraseWayGuardian, PhraseWayAssisted} {
		list = append(list, way, way+Plainly)
	}
	return append(list, FaceHints()...)
}
