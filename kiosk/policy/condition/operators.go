package condition

import (
	"fmt"
	"slices"

	"github.com/expr-lang/expr/ast"

	"yimen/kiosk/household"
)

func (c *compiler) binary(n *ast.BinaryNode) (expression, error) {
	switch n.Operator {
	case "and", "&&":
		return c.junction(n, Fails)
	case "or", "||":
		return c.junction(n, Holds)
	}
	l, err := c.node(n.Left)
	if err != nil {
		return expression{}, err
	}
	if list, ok := n.Right.(*ast.ArrayNode); ok && n.Operator == "in" {
		return among(l, list)
	}
	r, err := c.node(n.Right)
	if err != nil {
		return expression{}, err
	}
	if l.constant && l.text != nil {
		err = checkCodes(r, l.s)
	}
	if r.constant && r.text != nil {
		err = checkCodes(l, r.s)
	}
	switch {
	case err != nil:
		return expression{}, err
	case l.truth != nil && r.truth != nil:
		return sameTruth(n.Operator, l.truth, r.truth)
	case l.number != nil && r.number != nil:
		return numbers(n.Operator, l, r)
	case l.text != nil && r.text != nil:
		return texts(n.Operator, l, r)
	}
	return expression{}, misplaced(n.Operator)
}

func misplaced(operator string) error {
	return fmt.Errorf("operator %s has no place in a condition", operator)
}

// junction is and (settled by Fails) and or (settled by Holds): one side that settles it is enough, whatever is not
// known on the others. A chain of one operator becomes one list.
func (c *compiler) junction(n *ast.BinaryNode, settled Truth) (expression, error) {
	var sides []truth
	var flatten func(ast.Node) error
	flatten = func(side ast.Node) error {
		if b, ok := side.(*ast.BinaryNode); ok && b.Operator == n.Operator {
			if err := flatten(b.Left); err != nil {
				return err
			}
			return flatten(b.Right)
		}
		e, err := c.node(side)
		if err == nil && e.truth == nil {
			err = misplaced(n.Operator)
		}
		sides = append(sides, e.truth)
		return err
	}
	if err := flatten(n); err != nil {
		return expression{}, err
	}
	return expression{truth: func(f *Facts) Truth {
		mark, out := len(f.missing), not(settled)
		for _, side := range sides {
			switch side(f) {
			case settled:
				f.forget(mark)
				return settled
			case NotKnown:
				out = NotKnown
			}
		}
		return out
	}}, nil
}

// among is in for a list that the condition writes out.
func among(l expression, list *ast.ArrayNode) (expression, error) {
	set, err := codesOf(list)
	if err == nil && l.text == nil {
		err = misplaced("in")
	}
	if err == nil {
		err = checkCodes(l, set...)
	}
	if err != nil {
		return expression{}, err
	}
	return expression{truth: func(f *Facts) Truth {
		s, known := l.text(f)
		if !known {
			return NotKnown
		}
		return yes(slices.Contains(set, s))
	}}, nil
}

func sameTruth(operator string, l, r truth) (expression, error) {
	if operator != "==" && operator != "!=" {
		return expression{}, misplaced(operator)
	}
	same := operator == "=="
	return expression{truth: func(f *Facts) Truth {
		a, b := l(f), r(f)
		if a == NotKnown || b == NotKnown {
			return NotKnown
		}
		return yes((a == b) == same)
	}}, nil
}

// texts compares codes, or looks for a code among those chosen.
func texts(operator string, l, r expression) (expression, error) {
	var compare func(a, b string) bool
	switch operator {
	case "==":
		compare = func(a, b string) bool { return a == b }
	case "!=":
		compare = func(a, b string) bool { return a != b }
	case "in":
		compare = func(a, b string) bool { return chosen(b, a) }
	default:
		return expression{}, misplaced(operator)
	}
	if r.constant && l.reads != nil {
		return expression{truth: factIs(l.reads, r.s, operator == "==")}, nil
	}
	return expression{truth: func(f *Facts) Truth {
		a, known := l.text(f)
		b, both := r.text(f)
		if !known || !both {
			return NotKnown
		}
		return yes(compare(a, b))
	}}, nil
}

