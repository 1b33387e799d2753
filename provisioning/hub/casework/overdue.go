package casework

import (
	"errors"
	"net/http"
	"slices"
	"strconv"

	"yimen/kiosk/policy/flow"
	"yimen/provisioning/hub/docket"
)

// overdueView is the supervisors' page: which days passed without what the office owed by them (超时通报, domain.md §3.4).
type overdueView struct {
	frameView
	Waiting []overrunView // for a supervisor's word, what is longest overdue first
	Signed  []overrunView // the one signed last first
	Wrong   int64         // Record of the one whose words cannot be taken; 0 for none
	Reason  docket.Reason
	Words   string // as they were typed
}

// overrunView is one overrun with the case it is in.
type overrunView struct {
	docket.Overrun
	No, Item string
	Number   string // of this notification
	At       string // stage at which the case stood then, in words
	Now      string // and stands today
	Over     bool   // nothing more is awaited
	Late     int    // working days, until today
	Counted  bool   // the calendar reaches, so that Late is known
	By       string // who had moved it to that stage; empty for nobody
	SignedBy string
}

// mostSigned bounds how many that were signed are shown.
const mostSigned = 100

func supervises(o docket.Officer) bool { return slices.Contains(o.Roles, flow.Supervise) }

func (p *Pages) overdue(w http.ResponseWriter, r *http.Request, o docket.Officer) {
	p.overdueWith(w, r, http.StatusOK, overdueView{frameView: p.frame(o)})
}

func (p *Pages) overdueWith(w http.ResponseWriter, r *http.Request, status int, v overdueView) {
	if !v.Supervises {
		p.refuse(w, r, v.Officer, "", docket.ErrDuty)
		return
	}
	for _, c := range p.book.Cases() {
		for _, over := range c.Overruns {
			one := p.overrun(c, over)
			if over.Signed == nil {
				v.Waiting = append(v.Waiting, one)
			} else {
				v.Signed = append(v.Signed, one)
			}
		}
	}
	slices.SortStableFunc(v.Waiting, func(a, b overrunView) int { return int(a.Due) - int(b.Due) })
	slices.SortStableFunc(v.Signed, func(a, b overrunView) int { return b.Overrun.Signed.At.Compare(a.Overrun.Signed.At) })
	v.Signed = v.Signed[:min(len(v.Signed), mostSigned)]
	p.show(w, r, status, "overdue.html", v)
}

func (p *Pages) overrun(c docket.Case, over docket.Overrun) overrunView {
	nth := slices.IndexFunc(c.Overruns, func(o docket.Overrun) bool { return o.Record == over.Record }) + 1
	v := overrunView{
		Overrun: over, No: c.No, Item: c.Item.Name.In("zh-CN"), Number: c.No + "-CS-" + strconv.Itoa(nth),
		At: c.Stage(over.Stage).Name.In("zh-CN"), Now: c.Stage(c.Now().Code).Name.In("zh-CN"), Over: c.Stage(c.Now().Code).Over,
	}
	v.Late, v.Counted = p.book.Late(c, over.Due)
	for _, e := range c.Stages {
		if e.Code == over.Stage && !e.At.After(over.At) && e.Officer != "" {
			v.By = p.sessions.Name(e.Officer)
		}
	}
	if over.Signed != nil {
		v.SignedBy = p.sessions.Name(over.Signed.Officer)
	}
	return v
}

// sign takes a supervisor's word on one overrun.
func (p *Pages) sign(w http.ResponseWriter, r *http.Request, o docket.Officer) {
	no := r.PathValue("no")
	record, err := strconv.ParseInt(r.PathValue("record"), 10, 64)
	if err != nil {
		p.absent(w, r, o)
		return
	}
	words := r.PostFormValue("words")
	err = p.book.Sign(r.Context(), o, no, record, words)
	var field *docket.FieldError
	switch {
	case err == nil:
		http.Redirect(w, r, Path+"overdue", http.StatusSeeOther)
	case errors.As(err, &field):
		p.overdueWith(w, r, http.StatusUnprocessableEntity, overdueView{frameView: p.frame(o), Wrong: record, Reason: field.Reason, Words: words})
	default:
		p.refuse(w, r, o, no, err)
	}
}
