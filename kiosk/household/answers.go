// Package household holds the facts that a resident states about a household: values only, each of which may
// be "not answered yet" or "I do not know". It knows no rule, no question's wording and no screen.
package household

import (
	"fmt"
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

func (k Key) String() string {
	if k.Scope == Household {
		return k.Fact
	}
	return string(k.Scope) + "." + strconv.Itoa(k.Subject) + "." + k.Fact
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
	m map[Key]Answer
}

// Get gives the answer under k; an answer never given has State NotYet. Two things are known of an applicant
// without asking: relation is self, and away is none, for the applicant (or the person spoken for) is not away
// from the own household unless that was said.
func (a Answers) Get(k Key) Answer {
	v, ok := a.m[k]
	if !ok && k.Scope == Member && k.Subject == 1 {
		switch k.Fact {
		case "relation":
			return Answer{State: Given, Code: "self"}
		case "away":
			return Answer{State: Given, Code: "none"}
		}
	}
	return v
}

// Len counts the answers that are not NotYet.
func (a Answers) Len() int { return len(a.m) }

// With gives a copy in which k has the answer v; v with State NotYet takes the answer away.
func (a Answers) With(k Key, v Answer) Answers {
	m := make(map[Key]Answer, len(a.m)+1)
	for key, val := range a.m {
		m[key] = val
	}
	if v.State == NotYet {
		delete(m, k)
	} else {
		m[k] = v
	}
	return Answers{m}
}
