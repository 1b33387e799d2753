package policy

import (
	"yimen/kiosk/household"
	"yimen/kiosk/policy/condition"
)

// Rule is one condition or step of reckoning. What kind of step is said by its Group; how the steps of a
// group are worked is the estimate's business, what they look at and say is the pack's.
type Rule struct {
	ID       string          `yaml:"id"`
	Group    Group           `yaml:"group"`
	Scope    household.Scope `yaml:"scope"` // member where it is asked of each person
	When     string          `yaml:"when"`
	Facts    []string        `yaml:"facts"`  // money facts it adds up, of its scope
	Less     []string        `yaml:"less"`   // money facts taken off them, never below nothing
	Param    string          `yaml:"param"`  // its rate, cap, limit or switch
	Times    string          `yaml:"times"`  // a second parameter that multiplies the first
	Table    string          `yaml:"table"`  // gives a factor by the person's circumstances
	Points   Decimal         `yaml:"points"` // of the hardship index; may be negative
	Kind     string          `yaml:"kind"`   // code of exempt_kinds it speaks of
	Citation Citation        `yaml:"citation"`
	Met      Text            `yaml:"met"`
	NotMet   Text            `yaml:"not_met"`
	Unknown  Text            `yaml:"not_known"`
	Change   Text            `yaml:"change"` // what would bring another answer; without it the rule offers nothing
	Proof    string          `yaml:"proof"`  // code of the material that shows what change speaks of
	Colour   Colour          `yaml:"colour"` // of group colour

	condition *condition.Condition
	sums      []household.Place // where Facts are
	costs     []household.Place // where Less are
}

// Group says at which step of the reckoning (domain.md §4) a rule takes part.
type Group string

const (
	GroupCounted  Group = "counted"  // §4.1 a person counts where one of these holds
	GroupExcluded Group = "excluded" // §4.1 … and none of these
	GroupIncome   Group = "income"   // §4.2 added
	GroupImputed  Group = "imputed"  // §4.3 Table × Param × Times, one of them for a person
	GroupSupport  Group = "support"  // §4.4 Table × Facts of each supporter, for each parent
	GroupExempt   Group = "exempt"   // §4.2 taken off, or named as never counted
	GroupDeduct   Group = "deduct"   // §4.2 rigid spending, up to Param
	GroupLimit    Group = "limit"    // §4.7 Facts per counted person over Param: a soft flag
	GroupFlag     Group = "flag"     // §4.8 a soft flag
	GroupTopUp    Group = "topup"    // §4.6 share of the standard, the highest of each person
	GroupSingle   Group = "single"   // §4.1 a person of a marginal household who may apply alone
	GroupAlone    Group = "alone"    // §4.1 a person who may apply alone whatever the household has; a person must look
	GroupTekun    Group = "tekun"    // §4.5 circumstances of 特困, one of which must hold
	GroupPeople   Group = "people"   // §4.9 points for people, up to a cap
	GroupProperty Group = "property" // §4.9 points for property, never below nothing
	GroupStep     Group = "step"     // a step the estimate names itself, for its words and article
	GroupFinding  Group = "finding"  // §4.8 a soft flag by what an authority has found; nobody is asked, and no finding says nothing
	GroupColour   Group = "colour"   // §4.11 how pressing a need is: the first that holds
)

// Colour says how pressing a need is (四色, domain.md §4.11).
type Colour string

const (
	Red    Colour = "red"    // 红 life, shelter or food in danger now
	Yellow Colour = "yellow" // 黄 basic living breaks off within days
	Blue   Colour = "blue"   // 蓝 hardship this month
	Green  Colour = "green"  // 绿 another need
)

var colours = []Colour{Red, Yellow, Blue, Green}

var groups = []Group{GroupCounted, GroupExcluded, GroupIncome, GroupImputed, GroupSupport, GroupExempt, GroupDeduct,
	GroupLimit, GroupFlag, GroupTopUp, GroupSingle, GroupAlone, GroupTekun, GroupPeople, GroupProperty, GroupStep, GroupFinding, GroupColour}

// means are the steps that every programme takes which looks at what a household has.
var means = []string{"WHO.NOT", "WHO.COUNT", "INC.TOTAL", "DED.TOTAL", "DIBAO.PCI"}

