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

// word is a {name} of a rule's sentence and what stands for it.
func word(name string, v trace.Value) trace.Word { return trace.Word{Name: name, Value: v} }

// used is a figure that a step used, by the name of its parameter or table.
func used(name string, n policy.Number, unit string) trace.Used {
	return trace.Used{Name: name, Value: n, Unit: unit}
}

// yuan is a sum of money in words.
func yuan(fen policy.Number) trace.Value { return trace.Yuan(fen) }

// number is a count in words.
func number(n int) trace.Value { return trace.Decimal(policy.Whole(int64(n))) }

// line adds a step to the working, in the rule's own sentence for that outcome.
func (w *working) line(r *policy.Rule, subject int, o Outcome, say ...trace.Word) *trace.Book {
	return w.write(trace.Working, r, subject, o, say...)
}

// write is line for any part of the result.
func (w *working) write(p trace.Part, r *policy.Rule, subject int, o Outcome, say ...trace.Word) *trace.Book {
	if r == nil {
		return &trace.Book{} // step has noted that the pack lacks it: nothing of this will be told
	}
	sentence := r.Met
	switch o {
	case NotMet:
		sentence = r.NotMet
	case NotKnown:
		sentence = r.Unknown
	}
	example := r.Citation.Illustrative != ""
	w.r.Example = w.r.Example || example && o != NotKnown
	s := trace.Step{Rule: r.ID, Subject: subject, Outcome: o, Wording: sentence, Citation: &r.Citation, Example: example}
	if subject > 0 {
		w.say = append(append(w.say[:0], say...), word("who", w.who(subject)))
		return w.book.Write(p, s, w.say...)
	}
	return w.book.Write(p, s, say...)
}

// note says once that a figure is not settled or only illustrative.
func (w *working) note(v *policy.Value, wording string, what policy.Text) {
	w.open = true
	if w.book.Has(w.notes, v.Key) {
		return
	}
	w.book.Write(w.notes, trace.Step{Rule: v.Key, Outcome: NotKnown, Wording: w.pack.Text(wording), Citation: &v.Citation, Example: v.Example},
		word("what", trace.Spoken(what)), word("parameter", trace.Spoken(what)))
}

// fen is the machine form of a sum: whole fen, or the exact fraction.
func fen(sum policy.Number) string { return sum.RatString() }

// roundUp gives the next whole multiple of unit, in fen; what is left of a fen is not paid.
func roundUp(sum, unit policy.Number) policy.Number {
	n, _ := sum.Quo(unit).Ceil()
	return policy.Whole(n).Mul(unit).Floor()
}
