package means

import (
	"fmt"

	"yimen/kiosk/estimate/trace"
	"yimen/kiosk/household"
	"yimen/kiosk/policy"
)

// Basis is a pack on one day: what depends on these alone is looked up once. It is for one goroutine.
type Basis struct {
	Pack   *policy.Pack
	On     household.Date
	params map[string]*dated
	called map[person]*trace.Value
}

// dated is a parameter on the basis' day.
type dated struct {
	value policy.Value
	err   error
}

// person is who a sentence speaks of without a name: which member, and what they are to the applicant.
type person struct {
	subject  int
	relation string
}

// NewBasis makes a basis.
func NewBasis(p *policy.Pack, on household.Date) *Basis {
	return &Basis{Pack: p, On: on, params: map[string]*dated{}, called: map[person]*trace.Value{}}
}

// Has reports whether a parameter has a period that holds on the day.
func (b *Basis) Has(key string) bool { return b.dated(key).err == nil }

// dated looks a parameter up once a day.
func (b *Basis) dated(key string) *dated {
	d, ok := b.params[key]
	if !ok {
		d = &dated{}
		d.value, d.err = b.Pack.Param(key, b.On)
		b.params[key] = d
	}
	return d
}

// Param gives a figure, remembering whether it is illustrative. Not known means that it is not settled (待)
// or, in production, that it is only illustrative; a note then says so.
func (w *Working) Param(key string) (policy.Number, bool) {
	if w.Err != nil {
		return policy.Number{}, false
	}
	d := w.dated(key)
	v := &d.value
	switch {
	case d.err != nil:
		w.Err = d.err
		return policy.Number{}, false
	case v.Pending != nil:
		w.note(v, "estimate.pending", v.Pending)
		return policy.Number{}, false
	case v.Example && w.Pack.Mode == policy.Production:
		w.note(v, "estimate.paused", v.Name)
		return policy.Number{}, false
	}
	w.Result.Example = w.Result.Example || v.Example
	return *v.Amount, true
}

// Usable gives a figure that may be reckoned with; nothing is noted where there is none.
func (w *Working) Usable(key string) (policy.Number, bool) {
	d := w.dated(key)
	if d.err != nil || d.value.Amount == nil || d.value.Example && w.Pack.Mode == policy.Production {
		return policy.Number{}, false
	}
	return *d.value.Amount, true
}

// Step gives a rule that the reckoning itself names.
func (w *Working) Step(id string) *policy.Rule {
	r, ok := w.Pack.Rule(id)
	if !ok {
		if w.Err == nil {
			w.Err = fmt.Errorf("the pack has no rule %s", id)
		}
		return nil
	}
	return r
}

// Lookup reads a table for a person, remembering whether it is illustrative; not known is noted as missing.
func (w *Working) Lookup(table string, subject int) (policy.Number, bool) {
	if w.Err != nil {
		return policy.Number{}, false
	}
	v, found, err := w.Pack.Lookup(table, &w.Facts, subject)
	if err != nil {
		w.Err = err
		return policy.Number{}, false
	}
	if v.Amount == nil {
		w.Missing(found.Missing...)
		return policy.Number{}, false
	}
	if v.Example && w.Pack.Mode == policy.Production {
		w.note(&v, "estimate.paused", v.Name)
		return policy.Number{}, false
	}
	w.Result.Example = w.Result.Example || v.Example
	return *v.Amount, true
}

// note says once that a figure is not settled or only illustrative.
func (w *Working) note(v *policy.Value, wording string, what policy.Text) {
	w.Open = true
	if w.Book.Has(w.Notes, v.Key) {
		return
	}
	w.Book.Write(w.Notes, trace.Step{Rule: v.Key, Outcome: notKnown, Wording: w.Pack.Text(wording), Citation: &v.Citation, Example: v.Example},
		trace.Fill("what", trace.Spoken(what)), trace.Fill("parameter", trace.Spoken(what)))
}
