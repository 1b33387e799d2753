package view

import "yimen/kiosk/policy"

// Screens of the public notices, those before a decision (公示) and those of a result (公布).
const (
	ScreenBoard   Screen = "board"   // what hangs
	ScreenPosting Screen = "posting" // one notice
)

// Board is what hangs on the board today. Nothing stands in it that a public notice may not say (domain.md §6 P11).
type Board struct {
	Looking bool          // the board is being read
	Results bool          // among Lines are results
	Lines   []PostingLine // ScreenBoard
	Posting *Posting      // ScreenPosting
}

// PostingLine is one notice to choose.
type PostingLine struct {
	ID   string // Value of DoChoose
	Name string
	Item policy.Text
	Left int // days on which it hangs, and an objection to a proposal is in time, today among them

	Result bool // what was decided; otherwise what is proposed
}

// Posting is one notice. Dates are YYYY-MM-DD.
type Posting struct {
	No          string
	Name        string
	Item        policy.Text
	Members     int
	Amount      string // yuan a month; empty where nothing is paid by the month
	First, Last string
	Left        int
	Office      string
	Phone       string
	Here        bool // an objection can be raised at this terminal now; never to a result
	Result      bool // what was decided; otherwise what is proposed
}

// The ids of the phrases of 公示.
const (
	PhraseDoorNotices = "door.notices"
	PhrasePartNotices = "part.notices"
	PhraseNoticeGone  = "notices.gone" // the notice that was being read is over or taken down
)

func noticePhrases() []string {
	return []string{PhraseDoorNotices, PhraseDoorNotices + Plainly, PhrasePartNotices, PhraseNoticeGone}
}
