package envelope

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
)

const (
	testID  = "01k9xq4t6m8c2v5b7n3f0h1j2z"
	otherID = "01k9xq4t6m8c2v5b7n3f0h1j30"
)

func testHead() Head {
	return Head{ID: testID, Kind: "application", Terminal: "150102-001", SealedAt: time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)}
}

// inEachSuite runs a test once for every suite.
func inEachSuite(t *testing.T, test func(t *testing.T, s Suite)) {
	for _, s := range Suites() {
		t.Run(string(s), func(t *testing.T) { test(t, s) })
	}
}

// parties have keys of one suite.
type parties struct {
	suite  Suite
	opener *Opener
	signer *Signer
}

func newParties(t testing.TB, s Suite) parties { return drawParties(t, s, rand.Reader) }

// sameParties are the same in every process, as a fuzzer's workers need.
func sameParties(t testing.TB, s Suite) parties { return drawParties(t, s, &seeded{seed: t.Name()}) }

func drawParties(t testing.TB, suite Suite, random io.Reader) parties {
	t.Helper()
	o, err := GenerateOpener(random, suite)
	if err != nil {
		t.Fatal(err)
	}
	s, err := GenerateSigner(random, suite)
	if err != nil {
		t.Fatal(err)
	}
	return parties{suite, o, s}
}

// head is the head of these parties' envelope.
func (p parties) head() Head {
	h := testHead()
	h.Suite = p.suite
	return h
}

func (p parties) seal(t testing.TB, h Head, bodies ...[]byte) (Sealed, List) {
	t.Helper()
	return p.sealWith(t, rand.Reader, h, bodies...)
}

func (p parties) sealWith(t testing.TB, random io.Reader, h Head, bodies ...[]byte) (Sealed, List) {
	t.Helper()
	s, err := Seal(h, bodies, []Recipient{p.opener.Recipient()}, p.signer, random)
	if err != nil {
		t.Fatal(err)
	}
	l, err := VerifyList(s.List, s.Signature, p.signer.Verifier())
	if err != nil {
		t.Fatal(err)
	}
	return s, l
}

// contentKey gives the header of part 0 and the content key in it.
func (p parties) contentKey(t testing.TB, part []byte) (header, key []byte) {
	t.Helper()
	header, wraps, err := readHeader(suites[p.suite], bytes.NewReader(part), testID, 0)
	if err != nil {
		t.Fatal(err)
	}
	if key, err = p.opener.unwrap(p.suite, wraps); err != nil {
		t.Fatal(err)
	}
	return header, key
}

// claim changes the list so that it says of part no what the sealed bytes are: the list then protects
// nothing, and the part must stand for itself.
func claim(l List, no int, sealed []byte) List {
	l.Parts = append([]ListPart(nil), l.Parts...)
	l.Parts[no] = ListPart{No: no, Size: int64(len(sealed)), Digest: l.Suite.Digest(sealed)}
	return l
}

func wantAltered(t *testing.T, what string, sealed []byte, l List, no int, with *Opener) {
	t.Helper()
	if _, err := OpenPart(sealed, l, no, with); !errors.Is(err, ErrAltered) {
		t.Errorf("%s, against the list: %v, want ErrAltered", what, err)
	}
	if _, err := OpenPart(sealed, claim(l, no, sealed), no, with); !errors.Is(err, ErrAltered) && !errors.Is(err, ErrRecipient) {
		t.Errorf("%s, with a list that agrees: %v, want ErrAltered or ErrRecipient", what, err)
	}
}

func TestBodiesOfEverySizeComeBack(t *testing.T) { inEachSuite(t, bodiesOfEverySizeComeBack) }

func bodiesOfEverySizeComeBack(t *testing.T, suite Suite) {
	p := newParties(t, suite)
	var bodies [][]byte
	for _, size := range []int{0, 1, chunkSize - 1, chunkSize, chunkSize + 1, 2 * chunkSize, 200_000} {
		b := make([]byte, size)
		_, _ = rand.Read(b)
		bodies = append(bodies, b)
	}
	s, l := p.seal(t, p.head(), bodies...)
	for no, want := range bodies {
		got, err := OpenPart(s.Parts[no], l, no, p.opener)
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("body of %d bytes: %v", len(want), err)
		}
		if len(want) > 16 && bytes.Contains(s.Parts[no], want[:16]) {
			t.Errorf("body of %d bytes is readable", len(want))
		}
	}
	if l.Envelope != testID || l.Kind != "application" || l.Terminal != "150102-001" || !l.SealedAt.Equal(p.head().SealedAt) {
		t.Errorf("list %+v", l)
	}
}

