package envelope

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"testing"

	"github.com/emmansun/gmsm/sm3"
)

var update = flag.Bool("update", false, "write the test vectors anew")

// vector is one envelope another implementation can be held against. FORMAT.md says how the keys and the
// randomness follow from the seed. []byte is base64.
type vector struct {
	Seed      string   `json:"seed"`
	Opener    string   `json:"opener"`   // PEM
	Verifier  string   `json:"verifier"` // PEM
	List      []byte   `json:"list"`
	Signature []byte   `json:"signature"` // one of many that are valid
	Bodies    []body   `json:"bodies"`
	Parts     [][]byte `json:"parts"`
}

// body is a text, Times over.
type body struct {
	Text  string `json:"text"`
	Times int    `json:"times"`
}

func (v vector) bodies() [][]byte {
	var all [][]byte
	for _, b := range v.Bodies {
		all = append(all, bytes.Repeat([]byte(b.Text), b.Times))
	}
	return all
}

// seeded is the stream SM3(seed, 0), SM3(seed, 1), … with the counter as 8 bytes, big-endian.
type seeded struct {
	seed    string
	counter uint64
	rest    []byte
}

func (s *seeded) Read(b []byte) (int, error) {
	if len(s.rest) == 0 {
		sum := sm3.Sum(binary.BigEndian.AppendUint64([]byte(s.seed), s.counter))
		s.rest = sum[:]
		s.counter++
	}
	n := copy(b, s.rest)
	s.rest = s.rest[n:]
	return n, nil
}

// drawVector gives what follows from the seed: the keys, and the source at the place of the content key.
func drawVector(t testing.TB, suite Suite, seed string) (parties, *seeded) {
	t.Helper()
	random := &seeded{seed: seed}
	return drawParties(t, suite, random), random
}

func makeVector(t testing.TB, suite Suite, seed string, bodies []body) vector {
	t.Helper()
	p, random := drawVector(t, suite, seed)
	v := vector{Seed: seed, Bodies: bodies, Opener: string(written(t, p.opener)), Verifier: string(written(t, p.signer.Verifier()))}
	s, err := Seal(p.head(), v.bodies(), []Recipient{p.opener.Recipient()}, p.signer, random)
	if err != nil {
		t.Fatal(err)
	}
	v.List, v.Signature, v.Parts = s.List, s.Signature, s.Parts
	return v
}

func readVector(t testing.TB, suite Suite) vector {
	t.Helper()
	file := fmt.Sprintf("testdata/suite%d.json", suites[suite].number)
	if *update {
		v := makeVector(t, suite, fmt.Sprintf("yimen envelope suite %d", suites[suite].number), []body{
			{`{"format":1}`, 1}, {"", 0}, {"0123456789abcdef", chunkSize/16 + 1},
		})
		b, err := json.MarshalIndent(v, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, append(b, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var v vector
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	t.Logf("seed %q", v.Seed)
	return v
}

func TestEnvelopesOfYesterdayStillOpen(t *testing.T) { inEachSuite(t, envelopesOfYesterdayStillOpen) }

func envelopesOfYesterdayStillOpen(t *testing.T, suite Suite) {
	v := readVector(t, suite)
	opener, err := ParseOpener([]byte(v.Opener))
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := ParseVerifier([]byte(v.Verifier))
	if err != nil {
		t.Fatal(err)
	}
	l, err := VerifyList(v.List, v.Signature, verifier)
	if err != nil {
		t.Fatal(err)
	}
	for no, want := range v.bodies() {
		if got, err := OpenPart(v.Parts[no], l, no, opener); err != nil || !bytes.Equal(got, want) {
			t.Errorf("part %d: %v", no, err)
		}
	}
}

func TestSealingStillMakesTheSameBytes(t *testing.T) { inEachSuite(t, sealingStillMakesTheSameBytes) }

// sealingStillMakesTheSameBytes seals the bodies under the vector's own headers: the wraps in them hold an ephemeral
// key, which need not follow from the seed.
func sealingStillMakesTheSameBytes(t *testing.T, suite Suite) {
	v := readVector(t, suite)
	p, random := drawVector(t, suite, v.Seed)
	if string(written(t, p.opener)) != v.Opener || string(written(t, p.signer.Verifier())) != v.Verifier {
		t.Fatal("other keys from the same seed")
	}
	drawn := make([]byte, contentKeySize)
	if _, err := io.ReadFull(random, drawn); err != nil {
		t.Fatal(err)
	}
	head, key := p.contentKey(t, v.Parts[0])
	if !bytes.Equal(key, drawn) {
		t.Error("another content key from the same seed")
	}
	const place = headerFixed - 2 // of the part number's last byte
	for no, body := range v.bodies() {
		head[place] = byte(no)
		var again bytes.Buffer
		if err := sealPart(suites[suite], &again, bytes.NewReader(body), head, key); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(again.Bytes(), v.Parts[no]) {
			t.Errorf("part %d differs", no)
		}
	}
	l, err := ParseList(v.List)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := l.canonical(); err != nil || !bytes.Equal(again, v.List) {
		t.Errorf("list %s, %v; want %s", again, err, v.List)
	}
}
