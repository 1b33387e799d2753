package docket

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"yimen/kiosk/household"
	"yimen/kiosk/policy"
	"yimen/kiosk/policy/flow"
	"yimen/kiosk/policy/wording"
)

// lang is the language of what an office issues.
const lang = "zh-CN"

// FieldError says what is wrong with one thing that the officer filled in.
type FieldError struct {
	Field  string // flow.Ask.ID
	Reason Reason
}

// Reason is why a field cannot be taken.
type Reason string

const (
	ReasonEmpty  Reason = "empty"  // it must be filled in
	ReasonLong   Reason = "long"   // too many characters
	ReasonForm   Reason = "form"   // not a date, an amount, a number
	ReasonPast   Reason = "past"   // the day has passed
	ReasonChoice Reason = "choice" // none of the item's materials
)

func (e *FieldError) Error() string { return fmt.Sprintf("field %s: %s", e.Field, e.Reason) }

const (
	mostLine  = 120  // characters
	mostWords = 1200 // characters
	mostCount = 99
	mostMoney = 99_999_999 // fen
)

// compose writes a document of the office for a case as it would go out today. days are what it says of days by name, such
// as due; one that is 0 is not known.
func (b *Book) compose(c *Case, code string, fields map[string]string, days map[string]household.Date) (*Issued, error) {
	paper, ok := c.Pack.Paper(code)
	if !ok {
		return nil, fmt.Errorf("paper %s: %w", code, ErrNoWay)
	}
	doc, ok := c.Pack.Document(code)
	if !ok {
		return nil, fmt.Errorf("paper %s: %w", code, ErrNoWay)
	}
	out := &Issued{Code: code, No: b.paperNo(c, code), Fields: map[string]string{}}
	vars := b.given(c, doc, out.No, days)
	var wrong []error
	for _, ask := range paper.Asks {
		value, err := b.filled(c, ask, fields[ask.ID], out)
		if err != nil {
			wrong = append(wrong, err)
			continue
		}
		if fields[ask.ID] != "" {
			out.Fields[ask.ID] = fields[ask.ID]
		}
		vars[ask.ID] = value
	}
	if len(wrong) > 0 {
		return nil, errors.Join(wrong...)
	}
	if paper.Remedies {
		b.remedy(c, out)
		vars["remedy"] = out.Remedy[lang]
	}
	out.Title = policy.Fill(doc.Title.In(lang), vars)
	for _, p := range doc.Paragraphs {
		if words, said := fill(p.In(lang), vars); said {
			out.Paragraphs = append(out.Paragraphs, words)
		}
	}
	return out, nil
}

// fill puts values into a paragraph; one that names things and of which nothing is known is not said.
func fill(text string, vars map[string]string) (string, bool) {
	names, known := 0, 0
	words := wording.FillBy(text, func(name string) (string, bool) {
		names++
		if vars[name] != "" {
			known++
		}
		return vars[name], true
	})
	return words, names == 0 || known > 0
}

// given is what every document may say without anybody filling it in.
func (b *Book) given(c *Case, doc *policy.Document, no string, days map[string]household.Date) map[string]string {
	vars := map[string]string{
		"no": no, "case": c.No, "office": c.Pack.Text("office_name").In(lang), "name": c.Name.Reveal(), "number": c.Number.MaskNumber(),
		"item": c.Item.Name.In(lang), "hotline": c.Pack.Text("hotline").In(lang), "slip_no": c.SlipNo,
		"submitted": c.Pack.ShowDate(b.day(c.Submitted), lang), "date": c.Pack.ShowDate(b.today(), lang), "basis": basis(c.Pack, doc),
	}
	for name, day := range days {
		if day != 0 {
			vars[name] = c.Pack.ShowDate(day, lang)
		}
	}
	return vars
}

func basis(p *policy.Pack, doc *policy.Document) string {
	source, ok := p.Source(doc.Citation.Source)
	if !ok {
		return doc.Citation.Illustrative
	}
	if doc.Citation.Article == "" {
		return source.Title.In(lang)
	}
	return policy.Fill(p.Text("basis.article").In(lang), map[string]string{"title": source.Title.In(lang), "article": doc.Citation.Article})
}

