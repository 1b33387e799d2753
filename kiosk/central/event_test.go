package central_test

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"yimen/kiosk/central"
	"yimen/kiosk/envelope"
)

func bureauKey(t testing.TB) *envelope.Signer {
	t.Helper()
	signer, err := envelope.GenerateSigner(rand.Reader, envelope.Suites()...)
	if err != nil {
		t.Fatal(err)
	}
	return signer
}

func goodEvent(suite envelope.Suite) central.Event {
	until := time.Date(2026, 11, 30, 0, 0, 0, 0, time.UTC)
	return central.Event{Format: 1, Suite: suite, Number: 7, Oldest: 3, ID: testID, Kind: central.KindNotice,
		At: time.Date(2026, 11, 23, 1, 2, 3, 0, time.UTC), Until: &until, For: "150102", Body: json.RawMessage(`{"text":"x"}`)}
}

func TestAnEventIsBelievedOnlyWithTheBureausSignature(t *testing.T) {
	by, other := bureauKey(t), bureauKey(t)
	for _, suite := range envelope.Suites() {
		signed, err := central.SignEvent(goodEvent(suite), by, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		e, err := central.VerifyEvent(signed, by.Verifier())
		if err != nil || e.Number != 7 || e.Until == nil || string(e.Body) != `{"text":"x"}` {
			t.Errorf("%s: %+v, %v", suite, e, err)
		}
		if _, err := central.VerifyEvent(signed, other.Verifier()); !errors.Is(err, central.ErrEvent) {
			t.Errorf("%s: by another key: %v", suite, err)
		}
		changed := signed
		changed.Event = []byte(strings.Replace(string(signed.Event), `"number":7`, `"number":8`, 1))
		if _, err := central.VerifyEvent(changed, by.Verifier()); !errors.Is(err, central.ErrEvent) {
			t.Errorf("%s: changed: %v", suite, err)
		}
	}
}

func TestAnEventThatCannotBeIsNotSigned(t *testing.T) {
	by := bureauKey(t)
	early := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	for what, change := range map[string]func(*central.Event){
		"no number":          func(e *central.Event) { e.Number = 0 },
		"older than itself":  func(e *central.Event) { e.Oldest = 8 },
		"no id":              func(e *central.Event) { e.ID = "../x" },
		"withdraws itself":   func(e *central.Event) { e.Withdraws = e.ID },
		"for half a region":  func(e *central.Event) { e.For = "1501" },
		"over before it was": func(e *central.Event) { e.Until = &early },
		"kind of a sentence": func(e *central.Event) { e.Kind = "a notice" },
		"body is a list":     func(e *central.Event) { e.Body = json.RawMessage(`[]`) },
		"body is not JSON":   func(e *central.Event) { e.Body = json.RawMessage(`{`) },
		"larger than allowed": func(e *central.Event) {
			e.Body = json.RawMessage(`{"text":"` + strings.Repeat("x", central.MaxEvent) + `"}`)
		},
	} {
		e := goodEvent(envelope.SuiteSM)
		change(&e)
		if _, err := central.SignEvent(e, by, rand.Reader); err == nil {
			t.Errorf("%s: signed", what)
		}
	}
}

func TestAnEventConcernsItsTerminalsOnly(t *testing.T) {
	for to, want := range map[string]bool{"": true, "150102": true, "150102-0001": true, "150102-0002": false, "150103": false, "150102-00": false} {
		e := goodEvent(envelope.SuiteSM)
		e.For = to
		if e.Concerns("150102-0001") != want {
			t.Errorf("for %q: %v", to, !want)
		}
	}
}

func FuzzVerifyEvent(f *testing.F) {
	signer, err := envelope.GenerateSigner(rand.Reader, envelope.SuiteX25519)
	if err != nil {
		f.Fatal(err)
	}
	good, err := central.SignEvent(central.Event{Suite: envelope.SuiteX25519, Number: 2, Oldest: 1, ID: testID, Kind: "notice", At: time.Unix(1e9, 0), Body: json.RawMessage(`{}`)}, signer, rand.Reader)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good.Event)
	f.Add([]byte(`{"format":1,"suite":"x25519-aes256gcm-sha256-ed25519","number":9223372036854775807}`))
	f.Fuzz(func(t *testing.T, event []byte) {
		if signature, err := signer.Sign(envelope.SuiteX25519, event, rand.Reader); err == nil {
			if e, err := central.VerifyEvent(central.SignedEvent{Event: event, Signature: signature}, signer.Verifier()); err == nil && e.Check() != nil {
				t.Errorf("%q was taken: %v", event, e.Check())
			}
		}
	})
}
