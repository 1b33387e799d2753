// Package flow is how a case goes in one region: its stages, who may take which next step, what must lie behind it, by
// when it is due, and which document the office issues with it (domain.md §3). All of it is data of packs; the words too.
package flow

import (
	"slices"

	"yimen/kiosk/policy/wording"
)

// National is the variant that every region without one of its own follows (R2, R5).
const National = "NAT-2021"

// Stages that programs know by code. A pack may name others; they are shown by their name alone.
const (
	Submitted = "SUBMITTED" // where a case begins: handed in, which is not accepted (domain.md trap 2)
	Correct   = "CORRECTION"
	Publicity = "PUBLICITY" // the public notice runs (公示): Flow.Notice
	Objection = "OBJECTION" // somebody objected: it is being examined
)

// Stage is one state of a case in words (domain.md §3.1).
type Stage struct {
	Code  string       `yaml:"code"`
	Name  wording.Text `yaml:"name"`  // 已受理
	Plain wording.Text `yaml:"plain"` // what it means to the applicant, in a sentence
	// Decided: the office has said yes or no, or the applicant has withdrawn: the promised time runs no longer.
	Decided bool `yaml:"decided"`
	Over    bool `yaml:"over"` // nothing more is awaited of the office
}

// Flow is the way of a case of one profile in one variant.
type Flow struct {
	ID       string           `yaml:"id"` // NAT-2021/PA: the variant and the profile of items that it is for
	Name     wording.Text     `yaml:"name"`
	Citation wording.Citation `yaml:"citation"`
	Begin    string           `yaml:"begin"` // the first stage; SUBMITTED where none is named
	Moves    []Move           `yaml:"moves"`
	Dues     []Due            `yaml:"dues"`
	Clock    Clock            `yaml:"clock"`
	Notice   Notice           `yaml:"notice"`  // at the stage PUBLICITY
	Notices  []Notice         `yaml:"notices"` // at other stages: a second 公示, the 公布 of the result
	Chapters []Chapter        `yaml:"chapters"`
}

// Move is one lawful step from stage to stage.
type Move struct {
	From  []string     `yaml:"from"` // stages; none means any stage before a decision
	To    string       `yaml:"to"`
	Title wording.Text `yaml:"title"` // what the officer does: 受理
	By    Role         `yaml:"by"`
	After []string     `yaml:"after"` // stages that the case must have been in before
	Paper string       `yaml:"paper"` // code of the document that is issued with it; empty for none
	Steps []string     `yaml:"steps"` // steps of the chapters that are done by it
	Once  bool         `yaml:"once"`  // a case takes it once: 一次性告知
	// NoticeOver: only when the days of the public notice have passed and every objection is answered.
	NoticeOver bool `yaml:"notice_over"`
}

// Role is a duty at the office; the three are kept apart (受理、审核、审批, domain.md §1 row 23).
type Role string

const (
	Accept Role = "accept" // 受理
	Review Role = "review" // 审核
	Decide Role = "decide" // 审批
)

// Supervise (督办) is the duty of whoever is told what is overdue; it moves no case.
const Supervise Role = "supervise"

// Roles lists every duty that moves cases.
func Roles() []Role { return []Role{Accept, Review, Decide} }

// Due says how soon after a stage was entered the next step is due.
type Due struct {
	Stage    string           `yaml:"stage"`
	Days     int64            `yaml:"days"`
	Working  bool             `yaml:"working"`      // working days by the calendar; otherwise calendar days
	Notice   bool             `yaml:"after_notice"` // counted from the last day of the stage's public notice instead
	Citation wording.Citation `yaml:"citation"`
}

// Clock is the promised time for the whole, after the stage From was entered.
type Clock struct {
	From     string           `yaml:"from"`
	Days     int64            `yaml:"days"`     // 0: no promise
	Working  bool             `yaml:"working"`  // working days by the calendar; otherwise calendar days
	Extended int64            `yaml:"extended"` // after an extension (延期); 0 where there is none
	Paper    string           `yaml:"paper"`    // the document by which an extension is told
	Citation wording.Citation `yaml:"citation"`
}

// Notice is a public notice that goes up when a case comes to a stage: what is proposed, so that people may object (公示), or
// what was decided (公布).
type Notice struct {
	Stage    string           `yaml:"stage"`  // PUBLICITY where none is named
	Result   bool             `yaml:"result"` // 公布
	Days     int64            `yaml:"days"`   // 0: nothing is made public, as for children (domain.md trap 11)
	Working  bool             `yaml:"working"`
	Paper    string           `yaml:"paper"` // the document with its words
	Citation wording.Citation `yaml:"citation"`
}

