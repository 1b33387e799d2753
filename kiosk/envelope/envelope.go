// Package envelope seals a dossier so that only its addressees can read it, and proves who sealed it.
//
// An envelope is a list signed by the terminal and, for every body put in, one sealed part. The list
// names nothing but part numbers, sizes and digests of the sealed bytes: whoever carries an envelope can
// check that it is whole, and can learn neither names nor contents. FORMAT.md describes every byte.
//
// Two suites of algorithms do the same (Suite). Whether an envelope is held in memory (Seal, OpenPart) or passes
// through (Begin, OpenPartTo), its bytes are the same.
//
// The package does no I/O and reads no clock: time, ids and randomness are arguments. The one exception is the
// ephemeral key of SuiteX25519's wrap, which the standard library draws by itself.
package envelope

import (
	"errors"
	"time"
)

// What can be wrong with an envelope, by what the holder can do about it.
var (
	// ErrSignature means that the list was not signed by the key it was checked against.
	ErrSignature = errors.New("signature does not match")
	// ErrRecipient means that the part is sealed to other keys than the one offered.
	ErrRecipient = errors.New("not sealed to this key")
	// ErrAltered means that a part is not what its sealer made: cut, changed, or another part.
	ErrAltered = errors.New("sealed part is altered")
)

// Bounds that every reader checks before it believes a size.
const (
	MaxParts      = 512      // parts in one envelope
	MaxPartSize   = 64 << 20 // bytes of one sealed part
	MaxListSize   = 128 << 10
	maxRecipients = 16
)

// Head says which envelope this is. The time is the caller's clock, stored in UTC to the millisecond.
type Head struct {
	Suite    Suite  // what it is sealed with; SuiteSM where it is empty
	ID       string // 26 characters 0-9 a-z
	Kind     string // what it holds, for routing: "application"
	Terminal string // who sealed it: the name in the terminal's certificate
	SealedAt time.Time
}

// Sealed is an envelope ready to be carried. List holds exactly the bytes that Signature signs.
type Sealed struct {
	List      []byte
	Signature []byte
	Parts     [][]byte
}
