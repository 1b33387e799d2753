package estimate

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"math/big"
	"strings"

	"yimen/kiosk/policy"
	"yimen/kiosk/policy/wording"
)

// words are what a sentence's names stand for.
type words []word

// word is one name and its value: the same in every language, or by language.
type word struct {
	name string
	value
}

type value struct {
	same string
	text policy.Text
}

func plain(s string) value       { return value{same: s} }
func spoken(t policy.Text) value { return value{text: t} }
func (v value) in(lang string) string {
	if v.text != nil {
		return v.text.In(lang)
	}
	return v.same
}

// fill puts words into every language of a wording.
func fill(t policy.Text, say words) policy.Text {
	out := make(policy.Text, len(t))
	for lang, sentence := range t {
		out[lang] = wording.FillBy(sentence, func(name string) (string, bool) {
			for _, w := range say {
				if w.name == name {
					return w.in(lang), true
				}
			}
			return "", false
		})
	}
	return out
}

// line adds a step to the working and gives it, so that the caller can add the inputs.
func (w *working) line(r *policy.Rule, subject int, o Outcome, say words, result ...string) *Line {
	w.r.Lines = append(w.r.Lines, w.said(r, subject, o, say, result...))
	return &w.r.Lines[len(w.r.Lines)-1]
}

// said is one step in words: the sentence is the rule's own for that outcome.
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
		say = append(say[:len(say):len(say)], word{"who", spoken(w.who(subject))})
	}
	example := r.Citation.Illustrative != ""
	w.r.Example = w.r.Example || example && o != NotKnown
	return Line{Rule: r.ID, Subject: subject, Outcome: o, Sentence: fill(sentence, say),
		Result: strings.Join(result, " "), Citation: r.Citation, Example: example}
}

// yuan shows fen rounded half up to whole fen, such as 1,800 or 866.67.
func yuan(sum *big.Rat) value {
	whole, _ := new(big.Int).SetString(sum.FloatString(0), 10)
	if !whole.IsInt64() {
		return plain(new(big.Rat).Quo(sum, big.NewRat(100, 1)).FloatString(2))
	}
	return plain(wording.Yuan(whole.Int64()))
}

// fen is the machine form of a sum: whole fen, or the exact fraction.
func fen(sum *big.Rat) string { return sum.RatString() }

// decimal writes a ratio without needless zeros: 1.5.
func decimal(r *big.Rat) string {
	s := r.FloatString(4)
	return strings.TrimRight(strings.TrimRight(s, "0"), ".")
}

// percent writes a ratio as a percentage with two decimals, rounded half up: 113.00.
func percent(r *big.Rat) string { return new(big.Rat).Mul(r, big.NewRat(100, 1)).FloatString(2) }

// roundUp gives the next whole multiple of unit, in fen.
func roundUp(sum, unit *big.Rat) int64 {
	q := new(big.Rat).Quo(sum, unit)
	n := new(big.Int).Quo(q.Num(), q.Denom())
	if new(big.Rat).SetInt(n).Cmp(q) < 0 {
		n.Add(n, big.NewInt(1))
	}
	paid := new(big.Rat).Mul(new(big.Rat).SetInt(n), unit)
	return new(big.Int).Quo(paid.Num(), paid.Denom()).Int64()
}

// Canonical gives a result's bytes: JSON with a fixed order of fields and keys. Equal pack, answers and day
// give equal bytes on every machine.
func Canonical(r Result) []byte {
	b, err := json.Marshal(r)
	if err != nil {
		panic("a result of plain values cannot fail to marshal: " + err.Error())
	}
	return b
}

// shortDigest is the first 12 hexadecimal digits of SHA-256 in groups of four: short enough to read aloud.
func shortDigest(b []byte) string {
	sum := sha256.Sum256(b)
	h := hex.EncodeToString(sum[:6])
	return h[:4] + "-" + h[4:8] + "-" + h[8:]
}
