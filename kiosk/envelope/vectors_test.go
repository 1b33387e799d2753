package envelope

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"flag"
	"os"
	"testing"

	"github.com/emmansun/gmsm/sm3"
)

var update = flag.Bool("update", false, "write the test vectors anew")

const vectorFile = "testdata/suite1.json"

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

func makeVector(t *testing.T, seed string, bodies []body) vector {
	t.Helper()
	random := &seeded{seed: seed}
	opener, err := GenerateOpener(random)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := GenerateSigner(random)
	if err != nil {
		t.Fatal(err)
	}
	v := vector{Seed: seed, Bodies: bodies}
	s, err := Seal(testHead(), v.bodies(), []Recipient{opener.Recipient()}, signer, random)
	if err != nil {
		t.Fatal(err)
	}
	v.List, v.Signature, v.Parts = s.List, s.Signature, s.Parts
	o, err := opener.MarshalPEM()
	if err != nil {
		t.Fatal(err)
	}
	p, err := signer.Verifier().MarshalPEM()
	if err != nil {
		t.Fatal(err)
	}
	v.Opener, v.Verifier = string(o), string(p)
	return v
}

func readVector(t *testing.T) vector {
	t.Helper()
	if *update {
		v := makeVector(t, "yimen envelope suite 1", []body{
			{`{"format":1}`, 1}, {"", 0}, {"0123456789abcdef", chunkSize/16 + 1},
		})
		b, err := json.MarshalIndent(v, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(vectorFile, append(b, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	b, err := os.ReadFile(vectorFile)
	if err != nil {
		t.Fatal(err)
	}
	var v vector
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestEnvelopesOfYesterdayStillOpen(t *testing.T) {
	v := readVector(t)
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

func TestSealingStillMakesTheSameBytes(t *testing.T) {
	v := readVector(t)
	again := makeVector(t, v.Seed, v.Bodies)
	if again.Opener != v.Opener || again.Verifier != v.Verifier {
		t.Error("other keys from the same seed")
	}
	if !bytes.Equal(again.List, v.List) {
		t.Errorf("list %s, want %s", again.List, v.List)
	}
	for no := range v.Parts {
		if !bytes.Equal(again.Parts[no], v.Parts[no]) {
			t.Errorf("part %d differs", no)
		}
	}
}
