package condition

import (
	"fmt"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"

	"yimen/kiosk/household"
)

// fact reads a fact of the household itself.
func (c *compiler) fact(scope household.Scope, name string) (closure, factOf, error) {
	f, ok := household.FactOf(scope, name)
	if !ok {
		return nil, factOf{}, fmt.Errorf("%s is no fact", name)
	}
	return reader(f, func(moment) int { return 0 }), factOf{f, true}, nil
}

// person reads a fact of the person that who picks.
func (c *compiler) person(scope household.Scope, name string, who func(moment) int) (closure, factOf, error) {
	if scope == household.Member {
		switch name {
		case "age":
			return func(m moment) value { return age(m.answers, who(m)) }, factOf{}, nil
		case "number_given":
			return func(m moment) value { return numberGiven(m.answers, who(m)) }, factOf{}, nil
		}
	}
	f, ok := household.FactOf(scope, name)
	if !ok {
		return nil, factOf{}, fmt.Errorf("%s is no fact of a %s", name, scope)
	}
	if c.reads != nil && !slices.Contains(*c.reads, name) {
		*c.reads = append(*c.reads, name)
	}
	return reader(f, who), factOf{f, true}, nil
}

// reader reads a fact of the subject that who picks. What kind of fact it is is settled when the condition is read.
func reader(f household.Fact, who func(moment) int) closure {
	place, _ := household.PlaceOf(f.Scope, f.Name)
	coded, asked := f.Kind == household.Code || f.Kind == household.Codes, f.Kind == household.Bool
	return func(m moment) value {
		subject := who(m)
		v := m.answers.At(place, subject)
		switch {
		case v.State != household.Given:
			return value{missing: []household.Key{{Scope: f.Scope, Subject: subject, Fact: f.Name}}}
		case coded:
			return value{known: true, str: v.Code}
		case asked:
			return yes(v.Number != 0)
		}
		return value{known: true, num: v.Number}
	}
}

func age(a household.Answers, subject int) value {
	if n, ok := a.AgeOf(subject); ok {
		return value{known: true, num: int64(n)}
	}
	if a.Get(household.AsOf).State != household.Given {
		return value{missing: []household.Key{household.AsOf}}
	}
	return value{missing: []household.Key{{Scope: household.Member, Subject: subject, Fact: "birth"}}}
}

func numberGiven(a household.Answers, subject int) value {
	k := household.Key{Scope: household.Member, Subject: subject, Fact: "number"}
	switch a.Get(k).State {
	case household.Given:
		return yes(true)
	case household.Unknown:
		return yes(false)
	}
	return value{missing: []household.Key{k}}
}

func (c *compiler) unary(n *ast.UnaryNode) (closure, factOf, error) {
	x, _, err := c.node(n.Node)
	if err != nil {
		return nil, factOf{}, err
	}
	switch n.Operator {
	case "not", "!":
		return func(m moment) value {
			v := x(m)
			if !v.known {
				return v
			}
			return yes(v.num == 0)
		}, factOf{}, nil
	case "-":
		return func(m moment) value {
			v := x(m)
			v.num = -v.num
			return v
		}, factOf{}, nil
	}
	return nil, factOf{}, fmt.Errorf("operator %s has no place in a condition", n.Operator)
}

func (c *compiler) binary(n *ast.BinaryNode) (closure, factOf, error) {
	l, lf, err := c.node(n.Left)
	if err != nil {
		return nil, factOf{}, err
	}
	if list, ok := n.Right.(*ast.ArrayNode); ok && n.Operator == "in" {
		set, err := codesOf(list)
		if err != nil {
			return nil, factOf{}, err
		}
		return among(l, set), factOf{}, codes(n, lf, factOf{})
	}
	r, rf, err := c.node(n.Right)
	if err != nil {
		return nil, factOf{}, err
	}
	if err := codes(n, lf, rf); err != nil {
		return nil, factOf{}, err
	}
	switch n.Operator {
	case "and", "&&":
		return junction(l, r, 0), factOf{}, nil
	case "or", "||":
		return junction(l, r, 1), factOf{}, nil
	}
	op, ok := operators[n.Operator]
	if !ok {
		return nil, factOf{}, fmt.Errorf("operator %s has no place in a condition", n.Operator)
	}
	if b, ok := constant(n.Right); ok {
		return func(m moment) value {
			a := l(m)
			if !a.known {
				return a
			}
			return op(a, b)
		}, factOf{}, nil
	}
	return func(m moment) value {
		a, b := l(m), r(m)
		if !a.known || !b.known {
			return notKnown(a, b)
		}
		return op(a, b)
	}, factOf{}, nil
}

