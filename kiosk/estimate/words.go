package estimate

import (
	"encoding/json"
	"strings"

	"yimen/kiosk/policy"
	"yimen/kiosk/policy/wording"
)

// Sentence is a wording of the pack with the figures of one household. It is put into words where it is read: most
// of a bulk reckoning's are not.
type Sentence struct {
	wording policy.Text
	say     words
}

// Spoken is a sentence that has no figures to fill in.
func Spoken(t policy.Text) Sentence { return Sentence{wording: t} }

// In gives the sentence in a language, or the Chinese one where the pack has no other.
func (s Sentence) In(lang string) string { return s.say.fill(s.wording.In(lang), lang) }

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

// words are what a sentence's names stand for.
type words []word

// word is one name and its value.
type word struct {
	name string
	value
}

// value is a word the same in every language, a word by language, a sum of money, a ratio, or a sentence itself.
type value struct {
	same     string
	text     policy.Text
	sentence *Sentence
	number   policy.Number
	show     func(policy.Number) string
}

func plain(s string) value       { return value{same: s} }
func spoken(t policy.Text) value { return value{text: t} }

func (v value) in(lang string) string {
	switch {
	case v.show != nil:
		return v.show(v.number)
	case v.sentence != nil:
		return v.sentence.In(lang)
	case v.text != nil:
		return v.text.In(lang)
	}
	return v.same
}

// fill puts the words into one language's wording.
func (say words) fill(sentence, lang string) string {
	return wording.FillBy(sentence, func(name string) (string, bool) {
		for _, w := range say {
			if w.name == name {
				return w.in(lang), true
			}
		}
		return "", false
	})
}

// line adds a step to the working and gives it, so that the caller can add the inputs.
func (w *working) line(r *policy.Rule, subject int, o Outcome, say words, result ...string) *Line {
	w.r.Lines = append(w.r.Lines, w.said(r, subject, o, say, result...))
	return &w.r.Lines[len(w.r.Lines)-1]
}

// said is one step in words: the sentence is the rule's own for that outcome. It keeps say.
func (w *working) said(r *policy.Rule, subject int, o Outcome, say words, result ...string) Line {
	if r == nil {
		return Line{} // step has noted that the pack lacks it
	}
	sentence := r.Met
	switch o {
	case NotMet:
		sentence = r.NotMet
	case NotKnown:
		sentence = r.Unknown
	}
	if subject > 0 {
		say = append(say, word{"who", w.who(subject)})
	}
	example := r.Citation.Illustrative != ""
	w.r.Example = w.r.Example || example && o != NotKnown
	return Line{Rule: r.ID, Subject: subject, Outcome: o, Sentence: Sentence{sentence, say},
		Result: strings.Join(result, " "), Citation: r.Citation, Example: example}
}

// yuan shows fen rounded half up to whole fen, such as 1,800 or 866.67.
func yuan(sum policy.Number) value { return value{number: sum, show: showYuan} }

func showYuan(sum policy.Number) string {
	if whole, ok := sum.Round(); ok {
		return wording.Yuan(whole)
	}
	return sum.Quo(policy.Whole(100)).FloatString(2)
}

// fen is the machine form of a sum: whole fen, or the exact fraction.
func fen(sum policy.Number) string { return sum.RatString() }

// decimal shows a ratio without needless zeros: 1.5.
func decimal(r policy.Number) value { return value{number: r, show: showDecimal} }

func showDecimal(r policy.Number) string {
	return strings.TrimRight(strings.TrimRight(r.FloatString(4), "0"), ".")
}

// percent writes a ratio as a percentage with two decimals, rounded half up: 113.00.
func percent(r policy.Number) string { return r.Mul(policy.Whole(100)).FloatString(2) }

// roundUp gives the next whole multiple of unit, in fen; what is left of a fen is not paid.
func roundUp(sum, unit policy.Number) policy.Number {
	n, _ := sum.Quo(unit).Ceil()
	return policy.Whole(n).Mul(unit).Floor()
}
