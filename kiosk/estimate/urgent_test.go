package estimate

import (
	"slices"
	"strings"
	"testing"

	"yimen/kiosk/household"
	"yimen/kiosk/policy"
)

// order gives the programmes of results in their order.
func order(all []Result) string {
	var names []string
	for _, r := range all {
		names = append(names, r.Programme)
	}
	return strings.Join(names, " ")
}

func TestWhoIsInDangerIsToldOfUrgentHelpFirst(t *testing.T) {
	p := load(t, "CN-150102")
	const usual, urgent = "tekun dibao single edge rigid temp_aid emergency", "emergency temp_aid tekun dibao single edge rigid"
	for _, c := range []struct {
		urgent  int64
		urgency string
		colour  policy.Colour
		rule    string
		order   string
		verdict Verdict
	}{
		{1, "", policy.Red, "COLOUR.RED", urgent, Likely},
		{1, "other", policy.Red, "COLOUR.RED", urgent, Likely},
		{0, "days", policy.Yellow, "COLOUR.YELLOW", urgent, Likely},
		{0, "month", policy.Blue, "COLOUR.BLUE", usual, Unlikely},
		{0, "other", policy.Green, "COLOUR.GREEN", usual, Unlikely},
		{0, "", "", "", usual, Manual},
	} {
		a := say(read(t, "E02"), "urgent", household.Answer{Number: c.urgent})
		if c.urgency != "" {
			a = say(a, "urgency", household.Answer{Code: c.urgency})
		}
		all, err := All(p, a, 20250701)
		if err != nil || order(all) != c.order {
			t.Fatalf("%+v: %s, %v", c, order(all), err)
		}
		for _, r := range all {
			i := slices.IndexFunc(r.Lines, func(l Line) bool { return strings.HasPrefix(l.Rule, "COLOUR.") })
			if r.Colour != c.colour || (i >= 0) != (c.rule != "") || i >= 0 && (r.Lines[i].Rule != c.rule || r.Lines[i].Result != string(c.colour)) {
				t.Errorf("%+v: %s is %q, line %d", c, r.Programme, r.Colour, i)
			}
			if r.Programme == "emergency" && r.Verdict != c.verdict {
				t.Errorf("%+v: emergency help %s", c, r.Verdict)
			}
		}
	}
}

// The colour says who is seen first: it is neither a gap of another programme nor a figure that stamps it as an example.
func TestTheColourLeavesTheReckoningAlone(t *testing.T) {
	p := load(t, "CN-150102").With(policy.Production)
	before := compute(t, p, read(t, "E02"), 20191201)
	after := compute(t, p, say(read(t, "E02"), "urgent", household.Answer{Number: 1}), 20191201)
	if before.Example || after.Example || before.Verdict != after.Verdict || len(before.Missing)+len(after.Missing) > 0 || len(after.Lines) != len(before.Lines)+1 {
		t.Errorf("%+v\nbecame\n%+v", before, after)
	}
}

func TestWhatAnAuthorityFoundIsTheOnlyGroundForItsFlags(t *testing.T) {
	p := load(t, "CN-150102")
	base := read(t, "E02")
	if r := compute(t, p, base, 20240601); r.Verdict != Likely || len(r.Flags)+len(r.Missing) > 0 {
		t.Fatalf("without any finding: %s, %v, %v", r.Verdict, r.Flags, r.Missing)
	}
	for _, c := range []struct {
		rule, key string
		v         household.Answer
		subject   int
	}{
		{"V08", "member.2.refused_jobs", household.Answer{Number: 3}, 2},
		{"V10", "false_papers", household.Answer{Number: 1}, 0},
		{"V14", "member.1.harmful_habit", household.Answer{Code: "unmended"}, 1},
	} {
		a := say(say(base, "member.2.work", household.Answer{Code: "unemployed"}), c.key, c.v)
		r := compute(t, p, a, 20240601)
		if r.Verdict != Manual || len(r.Flags) != 1 || r.Flags[0].Rule != c.rule || r.Flags[0].Subject != c.subject {
			t.Errorf("%s: %s with %+v", c.rule, r.Verdict, r.Flags)
			continue
		}
		if !strings.Contains(r.Flags[0].Sentence.In("zh-CN"), "您仍可提交") || r.Monthly != 74800 {
			t.Errorf("%s: pay %d, %s", c.rule, r.Monthly, r.Flags[0].Sentence.In("zh-CN"))
		}
	}
	for key, v := range map[string]household.Answer{
		"member.2.refused_jobs": {Number: 2}, "false_papers": {}, "member.1.harmful_habit": {Code: "mended"}, "member.3.harmful_habit": {Code: "unmended"},
	} {
		a := say(say(base, "member.2.work", household.Answer{Code: "unemployed"}), key, v)
		if r := compute(t, p, a, 20240601); len(r.Flags) > 0 {
			t.Errorf("%s %+v: %+v", key, v, r.Flags)
		}
	}
}
