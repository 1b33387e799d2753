package envelope

import (
	"crypto/ecdsa"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io"

	"github.com/emmansun/gmsm/sm2"
	"github.com/emmansun/gmsm/sm3"
	"github.com/emmansun/gmsm/smx509"
)

const (
	privateBlock = "PRIVATE KEY" // PKCS #8
	publicBlock  = "PUBLIC KEY"  // SubjectPublicKeyInfo
)

// keyID is the first 8 bytes of the SM3 digest of the public point, uncompressed. It finds the right wrap;
// nothing is trusted because of it.
type keyID [8]byte

func idOf(pub *ecdsa.PublicKey) (keyID, error) {
	point, err := sm2.PublicKeyToECDH(pub)
	if err != nil {
		return keyID{}, err
	}
	sum := sm3.Sum(point.Bytes())
	return keyID(sum[:8]), nil
}

func (id keyID) String() string { return hex.EncodeToString(id[:]) }

// Recipient is the public half of an opening key: whoever has it can seal, not open.
type Recipient struct {
	pub *ecdsa.PublicKey
	id  keyID
}

// Opener is the private half of an opening key. Only the desk that decides about a dossier holds one.
type Opener struct {
	key *sm2.PrivateKey
	id  keyID
}

// Signer is the private half of a signing key.
type Signer struct {
	key *sm2.PrivateKey
	id  keyID
}

// Verifier is the public half of a signing key.
type Verifier struct {
	pub *ecdsa.PublicKey
	id  keyID
}

// GenerateOpener draws a new opening key.
func GenerateOpener(random io.Reader) (*Opener, error) {
	k, id, err := generate(random)
	if err != nil {
		return nil, fmt.Errorf("generate opening key: %w", err)
	}
	return &Opener{k, id}, nil
}

// GenerateSigner draws a new signing key.
func GenerateSigner(random io.Reader) (*Signer, error) {
	k, id, err := generate(random)
	if err != nil {
		return nil, fmt.Errorf("generate signing key: %w", err)
	}
	return &Signer{k, id}, nil
}

func generate(random io.Reader) (*sm2.PrivateKey, keyID, error) {
	k, err := sm2.GenerateKey(random)
	if err != nil {
		return nil, keyID{}, err
	}
	id, err := idOf(&k.PublicKey)
	return k, id, err
}

// Recipient is the half to seal to.
func (o *Opener) Recipient() Recipient { return Recipient{&o.key.PublicKey, o.id} }

// Verifier is the half to check signatures with.
func (s *Signer) Verifier() *Verifier { return &Verifier{&s.key.PublicKey, s.id} }

// ID is the key's short name, 16 hex digits, for logs and registers.
func (r Recipient) ID() string { return r.id.String() }

// ID is the key's short name, 16 hex digits, for logs and registers.
func (v *Verifier) ID() string { return v.id.String() }

// Format prints the name of the key for every verb, so that no log can hold the key.
func (o *Opener) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, "opener "+o.id.String()) }

// Format prints the name of the key for every verb, so that no log can hold the key.
func (s *Signer) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "signer "+s.id.String()) }

// Sign signs message with SM2 over SM3 and the standard's default user id (GB/T 35276), in ASN.1.
func (s *Signer) Sign(message []byte, random io.Reader) ([]byte, error) {
	sig, err := s.key.SignWithSM2(random, nil, message)
	if err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	return sig, nil
}

// Verify reports whether signature is this key's over exactly message.
func (v *Verifier) Verify(message, signature []byte) bool {
	return sm2.VerifyASN1WithSM2(v.pub, nil, message, signature)
}

// wrap encrypts the content key with SM2 (GB/T 32918.4): 04 x y, C3, C2, 129 bytes in all.
func (r Recipient) wrap(contentKey []byte, random io.Reader) (wrap, error) {
	w, err := sm2.Encrypt(random, r.pub, contentKey, sm2.NewPlainEncrypterOpts(sm2.MarshalUncompressed, sm2.C1C3C2))
	return wrap{r.id, w}, err
}

