// Package estimate works out, from a household's answers, a policy pack and a date, what help may fit and
// why. It is pure arithmetic: money in fen, ratios exact, no clock, no I/O. It never decides: its answers
// are 可能符合, 可能不符合 and 需人工核实 (domain.md §0.1 trap 1), and none of them stops an application.
package estimate

import (
	"fmt"
	"slices"

	"yimen/kiosk/estimate/trace"
	"yimen/kiosk/household"
	"yimen/kiosk/policy"
	"yimen/kiosk/policy/condition"
)

// programmes are what Compute can estimate; a pack names them in its items. The steps each of them takes are
// the pack's rules of group step.
var programmes = map[string]func(*working){
	"dibao":    (*working).dibao,
	"edge":     (*working).edge,
	"single":   (*working).single,
	"rigid":    (*working).rigid,
	"tekun":    (*working).tekun,
	"temp_aid": (*working).tempAid,
	"ring":     (*working).ring,
	"taper":    (*working).taper,
	"hardship": (*working).hardship,

	"emergency": (*working).emergency,
}

// Compute estimates a programme for a household as of the day on. It reads no clock; equal arguments give
// equal results to the byte (Canonical). Its errors are about the pack, never about the household: an unknown
// programme, a rule or parameter the pack lacks, a day outside every period of a parameter.
func Compute(p *policy.Pack, programme string, a household.Answers, on Date) (Result, error) {
	return NewEstimator(p, on).Compute(programme, a)
}

// Estimator estimates many households by one pack on one day: what depends on these alone is looked up once, and the
// room for a household's working is used again for the next. It is for one goroutine.
type Estimator struct {
	pack   *policy.Pack
	on     Date
	params map[string]*dated
	called map[person]*trace.Value
	work   working
}

// dated is a parameter on the estimator's day.
type dated struct {
	value policy.Value
	err   error
}

// person is who a sentence speaks of without a name: which member, and what they are to the applicant.
type person struct {
	subject  int
	relation string
}

// NewEstimator makes an estimator.
func NewEstimator(p *policy.Pack, on Date) *Estimator {
	return &Estimator{pack: p, on: on, params: map[string]*dated{}, called: map[person]*trace.Value{}}
}

// Compute estimates a programme for a household, as the function of that name does.
func (e *Estimator) Compute(programme string, a household.Answers) (Result, error) {
	run, ok := programmes[programme]
	if !ok {
		return Result{}, fmt.Errorf("estimate %q: no such programme", programme)
	}
	w := &e.work
	w.begin(e, programme, a)
	w.colour()
	run(w)
	if w.err != nil {
		return Result{}, fmt.Errorf("estimate %s on %s: %w", programme, e.on, w.err)
	}
	if w.manual || w.r.Verdict == "" || w.book.Others(trace.Flag, "") {
		w.r.Verdict = Manual // 可能不符合 is given only when no flag is open (domain.md §4.5)
	}
	slices.SortFunc(w.r.Missing, compareKeys)
	w.book.Close(&w.r)
	w.gather()
	r := w.r
	w.r = Result{} // what was given is the caller's
	return r, nil
}

// working is an estimate while it is worked.
type working struct {
	*Estimator
	a        household.Answers
	facts    condition.Facts // a, for conditions
	r        Result
	book     trace.Book      // the lines of r
	say      []trace.Word    // room for one line's words
	uses     []trace.Used    // room for one line's figures
	names    []*trace.Value  // by subject: what the sentences call each person
	counted  []int           // subjects of the members who count
	own      []policy.Number // by subject: what counts of each one's own income, fen per twelve months
	reckoned []reckoned      // by subject: the income that the person's labour was reckoned to give
	dues     []reckoned      // by supporter: what they are reckoned to give
	received policy.Number   // support that members receive, fen per twelve months
	open     bool            // a figure is not known: sums that need it are left out
	manual   bool            // an answer is not known: a person must look
	notes    trace.Part      // where a figure that is not settled is noted: a flag where the verdict needs it, else the working
	err      error           // the first thing the pack lacks; later steps do nothing
}

// begin clears the room for a household.
func (w *working) begin(e *Estimator, programme string, a household.Answers) {
	people := max(a.MemberCount(), 1) + 1
	w.Estimator, w.a, w.err = e, a, nil
	w.r = Result{Programme: programme, AsOf: e.on, PackID: e.pack.ID, Edition: e.pack.Edition, PackDigest: e.pack.Digest}
	w.counted, w.own, w.reckoned, w.names = w.counted[:0], zeroed(w.own, people), zeroed(w.reckoned, people), zeroed(w.names, people)
	w.dues, w.received = w.dues[:0], policy.Number{}
	w.open, w.manual, w.notes = false, false, trace.Flag
	w.facts.Lay(a, e.on)
	w.book.Open()
}

// zeroed gives n zero values, in the room there is.
func zeroed[T any](room []T, n int) []T {
	room = slices.Grow(room[:0], n)[:n]
	clear(room)
	return room
}

