package estimate

import (
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/vm"

	"yimen/kiosk/household"
	"yimen/kiosk/household/sample"
	"yimen/kiosk/policy"
)

// One household with its full trace, and beside it the same rules' conditions run by expr's own machine without
// any trace, arithmetic or words: the ratio of the two is what explaining costs. Sealed has besides every sentence in
// every language, as the bytes that a digest is made of. The ratio is of processor time: a busy machine stretches the
// clock's.
func BenchmarkOneHousehold(b *testing.B) {
	p := load(b, "CN-150102")
	e, a := NewEstimator(p, 20191201), read(b, "E11").On(20191201)
	var trace, bare float64
	b.Run("trace", func(b *testing.B) {
		before := processorTime()
		for b.Loop() {
			if _, err := e.Compute("dibao", a); err != nil {
				b.Fatal(err)
			}
		}
		trace = float64(processorTime()-before) / float64(b.N)
	})
	b.Run("sealed", func(b *testing.B) {
		for b.Loop() {
			r, err := e.Compute("dibao", a)
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(len(Canonical(r))))
		}
	})
	b.Run("expr", func(b *testing.B) {
		home, members := sample.Maps(a)
		type run struct {
			program *vm.Program
			env     map[string]any
		}
		var runs []run
		used := []policy.Group{policy.GroupCounted, policy.GroupExcluded, policy.GroupIncome, policy.GroupExempt, policy.GroupDeduct, policy.GroupFlag, policy.GroupTopUp}
		for _, r := range p.Rules("") {
			if r.When == "" || !slices.Contains(used, r.Group) {
				continue
			}
			envs := []map[string]any{home}
			if r.Scope == household.Member {
				envs = nil
				for _, m := range members {
					envs = append(envs, map[string]any{"member": m})
				}
			}
			for _, env := range envs {
				program, err := expr.Compile(r.When, expr.Env(env))
				if err != nil {
					b.Fatal(err)
				}
				runs = append(runs, run{program, env})
			}
		}
		var machine vm.VM
		before := processorTime()
		b.ReportMetric(float64(len(runs)), "conditions")
		for b.Loop() {
			for _, r := range runs {
				if _, err := machine.Run(r.program, r.env); err != nil {
					b.Fatal(err)
				}
			}
		}
		bare = float64(processorTime()-before) / float64(b.N)
		b.ReportMetric(trace/bare, "trace/expr")
	})
}

// processorTime is what this process has used of the processors.
func processorTime() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
