// Package guide is how a resident finds the way into a pack: the situations people come with, the programmes that one
// interview reckons, the amounts that are paid, and forms filled in as a sample. The words lie in packs.
package guide

import (
	"math/big"
	"strings"

	"yimen/kiosk/household"
	"yimen/kiosk/policy/figure"
	"yimen/kiosk/policy/wording"
)

// Situation is something that happens in a life, such as 生病了, with the items that may help then.
type Situation struct {
	ID    string       `yaml:"id"`
	Name  wording.Text `yaml:"name"`
	Icon  string       `yaml:"icon"`
	Items []string     `yaml:"items"` // codes, the likeliest help first
}

// Group is one of the catalogue's 大项: the items whose codes begin with its own.
type Group struct {
	Code string       `yaml:"code"` // 01
	Name wording.Text `yaml:"name"`
	Icon string       `yaml:"icon"`
}

// Programme is what a resident calls a programme of the estimate, and the item under which it is applied for.
type Programme struct {
	ID   string       `yaml:"id"` // dibao, edge, …: as kiosk/estimate names it
	Name wording.Text `yaml:"name"`
	Item string       `yaml:"item"` // code
}

// Standard is a row of 发放标准 (domain.md §4.15): which parameter it shows, and for whom.
type Standard struct {
	Param string       `yaml:"param"`
	Kind  wording.Text `yaml:"kind"` // what is paid
	Area  wording.Text `yaml:"area"` // urban, rural or both
	Unit  wording.Text `yaml:"unit"` // 元/人·月 or what share of which sum
}

// Sample is an invented household by which forms are filled in to be looked at (展示样表, domain.md §1 row 38).
type Sample struct {
	Forms     []string `yaml:"forms"`     // ids
	Household string   `yaml:"household"` // in the household format (household.Parse)
}

// Holding gives the period of a parameter that holds on a day; false where none does.
func Holding(p figure.Param, on household.Date) (figure.Period, bool) {
	for _, period := range p.Periods {
		if on >= period.From && (period.To == 0 || on < period.To) {
			return period, true
		}
	}
	return figure.Period{}, false
}

// Amount writes a figure of that unit as people read it: fen as yuan, a share as percent, anything else as a plain
// number. It is empty where the figure is not settled.
func Amount(unit string, value figure.Decimal) string {
	r, ok := new(big.Rat).SetString(string(value))
	switch {
	case !ok:
		return ""
	case strings.HasPrefix(unit, "fen") && r.IsInt() && r.Num().IsInt64():
		return wording.Yuan(r.Num().Int64())
	case strings.HasPrefix(unit, "fen"):
		return plain(r.Quo(r, big.NewRat(100, 1)))
	case strings.HasPrefix(unit, "share"):
		return plain(r.Mul(r, big.NewRat(100, 1))) + "%"
	}
	return plain(r)
}

// plain writes a number with at most two decimals and no needless zeros.
func plain(r *big.Rat) string {
	return strings.TrimRight(strings.TrimRight(r.FloatString(2), "0"), ".")
}