// paperNo numbers a document within its case.
func (b *Book) paperNo(c *Case, code string) string {
	n := 1
	for _, p := range c.Papers {
		if p.Code == code {
			n++
		}
	}
	if n == 1 {
		return c.No + "-" + code
	}
	return c.No + "-" + code + "-" + strconv.Itoa(n)
}

// filled checks what the officer filled in and gives it as the document says it.
func (b *Book) filled(c *Case, ask flow.Ask, value string, out *Issued) (string, error) {
	no := func(r Reason) (string, error) { return "", &FieldError{ask.ID, r} }
	value = strings.TrimSpace(value)
	if value == "" {
		if ask.Must {
			return no(ReasonEmpty)
		}
		return "", nil
	}
	switch ask.Input {
	case flow.Day:
		d, err := household.ParseDate(value)
		if err != nil {
			return no(ReasonForm)
		}
		if d < b.today() {
			return no(ReasonPast)
		}
		out.By = d
		return c.Pack.ShowDate(d, lang), nil
	case flow.Money:
		fen, err := fenOf(value)
		if err != nil {
			return no(ReasonForm)
		}
		return policy.Yuan(fen), nil
	case flow.Count:
		n, err := strconv.Atoi(value)
		if err != nil || n < 1 || n > mostCount {
			return no(ReasonForm)
		}
		return strconv.Itoa(n), nil
	case flow.Materials:
		return b.materials(c, ask, value, out)
	case flow.Line:
		if utf8.RuneCountInString(value) > mostLine {
			return no(ReasonLong)
		}
		return strings.Join(strings.Fields(value), " "), nil
	}
	if utf8.RuneCountInString(value) > mostWords {
		return no(ReasonLong)
	}
	return value, nil
}

// materials lists the papers that are asked for by their names, all at once.
func (b *Book) materials(c *Case, ask flow.Ask, value string, out *Issued) (string, error) {
	var names []string
	for _, code := range strings.Split(value, ",") {
		i := slices.IndexFunc(c.Item.Materials, func(m policy.Material) bool { return m.Code == code })
		if i < 0 || c.Item.Materials[i].Need == policy.NeedHere || slices.Contains(out.Materials, code) {
			return "", &FieldError{ask.ID, ReasonChoice}
		}
		out.Materials = append(out.Materials, code)
		names = append(names, policy.Fill(c.Pack.Text("paper.list").In(lang), map[string]string{"n": strconv.Itoa(len(names) + 1), "material": c.Item.Materials[i].Name.In(lang)}))
	}
	return strings.Join(names, c.Pack.Text("answer.between").In(lang)), nil
}

// remedy writes where and until when one may go against the document, in every language of the pack.
func (b *Book) remedy(c *Case, out *Issued) {
	out.Until = remedies(c.Pack, b.today())
	out.Remedy = map[string]string{}
	for l, words := range c.Pack.Text("remedy") {
		out.Remedy[l] = policy.Fill(words, map[string]string{
			"reconsider_by": c.Pack.ShowDate(out.Until.Reconsider, l), "sue_by": c.Pack.ShowDate(out.Until.Sue, l),
			"body": c.Pack.Text("remedy.body").In(l), "court": c.Pack.Text("remedy.court").In(l), "respondent": c.Pack.Text("remedy.respondent").In(l),
		})
	}
}

// fenOf reads yuan with up to two decimals.
func fenOf(s string) (int64, error) {
	whole, cents, _ := strings.Cut(s, ".")
	if len(cents) > 2 || whole == "" {
		return 0, errors.New("not an amount")
	}
	fen, err := strconv.ParseUint(whole+(cents + "00")[:2], 10, 63)
	if err != nil || fen > mostMoney {
		return 0, errors.New("not an amount")
	}
	return int64(fen), nil
}
