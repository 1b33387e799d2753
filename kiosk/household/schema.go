package household

import "slices"

// Kind says which field of an Answer counts and what may stand in it.
type Kind string

const (
	Bool  Kind = "bool"  // Number: 1 yes, 0 no
	Money Kind = "money" // Number: fen
	Count Kind = "count" // Number: how many
	Day   Kind = "day"   // Number: YYYYMMDD
	Code  Kind = "code"  // Code: one of Fact.Codes
	Codes Kind = "codes" // Code: some of Fact.Codes, joined by ","
	Text  Kind = "text"  // Text: personal text; never part of a condition
)

// Fact is one thing that a pack may ask for.
type Fact struct {
	Name  string
	Scope Scope
	Kind  Kind
	Unit  string   // fen, fen/month, fen/12months, persons, houses, m2, times; empty where there is none
	Codes []string // for Code and Codes
	Of    string   // the sum of money that this one is a part of, and so never above
}

// Schema lists every fact a pack may ask for: the fields of the application form (domain.md §2.4), the
// incomes of §4.2, what the property limits and soft flags of §§4.7 and 4.8 look at, and what the shorter forms of
// the other items and requests ask. refused_jobs, false_papers and harmful_habit are what an authority has found: no resident is
// asked for them.
func Schema() []Fact { return slices.Clone(schema) }

// FactOf gives the fact of that scope and name.
func FactOf(scope Scope, name string) (Fact, bool) {
	p, ok := PlaceOf(scope, name)
	if !ok {
		return Fact{}, false
	}
	return schema[p.fact], true
}

// AsOf is the key of the day for which ages are reckoned. The terminal states it, never the resident.
var AsOf = Key{Fact: "as_of"}

// Size is the key of the number of people living together, the applicant included.
var Size = Key{Fact: "household_size"}

// parentCodes are the situations of a child's parent (R8; domain.md §2.2, 0701 and 0702).
var parentCodes = []string{"able", "dead", "not_found", "disabled", "ill", "prison", "detox", "out_of_reach", "rights_revoked", "deported"}