// unwrap finds this key's wrap among wraps and opens it.
func (o *Opener) unwrap(wraps []wrap) ([]byte, error) {
	for _, w := range wraps {
		if w.id != o.id {
			continue
		}
		if len(w.key) != 65+sm3.Size+contentKeySize || w.key[0] != 4 {
			return nil, fmt.Errorf("%w: wrapped key of %d bytes", ErrAltered, len(w.key))
		}
		key, err := sm2.Decrypt(o.key, w.key)
		if err != nil {
			return nil, fmt.Errorf("%w: wrapped key", ErrAltered)
		}
		return key, nil
	}
	return nil, ErrRecipient
}

// MarshalPEM writes the key as PKCS #8. The result is secret.
func (o *Opener) MarshalPEM() ([]byte, error) { return marshalPrivate(o.key) }

// MarshalPEM writes the key as PKCS #8. The result is secret.
func (s *Signer) MarshalPEM() ([]byte, error) { return marshalPrivate(s.key) }

// MarshalPEM writes the key as SubjectPublicKeyInfo.
func (r Recipient) MarshalPEM() ([]byte, error) { return marshalPublic(r.pub) }

// MarshalPEM writes the key as SubjectPublicKeyInfo.
func (v *Verifier) MarshalPEM() ([]byte, error) { return marshalPublic(v.pub) }

// ParseOpener reads what (*Opener).MarshalPEM wrote.
func ParseOpener(b []byte) (*Opener, error) {
	k, id, err := parsePrivate(b)
	if err != nil {
		return nil, fmt.Errorf("parse opening key: %w", err)
	}
	return &Opener{k, id}, nil
}

// ParseSigner reads what (*Signer).MarshalPEM wrote.
func ParseSigner(b []byte) (*Signer, error) {
	k, id, err := parsePrivate(b)
	if err != nil {
		return nil, fmt.Errorf("parse signing key: %w", err)
	}
	return &Signer{k, id}, nil
}

// ParseRecipient reads what (Recipient).MarshalPEM wrote.
func ParseRecipient(b []byte) (Recipient, error) {
	k, id, err := parsePublic(b)
	if err != nil {
		return Recipient{}, fmt.Errorf("parse recipient: %w", err)
	}
	return Recipient{k, id}, nil
}

// ParseVerifier reads what (*Verifier).MarshalPEM wrote.
func ParseVerifier(b []byte) (*Verifier, error) {
	k, id, err := parsePublic(b)
	if err != nil {
		return nil, fmt.Errorf("parse verifying key: %w", err)
	}
	return &Verifier{k, id}, nil
}

func marshalPrivate(k *sm2.PrivateKey) ([]byte, error) {
	der, err := smx509.MarshalPKCS8PrivateKey(k)
	if err != nil {
		return nil, fmt.Errorf("marshal private key: %w", err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: privateBlock, Bytes: der}), nil
}

func marshalPublic(k *ecdsa.PublicKey) ([]byte, error) {
	der, err := smx509.MarshalPKIXPublicKey(k)
	if err != nil {
		return nil, fmt.Errorf("marshal public key: %w", err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: publicBlock, Bytes: der}), nil
}

// block gives the only PEM block of b.
func block(b []byte, kind string) ([]byte, error) {
	p, rest := pem.Decode(b)
	if p == nil || p.Type != kind || len(rest) != 0 {
		return nil, fmt.Errorf("want one PEM block %q", kind)
	}
	return p.Bytes, nil
}

func parsePrivate(b []byte) (*sm2.PrivateKey, keyID, error) {
	der, err := block(b, privateBlock)
	if err != nil {
		return nil, keyID{}, err
	}
	k, err := smx509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return nil, keyID{}, err
	}
	priv, ok := k.(*sm2.PrivateKey)
	if !ok {
		return nil, keyID{}, errors.New("not an SM2 key")
	}
	id, err := idOf(&priv.PublicKey)
	return priv, id, err
}

func parsePublic(b []byte) (*ecdsa.PublicKey, keyID, error) {
	der, err := block(b, publicBlock)
	if err != nil {
		return nil, keyID{}, err
	}
	k, err := smx509.ParsePKIXPublicKey(der)
	if err != nil {
		return nil, keyID{}, err
	}
	pub, ok := k.(*ecdsa.PublicKey)
	if !ok || pub.Curve != sm2.P256() {
		return nil, keyID{}, errors.New("not an SM2 key")
	}
	id, err := idOf(pub) // refuses a point that is not on the curve
	return pub, id, err
}
