// Package trace is what an estimate says and why: its answer with every step of the working, each with its rule, its
// figures, its article and its sentence. A trace is written in a Book while it is reckoned and never changes afterwards;
// its bytes (Canonical) are the same wherever it is reckoned again.
package trace

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

// Result is an estimate with its whole working. It holds no name and no number of a person.
type Result struct {
	Programme  string // dibao, edge, …: a key of estimate.Compute
	Verdict    Verdict
	Monthly    Fen  // what may be paid a month; meaningful when Verdict is Likely
	HasMonthly bool // whether Monthly is known
	AsOf       household.Date
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
	Value string // whole, or the exact fraction
	Unit  string
}

// Lever says what kind of thing a Change is.
type Lever string

const (
	Distance     Lever = "distance"     // how far a limit is; nothing that anybody could do
	Spending     Lever = "spending"     // money spent that can be shown and was not stated
	Costs        Lever = "costs"        // costs of earning an income
	Exempt       Lever = "exempt"       // a part of an income that by the rules does not count
	Circumstance Lever = "circumstance" // how somebody really stands: a person must look
	Answer       Lever = "answer"       // an answer that is missing
	Settlement   Lever = "settlement"   // a figure that nobody has settled, or that is only illustrative
)

// Change is one thing that would bring another answer, all else as stated. It never asks anybody to earn or to own
// less: it tells how far a limit is, and which facts, if they are so and can be shown, count.
type Change struct {
	Lever    Lever
	Rule     string          // the rule that would come out otherwise, or the figure that is waited for
	Keys     []household.Key // the answers it is about; empty for Distance and Settlement
	From, To string          // figures exact, in Unit: as stated, and the least change that is enough (or the limit itself)
	Unit     string
	Gives    Verdict // what the answer then is; empty where that cannot be said before
	Document string  // code of the material that shows it, empty where there is none
	Sentence Sentence
	Citation policy.Citation
}
