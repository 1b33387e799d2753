// Package view is what the screen shows, as data: the View with the content of each screen, what may be touched there, and
// the ids of the words. The journey makes it, ui draws it, and neither knows how the other does so.
package view

import (
	"yimen/drivers/device"
	"yimen/kiosk/policy"
)

// View is everything that the screen shows; the screen is a function of it and of nothing else. It holds
// only what may be seen now: numbers are masked before they get here.
type View struct {
	Visit    string // which visit; empty while nobody is here. A new value tells the browser to forget everything
	Seq      uint64 // grows by one with every change
	Screen   Screen
	Lang     string // language tag of ui/words
	Look     Look
	Hall     Hall
	Progress Progress
	Service  policy.Text // what is being applied for; nil before it is chosen
	Notes    []Note      // what is to be told before the screen's own content, the most pressing first
	Offers   []Do        // everything that may be touched now, common buttons included

	Cover *Cover // over everything: privacy cover, idle question, leave question, where a person is

	// Exactly the one that Screen names is set.
	Languages []string   // ScreenLanguage
	Menu      *Menu      // ScreenMenu
	Item      *Item      // ScreenItem
	Document  *Document  // ScreenNotice, ScreenDanger, ScreenSign, ScreenConsent
	Card      *Card      // ScreenCard, ScreenConfirm
	Question  *Question  // ScreenQuestion
	Estimate  *Estimate  // ScreenEstimate
	Results   *Results   // ScreenResults
	Topics    *Topics    // ScreenTopics
	Policy    *Policy    // ScreenPolicy
	Standards *Standards // ScreenStandards
	Form      *Form      // ScreenForm
	Board     *Board     // ScreenBoard, ScreenPosting
	Materials *Materials // ScreenMaterials
	Scan      *Scan      // ScreenScan
	Review    *Review    // ScreenReview
	Slip      *Slip      // ScreenSending, ScreenSlip

	Maintenance *Maintenance // ScreenMaintenance
	Ways        *Ways        // ScreenWays
	Face        *Face        // ScreenFace
	CheckIn     *CheckIn     // ScreenCheckIn
	Staff       *Staff       // ScreenEntrance and the screens behind it
	Cases       *Cases       // ScreenProof to ScreenCopy, where no Question or Card is set
}

// Screen names a template.
type Screen string

const (
	ScreenAttract   Screen = "attract"
	ScreenLanguage  Screen = "language"
	ScreenMenu      Screen = "menu"
	ScreenItem      Screen = "item"    // about one service item, before it begins (or instead, where it cannot be applied for here)
	ScreenNotice    Screen = "notice"  // P01
	ScreenDanger    Screen = "danger"  // somebody is in danger: whom to call
	ScreenCard      Screen = "card"    // lay the card
	ScreenConfirm   Screen = "confirm" // is this you?
	ScreenQuestion  Screen = "question"
	ScreenEstimate  Screen = "estimate"
	ScreenResults   Screen = "results"   // what may fit, one programme a tile
	ScreenTopics    Screen = "topics"    // ways into the policy
	ScreenPolicy    Screen = "policy"    // all about one item
	ScreenStandards Screen = "standards" // 发放标准
	ScreenForm      Screen = "form"      // a form filled in as a sample
	ScreenMaterials Screen = "materials" // what to scan, what not to bring
	ScreenScan      Screen = "scan"      // live picture, still with corners
	ScreenSign      Screen = "sign"
	ScreenReview    Screen = "review"
	ScreenSending   Screen = "sending"
	ScreenSlip      Screen = "slip"    // what is known, printed or not
	ScreenWiped     Screen = "wiped"   // the visit ended by itself and everything was wiped
	ScreenCovered   Screen = "covered" // a privacy cover or the idle question hides everything
)

// Hall is what the pack and the config say of this place.
type Hall struct {
	Name    string      // 新城区××街道便民服务大厅
	Desk    policy.Text // the desk to go to
	Hotline string
	Example bool // demo mode: stamp 示例数据
}

