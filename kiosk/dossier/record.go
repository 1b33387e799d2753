package dossier

import (
	"time"

	"yimen/drivers/device"
	"yimen/kiosk/household"
)

// answersRecord is answers.json: what was asked, in order, and what was answered, for programs and for people.
type answersRecord struct {
	Format  int            `json:"format"`
	Form    string         `json:"form"`
	Lang    string         `json:"lang"` // in which the resident read the questions
	Card    cardRecord     `json:"card"`
	Answers []answerRecord `json:"answers"`
}

// answerRecord is one answer. Number is money in fen, a count, yes (1) or no (0), or a date as YYYYMMDD.
type answerRecord struct {
	Key     string `json:"key"` // household.Key
	Section string `json:"section"`
	Label   string `json:"label"`
	State   string `json:"state"` // given, unknown, not_yet
	Number  *int64 `json:"number,omitempty"`
	Code    string `json:"code,omitempty"`
	Text    string `json:"text,omitempty"`
	Shown   string `json:"shown"` // the answer in words
}

// cardRecord is what the reader found on the card. The portrait stays on the card: the office has its own.
type cardRecord struct {
	Kind      string    `json:"kind"`
	Name      string    `json:"name"`
	Latin     string    `json:"latin,omitempty"`
	Number    string    `json:"number"`
	Sex       string    `json:"sex"`              // GB/T 2261.1
	Ethnic    string    `json:"ethnic,omitempty"` // GB/T 3304
	Birth     string    `json:"birth"`            // YYYYMMDD
	Address   string    `json:"address,omitempty"`
	Issuer    string    `json:"issuer,omitempty"`
	ValidFrom string    `json:"valid_from,omitempty"`
	ValidTo   string    `json:"valid_to,omitempty"`
	LongTerm  bool      `json:"long_term,omitempty"`
	Expired   bool      `json:"expired,omitempty"` // when it was read
	ReadAt    time.Time `json:"read_at"`
}

func answersOf(d *composer) answersRecord {
	c := d.Card
	r := answersRecord{Format: format, Form: d.Item.Form, Lang: d.Lang, Answers: []answerRecord{}, Card: cardRecord{
		Kind: string(c.Kind), Name: c.Name.Reveal(), Latin: c.Latin.Reveal(), Number: c.Number.Reveal(), Sex: c.Sex, Ethnic: c.Ethnic,
		Birth: c.Birth.Reveal(), Address: c.Address.Reveal(), Issuer: c.Issuer, ValidFrom: c.ValidFrom, ValidTo: c.ValidTo,
		LongTerm: c.LongTerm, Expired: d.CardLate, ReadAt: c.ReadAt.Truncate(time.Second),
	}}
	for _, asked := range d.Pack.Questions(d.Item.Form, d.Answers) {
		v := d.Answers.Get(asked.Key)
		a := answerRecord{
			Key: asked.Key.String(), Section: asked.Section.ID, Label: d.label(asked), State: states[v.State],
			Shown: d.Pack.Show(asked, v, officeLang),
		}
		if v.State == household.Given {
			a.Code, a.Text = v.Code, v.Text.Reveal()
			if v.Code == "" && v.Text == "" {
				a.Number = &v.Number
			}
		}
		r.Answers = append(r.Answers, a)
	}
	return r
}

var states = map[household.State]string{household.NotYet: "not_yet", household.Unknown: "unknown", household.Given: "given"}

// signedRecord is signatures/….json: the text as it was shown and the strokes drawn under it.
type signedRecord struct {
	Format      int               `json:"format"`
	Document    string            `json:"document"`
	Version     string            `json:"version"`
	Lang        string            `json:"lang"`
	Title       string            `json:"title"`
	Paragraphs  []string          `json:"paragraphs"`
	ShownDigest string            `json:"shown_digest"`
	Signer      string            `json:"signer"`
	Number      string            `json:"number"`
	Later       bool              `json:"unsigned,omitempty"`
	SignedAt    time.Time         `json:"signed_at,omitzero"`
	ShownAt     time.Time         `json:"shown_at,omitzero"` // instead, of what is not signed
	PadWidth    float64           `json:"pad_width_mm"`
	PadHeight   float64           `json:"pad_height_mm"`
	Strokes     [][]device.Sample `json:"strokes"` // millimetres and milliseconds
}

func signedOf(s Signature) signedRecord {
	r := signedRecord{
		Format: format, Document: s.Document, Version: s.Version, Lang: s.Lang, Title: s.Title, Paragraphs: s.Paragraphs, ShownDigest: s.ShownDigest,
		Signer: s.Signer.Reveal(), Number: s.Number.Reveal(), Later: s.Later,
		PadWidth: s.Width, PadHeight: s.Height, Strokes: s.Strokes,
	}
	if at := s.At.Truncate(time.Second); s.Later {
		r.ShownAt, r.Strokes = at, [][]device.Sample{}
	} else {
		r.SignedAt = at
	}
	return r
}
