package estimate

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"yimen/kiosk/household"
	"yimen/kiosk/policy"
)

func load(t testing.TB, id string) *policy.Pack {
	t.Helper()
	p, err := policy.Load("../policy/packs/" + id)
	if err != nil {
		t.Fatal(err)
	}
	return p.With(policy.Demo)
}

func read(t testing.TB, name string) household.Answers {
	t.Helper()
	data, err := os.ReadFile("testdata/households/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	a, err := household.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func compute(t testing.TB, p *policy.Pack, a household.Answers, on Date) Result {
	t.Helper()
	r, err := Compute(p, "dibao", a, on)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func say(a household.Answers, key string, v household.Answer) household.Answers {
	k, err := household.ParseKey(key)
	if err != nil {
		panic(err)
	}
	v.State = household.Given
	return a.With(k, v)
}

func of(lines []Line, rule string) (Line, bool) {
	for _, l := range lines {
		if l.Rule == rule {
			return l, true
		}
	}
	return Line{}, false
}

// The worked households of domain.md §4.14 that need the dibao path alone. pci, gap and top-up are fen (or
// exact fractions of them), pay is fen.
func TestWorkedHouseholdsComeOutToTheFen(t *testing.T) {
	p := load(t, "CN-150102")
	for _, c := range []struct {
		name    string
		on      Date
		verdict Verdict
		counted int
		pci     string
		gap     string
		pay     Fen
	}{
		{"E01", 20191201, Likely, 1, "0", "72500", 79800},
		{"E02", 20191201, Likely, 3, "50000", "67500", 74800},
		{"E03", 20220701, Unlikely, 2, "72500", "", 0},
		{"E07", 20220701, Likely, 3, "60000", "37500", 37500},
		{"E10", 20220701, Manual, 2, "30000", "85000", 85000},
		{"E11", 20191201, Likely, 3, "145000/3", "72500", 79800},
		{"E12", 20251231, Likely, 2, "9700", "125600", 125600},
		{"E20", 20191201, Likely, 2, "0", "145000", 145000},
	} {
		r := compute(t, p, read(t, c.name), c.on)
		pci, _ := of(r.Lines, "DIBAO.PCI")
		gap, _ := of(r.Lines, "DIBAO.GAP")
		if r.Verdict != c.verdict || r.Counted != c.counted || pci.Result != c.pci || gap.Result != c.gap || r.Monthly != c.pay {
			t.Errorf("%s: %s, %d count, pci %s, gap %s, pay %d; want %s, %d, %s, %s, %d\nmissing %v\nflags %+v", c.name,
				r.Verdict, r.Counted, pci.Result, gap.Result, r.Monthly, c.verdict, c.counted, c.pci, c.gap, c.pay, r.Missing, r.Flags)
		}
	}
}

func TestExactlyTheStandardIsNotBelowIt(t *testing.T) {
	p := load(t, "CN-150102")
	a := read(t, "E03")
	for wage, want := range map[int64]Verdict{145000: Unlikely, 144999: Likely, 144998: Likely, 145001: Unlikely} {
		r := compute(t, p, say(a, "member.1.wage", household.Answer{Number: wage}), 20220701)
		if r.Verdict != want {
			t.Errorf("wage of %d fen for two: %s, want %s", wage, r.Verdict, want)
		}
		if _, equal := of(r.Lines, "DIBAO.EQUAL"); equal != (wage == 145000) {
			t.Errorf("wage of %d fen: said to equal the standard: %v", wage, equal)
		}
	}
	r := compute(t, p, a, 20220701)
	if edge, _ := of(r.Hints, "EDGE.LT"); edge.Outcome != Met || edge.Result != "108750" {
		t.Errorf("at the standard the next ring is %+v", edge)
	}
}

func TestDepositsOverTheLimitLeaveTheWayOpen(t *testing.T) {
	p := load(t, "CN-150102")
	a := read(t, "E10")
	for deposits, want := range map[int64]Verdict{3480000: Likely, 3480002: Manual, 4000000: Manual} {
		r := compute(t, p, say(a, "deposits", household.Answer{Number: deposits}), 20220701)
		if _, flagged := of(r.Flags, "V01"); r.Verdict != want || flagged != (want == Manual) {
			t.Errorf("deposits of %d fen: %s, flagged %v", deposits, r.Verdict, flagged)
		}
		if !r.HasMonthly {
			t.Errorf("deposits of %d fen hide the amount", deposits)
		}
	}
}

func TestThePensionsExemptionEndsWithItsPeriod(t *testing.T) {
	p := load(t, "CN-150102")
	a := read(t, "E12")
	before, after := compute(t, p, a, 20251231), compute(t, p, a, 20260101)
	if before.Verdict != Likely || after.Verdict != Manual {
		t.Fatalf("on the last day %s, the day after %s", before.Verdict, after.Verdict)
	}
	if f, ok := of(after.Flags, "exempt.basic_pension"); !ok || !strings.Contains(f.Sentence.In("zh-CN"), "基础养老金") {
		t.Errorf("what is not settled is not named: %+v", after.Flags)
	}
}

func TestADayOutsideEveryPeriodNamesTheParameter(t *testing.T) {
	_, err := Compute(load(t, "CN-150102"), "dibao", read(t, "E01"), 20190331)
	if err == nil || !strings.Contains(err.Error(), "dibao.standard") {
		t.Errorf("the day before the standard began: %v", err)
	}
}

func TestNotKnowingIsNeverNo(t *testing.T) {
	p := load(t, "CN-150102")
	for _, key := range []string{"member.1.wage", "member.1.job_cost", "medical_12m", "deposits", "shop", "member.3.birth", "member.2.away", "household_size", "member.1.income_kinds"} {
		k, err := household.ParseKey(key)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range []household.Answer{{}, {State: household.Unknown}} {
			r := compute(t, p, read(t, "E02").With(k, v), 20191201)
			if r.Verdict != Manual {
				t.Errorf("%s in state %d: %s", key, v.State, r.Verdict)
			}
			named := false
			for _, m := range r.Missing {
				named = named || m == k
			}
			if !named {
				t.Errorf("%s in state %d is not named among %v", key, v.State, r.Missing)
			}
		}
	}
}

func TestAnIllustrativeFigurePausesOnlyWhatNeedsIt(t *testing.T) {
	p := load(t, "CN-150102").With(policy.Production)
	r := compute(t, p, read(t, "E02"), 20191201)
	if r.Verdict != Likely || r.HasMonthly || r.Example {
		t.Errorf("comparison with published figures: %s, amount %v, example %v", r.Verdict, r.HasMonthly, r.Example)
	}
	if _, noted := of(r.Lines, "pay.round_up_to"); !noted {
		t.Error("nothing says why there is no amount")
	}
	r = compute(t, p, read(t, "E07"), 20220701)
	if _, noted := of(r.Flags, "deduct.medical_cap"); !noted || r.Verdict != Manual {
		t.Errorf("an illustrative cap on medical spending: %s, flags %+v", r.Verdict, r.Flags)
	}
	if demo := compute(t, load(t, "CN-150102"), read(t, "E07"), 20220701); !demo.Example {
		t.Error("an illustrative cap leaves the result without its stamp")
	}
}

func TestAReplayGivesTheSameBytes(t *testing.T) {
	a := read(t, "E11")
	first := compute(t, load(t, "CN-150102"), a, 20191201)
	second := compute(t, load(t, "CN-150102"), read(t, "E11"), 20191201)
	if !bytes.Equal(Canonical(first), Canonical(second)) || first.ShortDigest != second.ShortDigest || len(first.ShortDigest) != 14 {
		t.Errorf("%s and %s", first.ShortDigest, second.ShortDigest)
	}
	third := compute(t, load(t, "CN-150102"), say(a, "member.1.wage", household.Answer{Number: 145001}), 20191201)
	if third.ShortDigest == first.ShortDigest {
		t.Error("one fen more leaves the digest as it was")
	}
}

func TestEverySentenceHasItsFigures(t *testing.T) {
	p := load(t, "CN-150102")
	for _, name := range []string{"E01", "E02", "E03", "E07", "E10", "E11", "E12", "E20"} {
		r := compute(t, p, read(t, name), 20220701)
		for _, l := range append(append(r.Lines, r.Flags...), r.Hints...) {
			for _, lang := range []string{"zh-CN", "en"} {
				if s := l.Sentence[lang]; s == "" || strings.ContainsAny(s, "{}") {
					t.Errorf("%s %s in %s: %q", name, l.Rule, lang, s)
				}
			}
			if l.Citation.Source == "" && l.Citation.Illustrative == "" {
				t.Errorf("%s %s cites nothing", name, l.Rule)
			}
		}
	}
}
