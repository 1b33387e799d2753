package policy

import (
	"strings"
	"testing"

	"yimen/kiosk/household"
)

func TestEveryFormIsShownFilledInToItsLastQuestion(t *testing.T) {
	for _, dir := range shipped(t) {
		p, err := Load(dir)
		if err != nil {
			t.Fatal(err)
		}
		filled := 0
		for _, it := range p.Items() {
			if it.Form == "" {
				continue
			}
			a, ok := p.Sample(it.Form)
			if !ok {
				t.Errorf("%s: form %s of item %s has no sample", p.ID, it.Form, it.Code)
				continue
			}
			a = a.On(20260601)
			for _, q := range p.Questions(it.Form, a) {
				filled++
				v := a.Get(q.Key)
				if v.State != household.Given {
					t.Errorf("%s: the sample of form %s does not answer %s", p.ID, it.Form, q.Key)
				} else if err := q.Question.Check(v); err != nil {
					t.Errorf("%s: the sample of form %s: %v", p.ID, it.Form, err)
				}
			}
		}
		if filled < 100 {
			t.Errorf("%s: only %d questions are answered", p.ID, filled)
		}
	}
}

func TestASampleThatCannotBeReadOrFilledInIsAFault(t *testing.T) {
	for name, c := range map[string]struct{ yaml, want string }{
		"no household": {"samples:\n- {forms: [], household: \"{}\"}\n", "format 0"},
		"no form":      {"samples:\n- {forms: [f], household: '{\"format\": 1}'}\n", "no form f"},
	} {
		_, err := LoadFS(editionOf(c.yaml), "CN")
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
