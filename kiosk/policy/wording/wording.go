// Package wording is what packs say: texts by language, where they come from, and how names and sums of money
// are put into them. The words themselves lie in packs, never here.
package wording

import (
	"fmt"
	"strconv"
	"strings"
)

// Text is a wording by language tag ("zh-CN", "en"). "zh-CN" is always there.
type Text map[string]string

// In gives the wording in lang, or the Chinese one where the pack has no other.
func (t Text) In(lang string) string {
	if s, ok := t[lang]; ok {
		return s
	}
	return t["zh-CN"]
}

// Citation says where something comes from: a source of the pack's list and, where it has them, an article
// and up to 40 characters of its words. Illustrative marks a value that no source gives.
type Citation struct {
	Source       string `yaml:"source"`
	Article      string `yaml:"article"`
	Quote        string `yaml:"quote"`
	Illustrative string `yaml:"illustrative"` // why there is no source; a Citation has either Source or this
}

// Yuan writes fen as yuan with thousands commas; fen are written only where there are any: 1,800 or 1,800.50.
func Yuan(fen int64) string {
	sign := ""
	if fen < 0 {
		sign, fen = "-", -fen
	}
	digits := strconv.FormatInt(fen/100, 10)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	if fen%100 != 0 {
		digits += fmt.Sprintf(".%02d", fen%100)
	}
	return sign + digits
}

// Fill puts values into the {names} of a wording; a name without a value stays as it is.
func Fill(text string, values map[string]string) string {
	return FillBy(text, func(name string) (string, bool) {
		v, ok := values[name]
		return v, ok
	})
}

// FillBy is Fill with the values looked up by a function.
func FillBy(text string, value func(name string) (string, bool)) string {
	var b strings.Builder
	b.Grow(len(text) + 32)
	for {
		before, rest, ok := strings.Cut(text, "{")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		name, after, closed := strings.Cut(rest, "}")
		if v, known := value(name); closed && known {
			b.WriteString(v)
			text = after
			continue
		}
		b.WriteByte('{')
		text = rest
	}
}