// Progress through the visit's parts.
type Progress struct {
	Now, Of int    // parts, from 1; Of 0 shows none
	Part    Phrase // name of the part
}

// Phrase is a wording of ui/words with its arguments.
type Phrase struct {
	ID   string
	Args map[string]string
}

// Note is something to tell, in words, on top of a screen.
type Note struct {
	Kind NoteKind
	Phrase
}

// NoteKind says how pressing a Note is.
type NoteKind string

const (
	NoteProblem NoteKind = "problem" // something to put right here
	NoteNews    NoteKind = "news"
)

// Cover lies over the screen.
type Cover struct {
	Kind CoverKind
	Left int   // CoverIdle: seconds until everything is wiped
	Said *Said // CoverAssist: what would be answered; nil where the page under the cover shows it
}

// CoverKind says which cover.
type CoverKind string

const (
	CoverPrivacy CoverKind = "privacy" // nothing is shown; one tap returns
	CoverIdle    CoverKind = "idle"    // still here?
	CoverLeave   CoverKind = "leave"   // really leave?
	CoverHelp    CoverKind = "help"    // where a person is
)

// Menu lists the doors, and behind the chosen one what can be done there.
type Menu struct {
	Doors  []Door // empty behind a door
	Behind Phrase // the chosen door
	Offers []Offer
}

// Door is a service's way in. A service with a single offer that begins at once has no page behind its door.
type Door struct {
	ID    string // Value of DoChoose
	Title Phrase
	Plain Phrase
	Icon  string
}

// Offer is one tile of the menu.
type Offer struct {
	ID    string // Value of DoChoose
	Title policy.Text
	Plain policy.Text
	Icon  string
	// Deadline, Decider and why no estimate is made are told on the item's page.
	Deadline, Decider, None policy.Text

	Here  bool // can be applied for at this terminal; otherwise the tile informs
	First bool // shown large

	Straight bool // begins at once: its first step says what it is
	Helped   bool // can be begun with somebody's help: its steps ask for the helper
}

// Item tells about an item.
type Item struct {
	Title, Plain, Deadline, Decider policy.Text
	None                            policy.Text // why no estimate is made; nil where one is
	Here                            bool
	Agreed                          bool // what was given is kept when the resident walks away
}

// Document is a text shown in full; on ScreenSign with a pad below it.
type Document struct {
	ID, Version string
	Title       string
	Paragraphs  []string
	Digest      string // of exactly what is shown
	Signer      string // who signs, masked name; empty where nothing is signed
	Pad         Pad
	Now, Of     int // this document among those to sign
}

// Pad is the signature pad's size in millimetres.
type Pad struct {
	Width  float64 `yaml:"width"`
	Height float64 `yaml:"height"`
}

// Card: ScreenCard asks for the card, ScreenConfirm shows it masked.
type Card struct {
	Whose   Phrase // card is asked for, where it is not that of the person whom all is about
	Reading bool   // a card lies there and is being read
	Name    string
	Sex     Phrase
	Ethnic  string // code of GB/T 3304; words has the names
	Birth   string // YYYY-MM-DD, month and day masked
	Address string // masked behind the first characters
	Number  string // masked
	ValidTo string // YYYY-MM-DD; empty when long-term
	Long    bool
}

// Question is one question.
type Question struct {
	Key     string // household.Key
	Input   policy.Input
	Title   policy.Text // {name} already filled
	Help    policy.Text
	Unit    policy.Text
	Options []policy.Option
	Section policy.Text
	Value   string // machine form of the present answer, empty if there is none: code, codes joined by "," or "none", yuan with up to two decimals, digits, YYYYMMDD, text
	Known   State3
	Must    bool // no 不清楚
	Card    bool // prefilled from the card
	Now, Of int  // of this section, as far as known
}

// State3 tells an answer's state: "", "unknown" or "given".
type State3 string

