package dossier

import (
	"fmt"

	"yimen/kiosk/dossier/paper"
)

// undertakings sets each signed text in full, on a page of its own.
func (p *press) undertakings() error {
	for i, s := range p.Signatures {
		p.book.NewPage()
		if i == 0 {
			p.chapter(p.word("dossier.documents"))
		}
		p.book.Space(4)
		p.book.Para(s.Title, paper.Type{Size: paper.Heading, Weight: paper.Bold, Align: paper.AlignCentre})
		p.book.Space(3)
		for _, text := range s.Paragraphs {
			p.book.Para(text, paper.Type{Size: paper.Body, Indent: 2})
		}
		if err := p.signature(s); err != nil {
			return err
		}
	}
	return nil
}

// signature draws the strokes, and what binds them to the text above.
func (p *press) signature(s Signature) error {
	const height = 26
	body, err := encode(signedOf(s))
	if err != nil {
		return fmt.Errorf("signature under %s: %w", s.Document, err)
	}
	strokes := make([][]paper.Point, len(s.Strokes))
	for i, stroke := range s.Strokes {
		for _, at := range stroke {
			strokes[i] = append(strokes[i], paper.Point{X: at.X, Y: at.Y})
		}
	}
	p.book.Space(5)
	if s.Later {
		p.unsigned(s, height)
		return nil
	}
	p.book.Signed(p.word("dossier.signature"), strokes, paper.Point{X: s.Width, Y: s.Height}, height)
	p.book.Fields([]paper.Field{
		{Label: p.word("dossier.signer"), Value: s.Signer.Reveal()},
		{Label: p.word("dossier.number"), Value: s.Number.Reveal()},
		{Label: p.word("dossier.signed_at"), Value: s.At.Format(stampFormat)},
		{Label: p.word("dossier.version"), Value: s.Version},
		{Label: p.word("dossier.shown_digest"), Value: s.ShownDigest, Fine: true},
		{Label: p.word("dossier.strokes_digest"), Value: digest(body), Fine: true},
	})
	return nil
}

// unsigned leaves room to sign by hand, and says that nobody has.
func (p *press) unsigned(s Signature, height float64) {
	p.book.Para(p.word("dossier.unsigned"), paper.Type{Size: paper.Body, Weight: paper.Bold})
	p.book.Signed(p.word("dossier.signature"), nil, paper.Point{X: s.Width, Y: s.Height}, height)
	p.book.Fields([]paper.Field{
		{Label: p.word("dossier.signer"), Value: s.Signer.Reveal()},
		{Label: p.word("dossier.number"), Value: s.Number.Reveal()},
		{Label: p.word("dossier.shown_at"), Value: s.At.Format(stampFormat)},
		{Label: p.word("dossier.version"), Value: s.Version},
		{Label: p.word("dossier.shown_digest"), Value: s.ShownDigest, Fine: true},
	})
}
