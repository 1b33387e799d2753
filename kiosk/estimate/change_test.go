package estimate

import (
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"yimen/kiosk/household"
	"yimen/kiosk/household/sample"
	"yimen/kiosk/policy"
)

// restated gives the household with a change's sum stated otherwise, off by so many fen.
func restated(t *testing.T, a household.Answers, c Change, off int64) household.Answers {
	t.Helper()
	n, err := strconv.ParseInt(c.To, 10, 64)
	if err != nil || len(c.Keys) != 1 {
		t.Fatalf("%+v: %v", c, err)
	}
	v := a.Get(c.Keys[0])
	v.Number = n + off
	return a.With(c.Keys[0], v)
}

// households gives n generated families, twenty times as many in a soak, with what all programmes ask.
func households(seed uint64, n int, each func(household.Answers)) {
	if os.Getenv("YIMEN_SOAK") != "" {
		n *= 20
	}
	rng := rand.New(rand.NewPCG(seed, 41))
	for range n {
		a := sample.Family(rng)
		for fact, most := range map[string]int{"medical_own_part": 2_000_000, "old_pay": 100_000} {
			a = a.With(household.Key{Fact: fact}, household.Answer{State: household.Given, Number: int64(rng.IntN(most))})
		}
		each(a)
	}
}

// A change that names a sum brings the answer that it promises, and one fen less does not: it is worked out, not
// guessed.
func TestAChangeBringsTheAnswerThatItPromises(t *testing.T) {
	levers := map[string]int{}
	for _, id := range []string{"CN-150102", "CN-150422", "CN-370982"} {
		p := load(t, id)
		households(1, 400, func(a household.Answers) {
			for _, programme := range []string{"dibao", "edge", "rigid", "tekun", "temp_aid"} {
				r, err := Compute(p, programme, a, 20250701)
				if err != nil {
					continue
				}
				for _, c := range r.Changes {
					if c.Lever != Spending && c.Lever != Costs && c.Lever != Exempt {
						continue
					}
					levers[programme+" "+string(c.Lever)+" "+c.Rule]++
					short := int64(-1)
					if c.Keys[0].Fact == "other_income" {
						short = 1
					}
					after, err := Compute(p, programme, restated(t, a, c, 0), 20250701)
					if err != nil || c.Gives != "" && after.Verdict != c.Gives || len(nearMisses(after)) > 0 {
						t.Fatalf("%s %s: %s from %s to %s promises %s and gives %s, %v, %+v", id, programme, c.Keys, c.From, c.To, c.Gives, after.Verdict, err, after.Changes)
					}
					before, err := Compute(p, programme, restated(t, a, c, short), 20250701)
					if err != nil || len(nearMisses(before)) == 0 && before.Verdict != Unlikely {
						t.Fatalf("%s %s: %s to %s: one fen less is enough", id, programme, c.Keys, c.To)
					}
				}
			}
		})
	}
	for _, want := range []string{"dibao spending DED.MEDICAL", "dibao costs INC.WAGE", "dibao exempt INC.OTHER", "dibao exempt EX.BASICPENSION",
		"edge spending DED.MEDICAL", "rigid spending DED.MEDICAL", "temp_aid spending TA.AMOUNT", "tekun exempt INC.OTHER"} {
		if levers[want] == 0 {
			t.Errorf("no household was offered %s: %v", want, levers)
		}
	}
}

// nearMisses are the distances of conditions that fail; those of soft flags are no condition.
func nearMisses(r Result) (list []Change) {
	for _, c := range r.Changes {
		if c.Lever == Distance && !strings.HasPrefix(c.Rule, "V") {
			list = append(list, c)
		}
	}
	return list
}

// What supporters and one's own labour are only reckoned to give is told, and taking it away is enough.
func TestACircumstanceTakesAwayWhatWasOnlyReckoned(t *testing.T) {
	p := load(t, "CN-150422")
	seen := map[string]int{}
	households(2, 500, func(a household.Answers) {
		for _, c := range compute(t, p, a, 20250701).Changes {
			if c.Lever != Circumstance {
				continue
			}
			k, v := c.Keys[0], household.Answer{State: household.Given, Code: "dibao"}
			if k.Fact == "work" {
				v.Code = "unemployed"
			}
			seen[k.Fact]++
			after := compute(t, p, a.With(k, v), 20250701)
			if len(nearMisses(after)) > 0 || k.Fact == "situation" && after.Verdict != c.Gives {
				t.Fatalf("%s became %s: %s, want %s, %+v", k, v.Code, after.Verdict, c.Gives, after.Changes)
			}
		}
	})
	if seen["situation"] == 0 || seen["work"] == 0 {
		t.Errorf("offered to nobody: %v", seen)
	}
}

