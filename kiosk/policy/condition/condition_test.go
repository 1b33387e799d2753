package condition

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/expr-lang/expr"

	"yimen/kiosk/household"
)

// answered gives a household in which every fact of people has an answer, chosen by rng.
func answered(rng *rand.Rand) household.Answers {
	a := household.Answers{}
	people := map[household.Scope]int{household.Household: 0, household.Member: 1 + rng.IntN(4), household.Supporter: 1 + rng.IntN(2)}
	for _, f := range household.Schema() {
		for subject := min(people[f.Scope], 1); subject <= people[f.Scope]; subject++ {
			if f.Scope != household.Household && subject == 0 {
				continue
			}
			v := household.Answer{State: household.Given}
			switch f.Kind {
			case household.Bool:
				v.Number = int64(rng.IntN(2))
			case household.Money:
				v.Number = int64(rng.IntN(3)) * 10000
			case household.Count:
				v.Number = int64(rng.IntN(4))
			case household.Day:
				v.Number = int64(19300101 + rng.IntN(90)*10000)
			case household.Code:
				v.Code = f.Codes[rng.IntN(len(f.Codes))]
			case household.Codes:
				v.Code = f.Codes[rng.IntN(len(f.Codes))]
			case household.Text:
				v.Text = "x"
			}
			a = a.With(household.Key{Scope: f.Scope, Subject: subject, Fact: f.Name}, v)
		}
	}
	a = a.With(household.Size, household.Answer{State: household.Given, Number: int64(people[household.Member])})
	a = a.With(household.Key{Fact: "supporter_count"}, household.Answer{State: household.Given, Number: int64(people[household.Supporter])})
	for fact, code := range map[string]string{"relation": "self", "away": "none"} { // what is known of an applicant anyhow
		a = a.With(household.Key{Scope: household.Member, Subject: 1, Fact: fact}, household.Answer{State: household.Given, Code: code})
	}
	return a.On(20260301)
}

// households gives a few dozen fully answered households.
func households(rng *rand.Rand) (list []household.Answers) {
	for range 40 {
		list = append(list, answered(rng))
	}
	return list
}

// environment is the same household as expr's own machine reads it.
func environment(a household.Answers, scope household.Scope, subject int) map[string]any {
	facts := func(s household.Scope, subject int) map[string]any {
		m := map[string]any{}
		for _, f := range household.Schema() {
			if f.Scope != s {
				continue
			}
			switch v := a.Get(household.Key{Scope: s, Subject: subject, Fact: f.Name}); f.Kind {
			case household.Bool:
				m[f.Name] = v.Number != 0
			case household.Money, household.Count, household.Day:
				m[f.Name] = int(v.Number)
			case household.Code:
				m[f.Name] = v.Code
			case household.Codes:
				m[f.Name] = v.Chosen()
			}
		}
		if s == household.Member {
			m["age"], _ = a.AgeOf(subject)
			m["number_given"] = true
		}
		return m
	}
	env := facts(household.Household, 0)
	var members, supporters []any
	for i := range a.MemberCount() {
		members = append(members, facts(household.Member, i+1))
	}
	n, _ := a.SupporterCount()
	for i := range n {
		supporters = append(supporters, facts(household.Supporter, i+1))
	}
	env["members"], env["supporters"] = members, supporters
	if scope != household.Household {
		env[string(scope)] = facts(scope, subject)
	}
	return env
}

// sourceOf is a condition and the scope it is written for.
type sourceOf struct {
	source string
	scope  household.Scope
}

// sources are the shipped packs' conditions and some that use every operator.
func sources(t testing.TB) map[sourceOf]bool {
	all := map[sourceOf]bool{}
	used := regexp.MustCompile(`(?m)^\s*when: '?([^'\n]*)`)
	files, err := filepath.Glob("../packs/*/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range used.FindAllStringSubmatch(string(data), -1) {
			scope := household.Household
			if of := regexp.MustCompile(`\b(member|supporter)\.`).FindStringSubmatch(m[1]); of != nil {
				scope = household.Scope(of[1])
			}
			all[sourceOf{m[1], scope}] = true
		}
	}
	for _, s := range []string{
		"shop or not rented", "deposits + medical_12m > 10000 and houses - 1 <= 1", "-houses < 0", "shop == rented", "shop != rented",
		"count(members, .age >= 60) >= 2", "all(members, .health != \"healthy\")", "any(supporters, .income_12m > 0)",
		"vehicle not in [\"car\", \"none\"]", "any(members, \"wage\" in .income_kinds and .wage > 0)", "true or false",
		"houses == 2", "vehicle == \"car\"", "count(supporters, true) < 3",
	} {
		all[sourceOf{s, household.Household}] = true
	}
	return all
}

