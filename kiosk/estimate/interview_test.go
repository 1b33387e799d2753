package estimate

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"yimen/kiosk/household"
	"yimen/kiosk/policy"
)

// resident walks a form's interview to its end, answering every question that is asked; now and then "不清楚" where
// that is offered.
func resident(t *testing.T, p *policy.Pack, form string, rng *rand.Rand, unsure bool) household.Answers {
	t.Helper()
	a := household.Answers{}.On(20260601)
	for range 2000 {
		asked := p.Questions(form, a)
		i := slices.IndexFunc(asked, func(q policy.Asked) bool { return a.Get(q.Key).State == household.NotYet })
		if i < 0 {
			return a
		}
		q := asked[i].Question
		v := reply(rng, q)
		if unsure && !q.Must && rng.IntN(8) == 0 {
			v = household.Answer{State: household.Unknown}
		}
		if err := q.Check(v); err != nil {
			t.Fatalf("%s: %v", asked[i].Key, err)
		}
		a = a.With(asked[i].Key, v)
	}
	t.Fatal("the interview does not end")
	return a
}

func reply(rng *rand.Rand, q *policy.Question) household.Answer {
	v := household.Answer{State: household.Given}
	switch q.Input {
	case policy.InputChoice:
		v.Code = q.Options[rng.IntN(len(q.Options))].Code
	case policy.InputChoices:
		v.Code = q.Options[rng.IntN(len(q.Options))].Code
	case policy.InputYesNo:
		v.Number = int64(rng.IntN(2))
	case policy.InputMoney:
		v.Number = int64(rng.IntN(2000)) * 100
	case policy.InputCount:
		v.Number = q.Min + int64(rng.IntN(4))
	case policy.InputDate:
		v.Number = int64(19340101 + rng.IntN(89)*10000)
	case policy.InputIDNumber:
		v.Text = "11010519491231002X"
		if !q.Must && rng.IntN(2) == 0 {
			v = household.Answer{State: household.Unknown} // then birth and sex are asked
		}
	case policy.InputPhone, policy.InputAccount:
		v.Text = "01000000000"
	default:
		v.Text = "某某"
	}
	return v
}

// regions gives the shipped packs of regions; a national edition has no standard to estimate with.
func regions(t *testing.T) (ids []string) {
	t.Helper()
	dirs, err := filepath.Glob("../policy/packs/CN-*")
	if err != nil || len(dirs) < 9 {
		t.Fatalf("%v, %v", dirs, err)
	}
	for _, dir := range dirs {
		ids = append(ids, filepath.Base(dir))
	}
	return ids
}

func TestAFinishedInterviewLeavesNothingUnasked(t *testing.T) {
	for _, id := range regions(t) {
		p := load(t, id)
		rng := rand.New(rand.NewPCG(21, 22))
		for _, item := range p.Items() {
			if item.Form == "" {
				continue
			}
			for range 12 {
				finished(t, p, item, resident(t, p, item.Form, rng, false))
				unsure(t, p, item, resident(t, p, item.Form, rng, true))
			}
		}
	}
}

// finished wants nothing missing where every question was answered.
func finished(t *testing.T, p *policy.Pack, item *policy.Item, a household.Answers) {
	t.Helper()
	if item.Estimate != "" {
		r, err := Compute(p, item.Estimate, a, 20260601)
		if err != nil || len(r.Missing) > 0 {
			t.Fatalf("%s %s: every question was answered, and the estimate misses %v, %v", p.ID, item.Code, r.Missing, err)
		}
	}
	for _, m := range p.Materials(item, a) {
		if m.Need == policy.NeedIf && !m.Must {
			t.Fatalf("%s %s: every question was answered, and nobody can say whether %s is needed", p.ID, item.Code, m.Code)
		}
	}
}

// unsure wants only what was asked to be missing.
func unsure(t *testing.T, p *policy.Pack, item *policy.Item, a household.Answers) {
	t.Helper()
	if item.Estimate == "" {
		return
	}
	r, err := Compute(p, item.Estimate, a, 20260601)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range r.Missing {
		if a.Get(k).State == household.NotYet {
			t.Fatalf("%s %s: the estimate misses %s, which was never asked", p.ID, item.Code, k)
		}
	}
}

// TestEveryQuestionIsPutToSomebody fails where a condition waits for a fact that the form does not ask.
func TestEveryQuestionIsPutToSomebody(t *testing.T) {
	for _, id := range []string{"CN-150102", "CN-370828"} {
		p := load(t, id)
		rng := rand.New(rand.NewPCG(31, 32))
		for _, item := range p.Items() {
			if item.Form == "" {
				continue
			}
			open := map[string]bool{}
			form, _ := p.Form(item.Form)
			for _, s := range form.Sections {
				for _, q := range s.Questions {
					open[fmt.Sprint(s.ID, " ", s.From, " ", q.Fact)] = true
				}
			}
			for range 400 {
				if len(open) == 0 {
					break
				}
				for _, q := range p.Questions(item.Form, resident(t, p, item.Form, rng, false)) {
					delete(open, fmt.Sprint(q.Section.ID, " ", q.Section.From, " ", q.Question.Fact))
				}
			}
			for q := range open {
				t.Errorf("%s %s: %s was asked of nobody", id, item.Code, q)
			}
		}
	}
}

func TestAnAnswerThatRaisesAFlagAsksAPersonToLook(t *testing.T) {
	p := load(t, "CN-150102")
	base := read(t, "E02").With(household.Key{Fact: "supporter_count"}, household.Answer{State: household.Given, Number: 1})
	key := func(fact string) household.Key {
		return household.Key{Scope: household.Supporter, Subject: 1, Fact: fact}
	}
	base = base.With(key("situation"), household.Answer{State: household.Given, Code: "none"}).
		With(key("pays"), household.Answer{State: household.Given, Code: "sometimes"})
	if r := compute(t, p, base, 20240601); r.Verdict != Likely || len(r.Flags) > 0 {
		t.Fatalf("%s with %v", r.Verdict, r.Flags)
	}
	yes := household.Answer{State: household.Given, Number: 1}
	for rule, a := range map[string]household.Answers{
		"V07": base.With(household.Key{Fact: "costly_spending"}, yes),
		"V09": base.With(household.Key{Fact: "refused_check"}, yes),
		"V11": base.With(household.Key{Fact: "gave_up_property"}, yes),
		"V12": base.With(key("pays"), household.Answer{State: household.Given, Code: "never"}),
		"V13": base.With(household.Key{Fact: "idle_land"}, yes),

		"FL.ESTRANGED": base.With(key("pays"), household.Answer{State: household.Given, Code: "estranged"}),
	} {
		r := compute(t, p, a, 20240601)
		if r.Verdict != Manual || len(r.Flags) != 1 || r.Flags[0].Rule != rule || r.Flags[0].Outcome != Met {
			t.Errorf("%s: %s with %v", rule, r.Verdict, r.Flags)
			continue
		}
		if words, _ := p.Rule(rule); !strings.Contains(words.Met.In("zh-CN"), "您仍可提交") {
			t.Errorf("%s does not say that the way is open", rule)
		}
		if r.Monthly != 74800 {
			t.Errorf("%s took the amount away: %d", rule, r.Monthly)
		}
	}
}
