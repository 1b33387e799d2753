// Package estimate works out, from a household's answers, a policy pack and a date, what help may fit and
// why. It is pure arithmetic: money in fen, ratios exact, no clock, no I/O. It never decides: its answers
// are 可能符合, 可能不符合 and 需人工核实 (domain.md §0.1 trap 1), and none of them stops an application.
package estimate

import (
	"fmt"
	"slices"

	"yimen/kiosk/estimate/means"
	"yimen/kiosk/estimate/trace"
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
	basis *means.Basis
	work  working
}

// working is an estimate while it is worked; the programmes are its methods.
type working struct{ means.Working }

// NewEstimator makes an estimator.
func NewEstimator(p *policy.Pack, on Date) *Estimator {
	return &Estimator{basis: means.NewBasis(p, on)}
}

// Compute estimates a programme for a household, as the function of that name does.
func (e *Estimator) Compute(programme string, a household.Answers) (Result, error) {
	run, ok := programmes[programme]
	if !ok {
		return Result{}, fmt.Errorf("estimate %q: no such programme", programme)
	}
	w := &e.work
	w.Begin(e.basis, programme, a)
	w.colour()
	run(w)
	if w.Err != nil {
		return Result{}, fmt.Errorf("estimate %s on %s: %w", programme, w.On, w.Err)
	}
	if w.Manual || w.Result.Verdict == "" || w.Book.Others(trace.Flag, "") {
		w.Result.Verdict = Manual // 可能不符合 is given only when no flag is open (domain.md §4.5)
	}
	slices.SortFunc(w.Result.Missing, compareKeys)
	w.Book.Close(&w.Result)
	w.gather()
	return w.Result, nil
}

// twelve months make a year.
var twelve = policy.Whole(12)

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
