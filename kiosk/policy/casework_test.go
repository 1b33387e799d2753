package policy

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"yimen/kiosk/policy/flow"
)

// walks follows every lawful way of a flow. It calls at with each stage reached and what lay behind it; the notice's days
// have always passed.
func walks(t *testing.T, p *Pack, f *flow.Flow, at func(s flow.Standing)) {
	t.Helper()
	seen := map[string]bool{}
	var walk func(s flow.Standing)
	walk = func(s flow.Standing) {
		been := slices.Clone(s.Been)
		slices.Sort(been)
		key := fmt.Sprint(s.Stage, slices.Compact(been), slices.Compact(slices.Sorted(slices.Values(s.Taken))))
		if seen[key] {
			return
		}
		seen[key] = true
		at(s)
		for _, m := range f.Next(s) {
			stage, _ := p.Stage(m.To)
			next := flow.Standing{Stage: m.To, Decided: stage.Decided, Been: append(slices.Clone(s.Been), m.To), Taken: slices.Clone(s.Taken)}
			if m.Once {
				next.Taken = append(next.Taken, m.ID())
			}
			if len(next.Been) < 16 {
				walk(next)
			}
		}
	}
	walk(flow.Standing{Stage: f.Begins(), Been: []string{f.Begins()}})
}

func TestEveryCaseCanComeToAnEndAndNoRefusalIsSilent(t *testing.T) {
	for _, dir := range shipped(t) {
		p, err := Load(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, it := range p.Items() {
			f, ok := p.FlowOf(it)
			if !ok {
				t.Errorf("%s: item %s has no way", p.ID, it.Code)
				continue
			}
			ends := 0
			walks(t, p, f, func(s flow.Standing) {
				stage, _ := p.Stage(s.Stage)
				if stage.Over {
					ends++
				} else if len(f.Next(s)) == 0 {
					t.Errorf("%s: a case of %s is stuck at %s after %v", p.ID, it.Code, s.Stage, s.Been)
				}
			})
			if ends == 0 {
				t.Errorf("%s: no case of %s ever ends", p.ID, it.Code)
			}
			for _, m := range f.Moves {
				if paper, _ := p.Paper(m.Paper); slices.Contains([]string{"NOT_ACCEPTED", "REJECTED", "STOPPED", "TERMINATED"}, m.To) && (paper == nil || !paper.Remedies) {
					t.Errorf("%s %s: %s is told without remedies", p.ID, f.ID, m.ID())
				}
			}
		}
	}
}

// What is to be published is never decided before the notice; of a child nothing is ever published (domain.md traps 3, 11).
func TestTheAllowanceIsNotDecidedBeforeThePublicNotice(t *testing.T) {
	for _, dir := range shipped(t) {
		p, err := Load(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, it := range p.Items() {
			f, _ := p.FlowOf(it)
			walks(t, p, f, func(s flow.Standing) {
				public := slices.Contains(s.Been, flow.Publicity)
				if s.Stage == "APPROVED" && slices.Contains([]string{"PA", "PB", "PD", "PI"}, it.Profile) && !public {
					t.Errorf("%s: %s is granted without a notice: %v", p.ID, it.Code, s.Been)
				}
				if it.Profile == "PG" && public {
					t.Errorf("%s: a child's case %s is made public", p.ID, it.Code)
				}
			})
			if public := slices.Contains([]string{"PA", "PB", "PD", "PE", "PI"}, it.Profile); p.Public(it.Code) != public {
				t.Errorf("%s: %s public: %v", p.ID, it.Code, !public)
			}
		}
	}
}

func TestOfWhatThePackDoesNotKnowNothingIsPublic(t *testing.T) {
	p, err := Load("packs/CN-150102")
	if err != nil {
		t.Fatal(err)
	}
	if p.Public("9999") || p.Public("") || p.Public("0702") || !p.Public("0101") {
		t.Error("public where it must not be, or not where it must")
	}
}

func TestARegionWalksItsOwnWay(t *testing.T) {
	region := func(id string) (*Pack, *flow.Flow) {
		p, err := Load("packs/" + id)
		if err != nil {
			t.Fatal(err)
		}
		it, _ := p.Item("0101")
		f, _ := p.FlowOf(it)
		return p, f
	}
	xc, own := region("CN-150102")
	var steps []int
	for _, c := range own.Chapters {
		steps = append(steps, len(c.Steps))
	}
	if !slices.Equal(steps, []int{3, 8, 4, 3, 6}) || own.Clock.Days != 20 {
		t.Errorf("新城区: steps %v, clock %d", steps, own.Clock.Days)
	}
	edge, _ := xc.Item("0401")
	if f, ok := xc.FlowOf(edge); !ok || f.ID != flow.National+"/PE" {
		t.Errorf("a profile without a variant does not go the national way")
	}
	_, checked := region("CN-370982")
	if next := checked.Next(flow.Standing{Stage: flow.Submitted, Been: []string{flow.Submitted}}); slices.ContainsFunc(next, func(m flow.Move) bool { return m.To == "ACCEPTED" }) {
		t.Error("新泰 accepts before the check")
	}
}

func TestABrokenFlowSaysWhereAndWhat(t *testing.T) {
	const head = "stages:\n- {code: SUBMITTED, name: {zh-CN: \"一\"}, plain: {zh-CN: \"一\"}}\n- {code: CLOSED, name: {zh-CN: \"二\"}, plain: {zh-CN: \"二\"}, decided: true, over: true}\n"
	const flows = "flows:\n- id: NAT-2021/PA\n  name: {zh-CN: \"低保\"}\n  citation: {source: R2}\n  moves:\n"
	const lawful = "  - {from: [SUBMITTED], to: CLOSED, title: {zh-CN: \"办结\"}, by: accept}\n"
	if _, err := LoadFS(editionOf(head+flows+lawful), "CN"); err != nil {
		t.Fatalf("the sound one does not load: %v", err)
	}
	for name, c := range map[string]struct{ yaml, want string }{
		"stage that is not there":   {head + flows + strings.Replace(lawful, "CLOSED", "GONE", 1), `no stage "GONE"`},
		"stage nobody comes to":     {head + "- {code: LOST, name: {zh-CN: \"三\"}, plain: {zh-CN: \"三\"}}\n" + flows + strings.Replace(lawful, "[SUBMITTED]", "[LOST]", 1), "no move leads to stage LOST"},
		"duty that is not there":    {head + flows + strings.Replace(lawful, "by: accept", "by: boss", 1), "one of [accept review decide]"},
		"paper that is not there":   {head + flows + strings.Replace(lawful, "by: accept", "by: accept, paper: N99", 1), `no paper "N99"`},
		"step that is not there":    {head + flows + strings.Replace(lawful, "by: accept", "by: accept, steps: [X]", 1), `has a step "X"`},
		"two of the same":           {head + flows + lawful + lawful, "two moves begin at SUBMITTED-CLOSED"},
		"profile that is not there": {head + strings.Replace(flows, "/PA", "/PX", 1) + lawful, "the variant, a slash and the profile"},
		"notice without its stage":  {head + flows + lawful + "  notice: {days: 7, citation: {source: R2}}\n", "a notice has days and a stage PUBLICITY, or neither"},
		"extension untold":          {head + flows + lawful + "  clock: {from: SUBMITTED, days: 3, extended: 5, citation: {source: R2}}\n", "name its paper"},
		"paper without words":       {"papers:\n- {code: N90}\n", "no document of that id"},
		"refusal without remedy":    {"papers:\n- {code: N90, remedies: true}\ndocuments:\n- {id: N90, version: \"1\", title: {zh-CN: \"不\"}, citation: {source: R2}, paragraphs: [{zh-CN: \"不行\"}]}\n", "does not say {remedy}"},
		"name nobody fills":         {"papers:\n- {code: N90}\ndocuments:\n- {id: N90, version: \"1\", title: {zh-CN: \"不\"}, citation: {source: R2}, paragraphs: [{zh-CN: \"{why}\"}]}\n", "nothing fills {why}"},
		"item without its way":      {"items:\n- code: \"01\"\n  profile: PA\n  name: {zh-CN: \"甲\"}\n  plain: {zh-CN: \"乙\"}\n  deadline: {zh-CN: \"丙\"}\n  decider: {zh-CN: \"丁\"}\n  citation: {source: R2}\n", "no flow NAT-2021/PA"},
	} {
		if _, err := LoadFS(editionOf(c.yaml), "CN"); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: want %q in\n%v", name, c.want, err)
		}
	}
}
