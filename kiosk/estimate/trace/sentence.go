package trace

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"yimen/kiosk/policy"
	"yimen/kiosk/policy/wording"
)

// Sentence is a wording of the pack with the figures of one household. It is put into words where it is read: most
// of a bulk reckoning's are not.
type Sentence struct {
	wording policy.Text
	say     []Word
}

// Say gives a wording with its words filled in; it keeps its own copy of them.
func Say(t policy.Text, say ...Word) Sentence { return Sentence{t, slices.Clone(say)} }

// In gives the sentence in a language, or the Chinese one where the pack has no other.
func (s Sentence) In(lang string) string {
	return wording.FillBy(s.wording.In(lang), func(name string) (string, bool) {
		for _, w := range s.say {
			if w.Name == name {
				return w.Value.in(lang), true
			}
		}
		return "", false
	})
}

// Text gives the sentence in every language of its wording.
func (s Sentence) Text() policy.Text {
	if s.wording == nil {
		return nil
	}
	out := make(policy.Text, len(s.wording))
	for lang := range s.wording {
		out[lang] = s.In(lang)
	}
	return out
}

// MarshalJSON writes the sentence as Text gives it.
func (s Sentence) MarshalJSON() ([]byte, error) { return json.Marshal(s.Text()) }

// Word is one {name} of a wording and what stands for it.
type Word struct {
	Name  string
	Value Value
}

// Fill puts a value in the place of a name.
func Fill(name string, v Value) Word { return Word{name, v} }

// Value is a word by language, a number in one of its forms, or a sentence itself.
type Value struct {
	form     form
	number   policy.Number
	text     policy.Text
	sentence *Sentence
}

// form is how a value is put into words.
type form uint8

const (
	spoken form = iota
	said
	yuan
	decimal
	percent
)

// Spoken gives words that a pack has in several languages.
func Spoken(t policy.Text) Value { return Value{form: spoken, text: t} }

// Plain gives a word that is the same in every language.
func Plain(s string) Value { return Spoken(policy.Text{"zh-CN": s}) }

// Said gives a sentence within another.
func Said(s *Sentence) Value { return Value{form: said, sentence: s} }

// Yuan gives fen as yuan, rounded half up to whole fen, such as 1,800 or 866.67.
func Yuan(fen policy.Number) Value { return Value{form: yuan, number: fen} }

// Decimal gives a ratio, or a count, with at most four decimals and without needless zeros: 1.5.
func Decimal(n policy.Number) Value { return Value{form: decimal, number: n} }

// Count gives a number of people, of steps or of months.
func Count(n int) Value { return Decimal(policy.Whole(int64(n))) }

// Percent gives a ratio as a percentage with two decimals, rounded half up: 113.00.
func Percent(n policy.Number) Value { return Value{form: percent, number: n} }

func (v Value) in(lang string) string {
	switch v.form {
	case said:
		return v.sentence.In(lang)
	case yuan:
		if whole, ok := v.number.Round(); ok {
			return wording.Yuan(whole)
		}
		return v.number.Quo(policy.Whole(100)).FloatString(2)
	case decimal:
		if whole, ok := v.number.Int(); ok {
			return strconv.FormatInt(whole, 10)
		}
		return strings.TrimRight(strings.TrimRight(v.number.FloatString(4), "0"), ".")
	case percent:
		return PercentOf(v.number)
	}
	return v.text.In(lang)
}

// PercentOf writes a ratio as a percentage with two decimals, rounded half up.
func PercentOf(n policy.Number) string { return n.Mul(policy.Whole(100)).FloatString(2) }
