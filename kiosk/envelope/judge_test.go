package envelope

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"os/exec"
	"strings"
	"testing"
)

// opened is what the judge made of an envelope: its bodies, or why it refused it.
type opened struct {
	Bodies  [][]byte
	Refused string
}

// judged has envelopes opened by a program in another language that shares nothing with this package but FORMAT.md.
func judged(t *testing.T, envelopes ...vector) []opened {
	t.Helper()
	in, err := json.Marshal(envelopes)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "node", "judge/open.mjs")
	var out, complaints bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(in), &out, &complaints
	if err := cmd.Run(); err != nil {
		t.Fatalf("judge/open.mjs (make install-test installs what it needs): %v\n%s", err, complaints.String())
	}
	var answers []opened
	if err := json.Unmarshal(out.Bytes(), &answers); err != nil || len(answers) != len(envelopes) {
		t.Fatalf("%d answers for %d envelopes, %v", len(answers), len(envelopes), err)
	}
	return answers
}

// asVector is an envelope as the judge takes it.
func asVector(t *testing.T, o *Opener, v *Verifier, s Sealed) vector {
	t.Helper()
	return vector{Opener: string(written(t, o)), Verifier: string(written(t, v)), List: s.List, Signature: s.Signature, Parts: s.Parts}
}

func TestAnotherProgramOpensTheVectors(t *testing.T) {
	inEachSuite(t, func(t *testing.T, suite Suite) {
		v := readVector(t, suite)
		wantBodies(t, judged(t, v)[0], v.bodies())
	})
}

func TestAnotherProgramOpensOurEnvelopes(t *testing.T) { inEachSuite(t, anotherProgramOpens) }

func anotherProgramOpens(t *testing.T, suite Suite) {
	p, second := newParties(t, suite), newParties(t, suite)
	var bodies [][]byte
	for _, size := range []int{0, 1, 15, 16, 17, chunkSize - 1, chunkSize, chunkSize + 1, 2 * chunkSize} {
		b := make([]byte, size)
		_, _ = rand.Read(b)
		bodies = append(bodies, b)
	}
	s, err := Seal(p.head(), bodies, []Recipient{p.opener.Recipient(), second.opener.Recipient()}, p.signer, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for _, answer := range judged(t, asVector(t, p.opener, p.signer.Verifier(), s), asVector(t, second.opener, p.signer.Verifier(), s)) {
		wantBodies(t, answer, bodies)
	}
}

func wantBodies(t *testing.T, got opened, want [][]byte) {
	t.Helper()
	if len(got.Bodies) != len(want) {
		t.Fatalf("%d of %d bodies: %s", len(got.Bodies), len(want), got.Refused)
	}
	for no := range want {
		if !bytes.Equal(got.Bodies[no], want[no]) {
			t.Errorf("body %d of %d bytes differs", no, len(want[no]))
		}
	}
}

// TestAnotherProgramRefusesWhatWeRefuse shows that the judge looks: it would be no witness if it opened anything.
func TestAnotherProgramRefusesWhatWeRefuse(t *testing.T) { inEachSuite(t, anotherProgramRefuses) }

func anotherProgramRefuses(t *testing.T, suite Suite) {
	p, stranger := newParties(t, suite), newParties(t, suite)
	good, l := p.seal(t, p.head(), bytes.Repeat([]byte("page"), chunkSize/2), []byte("other"))
	// with puts a part in place of part 0, under a list that agrees, signed by the terminal.
	with := func(part []byte) Sealed {
		list, err := claim(l, 0, part).canonical()
		if err != nil {
			t.Fatal(err)
		}
		signature, err := p.signer.Sign(suite, list, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		return Sealed{list, signature, [][]byte{part, good.Parts[1]}}
	}
	flipped := func(at int) Sealed {
		part := bytes.Clone(good.Parts[0])
		part[(at+len(part))%len(part)] ^= 1
		return with(part)
	}
	head, _ := p.contentKey(t, good.Parts[0])
	ours := p.signer.Verifier()
	var envelopes []vector
	cases := []struct {
		what     string
		opener   *Opener
		verifier *Verifier
		envelope Sealed
		why      string // what the judge names; empty where it is the library's word
	}{
		{"a stranger's key", stranger.opener, ours, good, "not sealed to this key"},
		{"a stranger's signature", p.opener, stranger.signer.Verifier(), good, "signature does not match"},
		{"a bit of the last tag", p.opener, ours, flipped(-1), ""},
		{"a bit of the first chunk", p.opener, ours, flipped(len(head) + confirmSize), ""},
		{"a bit of the wrapped key", p.opener, ours, flipped(len(head) - 1), ""},
		{"a bit of the key id", p.opener, ours, flipped(headerFixed), "not sealed to this key"},
		{"a bit of the confirmation", p.opener, ours, flipped(len(head)), "key confirmation"},
		{"the last chunk cut off", p.opener, ours, with(good.Parts[0][:len(good.Parts[0])-chunkSize-16]), ""},
		{"parts in another order", p.opener, ours, Sealed{good.List, good.Signature, [][]byte{good.Parts[1], good.Parts[0]}}, "size of a part"},
		{"a part of another place", p.opener, ours, with(good.Parts[1]), "part number"},
	}
	for _, c := range cases {
		envelopes = append(envelopes, asVector(t, c.opener, c.verifier, c.envelope))
	}
	for i, answer := range judged(t, envelopes...) {
		if answer.Refused == "" || !strings.Contains(answer.Refused, cases[i].why) {
			t.Errorf("%s: %d bodies, refused with %q, want %q", cases[i].what, len(answer.Bodies), answer.Refused, cases[i].why)
		}
	}
}
