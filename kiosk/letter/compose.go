package letter

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"yimen/kiosk/dossier"
)

// format is the version of the manifest.
const format = 1

// RecordName is the part that holds the record.
const RecordName = "record.json"

const officeLang = "zh-CN" // what an office files

// Manifest names every part of a letter and holds its digest. Fields that a dossier's manifest has too mean the same
// (kiosk/dossier/FORMAT.md), so that one list shows both.
type Manifest struct {
	Format      int                 `json:"format"`
	Letter      string              `json:"letter"` // id, the envelope's own
	Kind        Kind                `json:"kind"`
	Item        string              `json:"item,omitempty"`
	ItemName    string              `json:"item_name,omitempty"`
	About       string              `json:"about,omitempty"`     // slip number of what it belongs to
	Applicant   string              `json:"applicant,omitempty"` // name of the person whom it concerns
	From        *Person             `json:"from,omitempty"`
	For         *Person             `json:"for,omitempty"`
	SlipNo      string              `json:"slip_no"`
	QueryCheck  string              `json:"query_check,omitempty"`
	Terminal    string              `json:"terminal"`
	Hall        string              `json:"hall"`
	Region      string              `json:"region"`
	SubmittedAt time.Time           `json:"submitted_at"`
	Lang        string              `json:"lang"`
	Pack        dossier.PackRef     `json:"pack"`
	Parts       []dossier.Part      `json:"parts"`
	Signatures  []dossier.Bound     `json:"signatures"`
	Assist      *dossier.Assistance `json:"assist,omitempty"`
	Notice      *dossier.Told       `json:"notice,omitempty"`
}

// Person is a Party as it is written.
type Person struct {
	Name   Text  `json:"name,omitempty"`
	Number Text  `json:"number,omitempty"`
	Proof  Proof `json:"proof"`
}

// Document is a letter ready to be sealed. Bodies[0] is the manifest; part n of the manifest is Bodies[n].
type Document struct {
	Manifest Manifest
	Bodies   [][]byte
}

// Compose makes the document: the manifest, the record, each signature, and each page straightened and as the camera
// sent it. Errors: a letter without record or pack; a record that cannot be written.
func Compose(l Letter) (Document, error) {
	if l.Pack == nil || l.Record == nil {
		return Document{}, errors.New("no pack or no record")
	}
	var bundle dossier.Bundle
	kind := l.Record.Kind()
	written := recordBody{Kind: kind, Version: l.Record.Version(), Record: l.Record}
	if err := bundle.AddJSON(RecordName, string(kind), written); err != nil {
		return Document{}, err
	}
	doc := Document{Manifest: l.manifest(kind)}
	for _, s := range l.Signatures {
		bound, err := bundle.AddSignature(s)
		if err != nil {
			return Document{}, err
		}
		doc.Manifest.Signatures = append(doc.Manifest.Signatures, bound)
	}
	bundle.AddPages(l.Pages, func(p dossier.Page) (page, frame string) {
		title := fmt.Sprintf("%s %d", l.material(p.Material), p.No)
		return title, title
	})
	doc.Manifest.Parts = bundle.Parts
	var err error
	doc.Bodies, err = bundle.Close(doc.Manifest)
	return doc, err
}

func (l Letter) manifest(kind Kind) Manifest {
	m := Manifest{
		Format: format, Letter: l.ID, Kind: kind, About: l.About, From: l.From.person(), For: l.For.person(),
		SlipNo: l.SlipNo, QueryCheck: l.QueryCheck, Terminal: l.Terminal, Hall: l.Hall, Region: l.Pack.Region,
		SubmittedAt: l.SubmittedAt.Truncate(time.Second), Lang: l.Lang, Signatures: []dossier.Bound{}, Assist: l.Assist.Written(), Notice: l.Notice,
		Pack: dossier.PackRef{ID: l.Pack.ID, Edition: l.Pack.Edition, Digest: l.Pack.Digest},
	}
	if l.Item != nil {
		m.Item, m.ItemName = l.Item.Code, l.Item.Name.In(officeLang)
	}
	m.Applicant = l.From.Name.Reveal()
	if m.For != nil {
		m.Applicant = l.For.Name.Reveal()
	}
	return m
}

func (p Party) person() *Person {
	if p == (Party{}) {
		return nil
	}
	return &Person{Name: Text(p.Name.Reveal()), Number: Text(p.Number.Reveal()), Proof: p.Proof}
}

// material names a page's paper: as the letter does, as the item does, or by its code.
func (l Letter) material(code string) string {
	if name, ok := l.Papers[code]; ok {
		return name
	}
	if l.Item != nil {
		for _, m := range l.Item.Materials {
			if m.Code == code {
				return m.Name.In(officeLang)
			}
		}
	}
	return code
}

type recordBody struct {
	Kind    Kind `json:"kind"`
	Version int  `json:"version"`
	Record  any  `json:"record"`
}

// ErrRecord: the body is not the record of that kind and version.
var ErrRecord = errors.New("not the record that was looked for")

// Read gives the record of type R from the body of the part record.json, or ErrRecord where it is another kind's or of
// another version.
func Read[R Record](body []byte) (R, error) {
	var r R
	var written struct {
		Kind    Kind            `json:"kind"`
		Version int             `json:"version"`
		Record  json.RawMessage `json:"record"`
	}
	if err := json.NewDecoder(bytes.NewReader(body)).Decode(&written); err != nil {
		return r, fmt.Errorf("%w: %w", ErrRecord, err)
	}
	if written.Kind != r.Kind() || written.Version != r.Version() {
		return r, fmt.Errorf("%w: it is %s %d, want %s %d", ErrRecord, written.Kind, written.Version, r.Kind(), r.Version())
	}
	if err := json.Unmarshal(written.Record, &r); err != nil {
		return r, fmt.Errorf("%w: %w", ErrRecord, err)
	}
	return r, nil
}
