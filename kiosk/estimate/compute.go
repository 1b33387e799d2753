package estimate

import (
	"fmt"
	"math/big"
	"slices"
	"strconv"

	"yimen/kiosk/household"
	"yimen/kiosk/policy"
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
}

// Compute estimates a programme for a household as of the day on. It reads no clock; equal arguments give
// equal results to the byte (Canonical). Its errors are about the pack, never about the household: an unknown
// programme, a rule or parameter the pack lacks, a day outside every period of a parameter.
func Compute(p *policy.Pack, programme string, a household.Answers, on Date) (Result, error) {
	run, ok := programmes[programme]
	if !ok {
		return Result{}, fmt.Errorf("estimate %q: no such programme", programme)
	}
	w := &working{pack: p, a: a.On(on), on: on, own: map[int]*big.Rat{}, called: map[int]policy.Text{}, received: new(big.Rat), r: Result{
		Programme: programme, AsOf: on, PackID: p.ID, Edition: p.Edition, PackDigest: p.Digest,
		Lines: make([]Line, 0, 32), // a usual working has some twenty
	}}
	w.notes = &w.r.Flags
	run(w)
	if w.err != nil {
		return Result{}, fmt.Errorf("estimate %s on %s: %w", programme, on, w.err)
	}
	if w.manual || w.r.Verdict == "" || len(w.r.Flags) > 0 {
		w.r.Verdict = Manual // 可能不符合 is given only when no flag is open (domain.md §4.5)
	}
	slices.SortFunc(w.r.Missing, func(x, y household.Key) int { return compareKeys(x, y) })
	w.r.ShortDigest = shortDigest(Canonical(w.r))
	return w.r, nil
}

// Order is the order in which programmes are looked at for one household (domain.md §4.5): the first that fits
// comes first.
var Order = []string{"tekun", "dibao", "single", "edge", "rigid", "temp_aid"}

// All estimates every programme of Order, so that one interview finds all that may fit (综合大处方). A
// programme of which the pack knows nothing on that day is an error, as in Compute.
func All(p *policy.Pack, a household.Answers, on Date) ([]Result, error) {
	var all []Result
	for _, programme := range Order {
		r, err := Compute(p, programme, a, on)
		if err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, nil
}

// working is an estimate while it is worked.
type working struct {
	pack     *policy.Pack
	a        household.Answers
	on       Date
	r        Result
	counted  []int               // subjects of the members who count
	own      map[int]*big.Rat    // what counts of each one's own income, fen per twelve months
	called   map[int]policy.Text // what the sentences call each person
	received *big.Rat            // support that members receive, fen per twelve months
	open     bool                // a figure is not known: sums that need it are left out
	manual   bool                // an answer is not known: a person must look
	notes    *[]Line             // where a figure that is not settled is noted: Flags where the verdict needs it, else Lines
	err      error               // the first thing the pack lacks; later steps do nothing
}

// means is what a household has, as the programmes compare it.
type means struct {
	income     *big.Rat // fen per twelve months, net of exemptions
	deductions *big.Rat // fen per twelve months
	standard   *big.Rat // fen per person and month; nil where it is not settled
	pci        *big.Rat // fen per person and month, after deductions, never below nothing; nil while not known
}

// means works out who counts, what comes in, what is taken off and what that is per person and month.
func (w *working) means() means {
	w.people()
	m := means{income: w.income(), deductions: w.deductions()}
	standard, settled := w.param("dibao.standard")
	if settled {
		m.standard = standard
	}
	if w.open || !settled || len(w.counted) == 0 {
		return m
	}
	n := big.NewRat(int64(len(w.counted)), 1)
	m.pci = new(big.Rat).Sub(m.income, m.deductions)
	if m.pci.Sign() < 0 {
		m.pci.SetInt64(0) // spending above income leaves no negative income
	}
	m.pci.Quo(m.pci, n).Quo(m.pci, twelve)
	outcome := Figure
	if m.pci.Sign() == 0 {
		outcome = NotMet
	}
	w.line(w.step("DIBAO.PCI"), 0, outcome, words{{"pci", yuan(m.pci)}, {"standard", yuan(standard)}}, fen(m.pci)).Inputs = []Input{
		{"income", fen(m.income), "fen/12months"}, {"deductions", fen(m.deductions), "fen/12months"},
		{"counted", n.RatString(), "persons"}, {"dibao.standard", fen(standard), "fen/person/month"}}
	return m
}

// param gives a figure, remembering whether it is illustrative. Not known means that it is not settled (待)
// or, in production, that it is only illustrative; a note then says so.
func (w *working) param(key string) (*big.Rat, bool) {
	if w.err != nil {
		return nil, false
	}
	v, err := w.pack.Param(key, w.on)
	if err != nil {
		w.err = err
		return nil, false
	}
	switch {
	case v.Pending != nil:
		w.note(v, "estimate.pending", v.Pending)
		return nil, false
	case v.Example && w.pack.Mode == policy.Production:
		w.note(v, "estimate.paused", v.Name)
		return nil, false
	}
	w.r.Example = w.r.Example || v.Example
	return v.Amount, true
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
		Sentence: fill(w.pack.Text(wording), words{{"what", spoken(what)}, {"parameter", spoken(what)}})})
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
func (w *working) money(scope household.Scope, subject int, fact string) (amount *big.Rat, input Input, known bool) {
	k := household.Key{Scope: scope, Subject: subject, Fact: fact}
	f, _ := household.FactOf(scope, fact)
	v := w.a.Get(k)
	if v.State != household.Given {
		w.missing([]household.Key{k})
		return nil, Input{Name: k.String(), Unit: f.Unit}, false
	}
	sum := max(v.Number, 0)
	amount = new(big.Rat).SetInt64(sum)
	if f.Unit == "fen/month" {
		amount.Mul(amount, twelve)
	}
	return amount, Input{Name: k.String(), Value: strconv.FormatInt(sum, 10), Unit: f.Unit}, true
}

var twelve = big.NewRat(12, 1)

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
