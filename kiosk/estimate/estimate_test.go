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

// The worked households of domain.md §4.14 for dibao. pci and gap are fen a month (or exact fractions of
// them), pay is fen.
func TestWorkedHouseholdsComeOutToTheFen(t *testing.T) {
	packs := map[string]*policy.Pack{}
	for _, c := range []struct {
		pack    string
		name    string
		on      Date
		verdict Verdict
		counted int
		pci     string
		gap     string
		pay     Fen
	}{
		{"CN-150102", "E01", 20191201, Likely, 1, "0", "72500", 79800},
		{"CN-150102", "E02", 20191201, Likely, 3, "50000", "67500", 74800},
		{"CN-150102", "E03", 20220701, Unlikely, 2, "72500", "", 0},
		{"CN-150422", "E04", 20220701, Likely, 3, "21500/3", "83500", 83500},
		{"CN-150422", "E05a", 20220701, Unlikely, 4, "37875", "", 0},
		{"CN-150422", "E05b", 20220701, Likely, 4, "101125/3", "15500/3", 5200},
		{"CN-150422", "E06a", 20220701, Unlikely, 2, "82000", "", 0},
		{"CN-150422", "E06b", 20220701, Likely, 2, "25000/3", "160000/3", 53400},
		{"CN-150102", "E07", 20220701, Likely, 3, "60000", "37500", 37500},
		{"CN-150102", "E10", 20220701, Manual, 2, "30000", "85000", 85000},
		{"CN-150102", "E11", 20191201, Likely, 3, "145000/3", "72500", 79800},
		{"CN-150102", "E12", 20251231, Likely, 2, "9700", "125600", 125600},
		{"CN-150102", "E19", 20220701, Likely, 2, "70000", "5000", 5000},
		{"CN-150102", "E20", 20191201, Likely, 2, "0", "145000", 145000},
	} {
		if packs[c.pack] == nil {
			packs[c.pack] = load(t, c.pack)
		}
		r := compute(t, packs[c.pack], read(t, c.name), c.on)
		pci, _ := of(r.Lines, "DIBAO.PCI")
		gap, _ := of(r.Lines, "DIBAO.GAP")
		if r.Verdict != c.verdict || r.Counted != c.counted || pci.Result != c.pci || gap.Result != c.gap || r.Monthly != c.pay {
			t.Errorf("%s: %s, %d count, pci %s, gap %s, pay %d; want %s, %d, %s, %s, %d\nmissing %v\nflags %+v", c.name,
				r.Verdict, r.Counted, pci.Result, gap.Result, r.Monthly, c.verdict, c.counted, c.pci, c.gap, c.pay, r.Missing, r.Flags)
		}
	}
}

