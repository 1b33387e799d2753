package dossier

import (
	"yimen/kiosk/dossier/paper"
	"yimen/kiosk/policy"
)

// form sets the application form: the card as read, then every question that applied with its answer.
func (p *press) form() error {
	p.book.NewPage()
	p.chapter(p.word("dossier.form"))
	p.book.Band(p.word("dossier.card"))
	p.book.Fields(p.cardFields())
	p.book.Space(4)
	var fields []paper.Field
	flush := func() {
		p.book.Fields(fields)
		fields = nil
	}
	section, subject := "", -1
	for _, asked := range p.Pack.Questions(p.Item.Form, p.Answers) {
		if asked.Section.ID != section || asked.Subject != subject {
			flush()
			section, subject = asked.Section.ID, asked.Subject
			p.book.Band(p.heading(asked))
		}
		fields = append(fields, paper.Field{Label: p.label(asked), Value: p.Pack.Show(asked, p.Answers.Get(asked.Key), officeLang)})
	}
	flush()
	return nil
}

func (p *press) heading(a policy.Asked) string {
	title := a.Section.Title.In(officeLang)
	if name := p.subject(a); name != "" {
		return p.word("dossier.section_of", "section", title, "name", name)
	}
	return title
}

func (p *press) cardFields() []paper.Field {
	c := p.Card
	until := p.date(c.ValidTo)
	if c.LongTerm {
		until = p.word("dossier.long_term")
	}
	fields := []paper.Field{
		{Label: p.word("dossier.name"), Value: p.applicant()},
		{Label: p.word("dossier.number"), Value: c.Number.Reveal()},
		{Label: p.word("dossier.birth"), Value: p.date(c.Birth.Reveal())},
		{Label: p.word("dossier.read_at"), Value: c.ReadAt.In(p.SubmittedAt.Location()).Format(stampFormat)},
	}
	if c.Address != "" {
		fields = append(fields, paper.Field{Label: p.word("dossier.address"), Value: c.Address.Reveal()})
	}
	if c.Issuer != "" {
		fields = append(fields, paper.Field{Label: p.word("dossier.issuer"), Value: c.Issuer})
	}
	valid := p.word("dossier.valid", "from", p.date(c.ValidFrom), "until", until)
	if p.CardLate {
		valid += p.word("dossier.card_late")
	}
	return append(fields, paper.Field{Label: p.word("dossier.valid_label"), Value: valid})
}