// Chapter is a part of the region's procedure with its documented steps, such as 核实受理 with eight.
type Chapter struct {
	ID       string           `yaml:"id"`
	Name     wording.Text     `yaml:"name"`
	Citation wording.Citation `yaml:"citation"`
	// Maybe: its steps may never come, such as a stop of payments: the applicant reads of each once it is done.
	Maybe bool   `yaml:"maybe"`
	Steps []Step `yaml:"steps"`
}

// Step is one documented step (文书).
type Step struct {
	ID   string       `yaml:"id"`
	Name wording.Text `yaml:"name"`
}

// Paper is a document of the office (文书, domain.md §3.3): its words are the pack's document of the same code.
type Paper struct {
	Code     string `yaml:"code"`     // N03
	Remedies bool   `yaml:"remedies"` // a refusal: names 复议 and 诉讼 with their last days
	Asks     []Ask  `yaml:"asks"`     // what the officer fills in; the words name each as {id}
}

// Ask is one thing that the officer fills in.
type Ask struct {
	ID    string       `yaml:"id"`
	Label wording.Text `yaml:"label"`
	Input Input        `yaml:"input"`
	Must  bool         `yaml:"must"`
}

// Input is how an Ask is filled in.
type Input string

const (
	Line      Input = "line"      // a line of text
	Words     Input = "words"     // some sentences
	Day       Input = "day"       // a date
	Money     Input = "money"     // yuan
	Count     Input = "count"     // a whole number
	Materials Input = "materials" // some of the item's materials
)

// Inputs lists every way.
func Inputs() []Input { return []Input{Line, Words, Day, Money, Count, Materials} }

// Standing is where a case stands, for asking what may follow.
type Standing struct {
	Stage   string
	Decided bool
	Been    []string // stages entered before, Stage among them
	Taken   []string // ids of moves taken (Move.ID)
	// NoticeOpen: the notice's days have not passed, or an objection is not answered.
	NoticeOpen bool
}

// ID names a move within its flow: where it leads, behind where it began.
func (m Move) ID() string {
	if len(m.From) == 0 {
		return "any-" + m.To
	}
	return m.From[0] + "-" + m.To
}

// Next lists the moves that are lawful now, in the flow's order.
func (f *Flow) Next(s Standing) (list []Move) {
	for _, m := range f.Moves {
		switch {
		case len(m.From) == 0 && (s.Decided || s.Stage == m.To):
		case len(m.From) > 0 && !slices.Contains(m.From, s.Stage):
		case m.Once && slices.Contains(s.Taken, m.ID()):
		case m.NoticeOver && s.NoticeOpen:
		case slices.ContainsFunc(m.After, func(stage string) bool { return !slices.Contains(s.Been, stage) }):
		default:
			list = append(list, m)
		}
	}
	return list
}

// Begins is the stage in which a case begins.
func (f *Flow) Begins() string {
	if f.Begin == "" {
		return Submitted
	}
	return f.Begin
}

// Posts lists the public notices of the flow, each with its stage.
func (f *Flow) Posts() (list []Notice) {
	for _, n := range append([]Notice{f.Notice}, f.Notices...) {
		if n.Stage == "" {
			n.Stage = Publicity
		}
		if n.Days > 0 {
			list = append(list, n)
		}
	}
	return list
}

// Posted gives the notice that goes up when a case comes to a stage; false where none does.
func (f *Flow) Posted(stage string) (Notice, bool) {
	posts := f.Posts()
	i := slices.IndexFunc(posts, func(n Notice) bool { return n.Stage == stage })
	if i < 0 {
		return Notice{}, false
	}
	return posts[i], true
}

// Public tells whether cases of this flow are made public before a decision (公示).
func (f *Flow) Public() bool {
	return slices.ContainsFunc(f.Posts(), func(n Notice) bool { return !n.Result })
}

// Announced tells whether the result of cases of this flow is made public (公布).
func (f *Flow) Announced() bool {
	return slices.ContainsFunc(f.Posts(), func(n Notice) bool { return n.Result })
}

// DueAfter gives how soon the next step is due after a stage was entered; false where no rule says.
func (f *Flow) DueAfter(stage string) (Due, bool) {
	for _, d := range f.Dues {
		if d.Stage == stage {
			return d, true
		}
	}
	return Due{}, false
}

// Step finds a documented step and its chapter.
func (f *Flow) Step(id string) (Chapter, Step, bool) {
	for _, c := range f.Chapters {
		for _, s := range c.Steps {
			if s.ID == id {
				return c, s, true
			}
		}
	}
	return Chapter{}, Step{}, false
}