// reckoned is a sum that a rule gave, fen per twelve months; the zero one where none did.
type reckoned struct {
	rule   *policy.Rule
	amount policy.Number
}

// means is what a household has, as the programmes compare it.
type means struct {
	income     policy.Number // fen per twelve months, net of exemptions
	deductions policy.Number // fen per twelve months
	standard   policy.Number // fen per person and month, where settled
	settled    bool
	pci        policy.Number // fen per person and month, after deductions, never below nothing, where known
	known      bool
}

// means works out who counts, what comes in, what is taken off and what that is per person and month.
func (w *working) means() means {
	w.whoCounts()
	m := means{income: w.income(), deductions: w.deductions()}
	m.standard, m.settled = w.param("dibao.standard")
	if w.open || !m.settled || len(w.counted) == 0 {
		return m
	}
	// Spending above income leaves no negative income.
	m.pci, m.known = atLeastNothing(m.income.Sub(m.deductions)).Quo(w.people()).Quo(twelve), true
	outcome := Figure
	if m.pci.Sign() == 0 {
		outcome = NotMet
	}
	w.line(w.step("DIBAO.PCI"), 0, outcome, word("pci", yuan(m.pci)), word("standard", yuan(m.standard))).Gave(m.pci).Used(
		used("income", m.income, "fen/12months"), used("deductions", m.deductions, "fen/12months"),
		used("counted", w.people(), "persons"), used("dibao.standard", m.standard, "fen/person/month"))
	return m
}

// dated looks a parameter up once a day.
func (e *Estimator) dated(key string) *dated {
	d, ok := e.params[key]
	if !ok {
		d = &dated{}
		d.value, d.err = e.pack.Param(key, e.on)
		e.params[key] = d
	}
	return d
}

// param gives a figure, remembering whether it is illustrative. Not known means that it is not settled (待)
// or, in production, that it is only illustrative; a note then says so.
func (w *working) param(key string) (policy.Number, bool) {
	if w.err != nil {
		return policy.Number{}, false
	}
	d := w.dated(key)
	v := &d.value
	switch {
	case d.err != nil:
		w.err = d.err
		return policy.Number{}, false
	case v.Pending != nil:
		w.note(v, "estimate.pending", v.Pending)
		return policy.Number{}, false
	case v.Example && w.pack.Mode == policy.Production:
		w.note(v, "estimate.paused", v.Name)
		return policy.Number{}, false
	}
	w.r.Example = w.r.Example || v.Example
	return *v.Amount, true
}

// usable gives a figure that may be reckoned with; nothing is noted where there is none.
func (w *working) usable(key string) (policy.Number, bool) {
	d := w.dated(key)
	if d.err != nil || d.value.Amount == nil || d.value.Example && w.pack.Mode == policy.Production {
		return policy.Number{}, false
	}
	return *d.value.Amount, true
}

// step gives a rule that the reckoning itself names.
func (w *working) step(id string) *policy.Rule {
	r, ok := w.pack.Rule(id)
	if !ok {
		if w.err == nil {
			w.err = fmt.Errorf("the pack has no rule %s", id)
		}
		return nil
	}
	return r
}

// missing notes answers that would make the result surer and leaves the verdict to a person.
func (w *working) missing(keys ...household.Key) {
	w.open, w.manual = true, true
	for _, k := range keys {
		if !slices.Contains(w.r.Missing, k) {
			w.r.Missing = append(w.r.Missing, k)
		}
	}
}

// money reads a sum of the household or of one person in fen per twelve months; sums stated per month are
// taken twelve times. Not known is noted as missing. input has the sum as it was stated.
func (w *working) money(scope household.Scope, subject int, fact string) (amount policy.Number, input trace.Used, known bool) {
	p, ok := household.PlaceOf(scope, fact)
	if !ok {
		w.err = fmt.Errorf("%s is no fact", fact)
		return amount, input, false
	}
	return w.moneyAt(p, subject)
}

// moneyAt is money for a fact whose place is known.
func (w *working) moneyAt(p household.Place, subject int) (amount policy.Number, input trace.Used, known bool) {
	input = trace.Used{Key: p.Key(subject), Unit: p.Unit()}
	v := w.a.At(p, subject)
	if v.State != household.Given {
		w.missing(input.Key)
		return amount, input, false
	}
	input.Value = policy.Whole(max(v.Number, 0))
	amount = input.Value
	if input.Unit == perMonth {
		amount = amount.Mul(twelve)
	}
	return amount, input, true
}

// perMonth is the unit of sums that are stated for a month.
const perMonth = "fen/month"

var twelve = policy.Whole(12)

func atLeastNothing(n policy.Number) policy.Number {
	if n.Sign() < 0 {
		return policy.Number{}
	}
	return n
}

func compareKeys(x, y household.Key) int {
	switch {
	case x.Scope != y.Scope:
		if x.Scope < y.Scope {
			return -1
		}
		return 1
	case x.Subject != y.Subject:
		return x.Subject - y.Subject
	case x.Fact < y.Fact:
		return -1
	case x.Fact > y.Fact:
		return 1
	}
	return 0
}
