// Package script finds out what a screen has to say from the screen itself: the templates are drawn with their wordings
// marked, and the marks are collected in the order in which people read. So nothing is said that is not shown, and no
// screen can be forgotten.
package script

import (
	"slices"
	"strings"

	"yimen/ui/voice"
)

// The marks around a wording are noncharacters (Unicode 23.7): no text has a use for them.
const (
	begins = '\ufdd0'
	parts  = '\ufdd1'
	ends   = '\ufdd2'
)

var noMarks = strings.NewReplacer(string(begins), "", string(parts), "", string(ends), "")

// Mark is a wording as the templates are to draw it: what id says in lang, with its {names} open, and what stands for
// them. An argument may be marked itself.
func Mark(id, lang, text string, args map[string]string) string {
	if text == "" {
		return ""
	}
	var b strings.Builder
	b.WriteRune(begins)
	for i, part := range []string{id, lang, text} {
		if i > 0 {
			b.WriteRune(parts)
		}
		b.WriteString(noMarks.Replace(part))
	}
	names := make([]string, 0, len(args))
	for name := range args {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		value := args[name]
		if _, rest, ok := cut(value); !ok || rest != "" {
			value = noMarks.Replace(value)
		}
		b.WriteRune(parts)
		b.WriteString(noMarks.Replace(name) + "=" + value)
	}
	b.WriteRune(ends)
	return b.String()
}

// cut takes the marked wording off the front of s; false where there is none that is whole.
func cut(s string) (p voice.Prompt, rest string, ok bool) {
	s, ok = strings.CutPrefix(s, string(begins))
	if !ok {
		return p, s, false
	}
	var fields []string
	depth, from := 0, 0
	for i, r := range s {
		switch {
		case r == begins:
			depth++
		case r == ends && depth > 0:
			depth--
		case depth == 0 && (r == parts || r == ends):
			fields = append(fields, s[from:i])
			from = i + len(string(r))
			if r == ends {
				return prompt(fields, s[from:])
			}
		}
	}
	return p, s, false
}

func prompt(fields []string, rest string) (voice.Prompt, string, bool) {
	if len(fields) < 3 {
		return voice.Prompt{}, rest, false
	}
	p := voice.Prompt{ID: fields[0], Lang: fields[1], Text: fields[2]}
	for _, field := range fields[3:] {
		name, value, _ := strings.Cut(field, "=")
		arg := voice.Arg{Name: name, Value: value}
		if said, _, ok := cut(value); ok {
			arg.Value, arg.Said = "", &said
		}
		p.Own = p.Own || !slices.Contains(public, name)
		p.Args = append(p.Args, arg)
	}
	return p, rest, true
}

// public are the {names} for which nothing stands that concerns the person who is here: counts, days, the hall's own.
// A wording with any other is Own. The hall's telephone is called hotline, the office's of a public notice phone.
var public = []string{
	"now", "of", "n", "left", "most", "limit", "day", "first", "last", "year", "month", "desk", "hotline", "phone", "person",
}
