package envelope

import (
	"crypto/ecdh"
	"crypto/ed25519"
	"crypto/hpke"
	"crypto/sha256"
	"crypto/x509"
	"io"
)

const (
	x25519Size = 32 // bytes of a point
	// hpkeWrapSize is a wrapped key: the ephemeral point, the sealed content key, its tag.
	hpkeWrapSize = x25519Size + contentKeySize + 16
	hpkeInfo     = "yimen envelope 1 wrap"
)

// The keys of SuiteX25519: X25519 opens, Ed25519 signs.
type (
	x25519Public   struct{ key *ecdh.PublicKey }
	x25519Private  struct{ key *ecdh.PrivateKey }
	ed25519Public  struct{ key ed25519.PublicKey }
	ed25519Private struct{ key ed25519.PrivateKey }
)

// drawX25519Opener takes its 32 bytes from random itself: ecdh's own drawing does not ask its argument.
func drawX25519Opener(random io.Reader) (unwrapper, error) {
	b := make([]byte, x25519Size)
	if _, err := io.ReadFull(random, b); err != nil {
		return nil, err
	}
	k, err := ecdh.X25519().NewPrivateKey(b)
	return x25519Private{k}, err
}

func drawEd25519Signer(random io.Reader) (signer, error) {
	seed := make([]byte, ed25519.SeedSize)
	if _, err := io.ReadFull(random, seed); err != nil {
		return nil, err
	}
	return ed25519Private{ed25519.NewKeyFromSeed(seed)}, nil
}

func sha256ID(public []byte) keyID {
	sum := sha256.Sum256(public)
	return keyID(sum[:8])
}

func (x25519Public) suite() Suite           { return SuiteX25519 }
func (k x25519Public) id() keyID            { return sha256ID(k.key.Bytes()) }
func (k x25519Public) der() ([]byte, error) { return x509.MarshalPKIXPublicKey(k.key) }

func (x25519Private) suite() Suite           { return SuiteX25519 }
func (k x25519Private) id() keyID            { return sha256ID(k.key.PublicKey().Bytes()) }
func (k x25519Private) der() ([]byte, error) { return x509.MarshalPKCS8PrivateKey(k.key) }
func (k x25519Private) public() wrapper      { return x25519Public{k.key.PublicKey()} }

func (ed25519Public) suite() Suite           { return SuiteX25519 }
func (k ed25519Public) id() keyID            { return sha256ID(k.key) }
func (k ed25519Public) der() ([]byte, error) { return x509.MarshalPKIXPublicKey(k.key) }

func (ed25519Private) suite() Suite           { return SuiteX25519 }
func (k ed25519Private) id() keyID            { return k.public().id() }
func (k ed25519Private) der() ([]byte, error) { return x509.MarshalPKCS8PrivateKey(k.key) }
func (k ed25519Private) public() verifier {
	return ed25519Public{k.key.Public().(ed25519.PublicKey)}
}

// wrap encrypts the content key with HPKE (RFC 9180) in base mode. The library draws the ephemeral key from the
// system's generator and asks no other.
func (k x25519Public) wrap(contentKey []byte, _ io.Reader) ([]byte, error) {
	to, err := hpke.NewDHKEMPublicKey(k.key)
	if err != nil {
		return nil, err
	}
	return hpke.Seal(to, hpke.HKDFSHA256(), hpke.AES256GCM(), []byte(hpkeInfo), contentKey)
}

func (k x25519Private) unwrap(wrapped []byte) ([]byte, error) {
	with, err := hpke.NewDHKEMPrivateKey(k.key)
	if err != nil {
		return nil, err
	}
	return hpke.Open(with, hpke.HKDFSHA256(), hpke.AES256GCM(), []byte(hpkeInfo), wrapped)
}

// sign signs with pure Ed25519 (RFC 8032), which needs no randomness.
func (k ed25519Private) sign(message []byte, _ io.Reader) ([]byte, error) {
	return ed25519.Sign(k.key, message), nil
}

func (k ed25519Public) verify(message, signature []byte) bool {
	return ed25519.Verify(k.key, message, signature)
}
