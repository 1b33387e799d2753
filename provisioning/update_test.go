package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"yimen/kiosk/inbox"
	"yimen/provisioning/repository"
	"yimen/provisioning/update"
)

// released runs a command and expects it to end well or not; it gives what it told.
func released(t *testing.T, want int, args ...string) string {
	t.Helper()
	code, out, complaints := ask(t, args...)
	if code != want {
		t.Fatalf("%v: exit %d, want %d: %s", args, code, want, complaints)
	}
	return out + complaints
}

func TestAReleaseGoesFromTwoSignersToATerminal(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	for _, name := range []string{"VERSION", "kiosk", "provisioning", "shell"} {
		if err := os.MkdirAll(at("built"), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at("built/"+name), []byte(name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"a", "b", "online"} {
		released(t, 0, "pack", "new-key", at(name))
	}
	released(t, 0, "pack", "elect", "-online", at("online.pub"), at("work"), at("a.pub"), at("b.pub"))
	released(t, 0, "release", "archive", at("built"), at("release.tar"))
	released(t, 0, "release", "sign", "-key", at("a"), at("work"), at("release.tar"))
	if text := released(t, 1, "release", "publish", "-key", at("online"), "-to", at("hub"), at("work")); !strings.Contains(text, "got 1, want 2") {
		t.Errorf("one signature: %s", text)
	}
	released(t, 0, "release", "sign", "-key", at("b"), at("work"), at("release.tar"))
	published := released(t, 0, "release", "publish", "-key", at("online"), "-to", at("hub"), at("work"))
	root, err := os.ReadFile(at("hub/1.root.json"))
	if err != nil {
		t.Fatal(err)
	}
	terminal := inbox.Target{Dir: at("terminal"), Name: update.Name() + inbox.Suffix, Most: repository.MaxRelease, Root: root, From: inbox.Folder(at("hub"))}
	for range 2 { // the second from what was kept
		archive, digest, err := terminal.Newest(context.Background(), time.Now())
		if err != nil || !strings.Contains(published, digest) {
			t.Fatalf("%s, %v; published %s", digest, err, published)
		}
		if err := update.Unpack(archive, filepath.Join(t.TempDir(), "x")); err != nil {
			t.Error(err)
		}
	}
	if _, _, err := terminal.Newest(context.Background(), time.Now().Add(8*24*time.Hour)); err == nil || !strings.Contains(err.Error(), "expired") {
		t.Errorf("a repository that nobody renewed: %v", err)
	}
}

func TestWhatIsWrongInTheUpdatesConfigIsToldWithItsLine(t *testing.T) {
	file := filepath.Join(t.TempDir(), "update.yaml")
	if c, err := readUpdateConfig(file); err != nil || c.Repository != "central" {
		t.Errorf("without a file: %+v, %v", c, err)
	}
	for text, want := range map[string]string{
		"repository: central\nopen: [mon-fri 08:30-17:30]\n": "",
		"repository: \"\"\n":                           "",
		"zone: Asia/Shanghai\nrepository: somewhere\n": "line 2: repository",
		"repository: central\nopen: [always]\n":        "line 2: open",
		"zone: Nowhere/City\n":                         "line 1: zone",
		"repository: central\nevery: 1h\n":             "line 2",
	} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := readUpdateConfig(file)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: %v", text, err)
		}
	}
}
