package policy

import (
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"

	"yimen/kiosk/household"
)

// Decimal is a plain decimal number as written in a pack; it is exact, never a binary fraction.
type Decimal string

// UnmarshalText takes the number as it is written.
func (d *Decimal) UnmarshalText(word []byte) error {
	if _, err := Decimal(word).Rat(); err != nil {
		return err
	}
	*d = Decimal(word)
	return nil
}

// Rat gives the number as a fraction.
func (d Decimal) Rat() (*big.Rat, error) {
	if len(d) == 0 || len(strings.Trim(string(d), "-0123456789.")) > 0 || len(d) > 16 {
		return nil, fmt.Errorf("number %q: want a plain number of at most 15 digits such as 72500 or 0.10", string(d))
	}
	r, ok := new(big.Rat).SetString(string(d))
	if !ok {
		return nil, fmt.Errorf("number %q: want digits with at most one point", string(d))
	}
	return r, nil
}

// Param is a figure of a region by periods, such as dibao.standard in fen/person/month.
type Param struct {
	Key     string   `yaml:"key"`
	Name    Text     `yaml:"name"` // as residents and staff read it
	Unit    string   `yaml:"unit"` // fen/person/month, fen, ratio, months, yes/no (1 or 0), …
	Periods []Period `yaml:"periods"`
}

// Period is a value with the days it holds for: from From on and before To. A Period whose figure nobody has
// confirmed (待) has Pending, which says what is waited for, instead of Value.
type Period struct {
	From       household.Date `yaml:"from"`
	To         household.Date `yaml:"to"` // first day it no longer holds; zero for open
	Value      Decimal        `yaml:"value"`
	Pending    Text           `yaml:"pending"`
	Citation   Citation       `yaml:"citation"`
	Confidence string         `yaml:"confidence"` // A read in full, B secondary, C general knowledge (domain.md §0)
}

// Value is a parameter on one day.
type Value struct {
	Key      string
	Name     Text
	Unit     string
	Amount   *big.Rat // nil where Pending
	Pending  Text     // what is waited for; nil where the figure stands
	Citation Citation
	Example  bool   // illustrative: stamps 示例数据 in demo, pauses the estimate in production
	Origin   string // id of the pack it comes from
}

// OutsideError says that a parameter has no period for a day: there is no default and no latest.
type OutsideError struct {
	Key string
	On  household.Date
}

func (e *OutsideError) Error() string {
	return fmt.Sprintf("parameter %s has no period that holds on %s", e.Key, e.On)
}

// Param gives a parameter on the day on. A day outside every period is an *OutsideError naming the parameter.
func (p *Pack) Param(key string, on household.Date) (Value, error) {
	param, ok := p.params[key]
	if !ok {
		return Value{}, fmt.Errorf("parameter %s: the pack has none of that name", key)
	}
	for _, period := range param.Periods {
		if on < period.From || period.To != 0 && on >= period.To {
			continue
		}
		v := Value{Key: key, Name: param.Name, Unit: param.Unit, Pending: period.Pending, Citation: period.Citation,
			Example: period.Citation.Illustrative != "", Origin: p.origin["params/"+key]}
		if period.Pending == nil {
			var err error
			if v.Amount, err = period.Value.Rat(); err != nil {
				return Value{}, fmt.Errorf("parameter %s: %w", key, err)
			}
		}
		return v, nil
	}
	return Value{}, &OutsideError{key, on}
}

// Params gives every parameter with all its periods, in the order of their keys.
func (p *Pack) Params() (list []Param) {
	for _, key := range slices.Sorted(maps.Keys(p.params)) {
		list = append(list, p.params[key])
	}
	return list
}

// HasParam reports whether the pack knows the parameter at any time.
func (p *Pack) HasParam(key string) bool {
	_, ok := p.params[key]
	return ok
}
