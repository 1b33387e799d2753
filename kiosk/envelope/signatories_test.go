package envelope

import (
	"crypto/rand"
	"errors"
	"testing"
	"time"
)

func TestWhatAnEarlierKeySignedStaysSigned(t *testing.T) {
	var keys [3]*Signer
	for i := range keys {
		var err error
		if keys[i], err = GenerateSigner(rand.Reader, SuiteX25519); err != nil {
			t.Fatal(err)
		}
	}
	opener, err := GenerateOpener(rand.Reader, SuiteX25519)
	if err != nil {
		t.Fatal(err)
	}
	s := NewSignatories(map[string]*Verifier{"150102-0001": keys[0].Verifier()})
	s.Add("150102-0001", keys[1].Verifier())
	s.Add("150102-0001", keys[0].Verifier()) // counts already, and is not the newest by it
	if newest, known := s.Newest("150102-0001"); !known || newest.ID() != keys[1].Verifier().ID() || len(s.All("150102-0001")) != 2 {
		t.Errorf("newest %v, known %v, %d keys", newest, known, len(s.All("150102-0001")))
	}
	if _, known := s.Newest("150102-0002"); known {
		t.Error("somebody who was never named is known")
	}
	for i, by := range keys {
		head := Head{Suite: SuiteX25519, ID: "01k9xq4t6m8c2v5b7n3f0h1j2z", Kind: "application", Terminal: "150102-0001", SealedAt: time.Unix(1e9, 0)}
		sealed, err := Seal(head, [][]byte{[]byte("x")}, []Recipient{opener.Recipient()}, by, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.VerifyList("150102-0001", sealed.List, sealed.Signature); (err == nil) != (i < 2) || err != nil && !errors.Is(err, ErrSignature) {
			t.Errorf("key %d: %v", i, err)
		}
		if _, err := s.VerifyList("150102-0002", sealed.List, sealed.Signature); !errors.Is(err, ErrSignature) {
			t.Errorf("key %d under another name: %v", i, err)
		}
	}
}
