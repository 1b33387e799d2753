package policy

import (
	"fmt"
	"maps"
	"slices"

	"yimen/kiosk/household"
)

// Param gives a parameter on the day on. A day outside every period is an *OutsideError naming the parameter.
func (p *Pack) Param(key string, on household.Date) (Value, error) {
	param, ok := p.params[key]
	if !ok {
		return Value{}, fmt.Errorf("parameter %s: the pack has none of that name", key)
	}
	return param.On(on, p.origin["params/"+key])
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
