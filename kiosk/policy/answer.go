package policy

import (
	"strconv"
	"strings"

	"yimen/kiosk/household"
)

// Show gives an answer in words, for review and the printed form: 1,800元/月, 1958年3月2日, an option's title,
// the pack's words for yes, no and 不清楚. Personal text is given in full; who shows it to others masks it.
func (p *Pack) Show(asked Asked, v household.Answer, lang string) string {
	q := asked.Question
	switch v.State {
	case household.NotYet:
		return p.Text("answer.not_yet").In(lang)
	case household.Unknown:
		return p.Text("answer.unknown").In(lang)
	}
	switch q.Input {
	case InputYesNo:
		if v.Number != 0 {
			return p.Text("answer.yes").In(lang)
		}
		return p.Text("answer.no").In(lang)
	case InputChoice, InputChoices:
		return p.showChosen(q, v, lang)
	case InputMoney:
		return Fill(p.Text("answer.with_unit").In(lang), map[string]string{"number": Yuan(v.Number), "unit": q.Unit.In(lang)})
	case InputCount:
		return Fill(p.Text("answer.with_unit").In(lang), map[string]string{"number": strconv.FormatInt(v.Number, 10), "unit": q.Unit.In(lang)})
	case InputDate:
		return p.ShowDate(household.Date(v.Number), lang)
	}
	return v.Text.Reveal()
}

func (p *Pack) showChosen(q *Question, v household.Answer, lang string) string {
	var words []string
	for _, code := range v.Chosen() {
		for _, o := range q.Options {
			if o.Code == code {
				words = append(words, o.Title.In(lang))
			}
		}
	}
	if len(words) == 0 {
		return p.Text("answer.none").In(lang)
	}
	return strings.Join(words, p.Text("answer.between").In(lang))
}

// ShowDate gives a day in the pack's words, such as 1958年3月2日.
func (p *Pack) ShowDate(d household.Date, lang string) string {
	return Fill(p.Text("answer.date").In(lang), map[string]string{
		"year": strconv.Itoa(int(d) / 10000), "month": strconv.Itoa(int(d) / 100 % 100), "day": strconv.Itoa(int(d) % 100)})
}
