package bureau

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"yimen/drivers/device"
)

// Manifest is the first body of a dossier: what the others are. A field that this desk does not show stays in the
// bytes, which Dossier keeps.
type Manifest struct {
	Dossier     string    `json:"dossier"`
	Kind        string    `json:"kind"`
	Item        string    `json:"item"` // code of the service item, 0101
	ItemName    string    `json:"item_name"`
	Applicant   string    `json:"applicant"`
	SlipNo      string    `json:"slip_no"`     // on the resident's slip
	QueryCheck  string    `json:"query_check"` // number.Check of the slip's query code
	About       string    `json:"about"`       // of a letter: slip number of what it belongs to
	From        Party     `json:"from"`        // of a letter: who stood at the terminal
	For         Party     `json:"for"`         // of a letter: for whom, where that is somebody else
	Terminal    string    `json:"terminal"`
	Hall        string    `json:"hall"`
	Region      string    `json:"region"` // GB/T 2260
	SubmittedAt time.Time `json:"submitted_at"`
	Pack        struct {
		ID      string `json:"id"`
		Edition string `json:"edition"`
		Digest  string `json:"digest"`
	} `json:"pack"`
	Sources []struct {
		ID    string `json:"id"`
		Title string `json:"title"`
	} `json:"sources"`
	Parts     []Part     `json:"parts"`
	Materials []Material `json:"materials"`
	Assist    *Assist    `json:"assist"`
}

// Assist is who helped the resident at the terminal; without a name where the resident gave none either.
type Assist struct {
	Helper    device.Personal `json:"helper"`
	Number    device.Personal `json:"number"`
	Confirmed int             `json:"confirmed"` // pages that the resident confirmed in person
}

// Party is a person as a letter names him.
type Party struct {
	Name   device.Personal `json:"name"`
	Number device.Personal `json:"number"`
	Proof  string          `json:"proof"`
}

// Part is one body of a dossier, after the manifest.
type Part struct {
	No        int    `json:"no"`
	Name      string `json:"name"` // as a path: pages/01-M09-1.jpg
	MediaType string `json:"media_type"`
	Size      int64  `json:"size"`   // bytes of the plain body
	Digest    string `json:"digest"` // of the plain body
	Title     string `json:"title"`
	Scan      struct {
		Material string  `json:"material"` // code, M09
		Page     int     `json:"page"`     // within the material, from 1
		Of       string  `json:"of"`       // page, or the frame it was cut from
		DPI      float64 `json:"dpi"`      // of a page; 0 where its size is not known
		WayUp    string  `json:"way_up"`   // writing, person or as_laid
		Verdict  struct {
			Check bool     `json:"needs_check"` // 需工作人员核对
			Flaws []string `json:"flaws"`       // by which its picture is not good, the most pressing first
			Shots int      `json:"shots"`       // pictures taken until this one was kept
		} `json:"verdict"` // of a page: how the terminal judged its picture
	} `json:"scan"`
}

// Material tells how one that the item asks for stands.
type Material struct {
	Code  string `json:"code"`
	Name  string `json:"name"`
	State string `json:"state"` // scanned, shared, here or later
	Pages int    `json:"pages"`
	Check bool   `json:"needs_check"` // 需工作人员核对: a page among them
}

// Names of the parts that this desk reads itself.
const (
	answersName    = "answers.json"
	estimateName   = "estimate.json"
	signaturesName = "signatures/"
	frame          = "frame"
)

// sheet is answers.json: what was asked, in order, and what was answered.
type sheet struct {
	Answers []answer `json:"answers"`
}

type answer struct {
	Key   string `json:"key"` // deposits, or member.2.health
	Label string `json:"label"`
	State string `json:"state"` // given, unknown or not_yet
	Shown string `json:"shown"` // in words
}

// Group is the answers about one person, or about the household.
type Group struct {
	Scope   string // member, supporter; "" for the household
	Subject string // number within the scope
	Name    string // the person's, as answered
	Answers []answer
}

