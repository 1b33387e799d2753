package dossier

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"strconv"

	"github.com/skip2/go-qrcode"

	"yimen/kiosk/dossier/paper"
	"yimen/kiosk/estimate"
	"yimen/kiosk/household"
	"yimen/kiosk/policy"
	"yimen/kiosk/typeface"
)

// press prints a draft as a document that an office can file: cover, form, estimate, signed texts, list of materials,
// pages. All words come from the pack, all figures from the draft.
type press struct {
	*composer
	book     *paper.Book
	chapters int
}

func printed(d *composer, faces *typeface.Faces) ([]byte, error) {
	title := d.word("dossier.cover", "item", d.Item.Name.In(officeLang))
	p := press{composer: d, book: paper.New(faces, paper.Running{
		HeadLeft: d.word("dossier.head", "item", d.Item.Name.In(officeLang)), HeadRight: d.word("dossier.slip_no") + "　" + d.SlipNo,
		Foot: func(page, of int) string {
			return d.word("dossier.foot", "page", strconv.Itoa(page), "pages", strconv.Itoa(of))
		},
	})}
	steps := []func() error{p.cover, p.form, p.working, p.undertakings, p.list, p.pictures}
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
	return nil
}

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
		{Label: p.word("dossier.digest"), Value: r.ShortDigest},
	}
	if r.HasMonthly {
		fields = append(fields, paper.Field{Label: p.word("dossier.monthly"), Value: p.word("dossier.per_month", "amount", policy.Yuan(int64(r.Monthly)))})
	}
	p.book.Fields(fields)
	p.book.Para(p.word("estimate.not_a_decision"), paper.Type{Size: paper.Body, Gray: paper.Faint})
	p.book.Space(3)
	widths := []float64{10, 97, paper.Width - 107}
	p.book.Row(widths, []paper.Cell{head(p.word("dossier.no")), head(p.word("dossier.step")), head(p.word("dossier.ground"))})
	for i, line := range r.Lines {
		p.book.Row(widths, p.workingRow(strconv.Itoa(i+1), line))
	}
	for _, extra := range []struct {
		title string
		lines []estimate.Line
	}{{"dossier.flags", r.Flags}, {"dossier.hints", r.Hints}} {
		if len(extra.lines) == 0 {
			continue
		}
		p.book.Space(4)
		p.book.Band(p.word(extra.title))
		for i, line := range extra.lines {
			p.book.Row(widths, p.workingRow(strconv.Itoa(i+1), line))
		}
	}
	p.missing(r.Missing)
	return nil
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

func (p *press) workingRow(no string, l estimate.Line) []paper.Cell {
	sentence := l.Sentence.In(officeLang)
	if l.Subject > 0 {
		sentence = policy.Fill(sentence, map[string]string{"name": p.named(household.Member, l.Subject)})
	}
	if l.Example {
		sentence = p.word("dossier.example_line", "line", sentence)
	}
	return []paper.Cell{{Text: no, Type: paper.Type{Size: paper.Body, Align: paper.AlignCentre}}, {Text: sentence}, {Text: p.ground(l.Citation), Note: l.Citation.Quote}}
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
	p.book.Signed(p.word("dossier.signature"), strokes, paper.Point{X: s.Width, Y: s.Height}, height)
	p.book.Fields([]paper.Field{
		{Label: p.word("dossier.signer"), Value: s.Signer.Reveal()},
		{Label: p.word("dossier.number"), Value: s.Number.Reveal()},
		{Label: p.word("dossier.signed_at"), Value: s.At.Format(stampFormat)},
		{Label: p.word("dossier.version"), Value: s.Version},
		{Label: p.word("dossier.shown_digest"), Value: s.ShownDigest},
		{Label: p.word("dossier.strokes_digest"), Value: digest(body)},
	})
	return nil
}

func (p *press) list() error {
	p.book.NewPage()
	p.chapter(p.word("dossier.materials"))
	widths := []float64{12, 22, 81, paper.Width - 115}
	p.book.Row(widths, []paper.Cell{head(p.word("dossier.no")), head(p.word("dossier.code")), head(p.word("dossier.material")), head(p.word("dossier.state"))})
	for i, m := range p.materials() {
		p.book.Row(widths, []paper.Cell{
			{Text: strconv.Itoa(i + 1), Type: paper.Type{Size: paper.Body, Align: paper.AlignCentre}}, {Text: m.Code}, {Text: m.Name},
			{Text: p.word("material."+string(m.State), "pages", strconv.Itoa(m.Pages))},
		})
	}
	return nil
}

func (p *press) pictures() error {
	for i, page := range p.Pages {
		size, err := jpegSize(page.Derived)
		if err != nil {
			return fmt.Errorf("page %d of %s: %w", page.No, page.Material, err)
		}
		p.book.NewPage()
		if i == 0 {
			p.chapter(p.word("dossier.pages"))
		}
		p.book.Para(p.word("dossier.page", "material", page.Material+"　"+p.materialName(page.Material), "no", strconv.Itoa(page.No)),
			paper.Type{Size: paper.Body, Weight: paper.Bold})
		p.book.Para(p.word("dossier.taken", "time", page.TakenAt.In(p.SubmittedAt.Location()).Format(stampFormat),
			"dpi", strconv.FormatFloat(page.DPI, 'f', 0, 64), "digest", digest(page.Derived)), paper.Type{Size: paper.Small, Gray: paper.Faint})
		p.book.Space(2)
		p.book.Picture(page.Derived, size)
	}
	return nil
}

// jpegSize reads a picture's size; gofpdf would stop the whole document at one that is none.
func jpegSize(data []byte) (image.Point, error) {
	c, err := jpeg.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return image.Point{}, fmt.Errorf("read picture: %w", err)
	}
	return image.Pt(c.Width, c.Height), nil
}
