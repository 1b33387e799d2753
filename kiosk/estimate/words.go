package estimate

import (
	"yimen/kiosk/estimate/trace"
	"yimen/kiosk/household"
	"yimen/kiosk/policy"
)

// A result and all that it holds have a room of their own; whoever asks for an estimate needs no other import.
type (
	Result   = trace.Result
	Line     = trace.Line
	Input    = trace.Input
	Change   = trace.Change
	Sentence = trace.Sentence
	Verdict  = trace.Verdict
	Outcome  = trace.Outcome
	Lever    = trace.Lever
	Fen      = trace.Fen
	Date     = household.Date // a calendar day as YYYYMMDD
)

const (
	Likely   = trace.Likely
	Unlikely = trace.Unlikely
	Manual   = trace.Manual

	Met      = trace.Met
	NotMet   = trace.NotMet
	NotKnown = trace.NotKnown
	Figure   = trace.Figure

	Distance     = trace.Distance
	Spending     = trace.Spending
	Costs        = trace.Costs
	Exempt       = trace.Exempt
	Circumstance = trace.Circumstance
	Answer       = trace.Answer
	Settlement   = trace.Settlement
)

// Canonical gives a result's bytes: equal pack, answers and day give equal bytes on every machine.
func Canonical(r Result) []byte { return trace.Canonical(r) }

// Spoken is a sentence that has no figures to fill in.
func Spoken(t policy.Text) Sentence { return trace.Say(t) }

// fen is the machine form of a sum: whole fen, or the exact fraction.
func fen(sum policy.Number) string { return sum.RatString() }

// roundUp gives the next whole multiple of unit, in fen; what is left of a fen is not paid.
func roundUp(sum, unit policy.Number) policy.Number {
	n, _ := sum.Quo(unit).Ceil()
	return policy.Whole(n).Mul(unit).Floor()
}
