package envelope

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"time"
)

const (
	listFormat = 1
	idSize     = 26
)

// Names in a list become parts of paths and addresses elsewhere, therefore their characters are few.
var (
	idPattern       = regexp.MustCompile(`^[0-9a-z]{26}$`)
	kindPattern     = regexp.MustCompile(`^[a-z][a-z0-9-]{0,31}$`)
	terminalPattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)
)

// List is what stands outside the seals: which envelope, whose, and the sealed bytes of each part.
type List struct {
	Format   int        `json:"format"`
	Suite    Suite      `json:"suite"`
	Envelope string     `json:"envelope"`
	Kind     string     `json:"kind"`
	Terminal string     `json:"terminal"`
	SealedAt time.Time  `json:"sealed_at"`
	Parts    []ListPart `json:"parts"`
}

// ListPart describes the sealed bytes of one part: their count and digest. Part i stands at place i.
type ListPart struct {
	No     int    `json:"no"`
	Size   int64  `json:"size"`
	Digest string `json:"digest"`
}

// VerifyList gives the list if by signed exactly these bytes, with the key of the suite that they name, and they
// are a canonical list.
func VerifyList(list, signature []byte, by *Verifier) (List, error) {
	var signed Suite // found out before a byte of the list is looked at
	for _, k := range by.keys {
		if k.verify(list, signature) {
			signed = k.suite()
		}
	}
	if signed == "" {
		return List{}, fmt.Errorf("verify list: %w", ErrSignature)
	}
	l, err := ParseList(list)
	if err == nil && l.Suite != signed {
		return List{}, fmt.Errorf("verify list: %w: signed with %s, says %s", ErrSignature, signed, l.Suite)
	}
	return l, err
}

// ParseList reads a list without asking who signed it: enough to learn whose key to ask for, not to
// believe it. Only the canonical form is accepted, one byte string for each list.
func ParseList(list []byte) (List, error) {
	l, err := parseList(list)
	if err != nil {
		return List{}, fmt.Errorf("parse list: %w", err)
	}
	return l, nil
}

func parseList(list []byte) (List, error) {
	if len(list) > MaxListSize {
		return List{}, fmt.Errorf("%d bytes, at most %d", len(list), MaxListSize)
	}
	var l List
	d := json.NewDecoder(bytes.NewReader(list))
	d.DisallowUnknownFields()
	if err := d.Decode(&l); err != nil {
		return List{}, err
	}
	if err := l.checkHead(); err != nil {
		return List{}, err
	}
	if err := l.checkParts(); err != nil {
		return List{}, err
	}
	again, err := l.canonical()
	if err != nil {
		return List{}, err
	}
	if !bytes.Equal(again, list) {
		return List{}, errors.New("not in canonical form")
	}
	return l, nil
}

func (l List) checkHead() error {
	switch {
	case l.Format != listFormat:
		return fmt.Errorf("list format %d is not known", l.Format)
	case !idPattern.MatchString(l.Envelope):
		return fmt.Errorf("envelope id %q: want 26 characters 0-9 a-z", l.Envelope)
	case !kindPattern.MatchString(l.Kind):
		return fmt.Errorf("kind %q: want lower-case words", l.Kind)
	case !terminalPattern.MatchString(l.Terminal):
		return fmt.Errorf("terminal %q: want letters, digits, dot, dash", l.Terminal)
	case l.SealedAt.IsZero() || l.SealedAt.Location() != time.UTC:
		return errors.New("sealed_at: want a time in UTC")
	}
	return l.Suite.Known()
}

func (l List) checkParts() error {
	if len(l.Parts) == 0 || len(l.Parts) > MaxParts {
		return fmt.Errorf("%d parts, want 1 to %d", len(l.Parts), MaxParts)
	}
	for i, p := range l.Parts {
		switch {
		case p.No != i:
			return fmt.Errorf("part %d stands at place %d", p.No, i)
		case p.Size <= 0 || p.Size > MaxPartSize:
			return fmt.Errorf("part %d: size %d bytes", i, p.Size)
		case !suites[l.Suite].isDigest(p.Digest):
			return fmt.Errorf("part %d: digest %q", i, p.Digest)
		}
	}
	return nil
}

// canonical is compact JSON in the order of the struct's fields. No value needs escaping.
func (l List) canonical() ([]byte, error) { return json.Marshal(l) }
