package bureau

import (
	"fmt"
	"html/template"
	"strings"
	"time"
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
		"yuan":   func(fen int64) string { return fmt.Sprintf("%d.%02d", fen/100, fen%100) },
		"bytes":  bytesText,
		"short":  shortDigest,
	}
}

// shortDigest keeps the algorithm and 16 digits.
func shortDigest(digest string) string {
	algorithm := strings.IndexByte(digest, ':') + 1
	return digest[:min(len(digest), algorithm+16)]
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

// pageSize is how many dossiers one page of the list shows.
const pageSize = 100

// listView shows one page of the rows, which are the newest first; pages count from 1.
func listView(rows []Row, page int, cases string, err error) any {
	v := struct {
		Days         []dayView
		Total        int
		Newer, Older int // pages, 0 if there is none
		Trouble      string
		Cases        string // where cases are worked; empty for nowhere
	}{Total: len(rows), Trouble: troubleOf(err), Cases: cases}
	begin := min((page-1)*pageSize, len(rows))
	end := min(begin+pageSize, len(rows))
	if begin > 0 {
		v.Newer = page - 1
	}
	if end < len(rows) {
		v.Older = page + 1
	}
	for _, row := range rows[begin:end] {
		key := row.ReceivedAt.In(china).Format(time.DateOnly)
		if len(v.Days) == 0 || v.Days[len(v.Days)-1].Day.In(china).Format(time.DateOnly) != key {
			v.Days = append(v.Days, dayView{Day: row.ReceivedAt})
		}
		last := &v.Days[len(v.Days)-1]
		last.Rows = append(last.Rows, rowViewOf(row))
	}
	return v
}

func rowViewOf(row Row) rowView {
	v := rowView{Row: row, Trouble: troubleOf(row.Trouble)}
	for _, p := range row.Manifest.Parts {
		if isPage(p) {
			v.Pages++
		}
	}
	return v
}

// dossierView is what the page of one dossier shows.
type dossierView struct {
	*Dossier
	Size       int64 // bytes of all bodies
	PDF        *Part
	Pages      []pageView
	Groups     []Group
	Answers    []Entry // of a sheet in another form
	Estimate   *Estimate
	Working    []Entry // of an estimate in another form
	Replay     *Replay // nil where it was not reckoned again
	Signatures []Signed
	Others     []Part
	Cases      string // where cases are worked; empty for nowhere
}

// pageView is a scanned page and the frame it was cut from, if that was kept.
type pageView struct {
	Part
	Frame string // name of its part
}

func isPage(p Part) bool { return strings.HasPrefix(p.MediaType, "image/") && p.Scan.Of != frame }

func viewOf(o *Dossier) dossierView {
	v := dossierView{Dossier: o, Size: o.size}
	for _, p := range o.Manifest.Parts {
		switch {
		case p.MediaType == "application/pdf" && v.PDF == nil:
			v.PDF = &p
		case isPage(p):
			v.Pages = append(v.Pages, pageView{p, frameOf(o, p)})
		case p.Scan.Of == frame:
		case p.Name == answersName:
			if v.Groups = groups(o.bodies[p.Name]); v.Groups == nil {
				v.Answers = outline(o.bodies[p.Name])
			}
		case p.Name == estimateName:
			if v.Estimate = estimateIn(o.bodies[p.Name]); v.Estimate == nil {
				v.Working = outline(o.bodies[p.Name])
				continue
			}
			v.Estimate.named(o.Manifest)
		case strings.HasPrefix(p.Name, signaturesName):
			if s, ok := signedIn(o.bodies[p.Name]); ok {
				v.Signatures = append(v.Signatures, s)
				continue
			}
			v.Others = append(v.Others, p)
		default:
			v.Others = append(v.Others, p)
		}
	}
	return v
}

// frameOf finds the part with the frame that a page was cut from.
func frameOf(o *Dossier, page Part) string {
	for _, p := range o.Manifest.Parts {
		if p.Scan.Of == frame && p.Scan.Material == page.Scan.Material && p.Scan.Page == page.Scan.Page {
			return p.Name
		}
	}
	return ""
}
