// Package record is the kinds of thing that a case's records tell, and how they lie on disk. A person's name and number are
// written by one of them and nowhere else.
package record

import (
	"encoding/json"
	"fmt"
	"time"

	"yimen/drivers/device"
	"yimen/kiosk/household"
	"yimen/kiosk/noticeboard"
	"yimen/provisioning/hub/docket/chain"
)

// Record is one thing that happened to a case. A record is added and never changed.
type Record struct {
	Seq     int64
	Case    string
	At      time.Time
	Officer string // id of who did it; empty where it came from a terminal or from this program
	Happening
}

// Happening is what a record tells; it is one of the types below.
type Happening interface{ Tells() string }

// Opened begins a case: something was handed in at a terminal.
type Opened struct {
	Envelope   string          `json:"envelope"` // the sealed dossier or letter, which stays where it is
	Kind       string          `json:"kind"`     // application, objection
	SlipNo     string          `json:"slip_no"`
	QueryCheck string          `json:"query_check"` // number.Check of the slip's query code
	Item       string          `json:"item"`        // code of the item or request
	Name       device.Personal `json:"-"`
	Number     device.Personal `json:"-"` // of the card; empty where somebody objects without a name
	Terminal   string          `json:"terminal"`
	Hall       string          `json:"hall"`
	Region     string          `json:"region"`
	Submitted  time.Time       `json:"submitted"`
	Pack       PackRef         `json:"pack"`
	About      string          `json:"about,omitempty"` // number of the public notice that is objected to
}

// PackRef names the edition of the policy pack by which a case goes.
type PackRef struct {
	ID      string `json:"id"`
	Edition string `json:"edition"`
	Digest  string `json:"digest"`
}

// Moved says that a case came to another stage.
type Moved struct {
	Move  string   `json:"move"` // flow.Move.ID
	To    string   `json:"to"`
	Steps []string `json:"steps,omitempty"` // documented steps that were done by it
}

// Stepped says that a documented step (文书) was done on its own.
type Stepped struct {
	Step string `json:"step"`
}

// Extended says that more time was taken.
type Extended struct{}

// Issued is a document of the office as it went out.
type Issued struct {
	Code       string            `json:"code"` // N03
	No         string            `json:"no"`
	Title      string            `json:"title"`
	Paragraphs []string          `json:"paragraphs"`
	Fields     map[string]string `json:"fields,omitempty"` // as the officer filled them in
	Materials  []string          `json:"materials,omitempty"`
	By         household.Date    `json:"by,omitempty"`     // until when the materials are asked for
	Remedy     map[string]string `json:"remedy,omitempty"` // by language; on a refusal
	Until      Remedies          `json:"until,omitzero"`
}

// Remedies are the last days of 行政复议 and 行政诉讼.
type Remedies struct {
	Reconsider household.Date `json:"reconsider,omitempty"`
	Sue        household.Date `json:"sue,omitempty"`
}

// Noticed says that a public notice was put up.
type Noticed struct {
	Notice noticeboard.Notice `json:"notice"`
}

// TakenDown says that a public notice was taken down before its time.
type TakenDown struct {
	No string `json:"no"`
}

// Told says that the terminals' side has taken over what a notice's record says.
type Told struct {
	Record int64 `json:"record"` // Seq of a Noticed or TakenDown
}

// Attached says that something more came about the case: a supplement, a check-in, an objection.
type Attached struct {
	Envelope  string    `json:"envelope"`
	Kind      string    `json:"kind"`
	SlipNo    string    `json:"slip_no"`
	Submitted time.Time `json:"submitted"`
	Materials []string  `json:"materials,omitempty"` // codes of a supplement's papers
	Case      string    `json:"case,omitempty"`      // of an objection: its own case
	// QueryCheck is number.Check of its slip's code, where that slip too tells how the case stands.
	QueryCheck string `json:"query_check,omitempty"`
}

// Overran says that a day had passed by which the office owed something (超时, domain.md §3.4).
type Overran struct {
	Due   household.Date `json:"due"`   // the day that had passed
	Whole bool           `json:"whole"` // it was promised for the whole; otherwise for the next step
	Stage string         `json:"stage"` // at which the case stood
}

// Signed says that a supervisor took note of an overrun (督办), and what he orders.
type Signed struct {
	Record int64  `json:"record"` // Seq of the Overran
	Words  string `json:"words"`
}

func (*Opened) Tells() string    { return "opened" }
func (*Moved) Tells() string     { return "moved" }
func (*Stepped) Tells() string   { return "stepped" }
func (*Extended) Tells() string  { return "extended" }
func (*Issued) Tells() string    { return "issued" }
func (*Noticed) Tells() string   { return "noticed" }
func (*TakenDown) Tells() string { return "taken-down" }
func (*Told) Tells() string      { return "told" }
func (*Attached) Tells() string  { return "attached" }
func (*Overran) Tells() string   { return "overran" }
func (*Signed) Tells() string    { return "signed" }

// blank gives an empty happening of a kind; nil for one that is not known.
func blank(kind string) Happening {
	for _, h := range []Happening{&Opened{}, &Moved{}, &Stepped{}, &Extended{}, &Issued{}, &Noticed{}, &TakenDown{}, &Told{}, &Attached{}, &Overran{}, &Signed{}} {
		if h.Tells() == kind {
			return h
		}
	}
	return nil
}

// person is what an Opened says about somebody; it is written here and nowhere else.
type person struct {
	Name   string `json:"name"`
	Number string `json:"number"`
}

// written is a happening as it lies on disk.
type written struct {
	Happening json.RawMessage `json:"happening"`
	Person    *person         `json:"person,omitempty"`
}

func write(h Happening) ([]byte, error) {
	body, err := json.Marshal(h)
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", h.Tells(), err)
	}
	w := written{Happening: body}
	if o, ok := h.(*Opened); ok {
		w.Person = &person{o.Name.Reveal(), o.Number.Reveal()}
	}
	return json.Marshal(w)
}

// read is write the other way round.
func read(kind string, b []byte) (Happening, error) {
	h := blank(kind)
	if h == nil {
		return nil, fmt.Errorf("record of kind %q: written by a later program", kind)
	}
	var w written
	if err := json.Unmarshal(b, &w); err != nil {
		return nil, fmt.Errorf("record of kind %s: %w", kind, err)
	}
	if err := json.Unmarshal(w.Happening, h); err != nil {
		return nil, fmt.Errorf("record of kind %s: %w", kind, err)
	}
	if o, ok := h.(*Opened); ok && w.Person != nil {
		o.Name, o.Number = device.Personal(w.Person.Name), device.Personal(w.Person.Number)
	}
	return h, nil
}

// RowOf writes a record as it is kept.
func RowOf(r Record) (chain.Row, error) {
	body, err := write(r.Happening)
	if err != nil {
		return chain.Row{}, err
	}
	return chain.Row{About: r.Case, At: r.At, By: r.Officer, Kind: r.Tells(), Body: body}, nil
}

// Of is RowOf the other way round. Its error names a kind that a later program wrote.
func Of(row chain.Row) (Record, error) {
	h, err := read(row.Kind, row.Body)
	return Record{Seq: row.Seq, Case: row.About, At: row.At, Officer: row.By, Happening: h}, err
}
