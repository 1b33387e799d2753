package bulk

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/vm"

	"yimen/kiosk/estimate"
	"yimen/kiosk/household"
	"yimen/kiosk/household/sample"
	"yimen/kiosk/policy"
)

const (
	households = 100_000
	on         = household.Date(20240601)
)

// BenchmarkHouseholds takes 100,000 households from their lines to sealed results with every reason in words, and
// beside it the same lines to the bare truth of the same rules' conditions by expr's own machine. The highest heap
// seen shows that memory does not grow with the file.
func BenchmarkHouseholds(b *testing.B) {
	pack, err := policy.Load("../../kiosk/policy/packs/CN-150102")
	if err != nil {
		b.Fatal(err)
	}
	pack = pack.With(policy.Demo)
	in := file(b, households)
	var ours, exprs float64
	b.Run("results", func(b *testing.B) {
		ours = run(b, in, func() func(household.Answers) int {
			e := estimate.NewEstimator(pack, on)
			return func(a household.Answers) int {
				r, err := e.Compute("dibao", a)
				if err != nil {
					b.Error(err)
				}
				return len(estimate.Canonical(r))
			}
		})
	})
	b.Run("expr", func(b *testing.B) {
		conditions := compiled(b, pack)
		exprs = run(b, in, func() func(household.Answers) int {
			return func(a household.Answers) int { return conditions.met(b, a) }
		})
		b.ReportMetric(ours/exprs, "results/expr")
	})
}

// file writes n generated households, a line each, and gives its name.
func file(b *testing.B, n int) string {
	rng := rand.New(rand.NewPCG(61, 62))
	f, err := os.Create(filepath.Join(b.TempDir(), "households.ndjson"))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	var line bytes.Buffer
	for range n {
		written, err := household.Write(sample.Family(rng))
		if err != nil {
			b.Fatal(err)
		}
		line.Reset()
		if err := json.Compact(&line, written); err != nil {
			b.Fatal(err)
		}
		line.WriteByte('\n')
		if _, err := f.Write(line.Bytes()); err != nil {
			b.Fatal(err)
		}
	}
	return f.Name()
}

// run reports how many households a second work takes, what it gives a household, the processor time of one and the
// highest heap; it gives the processor time of one run, which a busy machine does not stretch as it does the clock's.
func run(b *testing.B, name string, worker func() func(household.Answers) int) float64 {
	var now runtime.MemStats
	var given atomic.Int64
	highest := uint64(0)
	used := processorTime()
	for b.Loop() {
		given.Store(0)
		in, err := os.Open(name)
		if err != nil {
			b.Fatal(err)
		}
		err = Lines(b.Context(), in, func() func([]byte) error {
			work := worker()
			return func(line []byte) error {
				a, err := household.Parse(line)
				if err == nil {
					given.Add(int64(work(a.On(on))))
				}
				return err
			}
		}, func(no int, err error) error {
			if no%(16*batch) == 0 {
				runtime.ReadMemStats(&now)
				highest = max(highest, now.HeapAlloc)
			}
			return err
		})
		in.Close()
		if err != nil {
			b.Fatal(err)
		}
	}
	each := float64(processorTime()-used) / float64(b.N)
	b.ReportMetric(households*float64(b.N)/b.Elapsed().Seconds(), "households/s")
	b.ReportMetric(each/households/1e3, "cpu-µs/household")
	b.ReportMetric(float64(given.Load())/households, "given/household")
	b.ReportMetric(float64(highest)/(1<<20), "MiB-heap")
	return each
}

// processorTime is what this process has used of the processors.
func processorTime() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// conditions are the rules' conditions as expr's programs.
type conditions struct{ home, member []*vm.Program }

func compiled(b *testing.B, pack *policy.Pack) (c conditions) {
	home, members := sample.Maps(sample.Family(rand.New(rand.NewPCG(1, 1))).On(on))
	for _, r := range pack.Rules("") {
		into, env := &c.home, home
		switch {
		case r.When == "" || r.Scope == household.Supporter || !inDibao[r.Group]:
			continue
		case r.Scope == household.Member:
			into, env = &c.member, map[string]any{"member": members[0]}
		}
		program, err := expr.Compile(r.When, expr.Env(env))
		if err != nil {
			b.Fatal(err)
		}
		*into = append(*into, program)
	}
	return c
}

var inDibao = map[policy.Group]bool{policy.GroupCounted: true, policy.GroupExcluded: true, policy.GroupIncome: true, policy.GroupExempt: true,
	policy.GroupDeduct: true, policy.GroupFlag: true, policy.GroupTopUp: true}

// met counts the conditions that hold for a household and each of its members.
func (c conditions) met(b *testing.B, a household.Answers) (n int) {
	var machine vm.VM
	home, members := sample.Maps(a)
	ask := func(programs []*vm.Program, env map[string]any) {
		for _, program := range programs {
			holds, err := machine.Run(program, env)
			if err != nil {
				b.Error(err)
			}
			if holds == true {
				n++
			}
		}
	}
	ask(c.home, home)
	for _, m := range members {
		ask(c.member, map[string]any{"member": m})
	}
	return n
}
