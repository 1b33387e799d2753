package estimate

import (
	"fmt"
	"slices"
	"strconv"

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
	run, ok := programmes[programme]
	if !ok {
		return Result{}, fmt.Errorf("estimate %q: no such programme", programme)
	}
	people := max(a.MemberCount(), 1) + 1
	a = a.On(on)
	w := &working{pack: p, a: a, facts: condition.NewFacts(a), on: on, own: make([]policy.Number, people), reckoned: make([]reckoned, people), called: make([]value, people), r: Result{
		Programme: programme, AsOf: on, PackID: p.ID, Edition: p.Edition, PackDigest: p.Digest,
		Lines: make([]Line, 0, 24), // a usual working has some twenty
	}}
	w.notes = &w.r.Flags
	w.colour()
	run(w)
	if w.err != nil {
		return Result{}, fmt.Errorf("estimate %s on %s: %w", programme, on, w.err)
	}
	if w.manual || w.r.Verdict == "" || len(w.r.Flags) > 0 {
		w.r.Verdict = Manual // 可能不符合 is given only when no flag is open (domain.md §4.5)
	}
	slices.SortFunc(w.r.Missing, compareKeys)
	w.gather()
	return w.r, nil
}

// working is an estimate while it is worked.
type working struct {
	pack     *policy.Pack
	a        household.Answers
	facts    *condition.Facts // a, for conditions
	on       Date
	r        Result
	counted  []int           // subjects of the members who count
	own      []policy.Number // by subject: what counts of each one's own income, fen per twelve months
	reckoned []reckoned      // by subject: the income that the person's labour was reckoned to give
	dues     []reckoned      // by supporter: what they are reckoned to give
	called   []value         // by subject: what the sentences call each person
	received policy.Number   // support that members receive, fen per twelve months
	open     bool            // a figure is not known: sums that need it are left out
	manual   bool            // an answer is not known: a person must look
	notes    *[]Line         // where a figure that is not settled is noted: Flags where the verdict needs it, else Lines
	err      error           // the first thing the pack lacks; later steps do nothing
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
	w.line(w.step("DIBAO.PCI"), 0, outcome, words{{"pci", yuan(m.pci)}, {"standard", yuan(m.standard)}}, fen(m.pci)).Inputs = []Input{
		{"income", fen(m.income), "fen/12months"}, {"deductions", fen(m.deductions), "fen/12months"},
		{"counted", fen(w.people()), "persons"}, {"dibao.standard", fen(m.standard), "fen/person/month"}}
	return m
}

// param gives a figure, remembering whether it is illustrative. Not known means that it is not settled (待)
// or, in production, that it is only illustrative; a note then says so.
func (w *working) param(key string) (policy.Number, bool) {
	if w.err != nil {
		return policy.Number{}, false
	}
	v, err := w.pack.Param(key, w.on)
	if err != nil {
		w.err = err
		return policy.Number{}, false
	}
	switch {
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

// note says once that a figure is not settled or only illustrative.
func (w *working) note(v policy.Value, wording string, what policy.Text) {
	w.open = true
	for _, l := range *w.notes {
		if l.Rule == v.Key {
			return
		}
	}
	*w.notes = append(*w.notes, Line{Rule: v.Key, Outcome: NotKnown, Citation: v.Citation, Example: v.Example,
		Sentence: Sentence{w.pack.Text(wording), words{{"what", spoken(what)}, {"parameter", spoken(what)}}}})
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
func (w *working) missing(keys []household.Key) {
	w.open, w.manual = true, true
	for _, k := range keys {
		if !slices.Contains(w.r.Missing, k) {
			w.r.Missing = append(w.r.Missing, k)
		}
	}
}

// money reads a sum of the household or of one member in fen per twelve months; sums stated per month are
// taken twelve times. Not known is noted as missing.
func (w *working) money(scope household.Scope, subject int, fact string) (amount policy.Number, input Input, known bool) {
	amount, input, _, known = w.stated(scope, subject, fact)
	return amount, input, known
}

// stated is money with the sum as it was stated, which may be that of a month.
func (w *working) stated(scope household.Scope, subject int, fact string) (amount policy.Number, input Input, stated policy.Number, known bool) {
	k := household.Key{Scope: scope, Subject: subject, Fact: fact}
	f, _ := household.FactOf(scope, fact)
	v := w.a.Get(k)
	if v.State != household.Given {
		w.missing([]household.Key{k})
		return amount, Input{Name: k.String(), Unit: f.Unit}, amount, false
	}
	sum := max(v.Number, 0)
	stated = policy.Whole(sum)
	amount = stated
	if f.Unit == "fen/month" {
		amount = stated.Mul(twelve)
	}
	return amount, Input{Name: k.String(), Value: strconv.FormatInt(sum, 10), Unit: f.Unit}, stated, true
}

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
