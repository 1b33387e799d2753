package casework

import (
	"errors"
	"net/http"
	"slices"
	"strconv"

	"yimen/kiosk/household"
	"yimen/kiosk/inquiry"
	"yimen/kiosk/letter"
	"yimen/kiosk/noticeboard"
	"yimen/kiosk/policy"
	"yimen/kiosk/policy/flow"
	"yimen/provisioning/hub/docket"
)

// caseView is what the page of one case shows.
type caseView struct {
	frameView
	docket.Case
	Light          inquiry.Light
	Promised, Next household.Date
	Today          household.Date
	Line           []stageLine
	Chapters       []chapterView
	Steps          []nextStep
	Letters        []letterLine
	Notices        []noticeView // the one put up last first
	Overruns       []overrunView
	Missing        *docket.Paper
	Log            []logLine
	Said           *letter.Objected // of an objection: what was said, if it can be opened now
}

// stageLine is one stage on the timeline.
type stageLine struct {
	docket.Entered
	Stage *flow.Stage
	By    string // officer's name
	Now   bool
}

type chapterView struct {
	Name  policy.Text
	Steps []stepLine
}

type stepLine struct {
	docket.Place
	By string
}

// nextStep is one lawful step, and whether it is this officer's.
type nextStep struct {
	ID, Title string
	Paper     string // code of the document that goes out with it, and its title
	PaperName string
	Mine      bool
	End       bool // it leads out of the ordinary way
}

type letterLine struct {
	docket.Arrived
	Open bool // an objection that is not answered
}

type noticeView struct {
	noticeboard.Notice
	Left int
	Down bool
}

type logLine struct {
	docket.Record
	By string
}

// What tells what a record is about, for the words of the page.
func (l logLine) What() string {
	switch h := l.Happening.(type) {
	case *docket.Opened:
		return "opened"
	case *docket.Moved:
		return "moved " + h.To
	case *docket.Stepped:
		return "stepped " + h.Step
	case *docket.Extended:
		return "extended"
	case *docket.Issued:
		return "issued " + h.No
	case *docket.Noticed:
		return "noticed " + h.Notice.No
	case *docket.TakenDown:
		return "taken-down " + h.No
	case *docket.Overran:
		return "overran " + h.Due.String()
	case *docket.Signed:
		return "signed " + strconv.FormatInt(h.Record, 10)
	case *docket.Told:
		return "told"
	case *docket.Attached:
		return "attached " + h.Kind
	}
	return ""
}

func (p *Pages) one(w http.ResponseWriter, r *http.Request, o docket.Officer) {
	c, ok := p.book.Case(r.PathValue("no"))
	if !ok {
		p.absent(w, r, o)
		return
	}
	v := p.view(c, o)
	if c.Kind == string(letter.Objection) {
		_, said, err := recordOf[letter.Objected](r.Context(), p.clerk, c.Envelope)
		if err == nil {
			v.Said = &said
		} else {
			p.log.WarnContext(r.Context(), "objection not opened", "case", c.No, "error", err)
		}
	}
	p.show(w, r, http.StatusOK, "case.html", v)
}

