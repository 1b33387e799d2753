package view

import "yimen/kiosk/policy"

// Results is what may fit, the likeliest first.
type Results struct {
	Colour   string      // how pressing the need is: red, yellow, blue, green; empty where nobody was asked
	Pressing policy.Text // the colour in words, with what to do
	Findings []Finding
	Also     []Topic // items that are not estimated and may help too
	Edition  string
	Example  bool
	Printing bool // the slip is on its way: nothing else can be printed now
}

// Finding is one programme's outcome; it opens to its working.
type Finding struct {
	ID        string // Value of DoChoose
	Programme policy.Text
	Verdict   string // likely, unlikely, manual
	Monthly   string // yuan, empty where none is given
	Hint      policy.Text
}

// Topics is a page of ways into the policy.
type Topics struct {
	Title  policy.Text // of a situation; nil for the other pages
	Phrase Phrase      // instead of Title
	Topics []Topic
}

// Topic is one way on.
type Topic struct {
	ID     string // Value of DoChoose
	Title  policy.Text
	Phrase Phrase // instead of Title
	Plain  policy.Text
	Icon   string
	Here   bool // an item that can be applied for at this terminal
}

// Policy is all about one item: for whom, what to bring, how long, who decides, by which article.
type Policy struct {
	Name, Plain, Deadline, Decider policy.Text
	None                           policy.Text // why no estimate is made; nil where one is
	Materials                      Materials
	Source, Article                string
	Form                           bool // it has a form to look at: DoWhy
	Here                           bool // can be applied for now: DoNext
	Printing                       bool // its checklist is on the way: nothing else can be printed now
}

// Standards is 发放标准 (domain.md §4.15).
type Standards struct {
	Rows []StandardRow
}

// StandardRow is one amount with its unit, its first day and its document.
type StandardRow struct {
	Kind, Area, Unit policy.Text
	Amount           string // empty where it is not settled
	From             string // YYYY-MM-DD, from when the amount holds
	DocNo, DocTitle  string // both may be empty
	Example          bool
}

// Form is a form filled in as a sample, by an invented household.
type Form struct {
	Item     policy.Text
	Sections []FormSection
}

// FormSection is a heading with the lines under it.
type FormSection struct {
	Title policy.Text
	Lines []FormLine
}

// FormLine is what is asked and what the sample answers.
type FormLine struct {
	Label policy.Text
	Value string
}
