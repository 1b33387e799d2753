package envelope

import (
	"bytes"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"

	"github.com/emmansun/gmsm/sm2"
	"github.com/emmansun/gmsm/smx509"
)

const (
	privateBlock = "PRIVATE KEY" // PKCS #8
	publicBlock  = "PUBLIC KEY"  // SubjectPublicKeyInfo
)

var errOtherKey = errors.New("not a key for this purpose")

// MarshalPEM writes one PKCS #8 block for each suite. The result is secret.
func (o *Opener) MarshalPEM() ([]byte, error) { return o.keys.marshal(privateBlock) }

// MarshalPEM writes one PKCS #8 block for each suite. The result is secret.
func (s *Signer) MarshalPEM() ([]byte, error) { return s.keys.marshal(privateBlock) }

// MarshalPEM writes one SubjectPublicKeyInfo block for each suite.
func (r Recipient) MarshalPEM() ([]byte, error) { return r.keys.marshal(publicBlock) }

// MarshalPEM writes one SubjectPublicKeyInfo block for each suite.
func (v *Verifier) MarshalPEM() ([]byte, error) { return v.keys.marshal(publicBlock) }

// ParseOpener reads what (*Opener).MarshalPEM wrote.
func ParseOpener(b []byte) (*Opener, error) {
	r, err := parse(b, privateBlock, parseOpening)
	if err != nil {
		return nil, fmt.Errorf("parse opening key: %w", err)
	}
	return &Opener{r}, nil
}

// ParseSigner reads what (*Signer).MarshalPEM wrote.
func ParseSigner(b []byte) (*Signer, error) {
	r, err := parse(b, privateBlock, parseSigning)
	if err != nil {
		return nil, fmt.Errorf("parse signing key: %w", err)
	}
	return &Signer{r}, nil
}

// ParseRecipient reads what (Recipient).MarshalPEM wrote.
func ParseRecipient(b []byte) (Recipient, error) {
	r, err := parse(b, publicBlock, parseWrapping)
	if err != nil {
		return Recipient{}, fmt.Errorf("parse recipient: %w", err)
	}
	return Recipient{r}, nil
}

// ParseVerifier reads what (*Verifier).MarshalPEM wrote.
func ParseVerifier(b []byte) (*Verifier, error) {
	r, err := parse(b, publicBlock, parseVerifying)
	if err != nil {
		return nil, fmt.Errorf("parse verifying key: %w", err)
	}
	return &Verifier{r}, nil
}

func (r ring[K]) marshal(kind string) ([]byte, error) {
	var out bytes.Buffer
	for _, k := range r {
		der, err := k.der()
		if err != nil {
			return nil, fmt.Errorf("marshal key: %w", err)
		}
		out.Write(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
	}
	return out.Bytes(), nil
}

// parse reads PEM blocks of one kind, nothing between or behind them, at most one for each suite.
func parse[K key](b []byte, kind string, one func(der []byte) (K, error)) (ring[K], error) {
	var r ring[K]
	for len(b) > 0 {
		p, rest := pem.Decode(b)
		if p == nil || p.Type != kind {
			return nil, fmt.Errorf("want PEM blocks %q and nothing else", kind)
		}
		k, err := one(p.Bytes)
		if err != nil {
			return nil, err
		}
		r, b = append(r, k), rest
	}
	return r, r.check()
}

func parseOpening(der []byte) (unwrapper, error) {
	k, err := smx509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return nil, err
	}
	switch k := k.(type) {
	case *sm2.PrivateKey:
		private, err := newSM2Private(k)
		return sm2Opener{private}, err
	case *ecdh.PrivateKey:
		if k.Curve() == ecdh.X25519() {
			return x25519Private{k}, nil
		}
	}
	return nil, errOtherKey
}

func parseSigning(der []byte) (signer, error) {
	k, err := smx509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return nil, err
	}
	switch k := k.(type) {
	case *sm2.PrivateKey:
		private, err := newSM2Private(k)
		return sm2Signer{private}, err
	case ed25519.PrivateKey:
		return ed25519Private{k}, nil
	}
	return nil, errOtherKey
}

// parsePublic reads a SubjectPublicKeyInfo: gmsm knows no X25519 in it, the standard library no SM2.
func parsePublic(der []byte) (any, error) {
	if k, err := x509.ParsePKIXPublicKey(der); err == nil {
		return k, nil
	}
	return smx509.ParsePKIXPublicKey(der)
}

func parseWrapping(der []byte) (wrapper, error) {
	k, err := parsePublic(der)
	if err != nil {
		return nil, err
	}
	switch k := k.(type) {
	case *ecdsa.PublicKey:
		if k.Curve == sm2.P256() {
			return newSM2Public(k)
		}
	case *ecdh.PublicKey:
		if k.Curve() == ecdh.X25519() {
			return x25519Public{k}, nil
		}
	}
	return nil, errOtherKey
}

func parseVerifying(der []byte) (verifier, error) {
	k, err := parsePublic(der)
	if err != nil {
		return nil, err
	}
	switch k := k.(type) {
	case *ecdsa.PublicKey:
		if k.Curve == sm2.P256() {
			return newSM2Public(k)
		}
	case ed25519.PublicKey:
		return ed25519Public{k}, nil
	}
	return nil, errOtherKey
}
