// Package envelope seals a dossier so that only its addressees can read it, and proves who sealed it.
//
// An envelope is a list signed by the terminal and, for every body put in, one sealed part. The list
// names nothing but part numbers, sizes and digests of the sealed bytes: whoever carries an envelope can
// check that it is whole, and can learn neither names nor contents. FORMAT.md describes every byte.
//
// The package does no I/O and reads no clock: time, ids and randomness are arguments.
package envelope

import (
	"errors"
	"fmt"
	"io"
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

// Seal encrypts each body to all recipients and signs the list of the results. Body i becomes part i.
// The bodies are read only; random must be a cryptographic source.
func Seal(h Head, bodies [][]byte, to []Recipient, by *Signer, random io.Reader) (Sealed, error) {
	if len(to) == 0 || len(to) > maxRecipients {
		return Sealed{}, fmt.Errorf("seal %s: %d recipients, want 1 to %d", h.ID, len(to), maxRecipients)
	}
	if len(bodies) == 0 || len(bodies) > MaxParts {
		return Sealed{}, fmt.Errorf("seal %s: %d bodies, want 1 to %d", h.ID, len(bodies), MaxParts)
	}
	list := List{
		Format: listFormat, Suite: sm.name, Envelope: h.ID, Kind: h.Kind, Terminal: h.Terminal,
		SealedAt: h.SealedAt.UTC().Truncate(time.Millisecond),
	}
	if err := list.checkHead(); err != nil {
		return Sealed{}, fmt.Errorf("seal %s: %w", h.ID, err)
	}
	key, wraps, err := wrapNewKey(to, random)
	if err != nil {
		return Sealed{}, fmt.Errorf("seal %s: %w", h.ID, err)
	}
	s := Sealed{Parts: make([][]byte, len(bodies))}
	for no, body := range bodies {
		part, err := sealPart(sm, body, header(sm, h.ID, no, wraps), key)
		if err != nil {
			return Sealed{}, fmt.Errorf("seal %s part %d: %w", h.ID, no, err)
		}
		s.Parts[no] = part
		list.Parts = append(list.Parts, ListPart{No: no, Size: int64(len(part)), Digest: Digest(part)})
	}
	if s.List, err = list.canonical(); err != nil {
		return Sealed{}, fmt.Errorf("seal %s: %w", h.ID, err)
	}
	if s.Signature, err = by.Sign(s.List, random); err != nil {
		return Sealed{}, fmt.Errorf("seal %s: %w", h.ID, err)
	}
	return s, nil
}

// wrapNewKey draws the envelope's content key and wraps it once for every recipient.
func wrapNewKey(to []Recipient, random io.Reader) (key []byte, wraps []wrap, err error) {
	key = make([]byte, contentKeySize)
	if _, err := io.ReadFull(random, key); err != nil {
		return nil, nil, fmt.Errorf("draw content key: %w", err)
	}
	for _, r := range to {
		w, err := r.wrap(key, random)
		if err != nil {
			return nil, nil, fmt.Errorf("wrap for %s: %w", r.ID(), err)
		}
		wraps = append(wraps, w)
	}
	return key, wraps, nil
}

// OpenPart gives the body of part no. The list must come from VerifyList: the sealed bytes are held against
// its size and digest, and the part against its envelope and number. A part of another envelope or another
// place, or with a chunk cut, changed or moved, is ErrAltered; a part for other eyes is ErrRecipient.
func OpenPart(sealed []byte, l List, no int, with *Opener) ([]byte, error) {
	body, err := openPart(sealed, l, no, with)
	if err != nil {
		return nil, fmt.Errorf("open %s part %d: %w", l.Envelope, no, err)
	}
	return body, nil
}

func openPart(sealed []byte, l List, no int, with *Opener) ([]byte, error) {
	if no < 0 || no >= len(l.Parts) {
		return nil, fmt.Errorf("the list has %d parts", len(l.Parts))
	}
	s, err := suiteNamed(l.Suite)
	if err != nil {
		return nil, err
	}
	if want := l.Parts[no]; want.Size != int64(len(sealed)) || want.Digest != Digest(sealed) {
		return nil, fmt.Errorf("%w: size or digest differs from the list", ErrAltered)
	}
	return unsealPart(s, sealed, l.Envelope, no, with)
}
