package letter

import "time"

// CheckedIn is the record of a 签到 (domain.md §2.4). Of a face there is the outcome alone: no picture, no score (P05).
type CheckedIn struct {
	Way       Way        `json:"way"`
	Confirmed Confirmed  `json:"confirmed"`
	Faces     []FaceTry  `json:"faces,omitempty"`     // each comparison, at most three
	Consent   *Consent   `json:"consent,omitempty"`   // to the comparison; nil where none was asked for or it was refused
	Companion *Companion `json:"companion,omitempty"` // who came along, or instead
	Staff     int        `json:"staff,omitempty"`     // number of the member of the staff who confirmed at the terminal
	Next      string     `json:"next,omitempty"`      // YYYY-MM-DD, as the slip tells it; empty where the region has not settled it
}

func (CheckedIn) Kind() Kind   { return CheckIn }
func (CheckedIn) Version() int { return 1 }

// Way is how somebody checks in; all count the same.
type Way string

// The ways.
const (
	WayFace     Way = "id_card+face"
	WayStaff    Way = "id_card+staff"
	WayGuardian Way = "guardian_on_behalf"
	WayAssisted Way = "assisted"
)

// Confirmed says who has seen that it is the person.
type Confirmed string

// Who may have.
const (
	ConfirmedFace  Confirmed = "face"
	ConfirmedStaff Confirmed = "staff" // at the terminal
	ConfirmedLater Confirmed = "desk"  // nobody yet: the desk looks, with the slip
)

// FaceTry is one comparison of a face with a card's photo.
type FaceTry struct {
	Band string    `json:"band"` // same, unsure, other, not_living; none where nobody looked into the camera
	At   time.Time `json:"at"`
}

// Consent is what somebody agreed to, apart from everything else, and can take back (PIPL art. 14, 15).
type Consent struct {
	Document string    `json:"document"`
	Version  string    `json:"version"`
	Lang     string    `json:"lang"`
	Digest   string    `json:"digest"` // of exactly what was shown
	At       time.Time `json:"at"`
}

// Companion is somebody who came along or instead, known by the card.
type Companion struct {
	Role   Role `json:"role"`
	Name   Text `json:"name"`
	Number Text `json:"number"`
	// Confirmed is how many pages the resident confirmed in person after a helper had touched them.
	Confirmed int `json:"confirmed,omitempty"`
}

// Role is what a companion is.
type Role string

// The roles.
const (
	Guardian Role = "guardian"
	Helper   Role = "helper"
)
