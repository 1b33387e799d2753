package estimate

import (
	"bytes"
	"os"
	"slices"
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

// with is a shipped pack with one more file laid over it, as a region's next edition would be.
func with(t *testing.T, id, yaml string) *policy.Pack {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("../policy/packs")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(dir+"/"+id+"/zz-over.yaml", []byte(yaml), 0o600); err != nil {
		t.Fatal(err)
	}
	p, err := policy.Load(dir + "/" + id)
	if err != nil {
		t.Fatal(err)
	}
	return p.With(policy.Demo)
}

// results joins what a rule gave each time.
func results(lines []Line, rule string) string {
	var all []string
	for _, l := range lines {
		if l.Rule == rule {
			all = append(all, l.Result)
		}
	}
	return strings.Join(all, " ")
}

func TestOneInterviewFindsAllThatMayFit(t *testing.T) {
	p := load(t, "CN-150102")
	all, err := All(p, say(read(t, "E18"), "medical_own_part", household.Answer{}), 20250701)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range all {
		got = append(got, r.Programme+" "+string(r.Verdict))
	}
	want := "tekun likely,dibao likely,single unlikely,edge unlikely,rigid manual,temp_aid manual,emergency manual"
	if strings.Join(got, ",") != want {
		t.Errorf("%v, want %s", got, want)
	}
}

func TestAFloorRaisesASmallGap(t *testing.T) {
	p := with(t, "CN-150102", "params:\n  - key: pay.floor_share\n    name: {zh-CN: \"起付\"}\n    unit: share of the standard\n    periods: [{from: 2019-04-01, value: 0.20, citation: {illustrative: \"示例\"}}]\n")
	if r := compute(t, p, read(t, "E19"), 20220701); r.Monthly != 29000 || results(r.Lines, "DIBAO.GAP") != "5000" {
		t.Errorf("pay %d, gap %s", r.Monthly, results(r.Lines, "DIBAO.GAP"))
	}
	if r := compute(t, p, read(t, "E20"), 20220701); r.Monthly != 145000 {
		t.Errorf("a gap above the floor became %d", r.Monthly)
	}
}

func TestALapsedExemptionCountsThePension(t *testing.T) {
	p := with(t, "CN-150102", "params:\n  - key: exempt.basic_pension\n    name: {zh-CN: \"基础养老金\"}\n    unit: yes/no\n    periods: [{from: 2021-01-01, to: 2026-01-01, value: 1, citation: {source: R2}}, {from: 2026-01-01, value: 0, citation: {source: R2}}]\n")
	if r := compute(t, p, read(t, "E12"), 20260101); r.Verdict != Likely || r.Monthly != 97000 || results(r.Lines, "DIBAO.PCI") != "24000" {
		t.Errorf("%s %d %s", r.Verdict, r.Monthly, results(r.Lines, "DIBAO.PCI"))
	}
}

func TestSupportByTheExcessOfTheSupportersHousehold(t *testing.T) {
	p := with(t, "CN-150102", `params:
  - key: support.excess_share
    name: {zh-CN: "赡养比例"}
    unit: share
    periods: [{from: 2019-04-01, value: 0.50, citation: {illustrative: "示例"}}]
rules:
  - id: SUP.EXCESS
    group: support
    scope: supporter
    when: supporter.situation == "none"
    param: support.excess_share
    citation: {illustrative: "示例"}
    met: {zh-CN: "第{n}位赡养人一年算{amount}元。"}
    not_met: {zh-CN: "不核定。"}
    not_known: {zh-CN: "第{n}位赡养人还不知道。"}
`)
	r := compute(t, p, read(t, "E21"), 20220701)
	// 3,412.50 a month for both parents, 1,706.25 for each
	if got := results(r.Lines, "SUP.EXCESS"); got != "4095000" || results(r.Lines, "DIBAO.PCI") != "170625" {
		t.Errorf("support %s a year, pci %s", got, results(r.Lines, "DIBAO.PCI"))
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
	for _, key := range []string{"member.1.wage", "member.1.job_cost", "medical_12m", "deposits", "shop", "member.3.birth", "member.2.away", "household_size", "member.1.income_kinds", "member.1.health"} {
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
	if !bytes.Equal(Canonical(first), Canonical(second)) || first.ShortDigest() != second.ShortDigest() || len(first.ShortDigest()) != 14 {
		t.Errorf("%s and %s", first.ShortDigest(), second.ShortDigest())
	}
	third := compute(t, load(t, "CN-150102"), say(a, "member.1.wage", household.Answer{Number: 145001}), 20191201)
	if third.ShortDigest() == first.ShortDigest() {
		t.Error("one fen more leaves the digest as it was")
	}
}

func TestEverySentenceHasItsFigures(t *testing.T) {
	files, err := os.ReadDir("testdata/households")
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]bool{}
	for _, id := range []string{"CN-150102", "CN-150422", "CN-370982", "CN-370828", "CN-610103"} {
		p := load(t, id)
		for _, file := range files {
			a := read(t, strings.TrimSuffix(file.Name(), ".json"))
			for programme := range programmes {
				r, err := Compute(p, programme, a, 20220701)
				if err != nil {
					continue // the pack knows nothing of that programme on that day
				}
				for _, l := range slices.Concat(r.Lines, r.Flags, r.Hints) {
					said[l.Rule+" "+string(l.Outcome)] = true
					for _, lang := range []string{"zh-CN", "en"} {
						if s := l.Sentence.In(lang); s == "" || strings.ContainsAny(s, "{}") {
							t.Errorf("%s %s %s in %s: %q", id, file.Name(), l.Rule, lang, s)
						}
					}
					if l.Citation.Source == "" && l.Citation.Illustrative == "" {
						t.Errorf("%s %s cites nothing", id, l.Rule)
					}
				}
			}
		}
	}
	if len(said) < 60 {
		t.Errorf("only %d rules and outcomes were said: the households no longer reach them", len(said))
	}
}

func TestSupportReceivedIsNotCountedTwice(t *testing.T) {
	p := load(t, "CN-150422")
	a := say(read(t, "E06b"), "member.1.income_kinds", household.Answer{Code: "support"})
	for received, want := range map[int64]string{0: "25000/3", 5000: "25000/3", 20000: "10000"} { // fen a month; 2,000 yuan a year are due
		r := compute(t, p, say(a, "member.1.support_received", household.Answer{Number: received}), 20220701)
		if got := results(r.Lines, "DIBAO.PCI"); got != want {
			t.Errorf("%d fen a month received: pci %s, want %s", received, got, want)
		}
	}
}

func TestSpendingIsTakenOffUpToItsCap(t *testing.T) {
	p := load(t, "CN-150102") // 50,000 yuan a year for treatment, an illustrative figure
	a := say(read(t, "E07"), "member.1.wage", household.Answer{Number: 700000})
	for medical, want := range map[int64]string{4999999: "4999999", 5000000: "5000000", 9000000: "5000000"} {
		r := compute(t, p, say(a, "medical_12m", household.Answer{Number: medical}), 20220701)
		if got := results(r.Lines, "DED.MEDICAL"); got != want {
			t.Errorf("%d fen paid: %s taken off, want %s", medical, got, want)
		}
	}
}
