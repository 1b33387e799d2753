package dossier

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"yimen/drivers/device"
	"yimen/kiosk/estimate"
	"yimen/kiosk/typeface"
)

// officeLang is the language of what an office files, whatever language the resident read.
const officeLang = "zh-CN"

// Compose makes the document: the manifest, then the PDF with everything on it for people, the answers and the estimate
// for programs, each signature, and each page straightened and as the camera sent it. Equal drafts give equal bytes.
// Errors: a draft without pack or item, a wording that the pack
// does not have, a page that is no JPEG, a font that cannot be read.
func Compose(draft Draft, faces *typeface.Faces) (Document, error) {
	if draft.Pack == nil || draft.Item == nil {
		return Document{}, errors.New("no pack or no item")
	}
	d := &composer{draft, map[string]bool{}}
	doc := Document{Bodies: [][]byte{nil}, Manifest: Manifest{
		Format: format, Dossier: d.ID, Kind: d.Kind, Item: d.Item.Code, ItemName: d.Item.Name.In(officeLang),
		Applicant: d.applicant(), SlipNo: d.SlipNo, Terminal: d.Terminal, Hall: d.Hall, Region: d.Pack.Region,
		SubmittedAt: d.SubmittedAt.Truncate(time.Second), Materials: d.materials(), Signatures: []Bound{},
		Pack: PackRef{d.Pack.ID, d.Pack.Edition, d.Pack.Digest},
	}}
	pdf, err := printed(d, faces)
	if err != nil {
		return Document{}, err
	}
	doc.add(Part{Name: "dossier.pdf", MediaType: "application/pdf", Title: d.word("dossier.cover", "item", d.Item.Name.In(officeLang))}, pdf)
	if err := doc.addRecords(d); err != nil {
		return Document{}, err
	}
	doc.addPages(d)
	if err := d.worded(); err != nil {
		return Document{}, err
	}
	if doc.Bodies[0], err = encode(doc.Manifest); err != nil {
		return Document{}, fmt.Errorf("manifest: %w", err)
	}
	return doc, nil
}

const mediaJSON = "application/json"

// addRecords adds what programs read: answers, estimate, signatures.
func (doc *Document) addRecords(d *composer) error {
	answers, err := encode(answersOf(d))
	if err != nil {
		return fmt.Errorf("answers: %w", err)
	}
	doc.add(Part{Name: "answers.json", MediaType: mediaJSON, Title: d.word("dossier.form")}, answers)
	if d.Estimate != nil {
		doc.Manifest.Sources = d.sources()
		doc.add(Part{Name: "estimate.json", MediaType: mediaJSON, Title: d.word("dossier.estimate")}, estimate.Canonical(*d.Estimate))
	}
	for _, s := range d.Signatures {
		body, err := encode(signedOf(s))
		if err != nil {
			return fmt.Errorf("signature under %s: %w", s.Document, err)
		}
		p := doc.add(Part{Name: "signatures/" + s.Document + ".json", MediaType: mediaJSON, Title: s.Title}, body)
		doc.Manifest.Signatures = append(doc.Manifest.Signatures, Bound{s.Document, s.Version, s.ShownDigest, p.No, p.Digest, s.At.Truncate(time.Second)})
	}
	return nil
}

// sources lists what the estimate cites, each once, in the order in which it is met.
func (d *composer) sources() (list []SourceRef) {
	for _, lines := range [][]estimate.Line{d.Estimate.Lines, d.Estimate.Flags, d.Estimate.Hints} {
		for _, l := range lines {
			s, ok := d.Pack.Source(l.Citation.Source)
			if ok && !slices.ContainsFunc(list, func(r SourceRef) bool { return r.ID == s.ID }) {
				list = append(list, SourceRef{s.ID, s.Title.In(officeLang)})
			}
		}
	}
	return list
}

// addPages adds the pictures: all straightened pages in the order they were taken, then the frames they were cut from.
func (doc *Document) addPages(d *composer) {
	for i, p := range d.Pages {
		title := d.word("dossier.page", "material", d.materialName(p.Material), "no", fmt.Sprint(p.No))
		doc.add(Part{
			Name: fmt.Sprintf("pages/%02d-%s-%d.jpg", i+1, p.Material, p.No), MediaType: "image/jpeg", Title: title,
			Scan: &Scan{Material: p.Material, Page: p.No, Of: "page", DPI: p.DPI, TakenAt: p.TakenAt.Truncate(time.Second), Device: string(p.Device), Verdict: verdictOf(p)},
		}, p.Derived)
	}
	for i, p := range d.Pages {
		corners := p.Quad
		doc.add(Part{
			Name: fmt.Sprintf("frames/%02d-%s-%d.jpg", i+1, p.Material, p.No), MediaType: "image/jpeg",
			Title: d.word("dossier.frame", "material", d.materialName(p.Material), "no", fmt.Sprint(p.No)),
			Scan:  &Scan{Material: p.Material, Page: p.No, Of: "frame", Corners: &corners, TakenAt: p.TakenAt.Truncate(time.Second), Device: string(p.Device)},
		}, p.Original)
	}
}

func verdictOf(p Page) *Verdict {
	flaws := p.Flaws
	if flaws == nil {
		flaws = []device.Flaw{}
	}
	return &Verdict{Check: p.Check, Flaws: flaws, Shots: p.Shots, Scores: p.Scores, Limits: p.Limits}
}
