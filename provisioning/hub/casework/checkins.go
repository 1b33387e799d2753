package casework

import (
	"context"
	"net/http"
	"time"

	"yimen/kiosk/letter"
	"yimen/provisioning/hub/bureau"
	"yimen/provisioning/hub/docket"
)

// mostCheckIns bounds the list: each of them is opened to be shown.
const mostCheckIns = 100

type checkInsView struct {
	frameView
	Waiting int // that nobody has confirmed
	Rows    []checkInRow
	Trouble bool // the intake cannot be asked: those known before are shown
}

// checkInRow is one 签到.
type checkInRow struct {
	bureau.Row
	letter.CheckedIn
	With    string // companion's name; empty where nobody came along
	Tries   int    // comparisons of the face
	By      int    // number of the member of a hall's staff who confirmed, then or later; 0 for nobody
	LaterAt time.Time
	Broken  bool // its record cannot be read
}

// Sure tells that somebody, or the face, has confirmed it.
func (row checkInRow) Sure() bool { return row.Confirmed == letter.ConfirmedFace || row.By != 0 }

// At is when it was handed in.
func (row checkInRow) At() time.Time { return row.Manifest.SubmittedAt }

// checkIns lists who checked in, the newest first, and who has looked at them. Nothing follows from a check-in that did not
// come (domain.md §0.1 trap 15), so none of those is listed.
func (p *Pages) checkIns(w http.ResponseWriter, r *http.Request, o docket.Officer) {
	rows, err := p.clerk.Desk.Dossiers(r.Context())
	v := checkInsView{frameView: p.frame(o), Trouble: err != nil}
	later := map[string]checkInRow{} // confirmations by the slip they are about
	seen := 0
	for _, row := range rows {
		if row.Trouble != nil || row.Summary.Kind != string(letter.CheckIn) {
			continue
		}
		if seen++; seen > mostCheckIns {
			break
		}
		in := p.checkIn(r.Context(), row)
		if about := row.Manifest.About; about != "" {
			later[about] = in // newer than what it confirms
			continue
		}
		if c, ok := later[row.Manifest.SlipNo]; ok && in.By == 0 {
			in.By, in.LaterAt = c.By, c.At()
		}
		if !in.Broken && !in.Sure() {
			v.Waiting++
		}
		v.Rows = append(v.Rows, in)
	}
	p.show(w, r, http.StatusOK, "checkins.html", v)
}

func (p *Pages) checkIn(ctx context.Context, row bureau.Row) checkInRow {
	in := checkInRow{Row: row}
	_, record, err := recordOf[letter.CheckedIn](ctx, p.clerk, row.ID)
	if err != nil {
		p.log.WarnContext(ctx, "check-in not read", "envelope", row.ID, "error", err)
		in.Broken = true
		return in
	}
	in.CheckedIn, in.By, in.Tries = record, record.Staff, len(record.Faces)
	if with := record.Companion; with != nil {
		in.With = with.Name.Reveal()
	}
	return in
}
