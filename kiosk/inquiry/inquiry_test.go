package inquiry

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"yimen/kiosk/envelope"
	"yimen/kiosk/policy"
)

const (
	name     = "佟子试"
	number   = "11010519491231002X"
	code     = "40718253"
	terminal = "150102-0001"
	id       = "01k9zqv8w3m5n7p2r4s6t8v0xy"
)

var at = time.Date(2026, 11, 22, 16, 30, 0, 0, time.FixedZone("CST", 8*3600))

// pair is a terminal and a bureau that know each other.
func pair(t testing.TB, suite envelope.Suite) (Asker, Clerk) {
	t.Helper()
	opening, err1 := envelope.GenerateOpener(rand.Reader, envelope.Suites()...)
	word, err2 := envelope.GenerateSigner(rand.Reader, envelope.Suites()...)
	signing, err3 := envelope.GenerateSigner(rand.Reader, envelope.Suites()...)
	if err := errors.Join(err1, err2, err3); err != nil {
		t.Fatal(err)
	}
	return Asker{Suite: suite, Terminal: terminal, To: []envelope.Recipient{opening.Recipient()}, By: signing, Word: word.Verifier(), Random: rand.Reader},
		Clerk{With: opening, By: word, Terminals: envelope.NewSignatories(map[string]*envelope.Verifier{terminal: signing.Verifier()}), Random: rand.Reader}
}

func inquiry() Inquiry {
	return Inquiry{Kind: Progress, Proof: Proof{Name: name, Number: number, SlipNo: "SJ-150102-0001-20261101-00001-K", Code: code}, Body: json.RawMessage(`{"a":1}`)}
}

func TestAQuestionAndItsAnswerInEverySuite(t *testing.T) {
	for _, suite := range append(envelope.Suites(), "") {
		asker, clerk := pair(t, suite)
		sealed, open, err := asker.Seal(inquiry(), id, at)
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{name, number, code} {
			if bytes.Contains(sealed, []byte(secret)) {
				t.Errorf("%q can be read on the way", secret)
			}
		}
		q, err := clerk.Open(id, terminal, sealed)
		if err != nil {
			t.Fatal(err)
		}
		if q.Kind != Progress || q.Proof != inquiry().Proof || string(q.Body) != `{"a":1}` {
			t.Errorf("the bureau reads %#v with proof %q %q", q.Kind, q.Proof.Number.Reveal(), q.Proof.SlipNo)
		}
		told := Answer{Outcome: Found, Cases: []Case{{ID: "c", ItemName: policy.Text{"zh-CN": "最低生活保障"}}}, Pages: [][]byte{[]byte("page")}}
		back, err := clerk.Answer(q, told, at)
		if err != nil {
			t.Fatal(err)
		}
		a, err := open.Answer(back)
		if err != nil || a.Outcome != Found || len(a.Cases) != 1 || a.Cases[0].ItemName.In("zh-CN") != "最低生活保障" || string(a.Pages[0]) != "page" {
			t.Errorf("the visit reads %+v, %v", a, err)
		}
	}
}

func TestAnAnswerIsForTheOneQuestionThatWasAsked(t *testing.T) {
	asker, clerk := pair(t, envelope.SuiteSM)
	const other = "01k9zqv8w3m5n7p2r4s6t8v0xz"
	first, openFirst, err := asker.Seal(inquiry(), id, at)
	if err != nil {
		t.Fatal(err)
	}
	_, openSecond, err := asker.Seal(inquiry(), other, at)
	if err != nil {
		t.Fatal(err)
	}
	_, openTwin, err := asker.Seal(inquiry(), id, at) // the same id, another visit's key
	if err != nil {
		t.Fatal(err)
	}
	q, err := clerk.Open(id, terminal, first)
	if err != nil {
		t.Fatal(err)
	}
	back, err := clerk.Answer(q, Answer{Outcome: Nothing}, at)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := openSecond.Answer(back); !errors.Is(err, ErrAsk) {
		t.Errorf("another question takes the answer: %v", err)
	}
	if _, err := openTwin.Answer(back); !errors.Is(err, envelope.ErrRecipient) {
		t.Errorf("another visit opens the answer: %v", err)
	}
	impostor := clerk
	if impostor.By, err = envelope.GenerateSigner(rand.Reader); err != nil {
		t.Fatal(err)
	}
	forged, err := impostor.Answer(q, Answer{Outcome: Found}, at)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := openFirst.Answer(forged); !errors.Is(err, envelope.ErrSignature) {
		t.Errorf("somebody else's word is taken for the bureau's: %v", err)
	}
	if _, err := openFirst.Answer(first); err == nil {
		t.Error("the question is taken for its answer")
	}
}

