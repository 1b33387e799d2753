// Package dossier turns what a visit gathered (Draft) into the document that goes up (Document): forms,
// estimate and undertakings as PDF, pages, signatures, and the manifest that names and hashes them all.
// Pure: no I/O, no clock; the same Draft gives the same bytes.
package dossier

import (
	"time"

	"yimen/drivers/device"
	"yimen/kiosk/estimate"
	"yimen/kiosk/household"
	"yimen/kiosk/policy"
)

// Draft is what one visit gathered for one service item. ID, SlipNo, QueryCheck and SubmittedAt are given by the desk
// when it keeps the dossier; everything else comes from the journey.
type Draft struct {
	ID          string
	SlipNo      string
	QueryCheck  string    // number.Check of the slip's query code: who can prove the code may ask how the case stands
	SubmittedAt time.Time // in the hall's time zone

	Kind     string // application
	Terminal string
	Hall     string
	Lang     string // language tag the resident read and signed in
	Pack     *policy.Pack
	Item     *policy.Item
	Card     device.Card
	CardLate bool // the card had expired when it was read
	Answers  household.Answers
	Estimate *estimate.Result // nil where none could be made

	Pages      []Page
	Later      []string // codes of materials the resident will bring
	Signatures []Signature
	Assist     *Assist // nil where nobody helped
	Notice     *Told   // what was told before anything was asked (P01); nil where nothing was
}

// Told is a text that the resident was shown and went on from.
type Told struct {
	Document string    `json:"document"`
	Version  string    `json:"version"`
	Lang     string    `json:"lang"`
	Digest   string    `json:"shown_digest"` // of exactly what was shown
	At       time.Time `json:"at"`
}

// Assist tells who helped the resident at the terminal, and how often the resident said in person that what the helper
// touched is meant: once for each page.
type Assist struct {
	Helper    device.Personal
	Number    device.Personal // of the helper's card
	Confirmed int
}

// Page is one scanned page with the frame it was cut from.
type Page struct {
	ID       string
	Material string // code, M07
	No       int    // within the material, from 1
	Original []byte // JPEG as the camera sent it
	Derived  []byte // JPEG of the page, straightened
	Quad     device.Quad
	DPI      float64 // of Derived; 0 where the paper's size is not known
	WayUp    device.WayUp
	Upright  float64 // how sure its writing made which way up it is, 0 to 1
	TakenAt  time.Time
	Device   device.ID
	Shots    int  // pictures taken until this one was kept
	Check    bool // 需工作人员核对: taken although it is not good
	Flaws    []device.Flaw
	Scores   device.PageScores
	Limits   device.PageLimits // by which it was judged
}

// Signature is a hand-drawn signature under a text, bound to exactly the words that were shown. Who cannot draw on the
// glass signs on paper at the desk: then it tells that the text was shown, and nothing is signed yet (P23).
type Signature struct {
	Document    string // policy.Document.ID
	Version     string
	Lang        string // language tag of the words shown
	Title       string
	Paragraphs  []string
	ShownDigest string // policy.Shown.Digest of the words shown
	Material    string // code of the material that the signed text is; empty for none
	Later       bool   // shown and not signed: to be signed by hand on paper
	Signer      device.Personal
	Number      device.Personal
	Strokes     [][]device.Sample // millimetres on the pad; none where Later
	Width       float64           // of the pad, millimetres
	Height      float64
	At          time.Time // of signing; where Later, of having read it
}
