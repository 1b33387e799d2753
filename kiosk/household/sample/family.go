// Package sample makes households for tests and benchmarks.
package sample

import (
	"math/rand/v2"

	"yimen/kiosk/household"
)

// Family is a generated household, fully answered: what the interview would have asked, in plausible and in
// unlikely mixtures.
func Family(rng *rand.Rand) household.Answers {
	a := household.Answers{}
	set := func(scope household.Scope, subject int, fact string, number int64, code string) {
		a = a.With(household.Key{Scope: scope, Subject: subject, Fact: fact}, household.Answer{State: household.Given, Number: number, Code: code})
	}
	pick := func(codes ...string) string { return codes[rng.IntN(len(codes))] }
	yuan := func(most int) int64 { return int64(rng.IntN(most)) * 100 * int64(rng.IntN(2)) }
	n := 1 + rng.IntN(5)
	set("", 0, "household_size", int64(n), "")
	for i := 1; i <= n; i++ {
		set("member", i, "birth", int64(19350101+rng.IntN(85)*10000), "")
		if i > 1 {
			set("member", i, "relation", 0, pick("spouse", "child", "parent", "sibling"))
			set("member", i, "away", 0, pick("none", "none", "none", "prison"))
		}
		set("member", i, "study", 0, pick("none", "school", "bachelor", "postgraduate"))
		set("member", i, "independent", int64(rng.IntN(2)), "")
		set("member", i, "long_together", int64(rng.IntN(2)), "")
		set("member", i, "health", 0, pick("healthy", "chronic", "serious"))
		set("member", i, "disability_grade", 0, pick("none", "none", "1", "3"))
		set("member", i, "work", 0, pick("employed", "odd_jobs", "farming", "unable", "retired"))
		set("member", i, "income_kinds", 0, pick("", "wage", "pension", "wage,pension", "wage,business,property,support,other"))
		set("member", i, "exempt_kinds", 0, pick("", "aid", "honour,scholarship"))
		for _, fact := range []string{"wage", "pension", "support_received", "other_income"} {
			set("member", i, fact, yuan(1500), "")
		}
		set("member", i, "job_cost", yuan(300), "")
		set("member", i, "pension_basic", 0, "")
		set("member", i, "business_income", yuan(9000), "")
		set("member", i, "property_income", yuan(5000), "")
	}
	sons := rng.IntN(3)
	set("", 0, "supporter_count", int64(sons), "")
	for i := 1; i <= sons; i++ {
		set("supporter", i, "situation", 0, pick("none", "none", "prison"))
		set("supporter", i, "occupation", 0, pick("farming", "flexible", "company", "public"))
		set("supporter", i, "big_assets", int64(rng.IntN(2)), "")
		set("supporter", i, "income_12m", yuan(40000), "")
		set("supporter", i, "parents", int64(rng.IntN(3)), "")
		set("supporter", i, "pays", 0, pick("regularly", "sometimes", "unable", "sometimes", "never"))
	}
	for _, fact := range []string{"medical_12m", "tuition_12m", "rehab_12m", "pension_paid_12m"} {
		set("", 0, fact, yuan(20000), "")
	}
	set("", 0, "deposits", yuan(30000), "")
	set("", 0, "vehicle", 0, pick("none", "none", "car"))
	set("", 0, "houses", int64(rng.IntN(3)), "")
	set("", 0, "shop", 0, "")
	set("", 0, "company", 0, "none")
	set("", 0, "recent_building", 0, "none")
	set("", 0, "hukou_here", 1, "")
	for _, fact := range []string{"costly_spending", "gave_up_property", "idle_land", "refused_check"} {
		set("", 0, fact, int64(rng.IntN(20)/19), "")
	}
	return a
}

// Maps is a fully answered household as expr's own machine reads it: the household's facts with the lists members and
// supporters, and each member alone.
func Maps(a household.Answers) (home map[string]any, members []any) {
	facts := func(scope household.Scope, subject int) map[string]any {
		m := map[string]any{}
		for _, f := range household.Schema() {
			if f.Scope != scope {
				continue
			}
			switch v := a.Get(household.Key{Scope: scope, Subject: subject, Fact: f.Name}); f.Kind {
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
		if scope == household.Member {
			m["age"], _ = a.AgeOf(subject)
		}
		return m
	}
	home = facts(household.Household, 0)
	for i := range a.MemberCount() {
		members = append(members, facts(household.Member, i+1))
	}
	supporters := []any{}
	if n, known := a.SupporterCount(); known {
		for i := range n {
			supporters = append(supporters, facts(household.Supporter, i+1))
		}
	}
	home["members"], home["supporters"] = members, supporters
	return home, members
}