// Estimate is the estimate in plain words.
type Estimate struct {
	Programme policy.Text // nil where only one is reckoned
	Verdict   string      // likely, unlikely, manual
	Monthly   string      // yuan, empty where none is given
	Sentences []Line
	Flags     []Line
	Hints     []Line        // what else may fit
	Changes   []Change      // near misses: how far away it is, and what would bring another answer
	Missing   []policy.Text // labels of questions whose answers would make it surer
	Edition   string
	Digest    string // short
	Example   bool
	Open      int // index into Sentences of the line whose working is open, -1 none
}

// Line is one line of the working.
type Line struct {
	Outcome  string // met, not_met, not_known, figure
	Sentence policy.Text
	Source   string // title of the source
	Article  string
	Quote    string
	Inputs   []Figure
	Example  bool
}

// Change is one thing that would bring another answer, if it is so and can be shown.
type Change struct {
	Distance bool // it tells how far a limit is, and is nothing that anybody could do
	Sentence policy.Text
	Proof    policy.Text // the paper that shows it; nil where there is none
	Article  string
}

// Figure is one input of a line.
type Figure struct {
	Label policy.Text
	Value string
}

// Materials lists papers by who brings them.
type Materials struct {
	Scan  []MaterialLine // to be scanned here
	Maybe []MaterialLine // only if they exist
	Share []MaterialLine // do not bring
	Here  []MaterialLine // made at this terminal
}

// MaterialLine is one paper.
type MaterialLine struct {
	Code  string
	Name  policy.Text
	Hint  policy.Text
	Pages int
	Later bool // the resident brings it later
}

// Scan is one paper being scanned.
type Scan struct {
	Material MaterialLine
	Live     bool        // the live picture is on
	Auto     bool        // a good page that lies still is taken by itself
	Taking   bool        // waiting for the camera
	Printing bool        // a ticket for the desk is being printed
	Still    string      // id of the picture that was taken; it is at /picture/{id}
	Cut      string      // id of the page cut out of it, upright: shown instead of it where it is good
	Quad     device.Quad // where the corners stand at first
	Adjust   bool        // the corners may be dragged and the still kept
	Hint     string      // id of the phrase on what to put right in the still; empty where it is good
	Left     int         // pictures of this page that may still be not good before it is taken as it is
	Pages    []Page      // kept so far
	Look     *Page       // the kept page that is looked at, large
	Instead  int         // number of the kept page that is taken again; 0 where none is
	Most     int         // pages of this material at the most; 0 where there is no limit
	Must     bool        // it has to come, now or later; otherwise only if it exists
	Now, Of  int         // this material among those to scan
}

// Page is one kept page; its picture is at /picture/{ID}.
type Page struct {
	ID    string
	No    int
	Turn  int  // how it lies in its frame, in quarters: another number is another picture
	Check bool // not good: a person will look at it
}

// Review is the check-answers page.
type Review struct {
	Sections []ReviewSection
	Last     string // Edit of the line that was changed last; empty before
	Ready    bool   // all that must be there is there
}

// ReviewSection groups lines under the form's own heading or, for papers and signatures, a phrase.
type ReviewSection struct {
	Title  policy.Text
	Phrase Phrase
	Lines  []ReviewLine
}

// ReviewLine is one answer, paper or signature with its way to change it.
type ReviewLine struct {
	Label   policy.Text
	Value   string // masked
	Said    Phrase // instead of Value
	Edit    string // Value of DoEdit; empty where it cannot be changed
	Problem Phrase // something missing; empty ID if none
}

// Slip is what is known of a submission. Nothing here was not observed.
type Slip struct {
	Number    string
	QueryCode string
	Kept      bool   // safe on this terminal's disk
	Delivered bool   // central's signed receipt was verified
	Print     string // "", printing, printed, unconfirmed, failed
	Cause     Phrase // why printing failed, in words
	Pages     int
	Tries     int  // times printing was tried
	Parked    bool // nothing was submitted: it can be gone on with
	CheckIn   bool // a 签到, of which nothing is to be accepted
}