func TestEveryFlippedBitOfAPartIsNoticed(t *testing.T) {
	inEachSuite(t, everyFlippedBitOfAPartIsNoticed)
}

func everyFlippedBitOfAPartIsNoticed(t *testing.T, suite Suite) {
	p := newParties(t, suite)
	s, l := p.seal(t, p.head(), []byte("manifest"))
	for bit := range len(s.Parts[0]) * 8 {
		b := bytes.Clone(s.Parts[0])
		b[bit/8] ^= 1 << (bit % 8)
		wantAltered(t, fmt.Sprintf("bit %d", bit), b, l, 0, p.opener)
	}
}

func TestEveryFlippedBitOfTheListIsNoticed(t *testing.T) {
	inEachSuite(t, everyFlippedBitOfTheListIsNoticed)
}

func everyFlippedBitOfTheListIsNoticed(t *testing.T, suite Suite) {
	p := newParties(t, suite)
	s, _ := p.seal(t, p.head(), []byte("manifest"))
	flip := func(b []byte, bit int) []byte {
		b = bytes.Clone(b)
		b[bit/8] ^= 1 << (bit % 8)
		return b
	}
	for bit := range len(s.List) * 8 {
		if _, err := VerifyList(flip(s.List, bit), s.Signature, p.signer.Verifier()); !errors.Is(err, ErrSignature) {
			t.Errorf("list bit %d: %v, want ErrSignature", bit, err)
		}
	}
	for bit := range len(s.Signature) * 8 {
		if _, err := VerifyList(s.List, flip(s.Signature, bit), p.signer.Verifier()); !errors.Is(err, ErrSignature) {
			t.Errorf("signature bit %d: %v, want ErrSignature", bit, err)
		}
	}
}

func TestListOfAnotherSignerIsForged(t *testing.T) { inEachSuite(t, listOfAnotherSignerIsForged) }

func listOfAnotherSignerIsForged(t *testing.T, suite Suite) {
	p, stranger := newParties(t, suite), newParties(t, suite)
	s, _ := stranger.seal(t, p.head(), []byte("manifest"))
	if _, err := VerifyList(s.List, s.Signature, p.signer.Verifier()); !errors.Is(err, ErrSignature) {
		t.Errorf("%v, want ErrSignature", err)
	}
}

func TestChunksCutMovedOrAddedAreNoticed(t *testing.T) {
	inEachSuite(t, chunksCutMovedOrAddedAreNoticed)
}

func chunksCutMovedOrAddedAreNoticed(t *testing.T, suite Suite) {
	p := newParties(t, suite)
	body := make([]byte, 3*chunkSize)
	_, _ = rand.Read(body)
	s, l := p.seal(t, p.head(), body)
	const tag = 16
	sealed, full := s.Parts[0], chunkSize+tag
	start := len(sealed) - 3*full
	chunk := func(i int) []byte { return sealed[start+i*full : start+(i+1)*full] }
	join := func(b ...[]byte) []byte { return bytes.Join(append([][]byte{sealed[:start]}, b...), nil) }
	for what, b := range map[string][]byte{
		"last chunk cut":      join(chunk(0), chunk(1)),
		"all chunks cut":      join(),
		"first chunk cut":     join(chunk(1), chunk(2)),
		"chunks exchanged":    join(chunk(1), chunk(0), chunk(2)),
		"chunk repeated":      join(chunk(0), chunk(0), chunk(1), chunk(2)),
		"last chunk repeated": join(chunk(0), chunk(1), chunk(2), chunk(2)),
		"cut within a chunk":  sealed[:len(sealed)-1],
		"byte added":          append(bytes.Clone(sealed), 0),
		"tag added":           append(bytes.Clone(sealed), chunk(0)[:tag]...),
		"header only":         sealed[:start-confirmSize],
		"nothing":             {},
	} {
		wantAltered(t, what, b, l, 0, p.opener)
	}
}

func TestEmptyChunkCannotEndAPart(t *testing.T) { inEachSuite(t, emptyChunkCannotEndAPart) }

func emptyChunkCannotEndAPart(t *testing.T, suite Suite) {
	p := newParties(t, suite)
	s, l := p.seal(t, p.head(), make([]byte, chunkSize))
	head, key := p.contentKey(t, s.Parts[0])
	aead, confirm, err := partKeys(suites[suite], key, head)
	if err != nil {
		t.Fatal(err)
	}
	b := append(bytes.Clone(head), confirm...)
	b = aead.Seal(b, nonce(aead.NonceSize(), 0, false), make([]byte, chunkSize), nil)
	b = aead.Seal(b, nonce(aead.NonceSize(), 1, true), nil, nil)
	wantAltered(t, "empty last chunk by one who has the key", b, l, 0, p.opener)
}

