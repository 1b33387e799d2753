package estimate

import (
	"slices"
	"testing"

	"yimen/kiosk/policy"
)

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
