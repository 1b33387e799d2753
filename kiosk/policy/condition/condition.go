// Package condition compiles the conditions of policy packs. expr-lang/expr parses and type-checks them; what
// runs keeps "not known" apart from no and names the answers that would settle it.
package condition

import (
	"fmt"
	"slices"

	"github.com/expr-lang/expr/ast"
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

// Condition is a compiled condition over the facts of a household. What runs is
// a tree of closures that keeps "not known" apart from no (Kleene's three values). It has no
// loops but any, all and count over the people of the household, one inside another never, so that one
// evaluation visits at most nodes × household.MostPeople closures.
//
// Names: facts of the household stand alone (deposits); member.X and supporter.X are the subject's facts;
// members and supporters are the lists. Beside the facts of household.Schema there are member.age (years on
// as_of) and member.number_given. Money is in fen. Personal text cannot be named.
type Condition struct {
	Source string
	Reads  []string // the facts of its subject that it looks at, in the order they stand; age is none
	eval   closure
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
	var reads []string
	c := compiler{scope: scope, reads: &reads}
	eval, _, err := c.node(tree.Node)
	if err != nil {
		return nil, fmt.Errorf("condition %q: %w", source, err)
	}
	return &Condition{Source: source, Reads: reads, eval: eval}, nil
}

// Find evaluates the condition for the given subject (0 in the household's own scope).
func (c *Condition) Find(a household.Answers, subject int) Finding {
	v := c.eval(moment{answers: a, subject: subject})
	switch {
	case !v.known:
		return Finding{NotKnown, v.missing}
	case v.num != 0:
		return Finding{Truth: Holds}
	}
	return Finding{Truth: Fails}
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

// value is what a closure gives: a number (yes is 1), a code, or codes joined by ","; or not known, with the
// answers that are missing.
type value struct {
	known   bool
	num     int64
	str     string
	missing []household.Key
}

// moment is what a closure looks at: the answers, the subject of member.X or supporter.X, and within any,
// all and count the person whose turn it is.
type moment struct {
	answers household.Answers
	subject int
	turn    int
}

type closure func(moment) value

func yes(b bool) value {
	if b {
		return value{known: true, num: 1}
	}
	return value{known: true}
}

// notKnown joins what is missing on both sides, each key once.
func notKnown(a, b value) value {
	if len(a.missing) == 0 {
		return value{missing: b.missing}
	}
	keys := slices.Clip(a.missing) // appending must not write into a list that another finding holds
	for _, k := range b.missing {
		if !slices.Contains(keys, k) {
			keys = append(keys, k)
		}
	}
	return value{missing: keys}
}

// factOf remembers which fact a closure reads, so that codes it is compared with can be checked at load time.
type factOf struct {
	fact household.Fact
	is   bool
}

// constant gives the value that a node writes out; a condition is read once and run many thousand times, so
// what it compares with is looked up when it is read.
func constant(n ast.Node) (value, bool) {
	switch n := n.(type) {
	case *ast.BoolNode:
		return yes(n.Value), true
	case *ast.IntegerNode:
		return value{known: true, num: int64(n.Value)}, true
	case *ast.StringNode:
		return value{known: true, str: n.Value}, true
	}
	return value{}, false
}

type compiler struct {
	scope household.Scope
	list  household.Scope // of the list being walked; meaningful when inside
	in    bool
	reads *[]string // facts of the condition's subject; nil within a list
}

func (c *compiler) node(n ast.Node) (closure, factOf, error) {
	if v, ok := constant(n); ok {
		return func(moment) value { return v }, factOf{}, nil
	}
	switch n := n.(type) {
	case *ast.ArrayNode:
		return nil, factOf{}, fmt.Errorf("%s: a list of codes stands behind in", n)
	case *ast.IdentifierNode:
		return c.fact(household.Household, n.Value)
	case *ast.MemberNode:
		return c.member(n)
	case *ast.UnaryNode:
		return c.unary(n)
	case *ast.BinaryNode:
		return c.binary(n)
	case *ast.BuiltinNode:
		return c.walk(n)
	case *ast.PredicateNode:
		return c.node(n.Node)
	}
	return nil, factOf{}, fmt.Errorf("%s has no place in a condition: use facts, and or not, comparisons, in, +, -, any, all, count", n)
}

// codesOf gives the codes that a list writes out.
func codesOf(n *ast.ArrayNode) (set []string, err error) {
	for _, e := range n.Nodes {
		s, ok := e.(*ast.StringNode)
		if !ok {
			return nil, fmt.Errorf("%s: a list holds codes in quotes", n)
		}
		set = append(set, s.Value)
	}
	return set, nil
}

func (c *compiler) member(n *ast.MemberNode) (closure, factOf, error) {
	prop, ok := n.Property.(*ast.StringNode)
	if !ok {
		return nil, factOf{}, fmt.Errorf("%s: name a fact after the dot", n)
	}
	switch of := n.Node.(type) {
	case *ast.PointerNode:
		if of.Name != "" {
			return nil, factOf{}, fmt.Errorf("%s: only facts of the person whose turn it is", n)
		}
		return c.person(c.list, prop.Value, func(m moment) int { return m.turn })
	case *ast.IdentifierNode:
		if of.Value == string(c.scope) && c.scope != household.Household {
			return c.person(c.scope, prop.Value, func(m moment) int { return m.subject })
		}
	}
	return nil, factOf{}, fmt.Errorf("%s: want member.X, supporter.X or .X", n)
}
