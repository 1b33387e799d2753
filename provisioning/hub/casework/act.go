package casework

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"yimen/kiosk/policy"
	"yimen/kiosk/policy/flow"
	"yimen/provisioning/hub/docket"
)

// actView is the form of one step: what is to be filled in, and the document as it would go out.
type actView struct {
	frameView
	docket.Case
	Move, Title string
	Paper       string // code of the document; empty for none
	Asks        []askView
	Wrong       []askView // of Asks, those filled in wrongly
	Preview     *docket.Issued
}

type askView struct {
	flow.Ask
	Value  string
	Reason docket.Reason // what is wrong; empty for nothing
	Choice []policy.Material
	First  bool // where the keyboard begins
}

// Chosen tells whether a material is ticked.
func (a askView) Chosen(code string) bool { return slices.Contains(strings.Split(a.Value, ","), code) }

// form shows what is to be filled in for a step.
func (p *Pages) form(w http.ResponseWriter, r *http.Request, o docket.Officer) {
	v, ok := p.actView(w, r, o, nil)
	if !ok {
		return
	}
	if len(v.Asks) == 0 {
		p.preview(w, r, v, map[string]string{})
		return
	}
	v.Asks[0].First = true
	p.show(w, r, http.StatusOK, "act.html", v)
}

// act takes what was filled in: first it shows the document as it would go out, and on a second word sends it.
func (p *Pages) act(w http.ResponseWriter, r *http.Request, o docket.Officer) {
	if err := r.ParseForm(); err != nil {
		http.Error(w, "form cannot be read", http.StatusBadRequest)
		return
	}
	fields := map[string]string{}
	for name, values := range r.PostForm {
		fields[name] = strings.ReplaceAll(strings.Join(values, ","), "\r\n", "\n")
	}
	v, ok := p.actView(w, r, o, fields)
	if !ok {
		return
	}
	switch fields["word"] {
	case "send":
		if err := p.book.Take(r.Context(), o, v.No, docket.Act{Move: v.Move, Fields: fields}); err != nil {
			p.wrong(w, r, v, err)
			return
		}
		http.Redirect(w, r, Path+"case/"+v.No, http.StatusSeeOther)
	case "change":
		if len(v.Asks) > 0 {
			v.Asks[0].First = true
		}
		p.show(w, r, http.StatusOK, "act.html", v)
	default:
		p.preview(w, r, v, fields)
	}
}

func (p *Pages) preview(w http.ResponseWriter, r *http.Request, v actView, fields map[string]string) {
	issued, err := p.book.Preview(v.Officer, v.No, docket.Act{Move: v.Move, Fields: fields})
	if err != nil {
		p.wrong(w, r, v, err)
		return
	}
	v.Preview = issued
	p.show(w, r, http.StatusOK, "preview.html", v)
}

// wrong shows the form again with what is wrong, in words, first; any other refusal has a page of its own.
func (p *Pages) wrong(w http.ResponseWriter, r *http.Request, v actView, err error) {
	found := false
	for _, fault := range faults(err) {
		for i := range v.Asks {
			if v.Asks[i].ID == fault.Field {
				v.Asks[i].Reason, v.Asks[i].First = fault.Reason, !found
				v.Wrong = append(v.Wrong, v.Asks[i])
				found = true
			}
		}
	}
	if !found {
		p.refuse(w, r, v.Officer, v.No, err)
		return
	}
	p.show(w, r, http.StatusUnprocessableEntity, "act.html", v)
}

// faults finds every FieldError within an error.
func faults(err error) (list []*docket.FieldError) {
	switch e := err.(type) {
	case *docket.FieldError:
		return []*docket.FieldError{e}
	case interface{ Unwrap() []error }:
		for _, one := range e.Unwrap() {
			list = append(list, faults(one)...)
		}
		return list
	}
	if inner := errors.Unwrap(err); inner != nil {
		return faults(inner)
	}
	return nil
}

// actView looks the step up; it answers the request itself where there is none.
func (p *Pages) actView(w http.ResponseWriter, r *http.Request, o docket.Officer, fields map[string]string) (actView, bool) {
	no, move := r.PathValue("no"), r.PathValue("move")
	c, ok := p.book.Case(no)
	if !ok {
		p.absent(w, r, o)
		return actView{}, false
	}
	steps := p.steps(c, o)
	i := slices.IndexFunc(steps, func(s nextStep) bool { return s.ID == move })
	switch {
	case i < 0:
		p.refuse(w, r, o, no, docket.ErrUnlawful)
		return actView{}, false
	case !steps[i].Mine:
		p.refuse(w, r, o, no, docket.ErrDuty)
		return actView{}, false
	}
	v := actView{frameView: p.frame(o), Case: c, Move: move, Title: steps[i].Title, Paper: steps[i].Paper}
	paper, ok := c.Pack.Paper(v.Paper)
	if !ok {
		return v, true
	}
	for _, ask := range paper.Asks {
		a := askView{Ask: ask, Value: fields[ask.ID]}
		for _, m := range c.Item.Materials {
			if ask.Input == flow.Materials && m.Need != policy.NeedHere {
				a.Choice = append(a.Choice, m)
			}
		}
		v.Asks = append(v.Asks, a)
	}
	return v, true
}
