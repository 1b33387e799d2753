package dossier

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"yimen/kiosk/household"
	"yimen/kiosk/policy"
)

// composer is a draft being made into a document. It remembers which wordings the pack did not have.
type composer struct {
	Draft
	unworded map[string]bool
}

// word gives a wording of the pack with its {names} filled from pairs of name and value.
func (d *composer) word(id string, pairs ...string) string {
	text := d.Pack.Text(id)
	if text == nil {
		d.unworded[id] = true
	}
	values := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		values[pairs[i]] = pairs[i+1]
	}
	return policy.Fill(text.In(officeLang), values)
}

// worded is an error that names what the pack has no words for: better than a document with gaps.
func (d *composer) worded() error {
	if len(d.unworded) == 0 {
		return nil
	}
	return fmt.Errorf("pack %s has no text %s", d.Pack.ID, strings.Join(slices.Sorted(maps.Keys(d.unworded)), ", "))
}

// applicant is the name on the card: the Chinese one, or the Latin one where there is no other.
func (d *composer) applicant() string {
	if d.Card.Name != "" {
		return d.Card.Name.Reveal()
	}
	return d.Card.Latin.Reveal()
}

// subject names whom a question was about; empty for the household.
func (d *composer) subject(a policy.Asked) string {
	if a.Subject == 0 {
		return ""
	}
	return d.named(a.Key.Scope, a.Subject)
}

// named gives a person's name as stated, or a number where none was.
func (d *composer) named(scope household.Scope, subject int) string {
	name := d.Answers.Get(household.Key{Scope: scope, Subject: subject, Fact: "name"})
	if name.State == household.Given {
		return name.Text.Reveal()
	}
	return d.word("dossier.nameless", "no", strconv.Itoa(subject))
}

// label is a question's noun.
func (d *composer) label(a policy.Asked) string {
	return policy.Fill(a.Question.Label.In(officeLang), map[string]string{"name": d.subject(a)})
}

func (d *composer) materialName(code string) string {
	for _, m := range d.Item.Materials {
		if m.Code == code {
			return m.Name.In(officeLang)
		}
	}
	return code
}

// materials says how each material that concerns this household stands. One that is offered and was not scanned counts
// as later only where the resident said so.
func (d *composer) materials() []Materials {
	pages, check := map[string]int{}, map[string]bool{}
	for _, p := range d.Pages {
		pages[p.Material]++
		check[p.Material] = check[p.Material] || p.Check
	}
	later := map[string]bool{}
	for _, code := range d.Later {
		later[code] = true
	}
	list := []Materials{}
	for _, m := range d.Pack.Materials(d.Item, d.Answers) {
		line := Materials{Code: m.Code, Name: m.Name.In(officeLang), Pages: pages[m.Code], Check: check[m.Code]}
		delete(pages, m.Code)
		switch {
		case line.Pages > 0:
			line.State = Scanned
		case m.Need == policy.NeedShare:
			line.State = Shared
		case slices.ContainsFunc(d.Signatures, func(s Signature) bool { return s.Later && s.Material == m.Code }):
			line.State = Unsigned
		case m.Need == policy.NeedHere:
			line.State = Here
		case m.Must || later[m.Code]:
			line.State = Later
		default:
			continue
		}
		list = append(list, line)
	}
	for _, p := range d.Pages { // scanned before an answer changed: nothing given is dropped
		if n := pages[p.Material]; n > 0 {
			list = append(list, Materials{Code: p.Material, Name: d.materialName(p.Material), State: Scanned, Pages: n, Check: check[p.Material]})
			delete(pages, p.Material)
		}
	}
	return list
}

// date gives YYYYMMDD in the pack's words.
func (d *composer) date(yyyymmdd string) string {
	n, err := strconv.Atoi(yyyymmdd)
	if err != nil || !household.Date(n).Valid() {
		return yyyymmdd
	}
	return d.Pack.ShowDate(household.Date(n), officeLang)
}

const stampFormat = "2006-01-02 15:04:05"
