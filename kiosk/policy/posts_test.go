package policy

import (
	"slices"
	"strings"
	"testing"

	"yimen/kiosk/policy/flow"
)

// The rules of 2012 (domain.md §3.5): appraisal compulsory, and two notices before anything was granted.
func TestByTheRulesOf2012NothingIsGrantedWithoutAppraisalAndTwoNotices(t *testing.T) {
	p, err := Load("packs/CN")
	if err != nil {
		t.Fatal(err)
	}
	p.Flow = "NAT-2012"
	allowance, _ := p.Item("0101")
	f, _ := p.FlowOf(allowance)
	if f.ID != "NAT-2012/PA" {
		t.Fatalf("the allowance goes by %s", f.ID)
	}
	granted, ended := 0, 0
	walks(t, p, f, func(s flow.Standing) {
		stage, _ := p.Stage(s.Stage)
		if stage.Over {
			ended++
		} else if len(f.Next(s)) == 0 {
			t.Errorf("a case is stuck at %s after %v", s.Stage, s.Been)
		}
		if s.Stage != "APPROVED" {
			return
		}
		granted++
		for _, must := range []string{"SURVEYING", "EVALUATING", "PUBLICITY", "PUBLICITY_2"} {
			if !slices.Contains(s.Been, must) {
				t.Errorf("granted without %s: %v", must, s.Been)
			}
		}
	})
	if granted == 0 || ended == 0 {
		t.Errorf("%d ways to be granted, %d to an end", granted, ended)
	}
	for stage, want := range map[string]int64{"PUBLICITY": 7, "PUBLICITY_2": 7} {
		if n, ok := f.Posted(stage); !ok || n.Days != want || n.Result {
			t.Errorf("the notice at %s is %+v", stage, n)
		}
	}
	for stage, want := range map[string]int64{"ACCEPTED": 10, "SURVEYING": 5, "CONFIRMING": 5, "PUBLICITY_2": 3} {
		if d, ok := f.DueAfter(stage); !ok || d.Days != want || !d.Working || d.Notice != (stage == "PUBLICITY_2") {
			t.Errorf("due after %s: %+v", stage, d)
		}
	}
	if edge, _ := p.Item("0401"); edge == nil {
		t.Error("no item 0401")
	} else if f, ok := p.FlowOf(edge); !ok || f.ID != flow.National+"/PE" {
		t.Error("what had no rules then does not go as it goes now")
	}
}

// What a payment tells of a disability, of age or of a child is announced nowhere (domain.md P11).
func TestResultsAreAnnouncedOfAllowancesAlone(t *testing.T) {
	for _, dir := range shipped(t) {
		p, err := Load(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, it := range p.Items() {
			if want := slices.Contains([]string{"PA", "PB"}, it.Profile); p.Announced(it.Code) != want {
				t.Errorf("%s: %s announced: %v", p.ID, it.Code, !want)
			}
			f, _ := p.FlowOf(it)
			for _, m := range f.Moves {
				if m.Paper == "N11" && !f.Announced() {
					t.Errorf("%s: %s announces on paper what must not be announced", p.ID, f.ID)
				}
			}
		}
		if p.Announced("9999") {
			t.Error("what the pack does not know is announced")
		}
	}
}

func TestABrokenNoticeSaysWhereAndWhat(t *testing.T) {
	const head = "stages:\n- {code: SUBMITTED, name: {zh-CN: \"一\"}, plain: {zh-CN: \"一\"}}\n- {code: CLOSED, name: {zh-CN: \"二\"}, plain: {zh-CN: \"二\"}, decided: true, over: true}\n" +
		"papers:\n- {code: N91}\ndocuments:\n- {id: N91, version: \"1\", title: {zh-CN: \"公布\"}, citation: {source: R2}, paragraphs: [{zh-CN: \"到{last}\"}]}\n" +
		"flows:\n- id: NAT-2021/PA\n  name: {zh-CN: \"低保\"}\n  citation: {source: R2}\n  moves:\n  - {from: [SUBMITTED], to: CLOSED, title: {zh-CN: \"办结\"}, by: accept}\n"
	const sound = "  notices:\n  - {stage: CLOSED, result: true, days: 30, paper: N91, citation: {source: R2}}\n"
	if _, err := LoadFS(editionOf(head+sound), "CN"); err != nil {
		t.Fatalf("the sound one does not load: %v", err)
	}
	for name, c := range map[string]struct{ yaml, want string }{
		"too long":                 {strings.Replace(sound, "days: 30", "days: 400", 1), "from 1 to 366"},
		"objections too long":      {strings.Replace(sound, "result: true, days: 30", "days: 61", 1), "from 1 to 60"},
		"no words":                 {strings.Replace(sound, "paper: N91, ", "", 1), "name the paper"},
		"stage not reached":        {strings.Replace(sound, "CLOSED", "GONE", 1), `no stage "GONE"`},
		"no stage":                 {strings.Replace(sound, "stage: CLOSED, ", "", 1), "a stage of its own"},
		"two of one stage":         {sound + strings.TrimPrefix(sound, "  notices:\n"), "a stage of its own"},
		"a result as the proposal": {"  notice: {days: 7, result: true, paper: N91, citation: {source: R2}}\n", "before a decision"},
		"due after no notice":      {sound + "  dues:\n  - {stage: SUBMITTED, days: 3, after_notice: true, citation: {source: R2}}\n", "no notice after which"},
	} {
		if _, err := LoadFS(editionOf(head+c.yaml), "CN"); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: want %q in\n%v", name, c.want, err)
		}
	}
}
