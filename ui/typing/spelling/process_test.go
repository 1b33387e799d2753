package spelling

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// script writes a program of the shell that stands for the one that spells.
func script(t *testing.T, lines string) *Process {
	t.Helper()
	file := filepath.Join(t.TempDir(), "speller")
	if err := os.WriteFile(file, []byte("#!/bin/sh\n"+lines+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	p := &Process{Program: file, Data: t.TempDir()}
	t.Cleanup(func() { p.Close() })
	return p
}

var ma = Request{Way: Pinyin, Keys: "ma"}

func TestProgramThatDiedIsStartedAgain(t *testing.T) {
	p := script(t, `read line; echo '{"done":"","typing":"ma","offers":[{"text":"马"}]}'`) // it lives for one answer
	for i := range 4 {
		a, err := p.Spell(t.Context(), ma)
		if i%2 == 0 && (err != nil || len(a.Offers) != 1 || a.Offers[0].Text != "马") {
			t.Fatalf("asked %d times: %+v, %v", i, a, err)
		}
		if i%2 == 1 && err == nil {
			t.Fatal("a program that is gone answered")
		}
	}
}

func TestProgramThatSaysSomethingElseIsEnded(t *testing.T) {
	for name, lines := range map[string]string{
		"nothing": "read line", "another thing": "read line; echo hello", "without end": "read line; exec tr -d '\\n' </dev/zero", "silence": "read line; exec sleep 60",
	} {
		if _, err := script(t, lines).Spell(t.Context(), ma); err == nil {
			t.Errorf("%s was taken for an answer", name)
		}
	}
}

func TestMissingProgramIsAnError(t *testing.T) {
	p := &Process{Program: filepath.Join(t.TempDir(), "none")}
	if _, err := p.Spell(t.Context(), ma); err == nil {
		t.Error("nothing spelled")
	}
}

func TestWhatIsNoRequestDoesNotReachTheProgram(t *testing.T) {
	p := &Process{Program: filepath.Join(t.TempDir(), "none")}
	for _, r := range []Request{{}, {Way: Pinyin}, {Way: "x", Keys: "ma"}, {Way: Strokes, Keys: "ma"}, {Way: Pinyin, Keys: "Ma"}, {Way: Pinyin, Keys: "ma", Chosen: []Offer{{}}}} {
		if _, err := p.Spell(t.Context(), r); !errors.Is(err, ErrRequest) {
			t.Errorf("%+v: %v", r, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := p.Spell(ctx, ma); !errors.Is(err, context.Canceled) {
		t.Errorf("nobody waits any more: %v", err)
	}
}
