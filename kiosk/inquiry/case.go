package inquiry

import (
	"time"

	"yimen/kiosk/household"
	"yimen/kiosk/policy"
)

// Case is one case as its applicant may see it, in the words of the bureau's pack. The bureau's docket writes it; fields
// that are not known here are left for others.
type Case struct {
	ID        string         `json:"id"`      // the case's number at the bureau
	SlipNo    string         `json:"slip_no"` // under which it was handed in
	Item      string         `json:"item"`    // code, 0101
	ItemName  policy.Text    `json:"item_name"`
	Submitted time.Time      `json:"submitted"`
	Stage     Stage          `json:"stage"`           // where it stands
	Past      []Stage        `json:"past"`            // where it has been, oldest first, without Stage
	Light     Light          `json:"light,omitempty"` // of the promised day
	Due       household.Date `json:"due,omitempty"`   // the promised day for the whole; 0 where no clock runs
	Papers    []Paper        `json:"papers"`          // issued, newest first
	Missing   []Missing      `json:"missing"`         // to be supplied (补正); empty where nothing is
	MissingBy household.Date `json:"missing_by,omitempty"`
	Notice    string         `json:"notice,omitempty"`  // number of the public notice (公示) that runs or ran
	Answers   []Reply        `json:"answers,omitempty"` // to what was posted later about this case
	Over      bool           `json:"over"`              // nothing more is awaited of the office
	Remedy    policy.Text    `json:"remedy,omitempty"`  // 复议、诉讼, on a refusal: where, until when
	Until     Until          `json:"until,omitzero"`
	Steps     []Step         `json:"steps,omitempty"` // of the region's procedure (文书), done or to come; what may never come only once it is done
}

// Light tells how the promised time stands (domain.md §3.4).
type Light string

const (
	LightNone   Light = ""
	LightGreen  Light = "green"  // more than three working days are left
	LightYellow Light = "yellow" // three or fewer
	LightRed    Light = "red"    // the promised day has passed
)

// Stage is one stage of a case with the day on which it was entered. Its words are the bureau's: a stage is never invented
// here (domain.md §3.6).
type Stage struct {
	Code  string         `json:"code"`  // ACCEPTED, … (domain.md §3.1)
	Name  policy.Text    `json:"name"`  // 已受理
	Plain policy.Text    `json:"plain"` // what that means, in a sentence
	Since time.Time      `json:"since"`
	By    household.Date `json:"by,omitempty"`   // until when the next step is due; 0 where no rule says
	Late  bool           `json:"late,omitempty"` // By has passed, and the step was the office's to take
}

// Paper is a document that the office issued. A terminal shows and prints a copy of its words (副本), and writes none.
type Paper struct {
	Code       string         `json:"code"` // N03
	No         string         `json:"no"`   // its own number
	Title      string         `json:"title"`
	Paragraphs []string       `json:"paragraphs"`
	Issued     household.Date `json:"issued"`
}

// Missing is a material to be supplied.
type Missing struct {
	Code string      `json:"code"` // M09
	Name policy.Text `json:"name"`
	Hint string      `json:"hint,omitempty"` // what the office says about it
	Sent bool        `json:"sent"`           // a supplement with it has come in
}

// Reply is the office's answer to a letter, such as an objection.
type Reply struct {
	SlipNo string         `json:"slip_no"` // of the letter
	Kind   string         `json:"kind"`    // objection
	State  string         `json:"state"`   // received, examining or answered
	Text   []string       `json:"text"`    // the answer's paragraphs
	At     household.Date `json:"at"`
}

// Until gives the last days of both remedies; zero where no refusal was served.
type Until struct {
	Reconsideration household.Date `json:"reconsideration"` // 行政复议
	Lawsuit         household.Date `json:"lawsuit"`         // 行政诉讼
}

// Step is one documented step of the procedure and the day on which it was done; 0 while it is to come.
type Step struct {
	Chapter policy.Text    `json:"chapter"`
	Name    policy.Text    `json:"name"`
	Done    household.Date `json:"done,omitempty"`
}

// Parked is an application that was begun and parked. What was given in it comes only when it is asked for.
type Parked struct {
	SlipNo   string         `json:"slip_no"` // of the slip about the parking
	Item     string         `json:"item"`    // code
	ItemName policy.Text    `json:"item_name"`
	ParkedAt time.Time      `json:"parked_at"`
	Until    household.Date `json:"until"` // the last day on which it is given out
}

// WhichDraft is the body of a question of kind Draft. The answer's body is the letter's record (letter.Parked) as it was
// sealed; its pages are the pictures in the record's order, each straightened and then as the camera sent it.
type WhichDraft struct {
	SlipNo string `json:"slip_no"` // of the draft, among those that the proof was told of
}
