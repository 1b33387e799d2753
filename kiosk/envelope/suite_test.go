package envelope

import (
	"bytes"
	"crypto/rand"
	"errors"
	"testing"
)

// TestTheSuitesDoNotOpenEachOthersEnvelopes: keys of one suite are strangers to an envelope of the other.
func TestTheSuitesDoNotOpenEachOthersEnvelopes(t *testing.T) {
	for _, suite := range Suites() {
		for _, other := range Suites() {
			if suite == other {
				continue
			}
			p, q := newParties(t, suite), newParties(t, other)
			s, l := p.seal(t, p.head(), []byte("manifest"))
			if _, err := VerifyList(s.List, s.Signature, q.signer.Verifier()); !errors.Is(err, ErrSignature) {
				t.Errorf("list of %s by keys of %s: %v, want ErrSignature", suite, other, err)
			}
			if _, err := OpenPart(s.Parts[0], l, 0, q.opener); !errors.Is(err, ErrRecipient) {
				t.Errorf("part of %s by a key of %s: %v, want ErrRecipient", suite, other, err)
			}
			if _, err := Seal(p.head(), [][]byte{nil}, []Recipient{q.opener.Recipient()}, p.signer, rand.Reader); err == nil {
				t.Errorf("sealed %s to a key of %s", suite, other)
			}
			if _, err := Seal(p.head(), [][]byte{nil}, []Recipient{p.opener.Recipient()}, q.signer, rand.Reader); err == nil {
				t.Errorf("sealed %s by a key of %s", suite, other)
			}
			l.Suite = other
			if _, err := OpenPart(s.Parts[0], claim(l, 0, s.Parts[0]), 0, p.opener); !errors.Is(err, ErrAltered) {
				t.Errorf("part of %s under the name of %s: %v, want ErrAltered", suite, other, err)
			}
		}
	}
}

// TestOneDeskReadsBothSuites: a street that changes its suite has both kinds of envelope on their way for a while.
func TestOneDeskReadsBothSuites(t *testing.T) {
	opener, err := GenerateOpener(rand.Reader, Suites()...)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := GenerateSigner(rand.Reader, Suites()...)
	if err != nil {
		t.Fatal(err)
	}
	for _, suite := range Suites() {
		p := parties{suite, opener, signer}
		s, l := p.seal(t, p.head(), []byte("manifest"))
		if got, err := OpenPart(s.Parts[0], l, 0, opener); err != nil || string(got) != "manifest" || l.Suite != suite {
			t.Errorf("%s: %q of %s, %v", suite, got, l.Suite, err)
		}
	}
}

// TestASignatureOfTheOtherSuiteDoesNotCount: a list that says one suite must not be carried by a signature of the
// other, or the weaker of the two would protect both.
func TestASignatureOfTheOtherSuiteDoesNotCount(t *testing.T) {
	opener, err := GenerateOpener(rand.Reader, Suites()...)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := GenerateSigner(rand.Reader, Suites()...)
	if err != nil {
		t.Fatal(err)
	}
	p := parties{SuiteX25519, opener, signer}
	s, _ := p.seal(t, p.head(), []byte("manifest"))
	forged, err := signer.Sign(SuiteSM, s.List, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := VerifyList(s.List, forged, signer.Verifier()); !errors.Is(err, ErrSignature) {
		t.Errorf("%v, want ErrSignature", err)
	}
	if signer.Verifier().Verify(SuiteX25519, s.List, forged) {
		t.Error("the signature of one suite verifies for the other")
	}
}

func TestAClosedKindIsReadByItsOwnDeskAlone(t *testing.T) { inEachSuite(t, closedKind) }

func closedKind(t *testing.T, suite Suite) {
	street, district := newParties(t, suite), newParties(t, suite)
	to := Addressees{
		Usual:  []Recipient{street.opener.Recipient()},
		Closed: map[string][]Recipient{"report": {district.opener.Recipient()}},
	}
	for _, c := range []struct {
		kind         string
		reads, stays *Opener
	}{{"application", street.opener, district.opener}, {"report", district.opener, street.opener}} {
		recipients, err := to.For(c.kind)
		if err != nil {
			t.Fatal(err)
		}
		h := street.head()
		h.Kind = c.kind
		s, err := Seal(h, [][]byte{[]byte(c.kind)}, recipients, street.signer, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		l, err := VerifyList(s.List, s.Signature, street.signer.Verifier())
		if err != nil {
			t.Fatal(err)
		}
		if got, err := OpenPart(s.Parts[0], l, 0, c.reads); err != nil || !bytes.Equal(got, []byte(c.kind)) {
			t.Errorf("%s for its own desk: %q, %v", c.kind, got, err)
		}
		if _, err := OpenPart(s.Parts[0], l, 0, c.stays); !errors.Is(err, ErrRecipient) {
			t.Errorf("%s for the other desk: %v, want ErrRecipient", c.kind, err)
		}
	}
}

func TestAClosedKindWithoutADeskIsNotSentToTheStreet(t *testing.T) {
	street := newParties(t, SuiteSM)
	to := Addressees{Usual: []Recipient{street.opener.Recipient()}, Closed: map[string][]Recipient{"report": nil}}
	if got, err := to.For("report"); err == nil {
		t.Errorf("a report goes to %v", got)
	}
	if _, err := (Addressees{}).For("application"); err == nil {
		t.Error("an application goes to nobody")
	}
}
