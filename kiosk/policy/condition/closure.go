package condition

import (
	"fmt"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"

	"yimen/kiosk/household"
)

// The three kinds of closures. A number and a text say by known whether they are.
type (
	truth  func(*Facts) Truth
	number func(*Facts) (n int64, known bool)
	text   func(*Facts) (s string, known bool) // a code, or codes joined by ","
)

// expression is a compiled node: exactly one of its closures is there.
type expression struct {
	truth  truth
	number number
	text   text

	fact     household.Fact // where it reads one, so that codes it is compared with can be checked
	reads    *leaf
	constant bool
	n        int64  // of a constant number
	s        string // of a constant text
}

// leaf is where a fact is read: whose, and where in the row.
type leaf struct {
	of    who
	place household.Place
	scope household.Scope
	name  string
}

func (l *leaf) lacking(f *Facts) {
	f.lacks(household.Key{Scope: l.scope, Subject: f.numbers[l.of], Fact: l.name})
}

type compiler struct {
	scope household.Scope
	list  household.Scope // of the list being walked; meaningful when in
	in    bool
	reads []string // facts of the condition's subject
}

func (c *compiler) node(n ast.Node) (expression, error) {
	switch n := n.(type) {
	case *ast.BoolNode:
		return expression{truth: always(yes(n.Value))}, nil
	case *ast.IntegerNode:
		v := int64(n.Value)
		return expression{number: func(*Facts) (int64, bool) { return v, true }, constant: true, n: v}, nil
	case *ast.StringNode:
		v := n.Value
		return expression{text: func(*Facts) (string, bool) { return v, true }, constant: true, s: v}, nil
	case *ast.ArrayNode:
		return expression{}, fmt.Errorf("%s: a list of codes stands behind in", n)
	case *ast.IdentifierNode:
		return c.fact(theHousehold, household.Household, n.Value)
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
	return expression{}, fmt.Errorf("%s has no place in a condition: use facts, and or not, comparisons, in, +, -, any, all, count", n)
}

func yes(b bool) Truth {
	if b {
		return Holds
	}
	return Fails
}

func always(t Truth) truth { return func(*Facts) Truth { return t } }

func (c *compiler) member(n *ast.MemberNode) (expression, error) {
	prop, ok := n.Property.(*ast.StringNode)
	if !ok {
		return expression{}, fmt.Errorf("%s: name a fact after the dot", n)
	}
	switch of := n.Node.(type) {
	case *ast.PointerNode:
		if of.Name != "" {
			return expression{}, fmt.Errorf("%s: only facts of the person whose turn it is", n)
		}
		return c.person(theTurn, c.list, prop.Value)
	case *ast.IdentifierNode:
		if of.Value == string(c.scope) && c.scope != household.Household {
			return c.person(theSubject, c.scope, prop.Value)
		}
	}
	return expression{}, fmt.Errorf("%s: want member.X, supporter.X or .X", n)
}

// person reads a fact of a person, or the two things that follow from others.
func (c *compiler) person(w who, scope household.Scope, name string) (expression, error) {
	if scope == household.Member {
		switch name {
		case "age":
			return expression{number: ageOf(w)}, nil
		case "number_given":
			return expression{truth: numberGiven(w)}, nil
		}
	}
	if w == theSubject && !slices.Contains(c.reads, name) {
		c.reads = append(c.reads, name)
	}
	return c.fact(w, scope, name)
}

// fact reads one fact. What kind it is is settled when the condition is read.
func (c *compiler) fact(w who, scope household.Scope, name string) (expression, error) {
	fact, ok := household.FactOf(scope, name)
	if !ok {
		return expression{}, fmt.Errorf("%s is no fact of a %s", name, scope)
	}
	place, _ := household.PlaceOf(scope, name)
	l := &leaf{w, place, scope, name}
	e := expression{fact: fact, reads: l}
	switch fact.Kind {
	case household.Code, household.Codes:
		e.text = func(f *Facts) (string, bool) {
			s, state := f.rows[l.of].Code(l.place)
			if state != household.Given {
				l.lacking(f)
				return "", false
			}
			return s, true
		}
	case household.Bool:
		e.truth = func(f *Facts) Truth {
			n, state := f.rows[l.of].Number(l.place)
			if state != household.Given {
				l.lacking(f)
				return NotKnown
			}
			return yes(n != 0)
		}
	default:
		e.number = func(f *Facts) (int64, bool) {
			n, state := f.rows[l.of].Number(l.place)
			if state != household.Given {
				l.lacking(f)
				return 0, false
			}
			return n, true
		}
	}
	return e, nil
}

func ageOf(w who) number {
	return func(f *Facts) (int64, bool) {
		age := f.age(f.numbers[w])
		if age != noAge {
			return int64(age), true
		}
		if f.on == 0 && f.answers.Get(household.AsOf).State != household.Given {
			f.lacks(household.AsOf)
		} else {
			f.lacks(household.Key{Scope: household.Member, Subject: f.numbers[w], Fact: "birth"})
		}
		return 0, false
	}
}

func numberGiven(w who) truth {
	return func(f *Facts) Truth {
		k := household.Key{Scope: household.Member, Subject: f.numbers[w], Fact: "number"}
		switch f.answers.Get(k).State {
		case household.Given:
			return Holds
		case household.Unknown:
			return Fails
		}
		f.lacks(k)
		return NotKnown
	}
}

func (c *compiler) unary(n *ast.UnaryNode) (expression, error) {
	x, err := c.node(n.Node)
	if err != nil {
		return expression{}, err
	}
	switch {
	case (n.Operator == "not" || n.Operator == "!") && x.truth != nil:
		return expression{truth: func(f *Facts) Truth { return not(x.truth(f)) }}, nil
	case n.Operator == "-" && x.number != nil:
		return expression{number: func(f *Facts) (int64, bool) {
			v, known := x.number(f)
			return -v, known
		}}, nil
	}
	return expression{}, fmt.Errorf("operator %s has no place in a condition", n.Operator)
}

func not(t Truth) Truth {
	switch t {
	case Holds:
		return Fails
	case Fails:
		return Holds
	}
	return NotKnown
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

// checkCodes refuses a comparison with a code that the fact cannot have: a misspelt code would be silently false.
func checkCodes(e expression, codes ...string) error {
	if e.reads == nil || len(e.fact.Codes) == 0 {
		return nil
	}
	for _, s := range codes {
		if !slices.Contains(e.fact.Codes, s) {
			return fmt.Errorf("%s has no code %q: it has %v", e.fact.Name, s, e.fact.Codes)
		}
	}
	return nil
}

// chosen says whether code is one of the codes joined by ",".
func chosen(joined, code string) bool {
	for rest, more := joined, joined != ""; more; {
		var one string
		if one, rest, more = strings.Cut(rest, ","); one == code {
			return true
		}
	}
	return false
}
