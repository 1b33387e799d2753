package dossier

import (
	"errors"
	"fmt"
	"slices"
	"time"

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
	doc := Document{Manifest: Manifest{
		Format: format, Dossier: d.ID, QueryCheck: d.QueryCheck, Kind: d.Kind, Item: d.Item.Code, ItemName: d.Item.Name.In(officeLang),
		Applicant: d.applicant(), SlipNo: d.SlipNo, Terminal: d.Terminal, Hall: d.Hall, Region: d.Pack.Region,
		SubmittedAt: d.SubmittedAt.Truncate(time.Second), Materials: d.materials(), Signatures: []Bound{}, Assist: d.Assist.Written(), Notice: d.Notice,
		Pack: PackRef{d.Pack.ID, d.Pack.Edition, d.Pack.Digest},
	}}
	var bundle Bundle
	pdf, err := printed(d, faces)
	if err != nil {
		return Document{}, err
	}
	bundle.Add(Part{Name: "dossier.pdf", MediaType: "application/pdf", Title: d.word("dossier.cover", "item", d.Item.Name.In(officeLang))}, pdf)
	if err := doc.addRecords(d, &bundle); err != nil {
		return Document{}, err
	}
	bundle.AddPages(d.Pages, func(p Page) (page, frame string) {
		name, no := d.materialName(p.Material), fmt.Sprint(p.No)
		return d.word("dossier.page", "material", name, "no", no), d.word("dossier.frame", "material", name, "no", no)
	})
	if err := d.worded(); err != nil {
		return Document{}, err
	}
	doc.Manifest.Parts = bundle.Parts
	doc.Bodies, err = bundle.Close(doc.Manifest)
	return doc, err
}

// addRecords adds what programs read: answers, estimate, signatures.
func (doc *Document) addRecords(d *composer, bundle *Bundle) error {
	if err := bundle.AddJSON("answers.json", d.word("dossier.form"), answersOf(d)); err != nil {
		return err
	}
	if d.Estimate != nil {
		doc.Manifest.Sources = d.sources()
		bundle.Add(Part{Name: "estimate.json", MediaType: mediaJSON, Title: d.word("dossier.estimate")}, estimate.Canonical(*d.Estimate))
	}
	for _, s := range d.Signatures {
		bound, err := bundle.AddSignature(s)
		if err != nil {
			return err
		}
		doc.Manifest.Signatures = append(doc.Manifest.Signatures, bound)
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
