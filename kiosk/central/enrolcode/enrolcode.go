// Package enrolcode is the one-time code by which a terminal joins a hall, as people write it and carry it.
package enrolcode

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"strings"
)

// Code is a one-time code for an enrolment, as a person carries it to the terminal. It names the hall by its
// fingerprint, so that the terminal tells the secret to nobody else.
type Code struct {
	ID     string // which code it is
	Secret string // that it is this one
	hall   string // how the hall's fingerprint begins
}

// A code's symbols (Crockford's base 32): an id, a secret of 60 bits, the first 70 bits of a fingerprint, and two more
// that catch a slip of the finger.
const (
	codeID     = 4
	codeSecret = 12
	codeHall   = 14
	codeCheck  = 2
)

var crockford = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

// New draws a code for the hall with this fingerprint.
func New(hall [sha256.Size]byte) Code {
	random := make([]byte, 10)
	_, _ = rand.Read(random) // never fails (crypto/rand)
	drawn := crockford.EncodeToString(random)
	return Code{drawn[:codeID], drawn[codeID : codeID+codeSecret], crockford.EncodeToString(hall[:])[:codeHall]}
}

// Told is what a terminal tells central of a code.
func (c Code) Told() string { return c.ID + c.Secret }

// IsOf reports whether the code names the hall with this fingerprint.
func (c Code) IsOf(hall [sha256.Size]byte) bool {
	return crockford.EncodeToString(hall[:])[:codeHall] == c.hall
}

// String writes the code for people: groups of four.
func (c Code) String() string {
	symbols := c.Told() + c.hall
	symbols += checkOf(symbols)
	var groups []string
	for ; symbols != ""; symbols = symbols[4:] {
		groups = append(groups, symbols[:4])
	}
	return strings.Join(groups, "-")
}

func checkOf(symbols string) string {
	sum := sha256.Sum256([]byte(symbols))
	return crockford.EncodeToString(sum[:2])[:codeCheck]
}

// ErrCode means that a code was not written as it was given out.
var ErrCode = errors.New("not a code: type it again")

// Parse reads a code as people write it: in either case, with or without its dashes, O for 0, I and L for 1.
func Parse(text string) (Code, error) {
	symbols := strings.NewReplacer("-", "", " ", "", "O", "0", "I", "1", "L", "1").Replace(strings.ToUpper(strings.TrimSpace(text)))
	if len(symbols) != codeID+codeSecret+codeHall+codeCheck {
		return Code{}, fmt.Errorf("%w: it has %d symbols, not %d", ErrCode, len(symbols), codeID+codeSecret+codeHall+codeCheck)
	}
	rest, check := symbols[:len(symbols)-codeCheck], symbols[len(symbols)-codeCheck:]
	if checkOf(rest) != check || strings.Trim(rest, "0123456789ABCDEFGHJKMNPQRSTVWXYZ") != "" {
		return Code{}, ErrCode
	}
	return Code{rest[:codeID], rest[codeID : codeID+codeSecret], rest[codeID+codeSecret:]}, nil
}

// ParseTold is the way back from Told; the hall is not in it.
func ParseTold(text string) (Code, error) {
	if len(text) != codeID+codeSecret {
		return Code{}, ErrCode
	}
	return Code{ID: text[:codeID], Secret: text[codeID:]}, nil
}