// junction is and (settled by 0) and or (settled by 1): one side that settles it is enough, whatever is not
// known on the other.
func junction(l, r closure, settled int64) closure {
	return func(m moment) value {
		a := l(m)
		if a.known && a.num == settled {
			return a
		}
		b := r(m)
		switch {
		case b.known && b.num == settled:
			return b
		case !a.known || !b.known:
			return notKnown(a, b)
		}
		return b
	}
}

var operators = map[string]func(a, b value) value{
	"==": func(a, b value) value { return yes(a.num == b.num && a.str == b.str) },
	"!=": func(a, b value) value { return yes(a.num != b.num || a.str != b.str) },
	"<":  func(a, b value) value { return yes(a.num < b.num) },
	"<=": func(a, b value) value { return yes(a.num <= b.num) },
	">":  func(a, b value) value { return yes(a.num > b.num) },
	">=": func(a, b value) value { return yes(a.num >= b.num) },
	"+":  func(a, b value) value { return value{known: true, num: a.num + b.num} },
	"-":  func(a, b value) value { return value{known: true, num: a.num - b.num} },
	"in": func(a, b value) value { return yes(chosen(b.str, a.str)) },
}

// among is in for a list that the condition writes out.
func among(x closure, set []string) closure {
	return func(m moment) value {
		v := x(m)
		if !v.known {
			return v
		}
		return yes(slices.Contains(set, v.str))
	}
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

// codes refuses a comparison with a code that the fact cannot have: a misspelt code would be silently false.
func codes(n *ast.BinaryNode, left, right factOf) error {
	for _, side := range []struct {
		fact  factOf
		other ast.Node
	}{{left, n.Right}, {right, n.Left}} {
		if !side.fact.is || len(side.fact.fact.Codes) == 0 {
			continue
		}
		for _, s := range literals(side.other) {
			if !slices.Contains(side.fact.fact.Codes, s) {
				return fmt.Errorf("%s has no code %q: it has %v", side.fact.fact.Name, s, side.fact.fact.Codes)
			}
		}
	}
	return nil
}

func literals(n ast.Node) (list []string) {
	switch n := n.(type) {
	case *ast.StringNode:
		return []string{n.Value}
	case *ast.ArrayNode:
		for _, e := range n.Nodes {
			list = append(list, literals(e)...)
		}
	}
	return list
}

// walk is any, all and count over members or supporters.
func (c *compiler) walk(n *ast.BuiltinNode) (closure, factOf, error) {
	if len(n.Arguments) != 2 || c.in {
		return nil, factOf{}, fmt.Errorf("%s: want any, all or count of members or supporters, not one inside another", n.Name)
	}
	list, ok := n.Arguments[0].(*ast.IdentifierNode)
	if !ok {
		return nil, factOf{}, fmt.Errorf("%s: want members or supporters", n.Name)
	}
	inner := compiler{scope: c.scope, in: true}
	var people func(household.Answers) (int, value)
	switch list.Value {
	case "members":
		inner.list, people = household.Member, members
	case "supporters":
		inner.list, people = household.Supporter, supporters
	default:
		return nil, factOf{}, fmt.Errorf("%s of %s: want members or supporters", n.Name, list.Value)
	}
	each, _, err := inner.node(n.Arguments[1])
	if err != nil {
		return nil, factOf{}, err
	}
	switch n.Name {
	case "any":
		return fold(people, each, 1), factOf{}, nil
	case "all":
		return fold(people, each, 0), factOf{}, nil
	case "count":
		return tally(people, each), factOf{}, nil
	}
	return nil, factOf{}, fmt.Errorf("%s has no place in a condition", n.Name)
}

// members gives how many there are; the value says what is missing while nobody has stated it.
func members(a household.Answers) (int, value) {
	n := a.MemberCount()
	if n == 0 {
		return 0, value{missing: []household.Key{household.Size}}
	}
	return n, yes(true)
}

func supporters(a household.Answers) (int, value) {
	n, known := a.SupporterCount()
	if !known {
		return 0, value{missing: []household.Key{household.Supporters}}
	}
	return n, yes(true)
}

func fold(people func(household.Answers) (int, value), each closure, settled int64) closure {
	return func(m moment) value {
		n, size := people(m.answers)
		out := value{known: true, num: 1 - settled}
		if !size.known {
			out = size
		}
		for m.turn = 1; m.turn <= n; m.turn++ {
			v := each(m)
			if v.known && v.num == settled {
				return v
			}
			if !v.known {
				out = notKnown(out, v)
			}
		}
		return out
	}
}

func tally(people func(household.Answers) (int, value), each closure) closure {
	return func(m moment) value {
		n, size := people(m.answers)
		if !size.known {
			return size
		}
		out := value{known: true}
		for m.turn = 1; m.turn <= n; m.turn++ {
			v := each(m)
			switch {
			case !v.known:
				out = notKnown(out, v)
			case out.known:
				out.num += v.num
			}
		}
		return out
	}
}