// The other programmes: lines are rule and result; pay is fen a month.
func TestWorkedHouseholdsOfOtherProgrammes(t *testing.T) {
	packs := map[string]*policy.Pack{}
	for _, c := range []struct {
		pack, name, programme string
		on                    Date
		verdict               Verdict
		pay                   Fen
		lines                 map[string]string
	}{
		{"CN-150102", "E03", "edge", 20220701, Likely, 0, map[string]string{"EDGE.LT": "108750"}},
		{"CN-150422", "E05a", "edge", 20220701, Likely, 0, map[string]string{"EDGE.LT": "52500"}},
		{"CN-150102", "E08", "edge", 20220701, Likely, 0, map[string]string{"DIBAO.PCI": "90000"}},
		{"CN-150102", "E08", "single", 20220701, Likely, 87000, map[string]string{"SINGLE.GAP": "72500", "TOP.DISABLED": "14500"}},
		{"CN-150102", "E09", "edge", 20250701, Unlikely, 0, map[string]string{"DIBAO.PCI": "440000/3"}},
		{"CN-150102", "E09", "single", 20250701, Manual, 87000, map[string]string{"SINGLE.GAP": "72500"}},
		{"CN-150102", "E13", "taper", 20220701, Likely, 0, map[string]string{"DIBAO.PCI": "100000", "TAPER.MONTH": "67500 67500 67500 33800 33800 33800"}},
		{"CN-150102", "E14", "rigid", 20250701, Manual, 0, map[string]string{"RIGID.LT": "1500000", "RIGID.RATIO": "55.00", "RIGID.RATIO_LIVING": "113.00"}},
		{"CN-370982", "E15-9800", "temp_aid", 20191201, Likely, 0, map[string]string{"TA.AMOUNT": "144000", "TA.DECIDER": "township"}},
		{"CN-370982", "E15-10000", "temp_aid", 20191201, Likely, 0, map[string]string{"TA.AMOUNT": "150000", "TA.DECIDER": "township"}},
		{"CN-370982", "E15-10010", "temp_aid", 20191201, Likely, 0, map[string]string{"TA.AMOUNT": "150300", "TA.DECIDER": "county"}},
		{"CN-370982", "E15-40000", "temp_aid", 20191201, Likely, 0, map[string]string{"TA.AMOUNT": "800000", "TA.DECIDER": "county"}},
		{"CN-610103", "E16-699", "ring", 20220701, Likely, 0, map[string]string{"RING.IS": "1"}},
		{"CN-610103", "E16-700", "ring", 20220701, Likely, 0, map[string]string{"RING.IS": "2"}},
		{"CN-610103", "E16-1000", "ring", 20220701, Likely, 0, map[string]string{"RING.IS": "2"}},
		{"CN-610103", "E16-1000.01", "ring", 20220701, Likely, 0, map[string]string{"RING.IS": "3"}},
		{"CN-610103", "E16-1500", "ring", 20220701, Likely, 0, map[string]string{"RING.IS": "3"}},
		{"CN-610103", "E16-2000", "ring", 20220701, Likely, 0, map[string]string{"RING.IS": "4"}},
		{"CN-610103", "E16-2000.01", "ring", 20220701, Unlikely, 0, map[string]string{"RING.IS": "0"}},
		{"CN-370828", "E17P", "hardship", 20220701, Likely, 0, map[string]string{"DIBAO.PCI": "20000", "INDEX.INCOME": "24.0", "INDEX.TOTAL": "60.0"}},
		{"CN-370828", "E17Q", "hardship", 20220701, Likely, 0, map[string]string{"DIBAO.PCI": "35000", "INDEX.INCOME": "12.0", "INDEX.TOTAL": "45.0"}},
		{"CN-150102", "E18", "tekun", 20220701, Likely, 147050, map[string]string{"TEKUN.BASIC": "94250", "TEKUN.CARE": "52800"}},
	} {
		if packs[c.pack] == nil {
			packs[c.pack] = load(t, c.pack)
		}
		r, err := Compute(packs[c.pack], c.programme, read(t, c.name), c.on)
		if err != nil {
			t.Errorf("%s %s: %v", c.name, c.programme, err)
			continue
		}
		if r.Verdict != c.verdict || r.Monthly != c.pay {
			t.Errorf("%s %s: %s %d, want %s %d\nmissing %v\nflags %+v", c.name, c.programme, r.Verdict, r.Monthly, c.verdict, c.pay, r.Missing, r.Flags)
		}
		if c.name == "E14" {
			if _, noted := of(r.Flags, "rigid.living_counts"); !noted {
				t.Error("what is not settled about living costs is not named")
			}
		}
		for rule, want := range c.lines {
			if got := results(r.Lines, rule); got != want {
				t.Errorf("%s %s: %s gives %q, want %q", c.name, c.programme, rule, got, want)
			}
		}
	}
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

// E00: what the rural standard was before town and country became one follows from the rise, 510 yuan a month and 6,120 a
// year. It is no figure of the pack: before that day there is no standard to estimate by.
func TestTheRuralStandardBeforeItsRise(t *testing.T) {
	p := load(t, "CN-150102")
	standard, err := p.Param("dibao.standard", 20190401)
	if err != nil {
		t.Fatal(err)
	}
	rise, err := p.Param("dibao.rural_rise", 20190401)
	if err != nil || rise.Example || standard.Example {
		t.Fatalf("%+v, %v", rise, err)
	}
	before := standard.Amount.Sub(*rise.Amount)
	if month, year := fen(before), fen(before.Mul(twelve)); month != "51000" || year != "612000" {
		t.Errorf("%s a month, %s a year", month, year)
	}
	if _, err := Compute(p, "dibao", read(t, "E01"), 20190331); err == nil {
		t.Error("there is an estimate for a day before the standard")
	}
}

// E14 where the region takes no spending off income, as the example reckons: too much for dibao and for a marginal
// household, low enough for rigid hardship, and over the share of 60% only if living costs count.
func TestRigidHardshipHangsOnWhetherLivingCounts(t *testing.T) {
	caps := "params:\n"
	for _, key := range []string{"medical", "tuition", "rehab", "pension"} {
		caps += "  - {key: deduct." + key + "_cap, name: {zh-CN: \"上限\"}, unit: fen, periods: [{from: 2013-01-01, value: 0, citation: {illustrative: \"示例\"}}]}\n"
	}
	living := func(value string) string {
		return "  - {key: rigid.living_counts, name: {zh-CN: \"生活费\"}, unit: yes/no, periods: [{from: 2025-01-01, " + value + ", citation: {source: R4}}]}\n"
	}
	for value, want := range map[string]Verdict{"pending: {zh-CN: \"生活费算不算\"}": Manual, "value: 1": Likely, "value: 0": Unlikely} {
		p := with(t, "CN-150102", caps+living(value))
		a := read(t, "E14")
		for programme, rule := range map[string]string{"dibao": "DIBAO.LT", "edge": "EDGE.LT"} {
			r, err := Compute(p, programme, a, 20250701)
			if err != nil || r.Verdict != Unlikely || results(r.Lines, "DIBAO.PCI") != "125000" || r.Changes[0].Lever != Distance || r.Changes[0].Rule != rule {
				t.Errorf("%s: %s, %s, %v", programme, r.Verdict, results(r.Lines, "DIBAO.PCI"), err)
			}
		}
		r, err := Compute(p, "rigid", a, 20250701)
		if err != nil || r.Verdict != want || results(r.Lines, "RIGID.RATIO") != "55.00" || results(r.Lines, "RIGID.RATIO_LIVING") != "113.00" {
			t.Errorf("%s: %s, %v", value, r.Verdict, err)
		}
		settlement := slices.ContainsFunc(r.Changes, func(c Change) bool { return c.Lever == Settlement && c.Rule == "rigid.living_counts" })
		if settlement != (want == Manual) {
			t.Errorf("%s: waiting for the figure is told: %v", value, settlement)
		}
	}
}
