package trace

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"yimen/kiosk/household"
	"yimen/kiosk/policy"
)

// Canonical gives a result's bytes: JSON with a fixed order of fields and keys. Equal pack, answers and day
// give equal bytes on every machine. They are what encoding/json makes of a Result, written without its
// reflection, for bulk reckonings seal every result.
func Canonical(r Result) []byte {
	b := make(writer, 0, 1<<14)
	b.field(`{"Programme":`).text(r.Programme)
	b.field(`,"Verdict":`).text(string(r.Verdict))
	b.field(`,"Monthly":`).whole(int64(r.Monthly))
	b.field(`,"HasMonthly":`).yes(r.HasMonthly)
	b.field(`,"AsOf":`).whole(int64(r.AsOf))
	b.field(`,"PackID":`).text(r.PackID)
	b.field(`,"Edition":`).text(r.Edition)
	b.field(`,"PackDigest":`).text(r.PackDigest)
	b.field(`,"Example":`).yes(r.Example)
	b.field(`,"Colour":`).text(string(r.Colour))
	list(b.field(`,"Lines":`), r.Lines, (*writer).line)
	b.field(`,"Counted":`).whole(int64(r.Counted))
	list(b.field(`,"Missing":`), r.Missing, (*writer).key)
	list(b.field(`,"Flags":`), r.Flags, (*writer).line)
	list(b.field(`,"Hints":`), r.Hints, (*writer).line)
	list(b.field(`,"Changes":`), r.Changes, (*writer).change)
	return append(b, '}')
}

// ShortDigest is the first 12 hexadecimal digits of SHA-256 over Canonical in groups of four: short enough to
// read aloud. It stands on the 测算结果单 and in the dossier.
func (r Result) ShortDigest() string {
	sum := sha256.Sum256(Canonical(r))
	h := hex.EncodeToString(sum[:6])
	return h[:4] + "-" + h[4:8] + "-" + h[8:]
}

// writer is JSON being written.
type writer []byte

func (b *writer) field(name string) *writer {
	*b = append(*b, name...)
	return b
}

func (b *writer) whole(n int64) { *b = strconv.AppendInt(*b, n, 10) }
func (b *writer) yes(is bool)   { *b = strconv.AppendBool(*b, is) }

// text writes a string; one with anything to escape is left to encoding/json.
func (b *writer) text(s string) {
	if clean(s) {
		*b = append(append(append(*b, '"'), s...), '"')
		return
	}
	escaped, err := json.Marshal(s)
	if err != nil {
		panic("a string cannot fail to marshal: " + err.Error())
	}
	*b = append(*b, escaped...)
}

func clean(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' || c == 0x7f {
			return false
		}
	}
	return utf8.ValidString(s) && !strings.ContainsAny(s, "\u2028\u2029")
}

// list writes a list; one that is nil as null.
func list[T any](b *writer, all []T, each func(*writer, T)) {
	if all == nil {
		b.field("null")
		return
	}
	b.field("[")
	for i, one := range all {
		if i > 0 {
			b.field(",")
		}
		each(b, one)
	}
	b.field("]")
}

func (b *writer) key(k household.Key) { b.text(k.String()) }

func (b *writer) change(c Change) {
	b.field(`{"Lever":`).text(string(c.Lever))
	b.field(`,"Rule":`).text(c.Rule)
	list(b.field(`,"Keys":`), c.Keys, (*writer).key)
	b.field(`,"From":`).text(c.From)
	b.field(`,"To":`).text(c.To)
	b.field(`,"Unit":`).text(c.Unit)
	b.field(`,"Gives":`).text(string(c.Gives))
	b.field(`,"Document":`).text(c.Document)
	b.field(`,"Sentence":`).sentence(c.Sentence)
	b.field(`,"Citation":`).citation(c.Citation)
	b.field("}")
}

func (b *writer) line(l Line) {
	b.field(`{"Rule":`).text(l.Rule)
	b.field(`,"Subject":`).whole(int64(l.Subject))
	b.field(`,"Outcome":`).text(string(l.Outcome))
	b.field(`,"Sentence":`).sentence(l.Sentence)
	list(b.field(`,"Inputs":`), l.Inputs, (*writer).input)
	b.field(`,"Result":`).text(l.Result)
	b.field(`,"Citation":`).citation(l.Citation)
	b.field(`,"Example":`).yes(l.Example)
	b.field("}")
}

func (b *writer) input(i Input) {
	b.field(`{"Name":`).text(i.Name)
	b.field(`,"Value":`).text(i.Value)
	b.field(`,"Unit":`).text(i.Unit)
	b.field("}")
}

func (b *writer) citation(c policy.Citation) {
	b.field(`{"Source":`).text(c.Source)
	b.field(`,"Article":`).text(c.Article)
	b.field(`,"Quote":`).text(c.Quote)
	b.field(`,"Illustrative":`).text(c.Illustrative)
	b.field("}")
}

func (b *writer) sentence(s Sentence) {
	if s.wording == nil {
		b.field("null")
		return
	}
	between := "{"
	for _, lang := range slices.Sorted(maps.Keys(s.wording)) {
		b.field(between).text(lang)
		b.field(":").text(s.In(lang))
		between = ","
	}
	if len(s.wording) == 0 {
		b.field("{")
	}
	b.field("}")
}
