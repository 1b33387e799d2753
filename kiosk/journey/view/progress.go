package view

import "yimen/kiosk/policy"

// Screens on which somebody asks how a case stands.
const (
	ScreenProof  Screen = "proof"  // by card, or by the number and code of a slip
	ScreenSlipNo Screen = "slipno" // the slip's number, under the scanner or by hand
	ScreenCode   Screen = "code"   // its query code
	ScreenAsking Screen = "asking" // the bureau is being asked
	ScreenCases  Screen = "cases"  // what there is, or why nothing is shown
	ScreenCase   Screen = "case"   // one case
	ScreenCopy   Screen = "copy"   // a document that the office issued
)

// Inputs of ScreenSlipNo and ScreenCode, in Question.Input: digits alone.
const (
	InputSlipNo policy.Input = "slipno" // region, terminal, day and sequence, without the letters and the check character
	InputCode   policy.Input = "code"   // eight digits
)

// Cases is what is known of somebody's cases, in the bureau's words. Dates are YYYY-MM-DD, empty where there is none.
type Cases struct {
	Scan    bool   // ScreenSlipNo: a slip may be held under the scanner
	Number  string // ScreenCode: the slip whose code is asked for
	Trouble Trouble
	Cases   []CaseLine
	Drafts  []DraftLine
	Case    *Case // ScreenCase
	Copy    *Copy // ScreenCopy
}

// Trouble is why nothing is shown on ScreenCases.
type Trouble string

const (
	TroubleNothing Trouble = "nothing" // nothing fits this proof
	TroubleLocked  Trouble = "locked"  // too many wrong codes
	TroubleUnable  Trouble = "unable"  // the bureau cannot say now
	TroubleLine    Trouble = "line"    // the line is down, or nobody answered in time
)

// CaseLine is one case to choose.
type CaseLine struct {
	ID        string // Value of DoChoose
	Item      policy.Text
	Stage     policy.Text
	Submitted string
	Light     string // green, yellow, red; empty where no clock runs
}

// DraftLine is an application that was begun and parked.
type DraftLine struct {
	ID     string // Value of DoChoose
	Item   policy.Text
	Parked string
	Until  string // the last day on which it can be gone on with
}

// Case is one case.
type Case struct {
	SlipNo    string
	Item      policy.Text
	Submitted string
	Stage     StageLine
	Light     string
	Due       string // promised day for the whole
	Past      []StageLine
	Chapters  []ChapterLine // of the region's procedure; none where it has no documented steps
	Missing   []MissingLine
	MissingBy string
	Copies    []CopyLine
	Replies   []ReplyLine
	Remedy    policy.Text // 复议、诉讼; nil where nothing was refused
	Until     [2]string   // last day of 复议, of 诉讼
	Over      bool
	Printing  bool
}

// StageLine is one stage, entered on Since.
type StageLine struct {
	Name, Plain policy.Text
	Since       string
	By          string // until when the next step is due
	Late        bool   // By has passed
}

// ChapterLine is a part of the region's procedure with its documented steps (文书).
type ChapterLine struct {
	Name  policy.Text
	Steps []StepLine
	Done  int // of Steps
}

// StepLine is one documented step.
type StepLine struct {
	Name policy.Text
	Done string // the day on which it was done; empty while it was not
}

// MissingLine is a paper that the case lacks.
type MissingLine struct {
	Name policy.Text
	Hint string
	Sent bool // pages of it have come in since
}

// CopyLine is a document that can be read.
type CopyLine struct {
	ID     string // Value of DoChoose
	Title  string
	Issued string
}

// ReplyLine is the office's answer to what was posted about the case.
type ReplyLine struct {
	SlipNo, Kind, State string
	Text                []string
	At                  string
}

// Copy is a document as the office issued it: what is shown and printed here is a copy (副本).
type Copy struct {
	No, Title  string
	Issued     string
	Paragraphs []string
	Printing   bool
}

// The ids of the phrases of 进度 and of parking.
const (
	PhraseDoorProgress = "door.progress"
	PhrasePartProve    = "part.prove"
	PhrasePartProgress = "part.progress"

	PhraseNotASlip    = "progress.not-a-slip"
	PhraseNumberWrong = "progress.number-wrong"
	PhraseCodeShort   = "progress.code-short"
	PhraseNoPages     = "progress.no-pages"
	PhraseDraftGone   = "progress.draft-gone"
	PhraseCardOther   = "card.not-the-drafts"
	PhrasePartPark    = "part.park"
	PhraseParkedAway  = "parked.away"
)

func progressPhrases() []string {
	return []string{PhraseDoorProgress, PhraseDoorProgress + Plainly, PhrasePartProve, PhrasePartProgress,
		PhraseNotASlip, PhraseNumberWrong, PhraseCodeShort, PhraseNoPages, PhraseDraftGone, PhraseCardOther, PhrasePartPark, PhraseParkedAway}
}
