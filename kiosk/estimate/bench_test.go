package estimate

import (
	"slices"
	"testing"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/vm"

	"yimen/kiosk/household"
	"yimen/kiosk/policy"
)

// asMaps is a household as expr's machine reads it.
func asMaps(a household.Answers) (home map[string]any, members []any) {
	facts := func(scope household.Scope, subject int) map[string]any {
		m := map[string]any{}
		for _, f := range household.Schema() {
			if f.Scope != scope {
				continue
			}
			switch v := a.Get(household.Key{Scope: scope, Subject: subject, Fact: f.Name}); f.Kind {
			case household.Bool:
				m[f.Name] = v.Number != 0
			case household.Money, household.Count, household.Day:
				m[f.Name] = int(v.Number)
			case household.Code:
				m[f.Name] = v.Code
			case household.Codes:
				m[f.Name] = v.Chosen()
			}
		}
		if scope == household.Member {
			m["age"], _ = a.AgeOf(subject)
		}
		return m
	}
	home = facts(household.Household, 0)
	for i := range a.MemberCount() {
		members = append(members, facts(household.Member, i+1))
	}
	home["members"], home["supporters"] = members, []any{}
	return home, members
}

// One household with its full trace, and beside it the same rules' conditions run by expr's own machine without
// any trace, arithmetic or words: the ratio of the two is what explaining costs.
func BenchmarkOneHousehold(b *testing.B) {
	p := load(b, "CN-150102")
	a := read(b, "E11").On(20191201)
	var trace, bare float64
	b.Run("trace", func(b *testing.B) {
		for b.Loop() {
			if _, err := Compute(p, "dibao", a, 20191201); err != nil {
				b.Fatal(err)
			}
		}
		trace = float64(b.Elapsed()) / float64(b.N)
	})
	b.Run("expr", func(b *testing.B) {
		home, members := asMaps(a)
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
		b.ReportMetric(float64(len(runs)), "conditions")
		for b.Loop() {
			for _, r := range runs {
				if _, err := machine.Run(r.program, r.env); err != nil {
					b.Fatal(err)
				}
			}
		}
		bare = float64(b.Elapsed()) / float64(b.N)
		b.ReportMetric(trace/bare, "trace/expr")
	})
}
