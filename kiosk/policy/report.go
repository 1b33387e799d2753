package policy

import (
	"maps"
	"slices"
)

// Report is what a bureau reads before it lets a pack go live: its size and every value that is illustrative
// or still waited for.
type Report struct {
	ID, Edition, Digest string
	Items, Forms        int // items of the catalogue, and those with a form
	Rules, Params       int
	Questions           int
	Unsettled           []Unsettled
}

// Unsettled is one value that nobody has confirmed.
type Unsettled struct {
	Kind string // "pending" or "illustrative"
	Key  string // params/… or rules/…
	Why  string
}

// Report gives the findings in the order of their keys.
func (p *Pack) Report() Report {
	r := Report{ID: p.ID, Edition: p.Edition, Digest: p.Digest, Items: len(p.items), Rules: len(p.rules), Params: len(p.params)}
	for _, it := range p.items {
		if it.Form != "" {
			r.Forms++
		}
		r.illustrative("items/"+it.Code, it.Citation)
	}
	for _, f := range p.forms {
		for i := range f.Sections {
			r.Questions += len(f.Sections[i].Questions)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(p.params)) {
		for _, period := range p.params[key].Periods {
			if period.Pending != nil {
				r.Unsettled = append(r.Unsettled, Unsettled{"pending", "params/" + key + " from " + period.From.String(), period.Pending.In("zh-CN")})
			}
			r.illustrative("params/"+key+" from "+period.From.String(), period.Citation)
		}
	}
	for i := range p.rules {
		r.illustrative("rules/"+p.rules[i].ID, p.rules[i].Citation)
	}
	return r
}

func (r *Report) illustrative(key string, c Citation) {
	if c.Illustrative != "" {
		r.Unsettled = append(r.Unsettled, Unsettled{"illustrative", key, c.Illustrative})
	}
}