var schema = []Fact{
	{Name: "as_of", Kind: Day},
	{Name: "household_size", Kind: Count, Unit: "persons"},
	{Name: "supporter_count", Kind: Count, Unit: "persons"},
	{Name: "hukou_here", Kind: Bool},
	{Name: "near_relative", Kind: Bool},
	{Name: "urgent", Kind: Bool},
	{Name: "urgency", Kind: Code, Codes: []string{"days", "month", "other"}},
	{Name: "cause", Kind: Code, Codes: []string{"illness", "disability", "unemployment", "old_age", "education", "accident", "other"}},
	{Name: "deposits", Kind: Money, Unit: "fen"},
	{Name: "securities", Kind: Money, Unit: "fen"},
	{Name: "insurance", Kind: Money, Unit: "fen"},
	{Name: "vehicle", Kind: Code, Codes: []string{"none", "disability", "motorcycle", "living_van", "car", "machinery"}},
	{Name: "houses", Kind: Count, Unit: "houses"},
	{Name: "house_area", Kind: Count, Unit: "m2"},
	{Name: "rented", Kind: Bool},
	{Name: "shop", Kind: Bool},
	{Name: "company", Kind: Code, Codes: []string{"none", "stall", "dormant", "active"}},
	{Name: "recent_building", Kind: Code, Codes: []string{"none", "bought", "built", "rebuilt_after_need"}},
	{Name: "costly_spending", Kind: Bool},
	{Name: "gave_up_property", Kind: Bool},
	{Name: "idle_land", Kind: Bool},
	{Name: "refused_check", Kind: Bool},
	{Name: "false_papers", Kind: Bool},
	{Name: "medical_12m", Kind: Money, Unit: "fen/12months"},
	{Name: "tuition_12m", Kind: Money, Unit: "fen/12months"},
	{Name: "pension_paid_12m", Kind: Money, Unit: "fen/12months"},
	{Name: "rehab_12m", Kind: Money, Unit: "fen/12months"},
	{Name: "rent_12m", Kind: Money, Unit: "fen/12months"},
	{Name: "other_rigid_12m", Kind: Money, Unit: "fen/12months"},
	{Name: "court_papers", Kind: Bool},
	{Name: "medical_own_part", Kind: Money, Unit: "fen"},
	{Name: "old_pay", Kind: Money, Unit: "fen/month"},
	{Name: "single_parent", Kind: Bool},
	{Name: "lost_only_child", Kind: Bool},
	{Name: "recognised", Kind: Code, Codes: []string{"none", "dibao", "tekun", "edge", "rigid"}},
	{Name: "beneficiary", Kind: Code, Codes: []string{"self", "family"}},
	{Name: "changes", Kind: Codes, Codes: []string{"people", "income", "property", "health", "spending", "moved", "other"}},
	{Name: "change_day", Kind: Day},
	{Name: "emergency", Kind: Code, Codes: []string{"accident", "illness", "fire", "disaster", "income_lost", "other"}},
	{Name: "emergency_day", Kind: Day},
	{Name: "emergency_needs", Kind: Codes, Codes: []string{"food", "shelter", "clothes", "treatment", "school", "repair", "other"}},
	{Name: "expense_kinds", Kind: Codes, Codes: []string{"medical", "school", "rehab", "other"}},
	{Name: "disaster", Kind: Code, Codes: []string{"flood", "quake", "wind", "snow", "drought", "landslide", "other"}},
	{Name: "home_damage", Kind: Code, Codes: []string{"none", "damaged", "unsafe", "collapsed"}},
	{Name: "father", Kind: Code, Codes: parentCodes},
	{Name: "mother", Kind: Code, Codes: parentCodes},
	{Name: "need", Kind: Code, Codes: []string{"bills", "long_treatment", "fees", "living", "boarding", "rent", "no_home", "unsafe_home", "job", "training", "business", "money", "goods", "company", "other"}},
	{Name: "objection_grounds", Kind: Codes, Codes: []string{"income", "property", "members", "amount", "elsewhere", "favour", "other"}},
	{Name: "objection_words", Kind: Text},
	{Name: "objection_proof", Kind: Bool},
	{Name: "bank", Kind: Text},
	{Name: "account", Kind: Text},
	{Name: "phone", Kind: Text},
	{Name: "address", Kind: Text},
	{Name: "contact_way", Kind: Code, Codes: []string{"phone", "sms", "visit"}},

	{Name: "name", Scope: Member, Kind: Text},
	{Name: "number", Scope: Member, Kind: Text},
	{Name: "ethnic", Scope: Member, Kind: Text},
	{Name: "birth", Scope: Member, Kind: Day},
	{Name: "sex", Scope: Member, Kind: Code, Codes: []string{"male", "female"}},
	{Name: "relation", Scope: Member, Kind: Code, Codes: []string{"self", "spouse", "child", "parent", "grandparent", "grandchild", "sibling", "other"}},
	{Name: "away", Scope: Member, Kind: Code, Codes: []string{"none", "prison", "detox", "missing", "cleric", "conscript"}},
	{Name: "long_together", Scope: Member, Kind: Bool},
	{Name: "independent", Scope: Member, Kind: Bool},
	{Name: "study", Scope: Member, Kind: Code, Codes: []string{"none", "school", "bachelor", "postgraduate"}},
	{Name: "marriage", Scope: Member, Kind: Code, Codes: []string{"single", "married", "divorced", "widowed"}},
	{Name: "health", Scope: Member, Kind: Code, Codes: []string{"healthy", "mild", "chronic", "recovering", "serious"}},
	{Name: "disability_grade", Scope: Member, Kind: Code, Codes: []string{"none", "1", "2", "3", "4"}},
	{Name: "disability_kind", Scope: Member, Kind: Code, Codes: []string{"sight", "hearing", "speech", "limb", "intellect", "mental", "multiple"}},
	{Name: "self_care_failed", Scope: Member, Kind: Count, Unit: "items"},
	{Name: "needs_care", Scope: Member, Kind: Bool},
	{Name: "work", Scope: Member, Kind: Code, Codes: []string{"employed", "odd_jobs", "farming", "business", "unemployed", "unable", "student", "retired", "carer"}},
	{Name: "cannot_find_work", Scope: Member, Kind: Bool},
	{Name: "refused_jobs", Scope: Member, Kind: Count, Unit: "times"},
	{Name: "harmful_habit", Scope: Member, Kind: Code, Codes: []string{"none", "unmended", "mended"}},
	{Name: "income_kinds", Scope: Member, Kind: Codes, Codes: []string{"wage", "business", "property", "pension", "support", "other"}},
	{Name: "wage", Scope: Member, Kind: Money, Unit: "fen/month"},
	{Name: "job_cost", Scope: Member, Kind: Money, Unit: "fen/month", Of: "wage"},
	{Name: "business_income", Scope: Member, Kind: Money, Unit: "fen/12months"},
	{Name: "property_income", Scope: Member, Kind: Money, Unit: "fen/12months"},
	{Name: "pension", Scope: Member, Kind: Money, Unit: "fen/month"},
	{Name: "pension_basic", Scope: Member, Kind: Money, Unit: "fen/month", Of: "pension"},
	{Name: "support_received", Scope: Member, Kind: Money, Unit: "fen/month"},
	{Name: "other_income", Scope: Member, Kind: Money, Unit: "fen/month"},
	{Name: "exempt_kinds", Scope: Member, Kind: Codes, Codes: []string{"honour", "family_planning", "scholarship", "bravery", "aid", "disability_subsidy", "old_age_allowance", "unattended_child"}},
	{Name: "tekun", Scope: Member, Kind: Bool},
	{Name: "orphan", Scope: Member, Kind: Bool},

	{Name: "name", Scope: Supporter, Kind: Text},
	{Name: "relation", Scope: Supporter, Kind: Code, Codes: []string{"child", "parent", "sibling", "other"}},
	{Name: "of", Scope: Supporter, Kind: Count, Unit: "member"},
	{Name: "parents", Scope: Supporter, Kind: Count, Unit: "persons"},
	{Name: "situation", Scope: Supporter, Kind: Code, Codes: []string{"none", "dibao", "ill_or_disabled", "prison", "student"}},
	{Name: "occupation", Scope: Supporter, Kind: Code, Codes: []string{"farming", "flexible", "company", "public"}},
	{Name: "income_12m", Scope: Supporter, Kind: Money, Unit: "fen/12months"},
	{Name: "household_income", Scope: Supporter, Kind: Money, Unit: "fen/month"},
	{Name: "household_size", Scope: Supporter, Kind: Count, Unit: "persons"},
	{Name: "big_assets", Scope: Supporter, Kind: Bool},
	{Name: "pays", Scope: Supporter, Kind: Code, Codes: []string{"regularly", "sometimes", "never", "unable", "estranged"}},
}
