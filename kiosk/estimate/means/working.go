// Package means is what a household has, as every programme of the estimate reckons it: who counts, what comes in, what is
// taken off, and what that is per person and month (家庭经济状况, domain.md §§4.1 to 4.4). Each step is written into the
// trace as it is taken.
package means

import (
	"fmt"
	"slices"

	"yimen/kiosk/estimate/trace"
	"yimen/kiosk/household"
	"yimen/kiosk/policy"
	"yimen/kiosk/policy/condition"
)

// The outcomes of a step.
const (
	met      = trace.Met
	notMet   = trace.NotMet
	notKnown = trace.NotKnown
	figure   = trace.Figure
)

// Working is an estimate while it is worked. It keeps its room from one household to the next.
type Working struct {
	*Basis
	Answers  household.Answers
	Facts    condition.Facts // the answers, for conditions
	Result   trace.Result
	Book     trace.Book      // the lines of the result
	Words    []trace.Word    // room for one line's words
	Uses     []trace.Used    // room for one line's figures
	Counted  []int           // subjects of the members who count
	Own      []policy.Number // by subject: what counts of each one's own income, fen per twelve months
	Reckoned []Sum           // by subject: the income that the person's labour was reckoned to give
	Dues     []Sum           // by supporter: what they are reckoned to give
	Received policy.Number   // support that members receive, fen per twelve months
	Open     bool            // a figure is not known: sums that need it are left out
	Manual   bool            // an answer is not known: a person must look
	Notes    trace.Part      // where a figure that is not settled is noted: a flag where the verdict needs it, else the working
	Err      error           // the first thing the pack lacks; later steps do nothing

	names []*trace.Value // by subject: what the sentences call each person
}

// Sum is what a rule gave, fen per twelve months; the zero one where none did.
type Sum struct {
	Rule   *policy.Rule
	Amount policy.Number
}

// Begin clears the room for a household.
func (w *Working) Begin(b *Basis, programme string, a household.Answers) {
	people := max(a.MemberCount(), 1) + 1
	w.Basis, w.Answers, w.Err = b, a, nil
	w.Result = trace.Result{Programme: programme, AsOf: b.On, PackID: b.Pack.ID, Edition: b.Pack.Edition, PackDigest: b.Pack.Digest}
	w.Counted, w.Own, w.Reckoned, w.names = w.Counted[:0], zeroed(w.Own, people), zeroed(w.Reckoned, people), zeroed(w.names, people)
	w.Dues, w.Received = w.Dues[:0], policy.Number{}
	w.Open, w.Manual, w.Notes = false, false, trace.Flag
	w.Facts.Lay(a, b.On)
	w.Book.Open()
}

// zeroed gives n zero values, in the room there is.
func zeroed[T any](room []T, n int) []T {
	room = slices.Grow(room[:0], n)[:n]
	clear(room)
	return room
}

// Sums are what a household has, as the programmes compare it.
type Sums struct {
	Income     policy.Number // fen per twelve months, net of exemptions
	Deductions policy.Number // fen per twelve months
	Standard   policy.Number // fen per person and month, where settled
	Settled    bool
	PCI        policy.Number // fen per person and month, after deductions, never below nothing, where known
	Known      bool
}

// Means works out who counts, what comes in, what is taken off and what that is per person and month.
func (w *Working) Means() Sums {
	w.WhoCounts()
	m := Sums{Income: w.Income(), Deductions: w.Deductions()}
	m.Standard, m.Settled = w.Param("dibao.standard")
	if w.Open || !m.Settled || len(w.Counted) == 0 {
		return m
	}
	// Spending above income leaves no negative income.
	m.PCI, m.Known = m.Income.Sub(m.Deductions).NotBelowZero().Quo(w.People()).Quo(twelve), true
	outcome := figure
	if m.PCI.Sign() == 0 {
		outcome = notMet
	}
	w.Line(w.Step("DIBAO.PCI"), 0, outcome, trace.Fill("pci", trace.Yuan(m.PCI)), trace.Fill("standard", trace.Yuan(m.Standard))).Gave(m.PCI).Used(
		trace.Taken("income", m.Income, "fen/12months"), trace.Taken("deductions", m.Deductions, "fen/12months"),
		trace.Taken("counted", w.People(), "persons"), trace.Taken("dibao.standard", m.Standard, "fen/person/month"))
	return m
}

// Missing notes answers that would make the result surer and leaves the verdict to a person.
func (w *Working) Missing(keys ...household.Key) {
	w.Open, w.Manual = true, true
	for _, k := range keys {
		if !slices.Contains(w.Result.Missing, k) {
			w.Result.Missing = append(w.Result.Missing, k)
		}
	}
}

// Money reads a sum of the household or of one person in fen per twelve months; sums stated per month are
// taken twelve times. Not known is noted as missing. input has the sum as it was stated.
func (w *Working) Money(scope household.Scope, subject int, fact string) (amount policy.Number, input trace.Used, known bool) {
	p, ok := household.PlaceOf(scope, fact)
	if !ok {
		w.Err = fmt.Errorf("%s is no fact", fact)
		return amount, input, false
	}
	return w.moneyAt(p, subject)
}

// moneyAt is money for a fact whose place is known.
func (w *Working) moneyAt(p household.Place, subject int) (amount policy.Number, input trace.Used, known bool) {
	input = trace.Used{Key: p.Key(subject), Unit: p.Unit()}
	v := w.Answers.At(p, subject)
	if v.State != household.Given {
		w.Missing(input.Key)
		return amount, input, false
	}
	input.Value = policy.Whole(max(v.Number, 0))
	amount = input.Value
	if input.Unit == perMonth {
		amount = amount.Mul(twelve)
	}
	return amount, input, true
}

// Yearly is how often a stated sum is taken to make a year.
func Yearly(k household.Key) policy.Number {
	if f, _ := household.FactOf(k.Scope, k.Fact); f.Unit == perMonth {
		return twelve
	}
	return policy.Whole(1)
}

// perMonth is the unit of sums that are stated for a month.
const perMonth = "fen/month"

var twelve = policy.Whole(12)

// Line adds a step to the working, in the rule's own sentence for that outcome.
func (w *Working) Line(r *policy.Rule, subject int, o trace.Outcome, say ...trace.Word) *trace.Book {
	return w.Write(trace.Working, r, subject, o, say...)
}

// Write is line for any part of the result.
func (w *Working) Write(p trace.Part, r *policy.Rule, subject int, o trace.Outcome, say ...trace.Word) *trace.Book {
	if r == nil {
		return &trace.Book{} // step has noted that the pack lacks it: nothing of this will be told
	}
	sentence := r.Met
	switch o {
	case notMet:
		sentence = r.NotMet
	case notKnown:
		sentence = r.Unknown
	}
	example := r.Citation.Illustrative != ""
	w.Result.Example = w.Result.Example || example && o != notKnown
	s := trace.Step{Rule: r.ID, Subject: subject, Outcome: o, Wording: sentence, Citation: &r.Citation, Example: example}
	if subject > 0 {
		w.Words = append(append(w.Words[:0], say...), trace.Fill("who", w.Who(subject)))
		return w.Book.Write(p, s, w.Words...)
	}
	return w.Book.Write(p, s, say...)
}
