// Package figure is the exact numbers of packs: parameters by periods, each with its source. A day outside every
// period is an error that names the parameter; there is no default and no latest.
package figure

import (
	"fmt"
	"slices"
	"strings"

	"yimen/kiosk/household"
	"yimen/kiosk/policy/wording"
)

// Decimal is a plain decimal number as written in a pack; it is exact, never a binary fraction.
type Decimal string

// UnmarshalText takes the number as it is written.
func (d *Decimal) UnmarshalText(word []byte) error {
	if _, err := Decimal(word).Number(); err != nil {
		return err
	}
	*d = Decimal(word)
	return nil
}

// Number gives the number as it is reckoned with.
func (d Decimal) Number() (Number, error) {
	digits, negative := strings.CutPrefix(string(d), "-")
	whole, part, point := strings.Cut(digits, ".")
	if len(d) > 16 || strings.Trim(whole+part, "0123456789") != "" || whole+part == "" {
		return Number{}, fmt.Errorf("number %q: want a plain number of at most 15 digits such as 72500 or 0.10", string(d))
	}
	num, den := int64(0), int64(1)
	for _, c := range whole + part {
		num = num*10 + int64(c-'0')
	}
	if point {
		for range part {
			den *= 10
		}
	}
	if negative {
		num = -num
	}
	return Ratio(num, den), nil
}

// Param is a figure of a region by periods, such as dibao.standard in fen/person/month.
type Param struct {
	Key     string       `yaml:"key"`
	Name    wording.Text `yaml:"name"` // as residents and staff read it
	Unit    string       `yaml:"unit"` // fen/person/month, fen, ratio, months, yes/no (1 or 0), …
	Periods []Period     `yaml:"periods"`
}

// Period is a value with the days it holds for: from From on and before To. A Period whose figure nobody has
// confirmed (待) has Pending, which says what is waited for, instead of Value.
type Period struct {
	From       household.Date   `yaml:"from"`
	To         household.Date   `yaml:"to"` // first day it no longer holds; zero for open
	Value      Decimal          `yaml:"value"`
	Pending    wording.Text     `yaml:"pending"`
	Citation   wording.Citation `yaml:"citation"`
	Confidence string           `yaml:"confidence"` // A read in full, B secondary, C general knowledge (domain.md §0)
}

// Value is a parameter on one day.
type Value struct {
	Key      string
	Name     wording.Text
	Unit     string
	Amount   *Number      // nil where Pending
	Pending  wording.Text // what is waited for; nil where the figure stands
	Citation wording.Citation
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

// On gives the parameter on the day on; origin is the pack that it comes from.
func (p Param) On(on household.Date, origin string) (Value, error) {
	for _, period := range p.Periods {
		if on < period.From || period.To != 0 && on >= period.To {
			continue
		}
		v := Value{Key: p.Key, Name: p.Name, Unit: p.Unit, Pending: period.Pending, Citation: period.Citation,
			Example: period.Citation.Illustrative != "", Origin: origin}
		if period.Pending != nil {
			return v, nil
		}
		amount, err := period.Value.Number()
		if err != nil {
			return Value{}, fmt.Errorf("parameter %s: %w", p.Key, err)
		}
		v.Amount = &amount
		return v, nil
	}
	return Value{}, &OutsideError{p.Key, on}
}

// Faults says what is wrong with the i-th period, and what to do: it has a day it begins on, a value or what is
// waited for, and begins on the day the one before ends.
func (p Param) Faults(i int) (list []string) {
	fault := func(format string, args ...any) {
		list = append(list, fmt.Sprintf("parameter %s: "+format, append([]any{p.Key}, args...)...))
	}
	this := p.Periods[i]
	if (this.Pending == nil) == (this.Value == "") {
		fault("a period has a value or says under pending what is waited for")
	}
	if this.From == 0 {
		fault("a period says from")
	}
	if this.To != 0 && this.To <= this.From {
		fault("the period ends on %s, before it begins on %s", this.To, this.From)
	}
	if !slices.Contains([]string{"", "A", "B", "C"}, this.Confidence) {
		fault("confidence %q: A, B or C", this.Confidence)
	}
	if i == 0 {
		return list
	}
	switch before := p.Periods[i-1]; {
	case before.To == 0:
		fault("the period before has no end: say to: %s there", this.From)
	case this.From < before.To:
		fault("from %s overlaps the period before, which ends on %s", this.From, before.To)
	case this.From > before.To:
		fault("nothing holds from %s to %s: close the gap, with pending if nobody knows", before.To, this.From)
	}
	return list
}
