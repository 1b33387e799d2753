package docket

import (
	"time"

	"yimen/drivers/device"
	"yimen/kiosk/household"
	"yimen/kiosk/policy"
)

// Proof is what somebody proved about a case: the number of the card that was read, or a slip's number together with its
// query code. Exactly one of Number and SlipNo is set.
type Proof struct {
	Number    device.Personal // of the identity card (GB 11643)
	SlipNo    string          // SJ-…
	QueryCode string          // eight digits, beside SlipNo
}

// Light tells how the promised time stands (domain.md §3.4).
type Light string

const (
	LightNone   Light = ""       // no clock runs: not accepted yet, decided, or the calendar of the year is not known
	LightGreen  Light = "green"  // more than three working days are left
	LightYellow Light = "yellow" // three or fewer
	LightRed    Light = "red"    // the promised day has passed
)

// CaseView is one case as its applicant may see it: nothing of the staff, nothing of anybody else. It travels as JSON.
type CaseView struct {
	ID        string         `json:"id"`      // the case's number at the bureau
	SlipNo    string         `json:"slip_no"` // under which it was handed in
	Item      string         `json:"item"`    // code, 0101
	ItemName  policy.Text    `json:"item_name"`
	Submitted time.Time      `json:"submitted"`
	Stage     StageView      `json:"stage"`           // where it stands
	Past      []StageView    `json:"past"`            // where it has been, oldest first, without Stage
	Light     Light          `json:"light,omitempty"` // of the promised day
	Due       household.Date `json:"due,omitempty"`   // the promised day for the whole; 0 where no clock runs
	Papers    []PaperView    `json:"papers"`          // issued, newest first
	Missing   []MissingView  `json:"missing"`         // to be supplied (补正); empty where nothing is
	MissingBy household.Date `json:"missing_by,omitempty"`
	Notice    string         `json:"notice,omitempty"`  // number of the public notice (公示) that runs or ran
	Answers   []AnswerView   `json:"answers,omitempty"` // to what was posted later about this case
	Over      bool           `json:"over"`              // nothing more is awaited of the office
	Remedy    policy.Text    `json:"remedy,omitempty"`  // 复议、诉讼, on a refusal: where, until when
	Until     RemedyUntil    `json:"until,omitzero"`
	Steps     []StepView     `json:"steps,omitempty"` // by chapter of the region's procedure (文书), done or to come
}

// StageView is one stage of the case with the day on which it was entered.
type StageView struct {
	Code  string         `json:"code"`  // ACCEPTED, … (domain.md §3.1)
	Name  policy.Text    `json:"name"`  // 已受理
	Plain policy.Text    `json:"plain"` // what that means, in a sentence
	Since time.Time      `json:"since"`
	By    household.Date `json:"by,omitempty"` // until when the next step is due; 0 where no rule says
}

// PaperView is a document that the office issued. Its words are as issued, in Chinese: a terminal shows and prints a copy.
type PaperView struct {
	Code       string         `json:"code"` // N03
	No         string         `json:"no"`   // its own number
	Title      string         `json:"title"`
	Paragraphs []string       `json:"paragraphs"`
	Issued     household.Date `json:"issued"`
}

// MissingView is a material to be supplied.
type MissingView struct {
	Code string      `json:"code"` // M09
	Name policy.Text `json:"name"`
	Hint string      `json:"hint,omitempty"` // what the office says about it
	Sent bool        `json:"sent"`           // a supplement with it has come in
}

// AnswerView is the office's answer to a letter, such as an objection.
type AnswerView struct {
	SlipNo string         `json:"slip_no"` // of the letter
	Kind   string         `json:"kind"`    // objection
	State  string         `json:"state"`   // received, examining or answered
	Text   []string       `json:"text"`    // the answer's paragraphs
	At     household.Date `json:"at"`
}

// RemedyUntil gives the last days of both remedies; zero where no refusal was served.
type RemedyUntil struct {
	Reconsideration household.Date `json:"reconsideration"` // 行政复议, 60 days
	Lawsuit         household.Date `json:"lawsuit"`         // 行政诉讼, six months
}

// StepView is one step of the region's procedure and the day on which it was done; 0 while it is to come.
type StepView struct {
	Chapter policy.Text    `json:"chapter"`
	Name    policy.Text    `json:"name"`
	Done    household.Date `json:"done,omitempty"`
}
