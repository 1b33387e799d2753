package dossier

import (
	"time"

	"yimen/drivers/device"
)

// format is the version of everything here that a program reads: manifest.json, answers.json, signatures.
const format = 1

// Document is a dossier ready to be sealed. Bodies[0] is the manifest; part n of the manifest is Bodies[n].
type Document struct {
	Manifest Manifest
	Bodies   [][]byte
}

// Manifest names every part of a dossier and holds its digest, so that whoever opens one knows that it is whole.
type Manifest struct {
	Format      int         `json:"format"`
	Dossier     string      `json:"dossier"`
	Kind        string      `json:"kind"`
	Item        string      `json:"item"` // code
	ItemName    string      `json:"item_name"`
	Applicant   string      `json:"applicant"`
	SlipNo      string      `json:"slip_no"`
	QueryCheck  string      `json:"query_check,omitempty"` // number.Check of the slip's query code
	Terminal    string      `json:"terminal"`
	Hall        string      `json:"hall"`
	Region      string      `json:"region"`
	SubmittedAt time.Time   `json:"submitted_at"`
	Pack        PackRef     `json:"pack"`
	Sources     []SourceRef `json:"sources,omitempty"` // that the estimate cites, for those who do not know their codes
	Parts       []Part      `json:"parts"`
	Signatures  []Bound     `json:"signatures"`
	Materials   []Materials `json:"materials"`
	Assist      *Assistance `json:"assist,omitempty"`
	Notice      *Told       `json:"notice,omitempty"`
}

// Assistance is who helped the resident, by the helper's own card, and how many pages the resident confirmed in person. Where
// the resident stays unnamed the helper does too.
type Assistance struct {
	Helper    string `json:"helper,omitempty"`
	Number    string `json:"number,omitempty"`
	Confirmed int    `json:"confirmed"`
}

// Written is an Assist as the manifest has it; nil where nobody helped.
func (a *Assist) Written() *Assistance {
	if a == nil {
		return nil
	}
	return &Assistance{Helper: a.Helper.Reveal(), Number: a.Number.Reveal(), Confirmed: a.Confirmed}
}

// PackRef says by which rules and wordings the dossier was made.
type PackRef struct {
	ID      string `json:"id"`
	Edition string `json:"edition"`
	Digest  string `json:"digest"`
}

// SourceRef gives the title of a source.
type SourceRef struct {
	ID    string `json:"id"` // R2
	Title string `json:"title"`
}

// Part is one body.
type Part struct {
	No        int    `json:"no"`
	Name      string `json:"name"`
	MediaType string `json:"media_type"`
	Size      int    `json:"size"`
	Digest    string `json:"digest"` // sm3: and hex, of the plain body
	Title     string `json:"title"`
	Scan      *Scan  `json:"scan,omitempty"`
}

// Scan tells about a part that is the picture of a page.
type Scan struct {
	Material string       `json:"material"`
	Page     int          `json:"page"`          // within the material, from 1
	Of       string       `json:"of"`            // page: straightened; frame: as the camera sent it
	DPI      float64      `json:"dpi,omitempty"` // of a page
	Corners  *device.Quad `json:"corners,omitempty"`
	TakenAt  time.Time    `json:"taken_at"`
	Device   string       `json:"device"`
	WayUp    device.WayUp `json:"way_up,omitempty"`  // of a page
	Upright  float64      `json:"upright,omitempty"` // of a page
	Verdict  *Verdict     `json:"verdict,omitempty"` // of a page
}

// Verdict is how the terminal judged a page's picture. It says nothing of what is written there.
type Verdict struct {
	Check  bool              `json:"needs_check"` // 需工作人员核对: taken although it is not good
	Flaws  []device.Flaw     `json:"flaws"`       // most pressing first; empty where there are none
	Shots  int               `json:"shots"`       // pictures taken of it, this one included
	Scores device.PageScores `json:"scores"`
	Limits device.PageLimits `json:"limits"`
}

// Bound ties a signature to what was shown (P23): the text's digest as it was on the screen, and the digest of the
// part that holds the strokes.
type Bound struct {
	Document    string    `json:"document"`
	Version     string    `json:"version"`
	ShownDigest string    `json:"shown_digest"`
	Part        int       `json:"part"`
	PartDigest  string    `json:"part_digest"`
	Later       bool      `json:"unsigned,omitempty"` // shown, and to be signed by hand on paper
	SignedAt    time.Time `json:"signed_at,omitzero"`
}

// Materials says how a material of the item stands.
type Materials struct {
	Code  string `json:"code"`
	Name  string `json:"name"`
	State State  `json:"state"`
	Pages int    `json:"pages,omitempty"`
	Check bool   `json:"needs_check,omitempty"` // 需工作人员核对: a page among them
}

// State of a material.
type State string

const (
	Scanned  State = "scanned"  // pages are among the parts
	Shared   State = "shared"   // departments are asked, the resident need not bring it
	Here     State = "here"     // made at the terminal
	Later    State = "later"    // the resident brings it
	Unsigned State = "unsigned" // read at the terminal, to be signed by hand at the desk
)
