package envelope

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"strings"

	"github.com/emmansun/gmsm/sm3"
	"github.com/emmansun/gmsm/sm4"
)

// Suite names one set of algorithms. A list names its suite, and the header of every part carries the suite's
// number. The empty name means SuiteSM.
type Suite string

const (
	// SuiteSM is the national one: SM2 (GB/T 32918) wraps and signs, SM3 (GB/T 32905) digests, SM4 (GB/T 32907) in
	// GCM seals.
	SuiteSM Suite = "sm2-sm4gcm-sm3"
	// SuiteX25519 is for halls whose central has no SM algorithms: HPKE (RFC 9180) over X25519 wraps, Ed25519
	// (RFC 8032) signs, SHA-256 digests, AES-256 in GCM seals.
	SuiteX25519 Suite = "x25519-aes256gcm-sha256-ed25519"
)

// Suites are all that there are, the default first.
func Suites() []Suite { return []Suite{SuiteSM, SuiteX25519} }

// algorithms are what a suite does to the bytes of a part. Those of keys (wrapping, signing) live with the keys.
type algorithms struct {
	number     byte // in the header of a part
	hash       func() hash.Hash
	hashPrefix string // of a written digest
	keySize    int    // bytes of a part key
	wrapSize   int    // bytes of a wrapped content key
	aead       func(key []byte) (cipher.AEAD, error)
}

var suites = map[Suite]algorithms{
	SuiteSM:     {number: 1, hash: sm3.New, hashPrefix: "sm3:", keySize: 16, wrapSize: sm2WrapSize, aead: newSM4GCM},
	SuiteX25519: {number: 2, hash: sha256.New, hashPrefix: "sha256:", keySize: 32, wrapSize: hpkeWrapSize, aead: newAESGCM},
}

func newSM4GCM(key []byte) (cipher.AEAD, error) {
	block, err := sm4.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

func newAESGCM(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// orDefault is the suite that a name stands for.
func (s Suite) orDefault() Suite {
	if s == "" {
		return SuiteSM
	}
	return s
}

// Known returns an error for a name that is none of Suites.
func (s Suite) Known() error {
	if _, known := suites[s]; !known {
		return fmt.Errorf("suite %q is not known: want %s or %s", string(s), SuiteSM, SuiteX25519)
	}
	return nil
}

// Digest is the digest that this suite's lists name sealed bytes by: sm3: or sha256:, and 64 lower-case
// hexadecimal digits. The suite must be known.
func (s Suite) Digest(b []byte) string {
	a := suites[s]
	h := a.hash()
	_, _ = h.Write(b) // a hash takes everything
	return a.written(h)
}

// DigestReader digests everything r gives and counts its bytes. The suite must be known.
func (s Suite) DigestReader(r io.Reader) (digest string, size int64, err error) {
	a := suites[s]
	h := a.hash()
	size, err = io.Copy(h, r)
	if err != nil {
		return "", size, fmt.Errorf("digest: %w", err)
	}
	return a.written(h), size, nil
}

// Digester digests bytes as they come, with what DigestReader would give for all of them.
type Digester struct {
	of   algorithms
	hash hash.Hash
}

// Digester begins a digest. The suite must be known.
func (s Suite) Digester() *Digester {
	a := suites[s]
	return &Digester{a, a.hash()}
}

// Write adds b. It never fails.
func (d *Digester) Write(b []byte) (int, error) { return d.hash.Write(b) }

// Digest is the digest of all that was written so far.
func (d *Digester) Digest() string { return d.of.written(d.hash) }

// Digest is the SM3 digest of b, written sm3:<64 hex digits>: what a manifest names bodies by, whatever suite
// seals them.
func Digest(b []byte) string { return SuiteSM.Digest(b) }

func (a algorithms) written(h hash.Hash) string { return a.hashPrefix + hex.EncodeToString(h.Sum(nil)) }

func (a algorithms) isDigest(s string) bool {
	digits, ok := strings.CutPrefix(s, a.hashPrefix)
	sum, err := hex.DecodeString(digits)
	return ok && err == nil && len(sum) == a.hash().Size() && strings.ToLower(digits) == digits
}