// steps lists, for each programme an item may estimate, the GroupStep rules it needs words for.
var steps = map[string][]string{
	"dibao":    append([]string{"DIBAO.LT", "DIBAO.EQUAL", "DIBAO.GAP", "DIBAO.PAY", "EDGE.LT"}, means...),
	"edge":     append([]string{"EDGE.LT", "DIBAO.LT"}, means...),
	"rigid":    {"WHO.NOT", "WHO.COUNT", "INC.TOTAL", "RIGID.LT", "RIGID.SPENT", "RIGID.RATIO", "RIGID.RATIO_LIVING"},
	"tekun":    append([]string{"TEKUN.INCOME", "TEKUN.SUPPORTER", "TEKUN.NONE", "TEKUN.BASIC", "TEKUN.CARE", "TEKUN.PAY"}, means...),
	"temp_aid": {"TA.AMOUNT", "TA.DECIDER"},

	"emergency": {"EMERGENCY.IS"},
}

// names lists what the estimate fills into the sentences of a group, beside {who} where the rule is about a
// member and the rule's own facts. A step may say what the shipped step of that id says.
var names = map[Group][]string{
	GroupIncome: {"amount"}, GroupImputed: {"k", "amount"}, GroupSupport: {"n", "amount"}, GroupExempt: {"amount"},
	GroupDeduct: {"amount"}, GroupLimit: {"per_person", "limit"}, GroupTopUp: {"amount"}, GroupPeople: {"points"}, GroupProperty: {"points"},
	GroupStep: {"n", "amount", "pci", "standard", "gap", "limit", "multiple", "own", "ring", "ratio", "deductible", "points"},
}

// changeNames lists what the estimate fills into a rule's change: what was stated, the least that is enough, how far it
// is from the one to the other, and whom it is about.
var changeNames = []string{"from", "to", "more", "who", "n"}

// Rules gives the rules of a group in the pack's order, of every group where g is empty. The caller changes
// neither the list nor what it points to.
func (p *Pack) Rules(g Group) []*Rule { return p.byGroup[g] }

// index lists the rules by group and by id.
func (p *Pack) index() {
	p.byGroup, p.byID = map[Group][]*Rule{}, map[string]*Rule{}
	for i := range p.rules {
		r := &p.rules[i]
		p.byID[r.ID] = r
		p.byGroup[r.Group] = append(p.byGroup[r.Group], r)
		p.byGroup[""] = append(p.byGroup[""], r)
	}
}

// compiled gives the rules and the rows of the tables their conditions, so that nobody looks them up by their text.
func (p *Pack) compiled() {
	for i := range p.rules {
		r := &p.rules[i]
		r.condition = p.conditions[conditionKey{r.When, r.Scope}]
		r.sums, r.costs = placesOf(r.Scope, r.Facts), placesOf(r.Scope, r.Less)
	}
	for _, t := range p.tables {
		for i := range t.Rows {
			t.Rows[i].condition = p.conditions[conditionKey{t.Rows[i].When, t.Scope}]
		}
	}
}

// placesOf finds the facts of a scope.
func placesOf(scope household.Scope, facts []string) (list []household.Place) {
	for _, fact := range facts {
		if p, ok := household.PlaceOf(scope, fact); ok {
			list = append(list, p)
		}
	}
	return list
}

// Sums gives where the money facts are that a rule adds up, in the order of Facts.
func (r *Rule) Sums() []household.Place { return r.sums }

// Costs gives where the money facts are that a rule takes off, in the order of Less.
func (r *Rule) Costs() []household.Place { return r.costs }

// Rule gives one rule.
func (p *Pack) Rule(id string) (*Rule, bool) {
	r, ok := p.byID[id]
	return r, ok
}

// Find evaluates a rule's condition for one subject; a rule without a condition always holds.
func (r *Rule) Find(f *condition.Facts, subject int) condition.Finding {
	if r.condition == nil {
		return condition.Finding{Truth: condition.Holds}
	}
	return r.condition.On(f, subject)
}

// Truth is Find without the answers that are missing.
func (r *Rule) Truth(f *condition.Facts, subject int) condition.Truth {
	if r.condition == nil {
		return condition.Holds
	}
	return r.condition.Truth(f, subject)
}

// Reads gives the facts of its subject that a rule's condition looks at. The caller does not change them.
func (r *Rule) Reads() []string {
	if r.condition == nil {
		return nil
	}
	return r.condition.Reads
}
