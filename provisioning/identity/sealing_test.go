package identity

import (
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"yimen/kiosk/envelope"
)

func TestAReportIsSealedPastTheBureau(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "hall")
	if err := NewHall(dir, terminal, []string{"127.0.0.1"}, time.Now(), "report"); err != nil {
		t.Fatal(err)
	}
	h := loadHall(t, dir)
	district, err := LoadBureau(filepath.Join(dir, "desk-report"))
	if err != nil {
		t.Fatal(err)
	}
	for _, suite := range envelope.Suites() {
		to, err := h.terminal.Addressees(envelope.Config{Suite: suite, Closed: []string{"report"}})
		if err != nil {
			t.Fatal(err)
		}
		for kind, keys := range map[string][2]*envelope.Opener{
			"report":      {district.Opening, h.bureau.Opening},
			"application": {h.bureau.Opening, district.Opening},
		} {
			recipients, err := to.For(kind)
			if err != nil {
				t.Fatal(err)
			}
			head := envelope.Head{Suite: suite, ID: "01k9xq4t6m8c2v5b7n3f0h1j2z", Kind: kind, Terminal: h.terminal.Name, SealedAt: time.Now()}
			s, err := envelope.Seal(head, [][]byte{[]byte(kind)}, recipients, h.terminal.Signing, rand.Reader)
			if err != nil {
				t.Fatal(err)
			}
			l, err := district.Terminals.VerifyList(terminal, s.List, s.Signature)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := envelope.OpenPart(s.Parts[0], l, 0, keys[0]); err != nil || string(got) != kind {
				t.Errorf("%s %s for its desk: %q, %v", suite, kind, got, err)
			}
			if _, err := envelope.OpenPart(s.Parts[0], l, 0, keys[1]); !errors.Is(err, envelope.ErrRecipient) {
				t.Errorf("%s %s for the other desk: %v, want ErrRecipient", suite, kind, err)
			}
		}
	}
}

func TestATerminalWithoutTheKeysForItsConfigDoesNotStart(t *testing.T) {
	dir := newHall(t, time.Now())
	terminal, err := LoadTerminal(filepath.Join(dir, "terminal"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = terminal.Addressees(envelope.Config{Suite: envelope.SuiteSM, Closed: []string{"report"}})
	if err == nil || !strings.Contains(err.Error(), "report.pub") {
		t.Errorf("a closed kind without a desk: %v", err)
	}
	for _, file := range []string{signingFile, bureauPub, receiptPub} {
		oneSuite(t, filepath.Join(dir, "terminal", file))
	}
	if terminal, err = LoadTerminal(filepath.Join(dir, "terminal")); err != nil {
		t.Fatal(err)
	}
	if _, err := terminal.Addressees(envelope.Config{Suite: envelope.SuiteSM}); err != nil {
		t.Errorf("keys of the one suite, which is wanted: %v", err)
	}
	_, err = terminal.Addressees(envelope.Config{Suite: envelope.SuiteX25519})
	for _, file := range []string{signingFile, bureauPub, receiptPub} {
		if err == nil || !strings.Contains(err.Error(), file) {
			t.Errorf("keys of the other suite: %v, want %s named", err, file)
		}
	}
}

// oneSuite leaves of a key file what halls had before there were two suites: the first block.
func oneSuite(t *testing.T, file string) {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	first, _, found := strings.Cut(string(b), "-----\n-----BEGIN")
	if !found {
		t.Fatalf("%s holds one key", file)
	}
	if err := os.WriteFile(file, []byte(first+"-----\n"), 0); err != nil {
		t.Fatal(err)
	}
}
