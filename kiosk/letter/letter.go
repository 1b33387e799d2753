// Package letter is what goes up from a visit and is no application: a check-in, pages that were missing (补正), an
// objection to a notice, a draft that is parked. Compose makes the bodies that are sealed, with a manifest that hashes
// them, as kiosk/dossier does for applications. Pure: no I/O, no clock; equal letters give equal bytes.
package letter

import (
	"time"

	"yimen/drivers/device"
	"yimen/kiosk/dossier"
	"yimen/kiosk/policy"
)

// Kind names a family of letters: the envelope's own kind, by which the bureau sorts them and a region may close some to
// the street's desk.
type Kind string

const (
	CheckIn     Kind = "checkin"     // 签到
	Supplement  Kind = "supplement"  // 补正: pages that a case lacks
	Objection   Kind = "objection"   // 公示异议
	Declaration Kind = "declaration" // 定期申报, 变更报告
	Report      Kind = "report"      // 举报
	Rating      Kind = "rating"      // 评价
	Draft       Kind = "draft"       // an application that was begun and is parked; no desk screen opens it
)

// Letter is what one visit says. ID, SlipNo, QueryCheck and SubmittedAt are given by the keeper; everything else comes
// from the journey.
type Letter struct {
	ID          string
	SlipNo      string
	QueryCheck  string    // number.Check of the slip's query code
	SubmittedAt time.Time // in the hall's time zone

	Terminal string
	Hall     string
	Lang     string // language tag the resident read and signed in
	Pack     *policy.Pack
	Item     *policy.Item    // the service item it is about; nil for none
	About    string          // number of the slip of the application or letter that it belongs to; empty for none
	From     Party           // who stood at the terminal; zero where nobody is named
	For      Party           // for whom, where that is somebody else
	Assist   *dossier.Assist // who helped; nil where nobody did, or where the record tells it (签到)

	Notice *dossier.Told // what was told before anything was asked (P01); nil where nothing was

	Record     Record
	Papers     map[string]string // names, in Chinese, of the pages' materials that the item does not know, by code
	Pages      []dossier.Page
	Signatures []dossier.Signature
}

// Record is what a letter of one kind says; each kind has one struct, in a file of its own here, so that the bureau can
// read what the terminal wrote. It marshals as JSON: what a person said or is called is Text, which prints as its name
// everywhere else.
type Record interface {
	Kind() Kind
	// Version grows when a field changes its meaning or goes; readers take fields they do not know as notes for others.
	Version() int
}

// Party is a person and how the terminal knows it.
type Party struct {
	Name   device.Personal
	Number device.Personal // of the identity card
	Proof  Proof
}

// Proof says how a person was known.
type Proof string

const (
	ByCard  Proof = "card"  // the person's card lay on the reader
	ByCode  Proof = "code"  // a slip's number with its query code
	ByFace  Proof = "face"  // card, and the face that the card shows
	ByStaff Proof = "staff" // card, and a member of the staff confirmed
	ByWord  Proof = "word"  // somebody said so: the person for whom a guardian or a helper came
)
