package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// told runs the command and expects it to end well or not; it gives what it told.
func told(t *testing.T, want int, args ...string) string {
	t.Helper()
	code, out, complaints := ask(t, append([]string{"pack"}, args...)...)
	if code != want {
		t.Fatalf("pack %v: exit %d, want %d: %s", args, code, want, complaints)
	}
	return out + complaints
}

func TestAnEditionGoesFromTwoSignersToTheHub(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	for _, name := range []string{"a", "b", "online"} {
		told(t, 0, "new-key", at(name))
	}
	told(t, 0, "elect", "-online", at("online.pub"), at("work"), at("a.pub"), at("b.pub"))
	old, next := editions(t, "73000")
	text := told(t, 0, "sign", "-key", at("a"), at("work"), old)
	if !strings.Contains(text, "CN-150102 edition ") || !strings.Contains(text, "sha256:") {
		t.Errorf("signing tells %q", text)
	}
	if text := told(t, 1, "publish", "-key", at("online"), "-to", at("hub"), at("work")); !strings.Contains(text, "got 1, want 2") {
		t.Errorf("one signature: %s", text)
	}
	if text := told(t, 1, "sign", "-key", at("b"), at("work"), next); !strings.Contains(text, "other bytes") {
		t.Errorf("another edition: %s", text)
	}
	told(t, 0, "sign", "-key", at("b"), at("work"), old)
	told(t, 0, "publish", "-key", at("online"), "-to", at("hub"), at("work"))
	published := told(t, 0, "verify", "-root", at("hub/1.root.json"), at("hub"), "CN-150102")
	if checked := told(t, 0, "check", old); !strings.HasPrefix(checked, strings.TrimSpace(published)) {
		t.Errorf("verified %q, checked %q", published, checked)
	}
	if err := os.WriteFile(at("hub/timestamp.json"), []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	told(t, 1, "verify", "-root", at("hub/1.root.json"), at("hub"), "CN-150102")
}

func TestPruneRemovesWhatIsNeitherInForceNorNamed(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	for _, name := range []string{"a", "b", "online"} {
		told(t, 0, "new-key", at(name))
	}
	told(t, 0, "elect", "-online", at("online.pub"), at("work"), at("a.pub"), at("b.pub"))
	old, next := editions(t, "73000")
	for _, edition := range []string{old, next} {
		told(t, 0, "sign", "-key", at("a"), at("work"), edition)
		told(t, 0, "sign", "-key", at("b"), at("work"), edition)
		told(t, 0, "publish", "-key", at("online"), "-to", at("hub"), at("work"))
	}
	fields := strings.Fields(told(t, 0, "check", old))
	for named, want := range map[string]string{strings.Join(fields[:4], "\n"): "0 editions removed", "": "1 editions removed"} {
		if err := os.WriteFile(at("named"), []byte(named), 0o600); err != nil {
			t.Fatal(err)
		}
		hub := at("hub" + want[:1])
		if err := os.CopyFS(hub, os.DirFS(at("hub"))); err != nil {
			t.Fatal(err)
		}
		if text := told(t, 0, "prune", "-named", at("named"), hub); !strings.Contains(text, want) {
			t.Errorf("named %q: %s", named, text)
		}
		told(t, 0, "verify", "-root", at("hub/1.root.json"), hub, "CN-150102")
	}
}

func TestPackCommandsAskedWronglySayHow(t *testing.T) {
	for _, args := range [][]string{{"new-key"}, {"elect"}, {"sign", "x"}, {"publish", "x"}, {"verify", "x"}, {"verify", "-odd"}, {"prune", "x"}} {
		told(t, 2, args...)
	}
}
