package envelope

import (
	"bytes"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// written is a key as its file holds it.
func written(t testing.TB, m interface{ MarshalPEM() ([]byte, error) }) []byte {
	t.Helper()
	b, err := m.MarshalPEM()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestKeysOfBothSuitesSurviveBeingWrittenDown(t *testing.T) {
	drawnOpener, err := GenerateOpener(rand.Reader, Suites()...)
	if err != nil {
		t.Fatal(err)
	}
	drawnSigner, err := GenerateSigner(rand.Reader, Suites()...)
	if err != nil {
		t.Fatal(err)
	}
	opener, err := ParseOpener(written(t, drawnOpener))
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ParseSigner(written(t, drawnSigner))
	if err != nil {
		t.Fatal(err)
	}
	recipient, err := ParseRecipient(written(t, drawnOpener.Recipient()))
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := ParseVerifier(written(t, drawnSigner.Verifier()))
	if err != nil {
		t.Fatal(err)
	}
	for _, has := range [][]Suite{opener.Suites(), signer.Suites(), recipient.Suites(), verifier.Suites()} {
		if !slices.Equal(has, Suites()) {
			t.Errorf("keys of %v came back", has)
		}
	}
	for _, suite := range Suites() {
		h := testHead()
		h.Suite = suite
		s, err := Seal(h, [][]byte{[]byte("x")}, []Recipient{recipient}, signer, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		l, err := VerifyList(s.List, s.Signature, verifier)
		if err != nil || l.Suite != suite {
			t.Fatalf("list of suite %s: %v", l.Suite, err)
		}
		if got, err := OpenPart(s.Parts[0], l, 0, opener); err != nil || string(got) != "x" {
			t.Errorf("%s: %q, %v", suite, got, err)
		}
	}
}

func TestPrivateKeysAreNeverPrinted(t *testing.T) {
	opener, err := GenerateOpener(rand.Reader, Suites()...)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := GenerateSigner(rand.Reader, Suites()...)
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []struct {
		value   any
		name    string
		secrets [][]byte
	}{
		{opener, "opener " + opener.Recipient().ID(), [][]byte{opener.keys[0].(sm2Opener).key.D.Bytes(), opener.keys[1].(x25519Private).key.Bytes()}},
		{signer, "signer " + signer.Verifier().ID(), [][]byte{signer.keys[0].(sm2Signer).key.D.Bytes(), signer.keys[1].(ed25519Private).key.Seed()}},
	} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			text := fmt.Sprintf(verb, key.value)
			for _, secret := range key.secrets {
				if strings.Contains(text, fmt.Sprintf("%x", secret[:8])) || strings.Contains(text, fmt.Sprint(secret[:8])) {
					t.Errorf("%s prints the key: %s", verb, text)
				}
			}
			if text != key.name {
				t.Errorf("%s prints %q, want the key's name", verb, text)
			}
		}
	}
}

func TestOtherKeysAreNotTaken(t *testing.T) {
	private := func(k any, err error) []byte {
		t.Helper()
		der, derErr := x509.MarshalPKCS8PrivateKey(k)
		if err != nil || derErr != nil {
			t.Fatal(err, derErr)
		}
		return pem.EncodeToMemory(&pem.Block{Type: privateBlock, Bytes: der})
	}
	public := func(k any) []byte {
		t.Helper()
		der, err := x509.MarshalPKIXPublicKey(k)
		if err != nil {
			t.Fatal(err)
		}
		return pem.EncodeToMemory(&pem.Block{Type: publicBlock, Bytes: der})
	}
	p := newParties(t, SuiteSM)
	ours, oursPublic := written(t, p.opener), written(t, p.opener.Recipient())
	ec, ecErr := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	p256, p256Err := ecdh.P256().GenerateKey(rand.Reader)
	x, xErr := ecdh.X25519().GenerateKey(rand.Reader)
	ed, edKey, edErr := ed25519.GenerateKey(rand.Reader)
	for what, b := range map[string][]byte{
		"nothing":       nil,
		"public":        oursPublic,
		"same twice":    append(bytes.Clone(ours), ours...),
		"text behind":   append(bytes.Clone(ours), "more"...),
		"P-256":         private(ec, ecErr),
		"P-256 of ECDH": private(p256, p256Err),
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
		"nothing":       nil,
		"private":       ours,
		"P-256":         public(ec.Public()),
		"broken inside": pem.EncodeToMemory(&pem.Block{Type: publicBlock, Bytes: []byte{0x30, 0}}),
	} {
		if _, err := ParseRecipient(b); err == nil {
			t.Errorf("%s was taken for a recipient", what)
		}
		if _, err := ParseVerifier(b); err == nil {
			t.Errorf("%s was taken for a verifying key", what)
		}
	}
	if _, err := ParseOpener(private(edKey, edErr)); err == nil {
		t.Error("an Ed25519 key opens")
	}
	if _, err := ParseRecipient(public(ed)); err == nil {
		t.Error("an Ed25519 key is a recipient")
	}
	if _, err := ParseSigner(private(x, xErr)); err == nil {
		t.Error("an X25519 key signs")
	}
	if _, err := ParseVerifier(public(x.Public())); err == nil {
		t.Error("an X25519 key verifies")
	}
}

func FuzzParseKeys(f *testing.F) {
	for _, suite := range Suites() {
		p := sameParties(f, suite)
		for _, m := range []interface{ MarshalPEM() ([]byte, error) }{p.opener, p.signer, p.opener.Recipient(), p.signer.Verifier()} {
			f.Add(written(f, m))
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if o, err := ParseOpener(b); err == nil {
			again, err := ParseOpener(written(t, o))
			if err != nil || again.Recipient().ID() != o.Recipient().ID() {
				t.Errorf("an opening key does not come back: %v", err)
			}
		}
		if s, err := ParseSigner(b); err == nil {
			again, err := ParseSigner(written(t, s))
			if err != nil || again.Verifier().ID() != s.Verifier().ID() {
				t.Errorf("a signing key does not come back: %v", err)
			}
		}
		if r, err := ParseRecipient(b); err == nil {
			if again, err := ParseRecipient(written(t, r)); err != nil || again.ID() != r.ID() {
				t.Errorf("a recipient does not come back: %v", err)
			}
		}
		if v, err := ParseVerifier(b); err == nil {
			if again, err := ParseVerifier(written(t, v)); err != nil || again.ID() != v.ID() {
				t.Errorf("a verifying key does not come back: %v", err)
			}
		}
	})
}
