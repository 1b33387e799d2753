package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"yimen/provisioning/identity"
)

func TestKeysMakesFoldersThatLoad(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "hall")
	var out, complaints bytes.Buffer
	if code := run(t.Context(), []string{"keys", "-dir", dir, "-terminal", "150102-001"}, &out, &complaints); code != 0 {
		t.Fatalf("code %d: %s", code, complaints.String())
	}
	terminal, err := identity.LoadTerminal(filepath.Join(dir, "terminal"))
	if err != nil || terminal.Name != "150102-001" {
		t.Errorf("terminal %+v, %v", terminal, err)
	}
	if code := run(t.Context(), []string{"keys", "-dir", dir, "-terminal", "150102-001"}, &out, &complaints); code != 1 {
		t.Errorf("second time: code %d, want 1", code)
	}
	if got := complaints.String(); strings.Count(got, "\n") != 1 || !strings.Contains(got, dir) {
		t.Errorf("complaint %q, want one line naming %s", got, dir)
	}
}

func TestAClosedKindGetsItsOwnDesk(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "hall")
	var out, complaints bytes.Buffer
	if code := run(t.Context(), []string{"keys", "-dir", dir, "-terminal", "150102-001", "-closed", "report,objection"}, &out, &complaints); code != 0 {
		t.Fatalf("code %d: %s", code, complaints.String())
	}
	terminal, err := identity.LoadTerminal(filepath.Join(dir, "terminal"))
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range []string{"report", "objection"} {
		desk, err := identity.LoadBureau(filepath.Join(dir, "desk-"+kind))
		if err != nil {
			t.Fatal(err)
		}
		if got := terminal.Closed[kind]; got.ID() != desk.Opening.Recipient().ID() || got.ID() == terminal.Bureau.ID() {
			t.Errorf("%ss are sealed to %s", kind, got.ID())
		}
	}
	if code := run(t.Context(), []string{"keys", "-dir", filepath.Join(t.TempDir(), "hall"), "-terminal", "150102-001", "-closed", "../x"}, &out, &complaints); code != 1 {
		t.Errorf("a kind that is a path: code %d, want 1", code)
	}
}

func TestWrongUseIsExplained(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "hall")
	for _, args := range [][]string{
		nil, {"nonsense"}, {"keys"}, {"keys", "-dir", dir}, {"keys", "-dir", dir, "-terminal", "x", "y"}, {"keys", "-nonsense"}, {"keys", "-h"},
	} {
		var out, complaints bytes.Buffer
		if code := run(t.Context(), args, &out, &complaints); code != 2 || out.Len()+complaints.Len() == 0 {
			t.Errorf("%q: code %d, %q %q; want 2 and an explanation", args, code, out.String(), complaints.String())
		}
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("a folder was made all the same")
	}
}
