package dossier

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/skip2/go-qrcode"

	"yimen/kiosk/dossier/paper"
	"yimen/kiosk/policy"
	"yimen/kiosk/typeface"
)

// press prints a draft as a document that an office can file: cover, form, estimate, signed texts, list of materials,
// pages. All words come from the pack, all figures from the draft.
type press struct {
	*composer
	book     *paper.Book
	chapters int
	contents paper.Place // on the cover, for what is known last
}

func printed(d *composer, faces *typeface.Faces) ([]byte, error) {
	title := d.word("dossier.cover", "item", d.Item.Name.In(officeLang))
	p := press{composer: d, book: paper.New(faces, paper.Running{
		HeadLeft: d.word("dossier.head", "item", d.Item.Name.In(officeLang)), HeadRight: d.word("dossier.slip_no") + "　" + d.SlipNo,
		Foot: func(page, of int) string {
			return d.word("dossier.foot", "page", strconv.Itoa(page), "pages", strconv.Itoa(of))
		},
	})}
	steps := []func() error{p.cover, p.form, p.working, p.undertakings, p.list, p.pictures, p.closeCover}
	for _, step := range steps {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return p.book.PDF(paper.About{Title: title + " " + d.SlipNo, At: d.SubmittedAt})
}

// chapter numbers headings with the pack's numerals.
func (p *press) chapter(title string) {
	numerals := []rune(p.word("dossier.numerals"))
	number := strconv.Itoa(p.chapters + 1)
	if p.chapters < len(numerals) {
		number = string(numerals[p.chapters])
	}
	p.chapters++
	p.book.Chapter(p.word("dossier.chapter", "no", number, "title", title))
}

// cover says whose dossier this is, for what, and carries the slip's number as a code.
func (p *press) cover() error {
	code, err := qrcode.New(p.SlipNo, qrcode.Medium)
	if err != nil {
		return fmt.Errorf("code of slip number: %w", err)
	}
	code.DisableBorder = true
	const side = 26
	p.book.Code(code.Bitmap(), paper.Right-side, 26, side)
	p.book.Space(0)
	p.book.Skip(34)
	p.book.Para(p.Pack.Name.In(officeLang), paper.Type{Size: paper.Heading, Align: paper.AlignCentre})
	p.book.Para(p.word("dossier.cover", "item", p.Item.Name.In(officeLang)), paper.Type{Size: paper.Title, Weight: paper.Bold, Align: paper.AlignCentre})
	p.book.Space(10)
	p.book.Fields([]paper.Field{
		{Label: p.word("dossier.slip_no"), Value: p.SlipNo},
		{Label: p.word("dossier.item"), Value: p.Item.Code + "　" + p.Item.Name.In(officeLang)},
		{Label: p.word("dossier.applicant"), Value: p.applicant()},
		{Label: p.word("dossier.number"), Value: p.Card.Number.Reveal()},
		{Label: p.word("dossier.submitted_at"), Value: p.SubmittedAt.Format(stampFormat)},
		{Label: p.word("dossier.terminal"), Value: p.Terminal},
		{Label: p.word("dossier.hall"), Value: p.Hall},
		{Label: p.word("dossier.pack"), Value: p.Pack.ID + "　" + p.Pack.Edition},
	})
	p.book.Space(6)
	p.book.Para(p.word("dossier.not_accepted"), paper.Type{Size: paper.Body, Indent: 2})
	if p.Pack.Mode == policy.Demo {
		p.book.Stamp(p.word("estimate.example"))
	}
	p.book.Space(12)
	p.contents = p.book.Here()
	return nil
}

// closeCover adds to the cover what is known only now: where the chapters are, and which characters no font has.
func (p *press) closeCover() error {
	missing := p.book.Missing()
	p.book.Resume(p.contents)
	p.book.Contents(p.word("dossier.contents"))
	if len(missing) > 0 {
		var list []string
		for _, r := range missing {
			list = append(list, fmt.Sprintf("U+%04X", r))
		}
		p.book.Space(8)
		p.book.Para(p.word("dossier.no_glyph", "list", strings.Join(list, " ")), paper.Type{Size: paper.Body, Indent: 2})
	}
	return nil
}