func TestPartOfAnotherPlaceOrEnvelopeIsNoticed(t *testing.T) {
	inEachSuite(t, partOfAnotherPlaceOrEnvelopeIsNoticed)
}

func partOfAnotherPlaceOrEnvelopeIsNoticed(t *testing.T, suite Suite) {
	p := newParties(t, suite)
	s, l := p.seal(t, p.head(), []byte("page one"), []byte("page two"))
	wantAltered(t, "part 1 as part 0", s.Parts[1], l, 0, p.opener)
	h := p.head()
	h.ID = otherID
	other, _ := p.seal(t, h, []byte("page one"), []byte("page two"))
	wantAltered(t, "part of another envelope", other.Parts[0], l, 0, p.opener)
	again, _ := p.seal(t, p.head(), []byte("page one"), []byte("page two"))
	if _, err := OpenPart(again.Parts[0], l, 0, p.opener); !errors.Is(err, ErrAltered) {
		t.Errorf("part of another sealing under the same id: %v, want ErrAltered", err)
	}
	for _, no := range []int{-1, 2} {
		if _, err := OpenPart(s.Parts[0], l, no, p.opener); err == nil {
			t.Errorf("part %d of two was opened", no)
		}
	}
}

func TestOnlyRecipientsCanOpen(t *testing.T) { inEachSuite(t, onlyRecipientsCanOpen) }

func onlyRecipientsCanOpen(t *testing.T, suite Suite) {
	p, second, stranger := newParties(t, suite), newParties(t, suite), newParties(t, suite)
	s, err := Seal(p.head(), [][]byte{[]byte("for two")}, []Recipient{p.opener.Recipient(), second.opener.Recipient()}, p.signer, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	l, err := VerifyList(s.List, s.Signature, p.signer.Verifier())
	if err != nil {
		t.Fatal(err)
	}
	for i, o := range []*Opener{p.opener, second.opener} {
		if got, err := OpenPart(s.Parts[0], l, 0, o); err != nil || string(got) != "for two" {
			t.Errorf("recipient %d: %q, %v", i, got, err)
		}
	}
	if _, err := OpenPart(s.Parts[0], l, 0, stranger.opener); !errors.Is(err, ErrRecipient) {
		t.Errorf("stranger: %v, want ErrRecipient", err)
	}
}

func TestSealDeclinesWhatNobodyCouldRead(t *testing.T) {
	inEachSuite(t, sealDeclinesWhatNobodyCouldRead)
}

func sealDeclinesWhatNobodyCouldRead(t *testing.T, suite Suite) {
	p := newParties(t, suite)
	to := []Recipient{p.opener.Recipient()}
	many := make([]Recipient, maxRecipients+1)
	for i := range many {
		many[i] = to[0]
	}
	body := [][]byte{[]byte("x")}
	head := func(change func(*Head)) Head { h := p.head(); change(&h); return h }
	for what, c := range map[string]struct {
		h      Head
		bodies [][]byte
		to     []Recipient
	}{
		"no recipient":        {p.head(), body, nil},
		"too many recipients": {p.head(), body, many},
		"no body":             {p.head(), nil, to},
		"too many bodies":     {p.head(), make([][]byte, MaxParts+1), to},
		"body too large":      {p.head(), [][]byte{make([]byte, MaxPartSize)}, to},
		"id with a slash":     {head(func(h *Head) { h.ID = "../" + testID[3:] }), body, to},
		"short id":            {head(func(h *Head) { h.ID = "1" }), body, to},
		"kind with a space":   {head(func(h *Head) { h.Kind = "an application" }), body, to},
		"terminal of dots":    {head(func(h *Head) { h.Terminal = ".." }), body, to},
		"unknown suite":       {head(func(h *Head) { h.Suite = "rot13" }), body, to},
		"no time":             {head(func(h *Head) { h.SealedAt = time.Time{} }), body, to},
	} {
		if _, err := Seal(c.h, c.bodies, c.to, p.signer, rand.Reader); err == nil {
			t.Errorf("%s: sealed", what)
		}
	}
	if _, err := Seal(p.head(), body, to, p.signer, strings.NewReader("short")); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("random source that ends: %v", err)
	}
}