func TestTheBureauOpensOnlyWhatAKnownTerminalAsked(t *testing.T) {
	asker, clerk := pair(t, envelope.SuiteSM)
	stranger, _ := pair(t, envelope.SuiteSM)
	stranger.To = asker.To
	strange, _, err := stranger.Seal(inquiry(), id, at)
	if err != nil {
		t.Fatal(err)
	}
	sealed, _, err := asker.Seal(inquiry(), id, at)
	if err != nil {
		t.Fatal(err)
	}
	misnamed := asker
	misnamed.Terminal = "150102-0002"
	another, _, err := misnamed.Seal(inquiry(), id, at)
	if err != nil {
		t.Fatal(err)
	}
	for what, wrong := range map[string]func() error{
		"another's name":         func() error { _, err := clerk.Open(id, terminal, another); return err },
		"a stranger's signature": func() error { _, err := clerk.Open(id, terminal, strange); return err },
		"another terminal":       func() error { _, err := clerk.Open(id, "150102-0009", sealed); return err },
		"another id":             func() error { _, err := clerk.Open("01k9zqv8w3m5n7p2r4s6t8v0xz", terminal, sealed); return err },
		"a cut end":              func() error { _, err := clerk.Open(id, terminal, sealed[:len(sealed)-1]); return err },
	} {
		if wrong() == nil {
			t.Errorf("%s is opened", what)
		}
	}
}

func TestTheSizeTellsTheRelayNeitherProofNorOutcome(t *testing.T) {
	asker, clerk := pair(t, envelope.SuiteX25519)
	sizes := func(p Proof, a Answer) (asked, answered int) {
		sealed, _, err := asker.Seal(Inquiry{Kind: Progress, Proof: p}, id, at)
		if err != nil {
			t.Fatal(err)
		}
		q, err := clerk.Open(id, terminal, sealed)
		if err != nil {
			t.Fatal(err)
		}
		back, err := clerk.Answer(q, a, at)
		if err != nil {
			t.Fatal(err)
		}
		return len(sealed), len(back)
	}
	asked, answered := sizes(Proof{Name: name, Number: number}, Answer{Outcome: Found, Cases: []Case{{ID: "c", Papers: []Paper{{Paragraphs: []string{strings.Repeat("文", 900)}}}}}})
	other, nothing := sizes(Proof{SlipNo: "SJ-150102-0001-20261101-00001-K", Code: code}, Answer{Outcome: Nothing})
	if asked != other || answered != nothing {
		t.Errorf("asked with %d and %d bytes, answered with %d and %d", asked, other, answered, nothing)
	}
}

func TestAProofIsNotPrinted(t *testing.T) {
	text := fmt.Sprintf("%v %+v %#v", inquiry(), inquiry(), inquiry())
	for _, secret := range []string{name, number, code} {
		if strings.Contains(text, secret) {
			t.Errorf("printed %s", text)
		}
	}
}

func FuzzClerkOpens(f *testing.F) {
	asker, clerk := pair(f, envelope.SuiteSM)
	sealed, _, err := asker.Seal(inquiry(), id, at)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(sealed)
	f.Add([]byte(magic + "\x00\x00\x00\x01a\x00\x00\x00\x00\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if _, err := clerk.Open(id, terminal, b); err == nil && !bytes.Equal(b, sealed) {
			t.Error("opened what was not sealed so")
		}
	})
}

func FuzzReadAsked(f *testing.F) {
	body, err := inquiry().write([]byte("key"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(body)
	f.Fuzz(func(t *testing.T, b []byte) {
		if q, _, err := readAsked(b); (err == nil) == (q.Kind == "") {
			t.Errorf("kind %q, error %v", q.Kind, err)
		}
	})
}
