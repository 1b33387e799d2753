package policy

import (
	"fmt"

	"yimen/kiosk/household"
	"yimen/kiosk/policy/condition"
	"yimen/kiosk/policy/figure"
)

// Table gives a factor by circumstances, such as labour_coef (domain.md §4.3): the first row whose condition
// holds. A table that should always answer ends with a row whose condition is true.
type Table struct {
	Key      string          `yaml:"key"`
	Name     Text            `yaml:"name"`
	Scope    household.Scope `yaml:"scope"` // member or supporter
	Unit     string          `yaml:"unit"`
	Citation Citation        `yaml:"citation"`
	Rows     []TableRow      `yaml:"rows"`
}

// TableRow is a condition with the value it gives.
type TableRow struct {
	When  string  `yaml:"when"`
	Value Decimal `yaml:"value"`

	condition *condition.Condition
}

// Lookup gives a table's value for one subject. Not known names the answers that would settle which row it is;
// a table without a row for the subject fails.
func (p *Pack) Lookup(table string, f *condition.Facts, subject int) (Value, condition.Finding, error) {
	t, ok := p.tables[table]
	if !ok {
		return Value{}, condition.Finding{}, fmt.Errorf("table %s: the pack has none of that name", table)
	}
	v := Value{Key: t.Key, Name: t.Name, Unit: t.Unit, Citation: t.Citation, Example: t.Citation.Illustrative != "", Origin: p.origin["tables/"+t.Key]}
	for _, row := range t.Rows {
		found := row.condition.On(f, subject)
		switch found.Truth {
		case condition.NotKnown:
			return v, found, nil
		case condition.Holds:
			amount, err := row.Value.Number()
			v.Amount = &amount
			return v, found, err
		}
	}
	v.Amount = &figure.Number{}
	return v, condition.Finding{Truth: condition.Fails}, nil
}

func (c inspector) table(path string, t *Table) {
	c.text(path+".name", t.Name)
	c.citation(path+".citation", t.Citation)
	if t.Unit == "" {
		c.page.At(path, "table %s has no unit", t.Key)
	}
	if t.Scope != household.Member && t.Scope != household.Supporter {
		c.page.At(path, "table %s: scope is member or supporter", t.Key)
		return
	}
	for i, row := range t.Rows {
		at := fmt.Sprintf("%s.rows[%d]", path, i)
		if row.When == "" || row.Value == "" {
			c.page.At(at, "table %s: a row has when and value", t.Key)
		}
		c.condition(at+".when", row.When, t.Scope)
	}
}