// factIs compares a code with one written out, by far the most frequent comparison.
func factIs(l *leaf, code string, is bool) truth {
	return func(f *Facts) Truth {
		s, state := f.rows[l.of].Code(l.place)
		if state != household.Given {
			l.lacking(f)
			return NotKnown
		}
		return yes((s == code) == is)
	}
}

var comparisons = map[string]func(a, b int64) bool{
	"==": func(a, b int64) bool { return a == b },
	"!=": func(a, b int64) bool { return a != b },
	"<":  func(a, b int64) bool { return a < b },
	"<=": func(a, b int64) bool { return a <= b },
	">":  func(a, b int64) bool { return a > b },
	">=": func(a, b int64) bool { return a >= b },
}

func numbers(operator string, l, r expression) (expression, error) {
	switch operator {
	case "+":
		return expression{number: func(f *Facts) (int64, bool) {
			a, known := l.number(f)
			b, both := r.number(f)
			return a + b, known && both
		}}, nil
	case "-":
		return expression{number: func(f *Facts) (int64, bool) {
			a, known := l.number(f)
			b, both := r.number(f)
			return a - b, known && both
		}}, nil
	}
	compare, ok := comparisons[operator]
	if !ok {
		return expression{}, misplaced(operator)
	}
	if r.constant {
		b := r.n
		return expression{truth: func(f *Facts) Truth {
			a, known := l.number(f)
			if !known {
				return NotKnown
			}
			return yes(compare(a, b))
		}}, nil
	}
	return expression{truth: func(f *Facts) Truth {
		a, known := l.number(f)
		b, both := r.number(f)
		if !known || !both {
			return NotKnown
		}
		return yes(compare(a, b))
	}}, nil
}

// walk is any, all and count over members or supporters.
func (c *compiler) walk(n *ast.BuiltinNode) (expression, error) {
	if len(n.Arguments) != 2 || c.in {
		return expression{}, fmt.Errorf("%s: want any, all or count of members or supporters, not one inside another", n.Name)
	}
	list, ok := n.Arguments[0].(*ast.IdentifierNode)
	if !ok {
		return expression{}, fmt.Errorf("%s: want members or supporters", n.Name)
	}
	var p people
	switch list.Value {
	case "members":
		p = people{household.Member, household.Size}
	case "supporters":
		p = people{household.Supporter, household.Supporters}
	default:
		return expression{}, fmt.Errorf("%s of %s: want members or supporters", n.Name, list.Value)
	}
	inner := compiler{scope: c.scope, list: p.scope, in: true, reads: c.reads}
	each, err := inner.node(n.Arguments[1])
	if err != nil {
		return expression{}, err
	}
	c.reads = inner.reads
	switch {
	case each.truth == nil:
	case n.Name == "any":
		return expression{truth: p.fold(each.truth, Holds)}, nil
	case n.Name == "all":
		return expression{truth: p.fold(each.truth, Fails)}, nil
	case n.Name == "count":
		return expression{number: p.tally(each.truth)}, nil
	}
	return expression{}, fmt.Errorf("%s has no place in a condition", n.Name)
}

// people is a list of them and what says how many there are.
type people struct {
	scope household.Scope
	size  household.Key
}

func (p people) count(f *Facts) (n int, known bool) {
	if p.scope == household.Member {
		n = f.answers.MemberCount()
		known = n > 0
	} else {
		n, known = f.answers.SupporterCount()
	}
	if !known {
		f.lacks(p.size)
	}
	return n, known
}

func (p people) fold(each truth, settled Truth) truth {
	return func(f *Facts) Truth {
		mark := len(f.missing)
		n, known := p.count(f)
		out := not(settled)
		if !known {
			out = NotKnown
		}
		for turn := 1; turn <= n; turn++ {
			f.look(theTurn, p.scope, turn)
			switch each(f) {
			case settled:
				f.forget(mark)
				return settled
			case NotKnown:
				out = NotKnown
			}
		}
		return out
	}
}

func (p people) tally(each truth) number {
	return func(f *Facts) (total int64, known bool) {
		n, known := p.count(f)
		for turn := 1; turn <= n; turn++ {
			f.look(theTurn, p.scope, turn)
			switch each(f) {
			case Holds:
				total++
			case NotKnown:
				known = false
			}
		}
		return total, known
	}
}