// groups puts together what was answered about the same subject, in the order of the first answer. It gives nil for
// a sheet of another form.
func groups(body []byte) []Group {
	var s sheet
	if err := json.Unmarshal(body, &s); err != nil {
		return nil
	}
	var all []Group
	place := map[string]int{}
	for _, a := range s.Answers {
		g := Group{}
		fact := a.Key
		if parts := strings.SplitN(a.Key, ".", 3); len(parts) == 3 {
			g.Scope, g.Subject, fact = parts[0], parts[1], parts[2]
		}
		i, known := place[g.Scope+"."+g.Subject]
		if !known {
			i = len(all)
			place[g.Scope+"."+g.Subject] = i
			all = append(all, g)
		}
		if fact == "name" {
			all[i].Name = a.Shown
		}
		all[i].Answers = append(all[i].Answers, a)
	}
	return all
}

// Estimate is what this desk shows of estimate.json.
type Estimate struct {
	Verdict    string // likely, unlikely or manual
	Monthly    int64  // fen
	HasMonthly bool
	Example    bool   // illustrative values took part
	Colour     string // red, yellow, blue, green; empty where nobody was asked
	Lines      []Line
	Flags      []Line // why a person must look
	Hints      []Line // what else may fit
	Changes    []Line // what would bring another answer; of a line only the sentence and the ground
}

// Line is one step of the working.
type Line struct {
	Outcome  string                           // met, not_met, not_known or figure
	Sentence map[string]string                // by language tag
	Citation struct{ Source, Article string } // Source is a code of the pack until named gives its title
	Example  bool
}

// In gives the sentence in a language.
func (l Line) In(lang string) string { return l.Sentence[lang] }

// estimateIn reads an estimate, or gives nil for one of another form.
func estimateIn(body []byte) *Estimate {
	var e Estimate
	if err := json.Unmarshal(body, &e); err != nil || e.Verdict == "" {
		return nil
	}
	return &e
}

// named puts the titles of sources in the place of their codes.
func (e *Estimate) named(m Manifest) {
	titles := map[string]string{}
	for _, s := range m.Sources {
		titles[s.ID] = s.Title
	}
	for _, lines := range [][]Line{e.Lines, e.Flags, e.Hints, e.Changes} {
		for i := range lines {
			if t, ok := titles[lines[i].Citation.Source]; ok {
				lines[i].Citation.Source = t
			}
		}
	}
}

// Signed is a text that was shown and the signature drawn under it, or one that is yet to be signed by hand:
// signatures/….json.
type Signed struct {
	Title      string     `json:"title"`
	Version    string     `json:"version"`
	Paragraphs []string   `json:"paragraphs"`
	Signer     string     `json:"signer"`
	Unsigned   bool       `json:"unsigned"`
	SignedAt   time.Time  `json:"signed_at"`
	ShownAt    time.Time  `json:"shown_at"` // where unsigned
	PadWidth   float64    `json:"pad_width_mm"`
	PadHeight  float64    `json:"pad_height_mm"`
	Strokes    [][]sample `json:"strokes"` // millimetres on the pad
}

type sample struct{ X, Y float64 }

func signedIn(body []byte) (Signed, bool) {
	var s Signed
	if err := json.Unmarshal(body, &s); err != nil || s.PadWidth <= 0 || s.PadHeight <= 0 {
		return Signed{}, false
	}
	return s, true
}

// Path is the strokes as the data of an SVG path. A stroke of one sample is a dot.
func (s Signed) Path() string {
	var b strings.Builder
	for _, stroke := range s.Strokes {
		for i, p := range stroke {
			verb := 'L'
			if i == 0 {
				verb = 'M'
			}
			fmt.Fprintf(&b, "%c%.2f %.2f", verb, p.X, p.Y)
		}
		if len(stroke) == 1 {
			b.WriteString("h0")
		}
	}
	return b.String()
}
