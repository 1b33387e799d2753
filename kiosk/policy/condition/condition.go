// Package condition compiles the conditions of policy packs. expr-lang/expr parses and type-checks them; what
// runs keeps "not known" apart from no and names the answers that would settle it.
package condition

import (
	"errors"
	"fmt"

	"github.com/expr-lang/expr/checker"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/types"

	"yimen/kiosk/household"
)

// Truth of a condition: there are three values and the third never becomes the second by itself.
type Truth int

const (
	NotKnown Truth = iota
	Holds
	Fails
)

// Finding is a condition's truth and, where it is not known, the answers that would settle it.
type Finding struct {
	Truth   Truth
	Missing []household.Key
}

// Condition is a compiled condition over the facts of a household. What runs is a tree of closures that keeps "not known"
// apart from no (Kleene's three values). It has no loops but any, all and count over the people of the household, one
// inside another never, so that one evaluation visits at most nodes × household.MostPeople closures.
//
// Names: facts of the household stand alone (deposits); member.X and supporter.X are the subject's facts;
// members and supporters are the lists. Beside the facts of household.Schema there are member.age (years on
// as_of) and member.number_given. Money is in fen. Personal text cannot be named.
type Condition struct {
	Source string
	Reads  []string // the facts of its subject that it looks at, in the order they stand; age is none

	scope household.Scope
	holds truth
}

// maxNodes and maxLength bound a condition's size; the packs' longest has some forty nodes.
const (
	maxNodes  = 200
	maxLength = 1000
)

// Compile reads a condition for one scope: Household, or the Member or Supporter it will be asked about.
func Compile(source string, scope household.Scope) (*Condition, error) {
	if len(source) > maxLength {
		return nil, fmt.Errorf("condition of %d characters: at most %d", len(source), maxLength)
	}
	config := conf.New(names(scope))
	config.MaxNodes = maxNodes
	tree, err := parser.ParseWithConfig(source, config)
	if err != nil {
		return nil, fmt.Errorf("condition: %w", err)
	}
	out, err := checker.Check(tree, config)
	if err != nil {
		return nil, fmt.Errorf("condition: %w", err)
	}
	if out == nil || out.Kind().String() != "bool" {
		return nil, fmt.Errorf("condition %q gives %v: want yes or no", source, out)
	}
	c := compiler{scope: scope}
	e, err := c.node(tree.Node)
	if err == nil && e.truth == nil {
		err = errors.New("it is no yes or no")
	}
	if err != nil {
		return nil, fmt.Errorf("condition %q: %w", source, err)
	}
	return &Condition{Source: source, Reads: c.reads, scope: scope, holds: e.truth}, nil
}

// Find evaluates the condition for the given subject (0 in the household's own scope).
func (c *Condition) Find(a household.Answers, subject int) Finding {
	f := &Facts{answers: a}
	f.rows[theHousehold] = a.Row(household.Household, 0)
	return c.On(f, subject)
}

// On is Find for facts that many conditions look at.
func (c *Condition) On(f *Facts, subject int) Finding {
	if t := c.Truth(f, subject); t != NotKnown {
		return Finding{Truth: t}
	}
	f.naming = true
	c.holds(f)
	f.naming = false
	return Finding{NotKnown, f.named()}
}

// Truth is On without the names of what is missing.
func (c *Condition) Truth(f *Facts, subject int) Truth {
	if c.scope != household.Household && (f.subjects != c.scope || f.numbers[theSubject] != subject) {
		f.look(theSubject, c.scope, subject)
		f.subjects = c.scope
	}
	return c.holds(f)
}

// names gives the expression environment of a scope, for expr's own type checker.
func names(scope household.Scope) types.Map {
	env := types.Map{}
	member := types.Map{"age": types.Int, "number_given": types.Bool}
	supporter := types.Map{}
	for _, f := range household.Schema() {
		t, ok := typeOf(f.Kind)
		if !ok {
			continue
		}
		switch f.Scope {
		case household.Household:
			env[f.Name] = t
		case household.Member:
			member[f.Name] = t
		case household.Supporter:
			supporter[f.Name] = t
		}
	}
	env["members"] = types.Array(member)
	env["supporters"] = types.Array(supporter)
	switch scope {
	case household.Member:
		env["member"] = member
	case household.Supporter:
		env["supporter"] = supporter
	}
	return env
}

func typeOf(k household.Kind) (types.Type, bool) {
	switch k {
	case household.Bool:
		return types.Bool, true
	case household.Money, household.Count, household.Day:
		return types.Int, true
	case household.Code:
		return types.String, true
	case household.Codes:
		return types.Array(types.String), true
	}
	return nil, false // text about a person is no matter for a rule
}
