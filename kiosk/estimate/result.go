// Package estimate works out, from a household's answers, a policy pack and a date, what help may fit and
// why. It is pure arithmetic: money in fen, ratios exact, no clock, no I/O. It never decides: its answers
// are 可能符合, 可能不符合 and 需人工核实 (domain.md §0.1 trap 1), and none of them stops an application.
package estimate

import (
	"yimen/kiosk/household"
	"yimen/kiosk/policy"
)

// Verdict is one of three answers. For what is no benefit (ring, hardship) Likely says that there is a figure.
type Verdict string

const (
	Likely   Verdict = "likely"   // 可能符合
	Unlikely Verdict = "unlikely" // 可能不符合
	Manual   Verdict = "manual"   // 需人工核实
)

// Fen is money in hundredths of a yuan.
type Fen int64

// Date is a calendar day as YYYYMMDD.
type Date = household.Date

// Result is an estimate with its whole working. It holds no name and no number of a person.
type Result struct {
	Programme  string // dibao, edge, …: a key of Compute
	Verdict    Verdict
	Monthly    Fen  // what may be paid a month; meaningful when Verdict is Likely
	HasMonthly bool // whether Monthly is known
	AsOf       Date
	PackID     string
	Edition    string
	PackDigest string
	Example    bool          // an illustrative value was used: stamp 示例数据
	Colour     policy.Colour // how pressing the need is; empty where that was not asked
	Lines      []Line
	Counted    int             // people who count; 0 while that is not known
	Missing    []household.Key // answers that would make it surer
	Flags      []Line          // soft flags: reasons why a person must look
	Hints      []Line          // what else may fit
	Changes    []Change        // near misses: what would bring another answer
}

// Line is one step of the working: which rule, with what inputs, giving what, by which article.
type Line struct {
	Rule     string
	Subject  int // the member it is about, 0 for the household
	Outcome  Outcome
	Sentence Sentence // plain words with the figures filled in
	Inputs   []Input
	Result   string // machine form of what came out, such as "72500"
	Citation policy.Citation
	Example  bool // an illustrative value took part
}

// Outcome of a rule.
type Outcome string

const (
	Met      Outcome = "met"
	NotMet   Outcome = "not_met"
	NotKnown Outcome = "not_known"
	Figure   Outcome = "figure" // a step of arithmetic, not a condition
)

// Input is one figure or fact that a rule used.
type Input struct {
	Name  string // parameter or fact key
	Value string
	Unit  string
}
