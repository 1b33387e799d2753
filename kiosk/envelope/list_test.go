package envelope

import (
	"bytes"
	"crypto/rand"
	"errors"
	"strings"
	"testing"
)

func TestOnlyTheCanonicalListIsRead(t *testing.T) {
	p := newParties(t)
	s, _ := p.seal(t, testHead(), []byte("manifest"), []byte("page"))
	list := string(s.List)
	replace := func(old, new string) string {
		if !strings.Contains(list, old) {
			t.Fatalf("list %s has no %s", list, old)
		}
		return strings.Replace(list, old, new, 1)
	}
	for what, bad := range map[string]string{
		"space":              replace(",", ", "),
		"unknown field":      replace(`"suite"`, `"more":1,"suite"`),
		"key twice":          replace(`"kind":"application"`, `"kind":"report","kind":"application"`),
		"key in capitals":    replace(`"kind"`, `"KIND"`),
		"escaped character":  replace(`"kind":"a`, `"kind":"\u0061`),
		"text behind":        list + " ",
		"two lists":          list + list,
		"time with offset":   replace(`:00Z`, `:00+00:00`),
		"other format":       replace(`"format":1`, `"format":2`),
		"other suite":        replace(sm.name, "x25519"),
		"parts out of order": replace(`"no":0`, `"no":1`),
		"no parts":           list[:strings.Index(list, `"parts"`)] + `"parts":[]}`,
		"negative size":      replace(`"size":`, `"size":-`),
		"short digest":       replace(`"sm3:`, `"sm3:00`),
		"digest in capitals": replace(l0digest(t, s.List), strings.ToUpper(l0digest(t, s.List))),
		"path in id":         replace(testID, "../"+testID[3:]),
		"null":               "null",
		"empty":              "",
		"too long":           strings.Repeat(" ", MaxListSize+1),
	} {
		signature, err := p.signer.Sign([]byte(bad), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := VerifyList([]byte(bad), signature, p.signer.Verifier()); err == nil || errors.Is(err, ErrSignature) {
			t.Errorf("%s: %v, want it refused for its form", what, err)
		}
	}
}

// l0digest is the hexadecimal part of the first part's digest.
func l0digest(t *testing.T, list []byte) string {
	t.Helper()
	l, err := ParseList(list)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimPrefix(l.Parts[0].Digest, digestPrefix)
}

func TestDigestReaderAgreesWithDigest(t *testing.T) {
	// The digest of "abc" is the example in GB/T 32905-2016, annex A.1.
	const abc = "sm3:66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
	if got := Digest([]byte("abc")); got != abc {
		t.Errorf("digest %s, want %s", got, abc)
	}
	got, size, err := DigestReader(strings.NewReader("abc"))
	if got != abc || size != 3 || err != nil {
		t.Errorf("digest %s of %d bytes, %v", got, size, err)
	}
}

func FuzzParseList(f *testing.F) {
	p := sameParties(f)
	s, _ := p.sealWith(f, &seeded{seed: f.Name()}, testHead(), []byte("manifest"), nil)
	f.Add(s.List)
	f.Add([]byte(`{"format":1}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		l, err := ParseList(b)
		if err != nil {
			return
		}
		again, err := l.canonical()
		if err != nil || !bytes.Equal(again, b) {
			t.Errorf("accepted %q, writes %q, %v", b, again, err)
		}
	})
}

func FuzzOpenPart(f *testing.F) {
	p := sameParties(f)
	s, l := p.sealWith(f, &seeded{seed: f.Name()}, testHead(), []byte("manifest"))
	f.Add(s.Parts[0])
	f.Add(s.Parts[0][:headerFixed+20])
	f.Fuzz(func(t *testing.T, b []byte) {
		body, err := OpenPart(b, claim(l, 0, b), 0, p.opener)
		if err == nil && !bytes.Equal(b, s.Parts[0]) {
			t.Errorf("opened %x to %q", b, body)
		}
	})
}