func TestFullyAnsweredConditionsEqualExprsOwn(t *testing.T) {
	full := households(rand.New(rand.NewPCG(1, 2)))
	for k := range sources(t) {
		cond, err := Compile(k.source, k.scope)
		if err != nil {
			t.Fatal(err)
		}
		program, err := expr.Compile(k.source)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range full {
			subject := 0
			if k.scope != household.Household {
				subject = 1
			}
			want, err := expr.Run(program, environment(a, k.scope, subject))
			if err != nil {
				t.Fatalf("%s: %v", k.source, err)
			}
			if got := cond.Find(a, subject); got.Truth == NotKnown || (got.Truth == Holds) != want {
				t.Fatalf("%s: %v, expr says %v", k.source, got, want)
			}
		}
	}
}

// An answer taken away makes a condition not known or leaves it as it was, and what is not known names a
// missing answer; so an answer added never turns one truth into the other.
func TestATruthStandsWhateverElseIsAnswered(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	full := households(rng)
	var parts []household.Answers
	for _, part := range full {
		part.Each(func(key household.Key, _ household.Answer) {
			// whether a number was given is itself a fact that 不清楚 settles
			if rng.IntN(3) == 0 && key != household.AsOf && key.Fact != "number" {
				part = part.With(key, household.Answer{State: household.State(rng.IntN(2))})
			}
		})
		parts = append(parts, part)
	}
	for k := range sources(t) {
		cond, err := Compile(k.source, k.scope)
		if err != nil {
			t.Fatal(err)
		}
		for i, part := range parts {
			subject := 0
			if k.scope != household.Household {
				subject = 1
			}
			got, want := cond.Find(part, subject), cond.Find(full[i], subject)
			if got.Truth != NotKnown && got.Truth != want.Truth {
				t.Fatalf("%s: %v became %v", k.source, got, want)
			}
			if got.Truth == NotKnown && len(got.Missing) == 0 {
				t.Fatalf("%s is not known and names nothing", k.source)
			}
			for _, m := range got.Missing {
				if part.Get(m).State == household.Given {
					t.Fatalf("%s names %s, which was answered", k.source, m)
				}
			}
		}
	}
}

func TestHostileConditionsAreRefused(t *testing.T) {
	for name, source := range map[string]string{
		"long":        "shop or " + strings.Repeat(" ", maxLength) + "shop",
		"many nodes":  "shop" + strings.Repeat(" or shop", 110),
		"power":       "9 ** 9 ** 9 > 1",
		"range":       "1 in 1..1000000000",
		"repeat":      "repeat(\"a\", 1000000000) == \"a\"",
		"match":       "vehicle matches \"(a+)+$\"",
		"variable":    "let x = shop; x",
		"closure":     "any(members, any(supporters, true))",
		"ternary":     "shop ? true : false",
		"now":         "now() == now()",
		"environment": "$env.shop",
		"float":       "deposits > 0.5",
		"nothing":     "",
	} {
		if _, err := Compile(source, household.Household); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}

func FuzzCompile(f *testing.F) {
	for k := range sources(f) {
		f.Add(k.source, string(k.scope))
	}
	f.Add("any(members, .age > #.age)", "")
	f.Fuzz(func(t *testing.T, source, scope string) {
		cond, err := Compile(source, household.Scope(scope))
		if err != nil {
			return
		}
		for _, a := range []household.Answers{{}, answered(rand.New(rand.NewPCG(5, 6)))} {
			for subject := range 3 {
				if f := cond.Find(a, subject); f.Truth == NotKnown && len(f.Missing) == 0 {
					t.Errorf("%q is not known and names nothing", source)
				}
			}
		}
	})
}

func BenchmarkConditions(b *testing.B) {
	all := sources(b)
	a := answered(rand.New(rand.NewPCG(7, 8)))
	for _, c := range []struct {
		name string
		run  func() func()
	}{
		{"closures", func() func() {
			var list []func()
			for k := range all {
				cond, err := Compile(k.source, k.scope)
				if err != nil {
					b.Fatal(err)
				}
				list = append(list, func() { cond.Find(a, 1) })
			}
			return each(list)
		}},
		{"expr", func() func() {
			var list []func()
			for k := range all {
				env := environment(a, k.scope, 1)
				program, err := expr.Compile(k.source, expr.Env(env))
				if err != nil {
					b.Fatal(err)
				}
				list = append(list, func() {
					if _, err := expr.Run(program, env); err != nil {
						b.Fatal(err)
					}
				})
			}
			return each(list)
		}},
	} {
		run := c.run()
		b.Run(fmt.Sprintf("%s/%d", c.name, len(all)), func(b *testing.B) {
			for b.Loop() {
				run()
			}
		})
	}
}

func each(list []func()) func() {
	return func() {
		for _, f := range list {
			f()
		}
	}
}
