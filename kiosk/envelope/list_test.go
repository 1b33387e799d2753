package envelope

import (
	"bytes"
	"crypto/rand"
	"errors"
	"strings"
	"testing"
)

func TestOnlyTheCanonicalListIsRead(t *testing.T) { inEachSuite(t, onlyTheCanonicalListIsRead) }

func onlyTheCanonicalListIsRead(t *testing.T, suite Suite) {
	p := newParties(t, suite)
	s, _ := p.seal(t, p.head(), []byte("manifest"), []byte("page"))
	list := string(s.List)
	replace := func(old, new string) string {
		if !strings.Contains(list, old) {
			t.Fatalf("list %s has no %s", list, old)
		}
		return strings.Replace(list, old, new, 1)
	}
	for what, bad := range map[string]string{
		"space":               replace(",", ", "),
		"unknown field":       replace(`"suite"`, `"more":1,"suite"`),
		"key twice":           replace(`"kind":"application"`, `"kind":"report","kind":"application"`),
		"key in capitals":     replace(`"kind"`, `"KIND"`),
		"escaped character":   replace(`"kind":"a`, `"kind":"\u0061`),
		"text behind":         list + " ",
		"two lists":           list + list,
		"time with offset":    replace(`:00Z`, `:00+00:00`),
		"other format":        replace(`"format":1`, `"format":2`),
		"other suite":         replace(string(suite), "x25519"),
		"parts out of order":  replace(`"no":0`, `"no":1`),
		"no parts":            list[:strings.Index(list, `"parts"`)] + `"parts":[]}`,
		"negative size":       replace(`"size":`, `"size":-`),
		"short digest":        replace(`"digest":"`+suites[suite].hashPrefix, `"digest":"`+suites[suite].hashPrefix+`00`),
		"digest in capitals":  replace(l0digest(t, s.List), strings.ToUpper(l0digest(t, s.List))),
		"digest of the other": replace(`"digest":"`+suites[suite].hashPrefix, `"digest":"md5:`),
		"path in id":          replace(testID, "../"+testID[3:]),
		"null":                "null",
		"empty":               "",
		"too long":            strings.Repeat(" ", MaxListSize+1),
	} {
		signature, err := p.signer.Sign(suite, []byte(bad), rand.Reader)
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
	return strings.TrimPrefix(l.Parts[0].Digest, suites[l.Suite].hashPrefix)
}

func TestDigestsAreTheStandardsExamples(t *testing.T) {
	// The digests of "abc" in GB/T 32905-2016, annex A.1, and FIPS 180-2, appendix B.1.
	for suite, want := range map[Suite]string{
		SuiteSM:     "sm3:66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
		SuiteX25519: "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
	} {
		if got := suite.Digest([]byte("abc")); got != want {
			t.Errorf("digest %s, want %s", got, want)
		}
		got, size, err := suite.DigestReader(strings.NewReader("abc"))
		if got != want || size != 3 || err != nil {
			t.Errorf("digest %s of %d bytes, %v", got, size, err)
		}
	}
	if got := Digest([]byte("abc")); got != SuiteSM.Digest([]byte("abc")) {
		t.Errorf("a manifest's digest is %s", got)
	}
}

func FuzzParseList(f *testing.F) {
	for _, suite := range Suites() {
		p := sameParties(f, suite)
		s, _ := p.sealWith(f, &seeded{seed: f.Name()}, p.head(), []byte("manifest"), nil)
		f.Add(s.List)
	}
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

// FuzzOpenPart has altered parts of the vectors opened in both ways, with a list that agrees with them.
func FuzzOpenPart(f *testing.F) {
	openers, lists, sealed := map[Suite]*Opener{}, map[Suite]List{}, map[Suite][]byte{}
	for _, suite := range Suites() {
		v := readVector(f, suite)
		opener, openerErr := ParseOpener([]byte(v.Opener))
		list, listErr := ParseList(v.List)
		if err := errors.Join(openerErr, listErr); err != nil {
			f.Fatal(err)
		}
		openers[suite], lists[suite], sealed[suite] = opener, list, v.Parts[0]
		f.Add(string(suite), v.Parts[0])
		f.Add(string(suite), v.Parts[0][:headerFixed+20])
	}
	f.Fuzz(func(t *testing.T, name string, b []byte) {
		suite := Suite(name)
		if suite.Known() != nil || len(b) == 0 {
			return
		}
		l := claim(lists[suite], 0, b)
		body, err := OpenPart(b, l, 0, openers[suite])
		var streamed bytes.Buffer
		streamErr := OpenPartTo(&streamed, bytes.NewReader(b), l, 0, openers[suite])
		if (err == nil) != (streamErr == nil) || err == nil && !bytes.Equal(body, streamed.Bytes()) {
			t.Errorf("whole: %q, %v; streamed: %q, %v", body, err, streamed.Bytes(), streamErr)
		}
		if err == nil && !bytes.Equal(b, sealed[suite]) {
			t.Errorf("opened %x to %q", b, body)
		}
	})
}
