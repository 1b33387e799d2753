package casework

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"time"

	"yimen/kiosk/household"
	"yimen/kiosk/inquiry"
	"yimen/kiosk/letter"
	"yimen/provisioning/hub/bureau"
	"yimen/provisioning/hub/docket"
)

// shelves are the ways to look at the book.
var shelves = []string{"open", "mine", "objection", "over"}

type listView struct {
	frameView
	Shelf string
	Count map[string]int // by shelf
	Rows  []caseRow
	Left  int      // envelopes that could not be filed
	Aside []string // numbers of cases whose edition is not here
}

// caseRow is one case in the list.
type caseRow struct {
	docket.Case
	Light    inquiry.Light
	Promised household.Date
	Next     household.Date
	Fresh    int  // letters that came since the case was last moved
	Mine     bool // a lawful step is this officer's duty
}

func (p *Pages) list(w http.ResponseWriter, r *http.Request, o docket.Officer) {
	v := listView{frameView: p.frame(o), Shelf: r.URL.Query().Get("shelf"), Count: map[string]int{}}
	if !slices.Contains(shelves, v.Shelf) {
		v.Shelf = shelves[0]
	}
	for _, c := range p.book.Cases() {
		row := p.row(c, o)
		for _, shelf := range shelves {
			if row.on(shelf) {
				v.Count[shelf]++
				if shelf == v.Shelf {
					v.Rows = append(v.Rows, row)
				}
			}
		}
	}
	slices.SortStableFunc(v.Rows, func(a, b caseRow) int { return cmp.Compare(urgency[b.Light], urgency[a.Light]) })
	v.Left, v.Aside = p.clerk.LeftCount(), p.book.Aside()
	p.show(w, r, http.StatusOK, "cases.html", v)
}

var urgency = map[inquiry.Light]int{inquiry.LightRed: 3, inquiry.LightYellow: 2, inquiry.LightGreen: 1}

func (p *Pages) row(c docket.Case, o docket.Officer) caseRow {
	row := caseRow{Case: c}
	row.Promised, row.Next, row.Light = p.book.Lights(c)
	for _, a := range c.Attached {
		if a.At.After(c.Now().At) {
			row.Fresh++
		}
	}
	for _, m := range p.book.Lawful(c) {
		row.Mine = row.Mine || len(m.From) > 0 && slices.Contains(o.Roles, m.By)
	}
	return row
}

// on tells whether a case stands on a shelf.
func (row caseRow) on(shelf string) bool {
	over := row.Stage(row.Now().Code).Over
	switch shelf {
	case "open":
		return !over
	case "mine":
		return !over && row.Mine
	case "objection":
		return row.Kind == string(letter.Objection)
	}
	return over
}

type inboxView struct {
	frameView
	Kind    string // shown; empty for all
	Kinds   []string
	Count   map[string]int
	Rows    []inboxRow
	Trouble bool // the intake cannot be asked: those known before are shown
}

// inboxRow is one envelope and where it went.
type inboxRow struct {
	bureau.Row
	Case string // number; empty where it is with none
	Left string // why it could not be filed: case, way, edition or read; empty where it was
}

// mostShown bounds the list of what came in.
const mostShown = 300

// inbox lists what came in by kind. A parked draft is not handed in and stands in no list.
func (p *Pages) inbox(w http.ResponseWriter, r *http.Request, o docket.Officer) {
	rows, err := p.clerk.Desk.Dossiers(r.Context())
	v := inboxView{frameView: p.frame(o), Kind: r.URL.Query().Get("kind"), Count: map[string]int{}, Trouble: err != nil}
	for _, row := range rows {
		kind := row.Summary.Kind
		if private(kind) {
			continue
		}
		if !slices.Contains(v.Kinds, kind) {
			v.Kinds = append(v.Kinds, kind)
		}
		v.Count[kind]++
		if v.Kind != "" && v.Kind != kind || len(v.Rows) >= mostShown {
			continue
		}
		in := inboxRow{Row: row, Left: whyLeft(p.clerk.Left(row.ID))}
		if c, ok := p.book.ByEnvelope(row.ID); ok {
			in.Case = c.No
		}
		v.Rows = append(v.Rows, in)
	}
	slices.Sort(v.Kinds)
	p.show(w, r, http.StatusOK, "inbox.html", v)
}

// whyLeft names why an envelope could not be filed.
func whyLeft(err error) string {
	switch {
	case err == nil:
		return ""
	case errors.Is(err, docket.ErrNoCase):
		return "case"
	case errors.Is(err, docket.ErrNoWay):
		return "way"
	case errors.Is(err, letter.ErrRecord):
		return "read"
	}
	return "edition"
}

// At is when it came.
func (row inboxRow) At() time.Time { return row.ReceivedAt }
