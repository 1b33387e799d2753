package ui

import (
	"fmt"
	"html/template"
	"maps"
	"slices"

	"yimen/kiosk/journey/view"
	"yimen/kiosk/policy"
	"yimen/ui/voice"
	"yimen/ui/voice/script"
)

// aloud ends the id of a phrase's second wording: the one to say where the first cannot be (it has a name in it, or is
// only clear to who sees it).
const aloud = ".aloud"

// script is what v's screen has to say. A screen that cannot be drawn is the trouble screen here too.
func (r *renderer) script(v view.View) (voice.Script, error) {
	if _, ok := r.words[v.Lang]; !ok {
		v.Lang = fallback
	}
	// With all that the voice offers: it has names too, for who comes to it by keys.
	s := newScene(v, voice.State{Ready: true, On: true, HasEar: true, Sheet: true})
	s.aloud = true
	b, err := r.execute(r.marked, "screen", s)
	if err != nil {
		s.Screen, s.Cover = trouble, nil
		if b, err = r.execute(r.marked, "screen", s); err != nil {
			return voice.Script{}, err
		}
	}
	said, err := script.Read(b, v.Lang)
	if err != nil {
		return voice.Script{}, fmt.Errorf("screen %s: %w", v.Screen, err)
	}
	said.Visit, said.Seq, said.Lang = v.Visit, v.Seq, v.Lang
	return said, nil
}

// marking is the vocabulary of templates in lang that are drawn to be read out: wordings come marked, pictures not at all.
func (r *renderer) marking(lang string) template.FuncMap {
	all := r.vocabulary(lang)
	maps.Copy(all, template.FuncMap{
		"t": func(id string, pairs ...any) (string, error) {
			if _, ok := r.words[lang][id]; !ok {
				return "", fmt.Errorf("there is no phrase %q", id)
			}
			return r.mark(lang, id, arguments(pairs)), nil
		},
		"phrase":  func(p view.Phrase) string { return r.mark(lang, p.ID, p.Args) },
		"plainly": func(p view.Phrase) string { return r.mark(lang, p.ID+view.Plainly, nil) },
		"in":      func(t policy.Text) string { return markText(lang, t) },
		"tongue":  func(tag string) string { return r.mark(tag, "language.name", nil) },
		"icon":    func(string) template.HTML { return "" },
		"ethnic":  func(code string) string { return r.mark(lang, "ethnic."+code, nil) },
		"date":    func(iso string) string { return r.markDate(lang, iso) },
	})
	return all
}

// mark marks a phrase; what is to be said instead of it, where there is that.
func (r *renderer) mark(lang, id string, args map[string]string) string {
	if text, ok := r.words[lang][id+aloud]; ok {
		said := maps.Clone(args)
		maps.DeleteFunc(said, func(name, _ string) bool { return !slices.Contains(named(text), name) })
		return script.Mark(id+aloud, lang, text, said)
	}
	return script.Mark(id, lang, r.words[lang][id], args)
}

// prompt is a phrase of ours that has no arguments.
func (r *renderer) prompt(lang, id string) voice.Prompt {
	if _, ok := r.words[lang]; !ok {
		lang = fallback
	}
	return voice.Prompt{ID: id, Lang: lang, Text: r.words[lang][id]}
}

// markText marks a text of a pack, in the language that it comes in.
func markText(lang string, t policy.Text) string {
	if _, ok := t[lang]; !ok {
		lang = fallback
	}
	return script.Mark("", lang, t.In(lang), nil)
}

// markDate marks YYYY-MM-DD; of a masked one nothing can be said.
func (r *renderer) markDate(lang, iso string) string {
	var year, month, day int
	if n, _ := fmt.Sscanf(iso, "%d-%d-%d", &year, &month, &day); n != 3 {
		return iso
	}
	return r.mark(lang, "date.full", map[string]string{"year": fmt.Sprint(year), "month": fmt.Sprint(month), "day": fmt.Sprint(day)})
}

// Somebody is what is said, by language, where a person's name stands and is not to be said.
func Somebody() (map[string]string, error) {
	w, err := loadWords(wordFiles)
	if err != nil {
		return nil, err
	}
	called := map[string]string{}
	for lang := range w {
		called[lang] = w[lang]["aloud.person"]
	}
	return called, nil
}