// Nobody is told to earn less or to own less: a lever speaks of money spent, of costs, of what by the rules does not
// count, of how somebody stands. What is merely too much is only told how far.
func TestNobodyIsToldToHaveLess(t *testing.T) {
	spent := []string{"medical_12m", "tuition_12m", "rehab_12m", "pension_paid_12m", "medical_own_part", "job_cost", "pension_basic"}
	for _, id := range []string{"CN-150102", "CN-150422", "CN-370828", "CN-370982"} {
		p := load(t, id)
		households(3, 120, func(a household.Answers) {
			for programme := range programmes {
				r, err := Compute(p, programme, a, 20250701)
				if err != nil {
					continue
				}
				for _, c := range r.Changes {
					if c.Sentence.In("zh-CN") == "" || strings.ContainsAny(c.Sentence.In("zh-CN")+c.Sentence.In("en"), "{}") {
						t.Fatalf("%s %s: %+v says %q", id, programme, c, c.Sentence.In("zh-CN"))
					}
					switch c.Lever {
					case Distance, Settlement:
						if len(c.Keys) > 0 {
							t.Fatalf("%s asks for %v", c.Rule, c.Keys)
						}
					case Spending, Costs:
						if !slices.Contains(spent, c.Keys[0].Fact) {
							t.Fatalf("%s asks for %v", c.Rule, c.Keys)
						}
					case Exempt:
						if c.Keys[0].Fact != "pension_basic" && c.Keys[0].Fact != "other_income" {
							t.Fatalf("%s asks for %v", c.Rule, c.Keys)
						}
					}
				}
			}
		})
	}
}

// Whatever is not known is named: each missing answer by the question that asks for it, each figure that nobody has
// settled by its name; and nothing is left to a person without a reason.
func TestEverythingNotKnownNamesItsQuestion(t *testing.T) {
	for _, id := range []string{"CN-150102", "CN-150422", "CN-370828", "CN-370982"} {
		p := load(t, id)
		rng := rand.New(rand.NewPCG(43, 44))
		households(4, 150, func(a household.Answers) {
			var keys []household.Key
			a.Each(func(k household.Key, _ household.Answer) { keys = append(keys, k) })
			slices.SortFunc(keys, compareKeys)
			for range 1 + rng.IntN(4) {
				a = a.With(keys[rng.IntN(len(keys))], household.Answer{State: household.State(rng.IntN(2))})
			}
			for programme := range programmes {
				r, err := Compute(p, programme, a, 20250701)
				if err != nil {
					continue
				}
				checkNamed(t, p, r)
			}
		})
	}
}

func checkNamed(t *testing.T, p *policy.Pack, r Result) {
	t.Helper()
	var answers []household.Key
	settlements := 0
	for _, c := range r.Changes {
		switch c.Lever {
		case Answer:
			answers = append(answers, c.Keys...)
			k := c.Keys[0]
			q, ok := p.Question(k.Scope, k.Fact)
			if !ok && k.Fact != "old_pay" && k.Fact != "single_parent" && k.Fact != "lost_only_child" && k.Fact != "orphan" && k.Fact != "insurance" && k.Fact != "securities" {
				t.Fatalf("%s %s: nothing asks for %s", p.ID, r.Programme, k)
			}
			if ok && !strings.Contains(c.Sentence.In("zh-CN"), q.Label.In("zh-CN")) {
				t.Fatalf("%s does not name its question %s", c.Sentence.In("zh-CN"), q.Label.In("zh-CN"))
			}
		case Settlement:
			settlements++
		}
	}
	if !slices.Equal(answers, r.Missing) {
		t.Fatalf("%s %s: missing %v, named %v", p.ID, r.Programme, r.Missing, answers)
	}
	for _, l := range slices.Concat(r.Lines, r.Flags) {
		if l.Outcome == NotKnown && len(r.Missing)+settlements == 0 {
			t.Fatalf("%s %s: %s is not known and nothing says why", p.ID, r.Programme, l.Rule)
		}
	}
	supporters := slices.ContainsFunc(r.Lines, func(l Line) bool { return l.Rule == "TEKUN.SUPPORTER" && l.Outcome == NotMet })
	if r.Verdict == Manual && len(r.Missing)+len(r.Flags)+settlements == 0 && !supporters && r.Counted > 0 {
		t.Fatalf("%s %s: a person must look, and nothing says why: %+v", p.ID, r.Programme, r)
	}
}

func TestAnUnknownNumberOfSupportersIsNeverSilent(t *testing.T) {
	for _, id := range []string{"CN-150102", "CN-150422"} {
		p := load(t, id)
		for _, v := range []household.Answer{{}, {State: household.Unknown}, {State: household.Given, Number: household.MostPeople + 1}, {State: household.Given, Number: -1}} {
			for _, programme := range []string{"dibao", "edge", "single", "rigid", "tekun"} {
				r, err := Compute(p, programme, read(t, "E02").With(household.Supporters, v), 20250701)
				if err != nil || r.Verdict != Manual || !slices.Contains(r.Missing, household.Supporters) {
					t.Errorf("%s %s, %+v: %s, missing %v, %v", id, programme, v, r.Verdict, r.Missing, err)
				}
			}
		}
	}
}
