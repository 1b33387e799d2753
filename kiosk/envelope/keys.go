package envelope

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// keyID is the first 8 bytes of the digest of a public key, by its suite's hash. It finds the right wrap; nothing
// is trusted because of it.
type keyID [8]byte

func (id keyID) String() string { return hex.EncodeToString(id[:]) }

// Recipient is the public half of an opening key: whoever has it can seal, not open.
type Recipient struct{ keys ring[wrapper] }

// Opener is the private half of an opening key. Only the desk that decides about a dossier holds one.
type Opener struct{ keys ring[unwrapper] }

// Signer is the private half of a signing key.
type Signer struct{ keys ring[signer] }

// Verifier is the public half of a signing key.
type Verifier struct{ keys ring[verifier] }

// What one suite's keys can do.
type (
	key interface {
		suite() Suite
		id() keyID
		der() ([]byte, error) // PKCS #8 or SubjectPublicKeyInfo
	}
	wrapper interface {
		key
		wrap(contentKey []byte, random io.Reader) ([]byte, error)
	}
	unwrapper interface {
		key
		unwrap(wrapped []byte) ([]byte, error)
		public() wrapper
	}
	signer interface {
		key
		sign(message []byte, random io.Reader) ([]byte, error)
		public() verifier
	}
	verifier interface {
		key
		verify(message, signature []byte) bool
	}
)

// ring is one party's keys for one purpose, at most one for each suite. A party may have keys of several suites
// while a street changes from one to the other: what was sealed before can still be checked and opened.
type ring[K key] []K

func (r ring[K]) of(s Suite) (K, error) {
	for _, k := range r {
		if k.suite() == s {
			return k, nil
		}
	}
	var none K
	return none, fmt.Errorf("no key of suite %s", s)
}

func (r ring[K]) suites() []Suite {
	var all []Suite
	for _, k := range r {
		all = append(all, k.suite())
	}
	return all
}

// name is the ids of the keys, with a plus sign between.
func (r ring[K]) name() string {
	var ids []string
	for _, k := range r {
		ids = append(ids, k.id().String())
	}
	return strings.Join(ids, "+")
}

func (r ring[K]) check() error {
	seen := r.suites()
	slices.Sort(seen)
	switch {
	case len(seen) == 0:
		return errors.New("no key")
	case len(slices.Compact(seen)) != len(r):
		return errors.New("two keys of one suite")
	}
	return nil
}

// generate draws a key for each of the suites; for SuiteSM where none is named.
func generate[K key](random io.Reader, suites []Suite, sm, x func(io.Reader) (K, error)) (ring[K], error) {
	if len(suites) == 0 {
		suites = []Suite{SuiteSM}
	}
	var r ring[K]
	for _, s := range suites {
		draw := sm
		switch s {
		case SuiteSM:
		case SuiteX25519:
			draw = x
		default:
			return nil, s.Known()
		}
		k, err := draw(random)
		if err != nil {
			return nil, fmt.Errorf("suite %s: %w", s, err)
		}
		r = append(r, k)
	}
	return r, r.check()
}

// GenerateOpener draws a new opening key for each of the suites; for SuiteSM where none is named.
func GenerateOpener(random io.Reader, suites ...Suite) (*Opener, error) {
	r, err := generate(random, suites, drawSM2Opener, drawX25519Opener)
	if err != nil {
		return nil, fmt.Errorf("generate opening key: %w", err)
	}
	return &Opener{r}, nil
}

// GenerateSigner draws a new signing key for each of the suites; for SuiteSM where none is named.
func GenerateSigner(random io.Reader, suites ...Suite) (*Signer, error) {
	r, err := generate(random, suites, drawSM2Signer, drawEd25519Signer)
	if err != nil {
		return nil, fmt.Errorf("generate signing key: %w", err)
	}
	return &Signer{r}, nil
}

// Recipient is the half to seal to.
func (o *Opener) Recipient() Recipient {
	var r ring[wrapper]
	for _, k := range o.keys {
		r = append(r, k.public())
	}
	return Recipient{r}
}

// Verifier is the half to check signatures with.
func (s *Signer) Verifier() *Verifier {
	var r ring[verifier]
	for _, k := range s.keys {
		r = append(r, k.public())
	}
	return &Verifier{r}
}

// Suites are those that there is a key for.
func (o *Opener) Suites() []Suite { return o.keys.suites() }

// Suites are those that there is a key for.
func (s *Signer) Suites() []Suite { return s.keys.suites() }

// Suites are those that there is a key for.
func (r Recipient) Suites() []Suite { return r.keys.suites() }

// Suites are those that there is a key for.
func (v *Verifier) Suites() []Suite { return v.keys.suites() }

// ID is the key's short name, 16 hex digits for each suite, for logs and registers.
func (r Recipient) ID() string { return r.keys.name() }

// ID is the key's short name, 16 hex digits for each suite, for logs and registers.
func (v *Verifier) ID() string { return v.keys.name() }

// Format prints the name of the key for every verb, so that no log can hold the key.
func (o *Opener) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, "opener "+o.keys.name()) }

// Format prints the name of the key for every verb, so that no log can hold the key.
func (s *Signer) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "signer "+s.keys.name()) }

// Sign signs message with the suite's algorithm. It fails where there is no key of that suite.
func (s *Signer) Sign(suite Suite, message []byte, random io.Reader) ([]byte, error) {
	k, err := s.keys.of(suite)
	if err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	signature, err := k.sign(message, random)
	if err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	return signature, nil
}

// Verify reports whether signature is this party's over exactly message, with the suite's algorithm and key.
func (v *Verifier) Verify(suite Suite, message, signature []byte) bool {
	k, err := v.keys.of(suite)
	return err == nil && k.verify(message, signature)
}

// unwrap finds this key's wrap among wraps and opens it.
func (o *Opener) unwrap(s Suite, wraps []wrap) ([]byte, error) {
	k, err := o.keys.of(s)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrRecipient, err)
	}
	for _, w := range wraps {
		if w.id != k.id() {
			continue
		}
		contentKey, err := k.unwrap(w.key)
		if err != nil || len(contentKey) != contentKeySize {
			return nil, fmt.Errorf("%w: wrapped key", ErrAltered)
		}
		return contentKey, nil
	}
	return nil, ErrRecipient
}
