package envelope

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"testing"
)

func TestKeysSurviveBeingWrittenDown(t *testing.T) {
	p := newParties(t)
	written := func(m interface{ MarshalPEM() ([]byte, error) }) []byte {
		t.Helper()
		b, err := m.MarshalPEM()
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	opener, err := ParseOpener(written(p.opener))
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ParseSigner(written(p.signer))
	if err != nil {
		t.Fatal(err)
	}
	recipient, err := ParseRecipient(written(p.opener.Recipient()))
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := ParseVerifier(written(p.signer.Verifier()))
	if err != nil {
		t.Fatal(err)
	}
	s, err := Seal(testHead(), [][]byte{[]byte("x")}, []Recipient{recipient}, signer, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	l, err := VerifyList(s.List, s.Signature, verifier)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := OpenPart(s.Parts[0], l, 0, opener); err != nil || string(got) != "x" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestPrivateKeysAreNeverPrinted(t *testing.T) {
	p := newParties(t)
	for _, key := range []struct {
		value  any
		secret []byte
	}{{p.opener, p.opener.key.D.Bytes()}, {p.signer, p.signer.key.D.Bytes()}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			text := fmt.Sprintf(verb, key.value)
			for _, form := range []string{fmt.Sprintf("%x", key.secret[:8]), fmt.Sprint(key.secret[:8])} {
				if bytes.Contains([]byte(text), []byte(form)) {
					t.Errorf("%s prints the key: %s", verb, text)
				}
			}
			if want := "er " + p.opener.Recipient().ID(); key.value == any(p.opener) && !bytes.HasSuffix([]byte(text), []byte(want)) {
				t.Errorf("%s prints %q, want the key's name", verb, text)
			}
		}
	}
}

func TestOtherKeysAreNotTaken(t *testing.T) {
	p := newParties(t)
	private, err := p.opener.MarshalPEM()
	if err != nil {
		t.Fatal(err)
	}
	public, err := p.opener.Recipient().MarshalPEM()
	if err != nil {
		t.Fatal(err)
	}
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	ecPrivate, err := x509.MarshalPKCS8PrivateKey(ec)
	if err != nil {
		t.Fatal(err)
	}
	ecPublic, err := x509.MarshalPKIXPublicKey(ec.Public())
	if err != nil {
		t.Fatal(err)
	}
	for what, b := range map[string][]byte{
		"nothing":       nil,
		"public":        public,
		"two keys":      append(bytes.Clone(private), private...),
		"P-256":         pem.EncodeToMemory(&pem.Block{Type: privateBlock, Bytes: ecPrivate}),
		"broken inside": pem.EncodeToMemory(&pem.Block{Type: privateBlock, Bytes: []byte{0x30, 0}}),
	} {
		if _, err := ParseOpener(b); err == nil {
			t.Errorf("%s was taken for an opening key", what)
		}
		if _, err := ParseSigner(b); err == nil {
			t.Errorf("%s was taken for a signing key", what)
		}
	}
	for what, b := range map[string][]byte{
		"private":       private,
		"P-256":         pem.EncodeToMemory(&pem.Block{Type: publicBlock, Bytes: ecPublic}),
		"broken inside": pem.EncodeToMemory(&pem.Block{Type: publicBlock, Bytes: []byte{0x30, 0}}),
	} {
		if _, err := ParseRecipient(b); err == nil {
			t.Errorf("%s was taken for a recipient", what)
		}
		if _, err := ParseVerifier(b); err == nil {
			t.Errorf("%s was taken for a verifying key", what)
		}
	}
}
