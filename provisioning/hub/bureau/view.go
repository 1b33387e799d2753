package bureau

import (
	"encoding/json"
	"fmt"
	"html/template"
	"strings"
	"time"

	"yimen/kiosk/estimate"
)

// china is the one zone of the country (UTC+8, no summer time).
var china = time.FixedZone("UTC+8", 8*60*60)

// functions are what the pages may call.
func functions() template.FuncMap {
	return template.FuncMap{
		"minute": func(t time.Time) string { return t.In(china).Format("2006-01-02 15:04") },
		"second": func(t time.Time) string { return t.In(china).Format("2006-01-02 15:04:05") },
		"day":    func(t time.Time) string { return t.In(china).Format("2006-01-02") },
		"clock":  func(t time.Time) string { return t.In(china).Format("15:04") },
		"yuan":   func(f estimate.Fen) string { return fmt.Sprintf("%d.%02d", f/100, f%100) },
		"bytes":  bytesText,
		"short":  func(digest string) string { return digest[:min(len(digest), len("sm3:")+16)] },
	}
}

func bytesText(n int64) string {
	switch {
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
	case n >= 1<<10:
		return fmt.Sprintf("%.0f KB", float64(n)/(1<<10))
	default:
		return fmt.Sprintf("%d B", n)
	}
}

// dayView is the dossiers received on one day.
type dayView struct {
	Day  time.Time
	Rows []rowView
}

type rowView struct {
	Row
	Trouble string
	Pages   int // scanned pages
}

func listView(rows []Row, err error) any {
	var days []dayView
	for _, row := range rows {
		v := rowView{Row: row, Trouble: troubleOf(row.Trouble)}
		for _, p := range row.Manifest.Parts {
			if isPage(p) {
				v.Pages++
			}
		}
		key := row.ReceivedAt.In(china).Format(time.DateOnly)
		if len(days) == 0 || days[len(days)-1].Day.In(china).Format(time.DateOnly) != key {
			days = append(days, dayView{Day: row.ReceivedAt})
		}
		last := &days[len(days)-1]
		last.Rows = append(last.Rows, v)
	}
	return struct {
		Days    []dayView
		Total   int
		Trouble string
	}{days, len(rows), troubleOf(err)}
}

// dossierView is what the page of one dossier shows.
type dossierView struct {
	*Dossier
	Size     int64 // bytes of all bodies
	PDF      *Part
	Pages    []Part
	Others   []Part
	Answers  []Entry
	Estimate *estimate.Result
	Working  []Entry // of an estimate in another form
}

func isPage(p Part) bool { return strings.HasPrefix(p.MediaType, "image/") }

func viewOf(o *Dossier) dossierView {
	v := dossierView{Dossier: o, Size: o.size}
	for _, p := range o.Manifest.Parts {
		switch {
		case p.MediaType == "application/pdf" && v.PDF == nil:
			v.PDF = &p
		case isPage(p):
			v.Pages = append(v.Pages, p)
		case p.Name == "answers.json":
			v.Answers = outline(o.bodies[p.Name])
		case p.Name == "estimate.json":
			var result estimate.Result
			if err := json.Unmarshal(o.bodies[p.Name], &result); err == nil && result.Verdict != "" {
				v.Estimate = &result
			} else {
				v.Working = outline(o.bodies[p.Name])
			}
		default:
			v.Others = append(v.Others, p)
		}
	}
	return v
}
