package dossier

import (
	"strconv"

	"yimen/kiosk/dossier/paper"
	"yimen/kiosk/estimate"
	"yimen/kiosk/household"
	"yimen/kiosk/policy"
)

// working sets the estimate with each line of its working and the article behind it.
func (p *press) working() error {
	r := p.Estimate
	if r == nil {
		return nil
	}
	p.book.NewPage()
	p.chapter(p.word("dossier.estimate"))
	if r.Example {
		p.book.Stamp(p.word("estimate.example"))
	}
	fields := []paper.Field{
		{Label: p.word("dossier.verdict"), Value: p.word("verdict." + string(r.Verdict))},
		{Label: p.word("dossier.as_of"), Value: p.Pack.ShowDate(r.AsOf, officeLang)},
		{Label: p.word("dossier.pack"), Value: r.PackID + "　" + r.Edition},
		{Label: p.word("dossier.digest"), Value: r.ShortDigest()},
	}
	if r.HasMonthly && r.Verdict == estimate.Likely {
		fields = append(fields, paper.Field{Label: p.word("dossier.monthly"), Value: p.word("dossier.per_month", "amount", policy.Yuan(int64(r.Monthly)))})
	}
	p.book.Fields(fields)
	p.book.Para(p.word("estimate.not_a_decision"), paper.Type{Size: paper.Body, Gray: paper.Faint})
	p.lines("dossier.step", r.Lines)
	p.lines("dossier.flags", r.Flags)
	p.lines("dossier.hints", r.Hints)
	p.missing(r.Missing)
	return nil
}

// lines sets lines of working under a head, each with its ground.
func (p *press) lines(title string, lines []estimate.Line) {
	if len(lines) == 0 {
		return
	}
	var rows [][]paper.Cell
	for i, l := range lines {
		rows = append(rows, p.workingRow(i+1, l))
	}
	p.book.Space(4)
	p.book.Table([]float64{14, 93, paper.Width - 107}, []paper.Cell{head(p.word("dossier.no")), head(p.word(title)), head(p.word("dossier.ground"))}, rows)
}

// missing lists the answers that would make the estimate surer.
func (p *press) missing(keys []household.Key) {
	var fields []paper.Field
	for _, key := range keys {
		for _, asked := range p.Pack.Questions(p.Item.Form, p.Answers) {
			if asked.Key == key {
				fields = append(fields, paper.Field{Label: p.label(asked), Value: p.heading(asked)})
			}
		}
	}
	if len(fields) > 0 {
		p.book.Space(4)
		p.book.Band(p.word("dossier.missing"))
		p.book.Fields(fields)
	}
}

func head(text string) paper.Cell { return paper.Cell{Text: text, Head: true} }

func ordinal(n int) paper.Cell {
	return paper.Cell{Text: strconv.Itoa(n), Type: paper.Type{Size: paper.Body, Align: paper.AlignCentre}}
}

func (p *press) workingRow(no int, l estimate.Line) []paper.Cell {
	sentence := l.Sentence.In(officeLang)
	if l.Subject > 0 {
		sentence = policy.Fill(sentence, map[string]string{"name": p.named(household.Member, l.Subject)})
	}
	if l.Example {
		sentence = p.word("dossier.example_line", "line", sentence)
	}
	return []paper.Cell{ordinal(no), {Text: sentence}, {Text: p.ground(l.Citation), Note: l.Citation.Quote}}
}

// ground names a source and its article.
func (p *press) ground(c policy.Citation) string {
	if c.Source == "" {
		return p.word("estimate.example")
	}
	title := c.Source
	if s, ok := p.Pack.Source(c.Source); ok {
		title = p.word("dossier.source", "title", s.Title.In(officeLang))
	}
	if c.Article == "" {
		return title
	}
	return title + p.word("dossier.article", "article", c.Article)
}
