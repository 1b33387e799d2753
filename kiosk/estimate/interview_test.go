package estimate

import (
	"math/rand/v2"
	"slices"
	"testing"

	"yimen/kiosk/household"
	"yimen/kiosk/policy"
)

// resident walks an interview to its end, answering every question that is asked; now and then "不清楚" where
// that is offered.
func resident(t *testing.T, p *policy.Pack, rng *rand.Rand, unsure bool) household.Answers {
	t.Helper()
	a := household.Answers{}.On(20240601)
	for range 2000 {
		asked := p.Questions("dibao", a)
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
	case policy.InputPhone, policy.InputAccount:
		v.Text = "01000000000"
	default:
		v.Text = "某某"
	}
	return v
}

func TestAFinishedInterviewLeavesNothingUnasked(t *testing.T) {
	for _, id := range []string{"CN-150102", "CN-150422"} {
		p := load(t, id)
		rng := rand.New(rand.NewPCG(21, 22))
		for range 60 {
			a := resident(t, p, rng, false)
			if r := compute(t, p, a, 20240601); len(r.Missing) > 0 {
				t.Fatalf("%s: every question was answered, and the estimate misses %v", id, r.Missing)
			}
			item, _ := p.Item("0101")
			for _, m := range p.Materials(item, a) {
				if m.Need == policy.NeedIf && !m.Must {
					t.Fatalf("%s: every question was answered, and nobody can say whether %s is needed", id, m.Code)
				}
			}
			a = resident(t, p, rng, true)
			for _, k := range compute(t, p, a, 20240601).Missing {
				if a.Get(k).State == household.NotYet {
					t.Fatalf("%s: the estimate misses %s, which was never asked", id, k)
				}
			}
		}
	}
}