func (p *Pages) view(c docket.Case, o docket.Officer) caseView {
	v := caseView{frameView: p.frame(o), Case: c, Today: household.DateOf(p.clerk.Now().In(p.clerk.Zone))}
	v.Promised, v.Next, v.Light = p.book.Lights(c)
	for i, e := range c.Stages {
		v.Line = append(v.Line, stageLine{e, c.Stage(e.Code), p.sessions.Name(e.Officer), i == len(c.Stages)-1})
	}
	for _, place := range c.Chapters() {
		if n := len(v.Chapters); n == 0 || v.Chapters[n-1].Name.In("zh-CN") != place.Chapter.Name.In("zh-CN") {
			v.Chapters = append(v.Chapters, chapterView{Name: place.Chapter.Name})
		}
		line := stepLine{Place: place}
		if place.Done != nil {
			line.By = p.sessions.Name(place.Done.Officer)
		}
		last := &v.Chapters[len(v.Chapters)-1]
		last.Steps = append(last.Steps, line)
	}
	v.Steps = p.steps(c, o)
	for _, a := range c.Attached {
		line := letterLine{Arrived: a}
		if raised, ok := p.book.Case(a.Case); ok {
			line.Open = !raised.Stage(raised.Now().Code).Decided
		}
		v.Letters = append(v.Letters, line)
	}
	for _, h := range slices.Backward(c.Notices) {
		v.Notices = append(v.Notices, noticeView{h.Notice, h.Left(v.Today), h.Down != 0})
	}
	for _, over := range c.Overruns {
		v.Overruns = append(v.Overruns, p.overrun(c, over))
	}
	if asked, ok := c.Missing(); ok {
		v.Missing = &asked
	}
	for _, rec := range c.Records {
		v.Log = append(v.Log, logLine{rec, p.sessions.Name(rec.Officer)})
	}
	return v
}

// steps lists what may lawfully follow, what leads out of the ordinary way last.
func (p *Pages) steps(c docket.Case, o docket.Officer) (list []nextStep) {
	for _, m := range p.book.Lawful(c) {
		list = append(list, nextStep{ID: m.ID(), Title: m.Title.In("zh-CN"), Paper: p.book.PaperOf(c, m), Mine: slices.Contains(o.Roles, m.By), End: len(m.From) == 0})
	}
	if p.book.Extensible(c) {
		list = append(list, nextStep{ID: docket.Extend, Paper: c.Flow.Clock.Paper, Mine: slices.Contains(o.Roles, flow.Review), End: true})
	}
	for i := range list {
		if doc, ok := c.Pack.Document(list[i].Paper); ok {
			list[i].PaperName = doc.Title.In("zh-CN")
		}
	}
	slices.SortStableFunc(list, func(a, b nextStep) int {
		switch {
		case a.End == b.End:
			return 0
		case a.End:
			return 1
		}
		return -1
	})
	return list
}

// SentYet tells whether a material that is missing has come.
func (v caseView) SentYet(code string) bool { return v.Sent(code, *v.Missing) }

// Material gives a material's name.
func (v caseView) Material(code string) string {
	for _, m := range v.Item.Materials {
		if m.Code == code {
			return m.Name.In("zh-CN")
		}
	}
	return code
}

// step marks a documented step as done.
func (p *Pages) step(w http.ResponseWriter, r *http.Request, o docket.Officer) {
	no := r.PathValue("no")
	if err := p.book.Done(r.Context(), o, no, r.PathValue("step")); err != nil {
		p.refuse(w, r, o, no, err)
		return
	}
	http.Redirect(w, r, Path+"case/"+no+"#steps", http.StatusSeeOther)
}

// refuse says why a step was not taken: somebody else was quicker, or it is another's duty.
func (p *Pages) refuse(w http.ResponseWriter, r *http.Request, o docket.Officer, no string, err error) {
	p.log.WarnContext(r.Context(), "step not taken", "case", no, "officer", o.ID, "error", err)
	status, why := http.StatusInternalServerError, "disk"
	for _, known := range []struct {
		err    error
		status int
		why    string
	}{
		{docket.ErrNoCase, http.StatusNotFound, "absent"}, {docket.ErrUnlawful, http.StatusConflict, "unlawful"},
		{docket.ErrDuty, http.StatusForbidden, "duty"}, {docket.ErrMinor, http.StatusConflict, "minor"}, {noticeboard.ErrNotice, http.StatusConflict, "notice"},
	} {
		if errors.Is(err, known.err) {
			status, why = known.status, known.why
			break
		}
	}
	p.show(w, r, status, "refused.html", struct {
		frameView
		No, Why string
	}{p.frame(o), no, why})
}
