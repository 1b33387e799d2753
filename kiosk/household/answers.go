// Package household holds the facts that a resident states about a household: values only, each of which may
// be "not answered yet" or "I do not know". It knows no rule, no question's wording and no screen.
package household

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"yimen/drivers/device"
)

// State of an answer: three different things that must never be mixed up (lesson 5 of facts/features.md).
type State int

const (
	NotYet  State = iota // nobody has answered
	Unknown              // the resident said "不清楚"
	Given                // the resident gave a value
)

// Answer is one stated fact. Which of the value fields counts is said by the fact's Kind.
type Answer struct {
	State State
	// Number holds money in fen, counts, yes (1) and no (0), and dates as YYYYMMDD.
	Number int64
	// Code holds the chosen option of a choice, or codes joined by "," where several may be chosen.
	Code string
	// Text holds free text and identity numbers.
	Text device.Personal
}

// Key names one fact of one subject: Subject 0 is the household itself, 1 the applicant, 2.. the other
// members; a supporter's subjects count from 1 within their own facts. Its text form is "deposits",
// "member.2.wage" or "supporter.1.income".
type Key struct {
	Scope   Scope
	Subject int
	Fact    string
}

// Scope says whose fact it is.
type Scope string

const (
	Household Scope = ""
	Member    Scope = "member"
	Supporter Scope = "supporter"
)

// Name says in a word whose facts these are.
func (s Scope) Name() string {
	if s == Household {
		return "household"
	}
	return string(s)
}

func (k Key) String() string {
	if k.Scope == Household {
		return k.Fact
	}
	return string(k.Append(nil))
}

// Append writes the key's text form behind b.
func (k Key) Append(b []byte) []byte {
	if k.Scope != Household {
		b = append(append(b, k.Scope...), '.')
		b = append(strconv.AppendInt(b, int64(k.Subject), 10), '.')
	}
	return append(b, k.Fact...)
}

// MarshalText writes the key's text form, so that results name their missing answers.
func (k Key) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// ParseKey reads the text form of a Key.
func ParseKey(s string) (Key, error) {
	parts := strings.Split(s, ".")
	switch {
	case len(parts) == 1 && parts[0] != "":
		return Key{Fact: s}, nil
	case len(parts) == 3 && (parts[0] == string(Member) || parts[0] == string(Supporter)) && parts[2] != "":
		n, err := strconv.Atoi(parts[1])
		if err != nil || n < 1 || strconv.Itoa(n) != parts[1] {
			return Key{}, fmt.Errorf("key %q: the subject is a number from 1", s)
		}
		return Key{Scope: Scope(parts[0]), Subject: n, Fact: parts[2]}, nil
	}
	return Key{}, fmt.Errorf("key %q: want fact, member.N.fact or supporter.N.fact", s)
}

// Answers is what was stated so far. The zero value is an empty sheet. With returns a changed copy; an
// Answers is never changed in place, so a View or an estimate may keep one.
type Answers struct {
	*rows
}

// rows hold answers by subject and place in the schema: rules read them hundreds of times for each household,
// and writing one copies one person's row.
type rows struct {
	of    [scopes][][]Answer // by scope and subject; the household's is its subject 0
	other map[Key]Answer     // facts the schema does not have
	given int
}

// Get gives the answer under k; an answer never given has State NotYet. Two things are known of an applicant
// without asking: relation is self, and away is none, for the applicant (or the person spoken for) is not away
// from the own household unless that was said.
func (a Answers) Get(k Key) Answer {
	if place, ok := PlaceOf(k.Scope, k.Fact); ok && k.Subject >= 0 && k.Subject <= mostRows {
		return a.At(place, k.Subject)
	}
	if a.rows == nil {
		return Answer{}
	}
	return a.other[k]
}

// At is Get for a fact whose place in the schema is known.
func (a Answers) At(p Place, subject int) Answer {
	if a.rows != nil && subject >= 0 && subject < len(a.of[p.scope]) {
		if row := a.of[p.scope][subject]; row != nil && row[p.n].State != NotYet {
			return row[p.n]
		}
	}
	if subject == 1 {
		return ofApplicant(p)
	}
	return Answer{}
}

// ofApplicant is what is known of every applicant without asking.
func ofApplicant(p Place) Answer {
	switch p {
	case relationPlace:
		return Answer{State: Given, Code: "self"}
	case awayPlace:
		return Answer{State: Given, Code: "none"}
	}
	return Answer{}
}

// Len counts the answers that are not NotYet.
func (a Answers) Len() int {
	if a.rows == nil {
		return 0
	}
	return a.given
}

// With gives a copy in which k has the answer v; v with State NotYet takes the answer away.
func (a Answers) With(k Key, v Answer) Answers {
	next := rows{}
	if a.rows != nil {
		next = *a.rows
	}
	place, ok := PlaceOf(k.Scope, k.Fact)
	if !ok || k.Subject < 0 || k.Subject > mostRows {
		next.other = maps.Clone(next.other)
		next.putOther(k, v)
	} else {
		people := slices.Clone(next.of[place.scope])
		if k.Subject < len(people) {
			people[k.Subject] = slices.Clone(people[k.Subject])
		}
		next.of[place.scope] = people
		next.put(place, k.Subject, v)
	}
	return Answers{&next}
}

// mostRows bounds the subjects that have a row: a key may carry any number.
const mostRows = 1 << 10

// put writes into rows that nobody else reads yet.
func (r *rows) put(p Place, subject int, v Answer) {
	for len(r.of[p.scope]) <= subject {
		r.of[p.scope] = append(r.of[p.scope], nil)
	}
	row := r.of[p.scope][subject]
	if row == nil {
		row = make([]Answer, widths[p.scope])
		r.of[p.scope][subject] = row
	}
	r.count(row[p.n], v)
	if v.State == NotYet {
		v = Answer{}
	}
	row[p.n] = v
}

func (r *rows) putOther(k Key, v Answer) {
	r.count(r.other[k], v)
	if v.State == NotYet {
		delete(r.other, k)
		return
	}
	if r.other == nil {
		r.other = map[Key]Answer{}
	}
	r.other[k] = v
}

func (r *rows) count(was, is Answer) {
	if was.State != NotYet {
		r.given--
	}
	if is.State != NotYet {
		r.given++
	}
}
