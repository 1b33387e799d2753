package main

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"yimen/kiosk/journal"
)

// journalAfterAVisit makes a journal with one interrupted print, and gives its file and head.
func journalAfterAVisit(t *testing.T) (file, head string) {
	t.Helper()
	dir := t.TempDir()
	j, err := journal.Open(dir, journal.Config{}, journal.Terminal{Region: 150102, Number: 1}, time.Now, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := j.Append(journal.PrintIntended{Paper: journal.PrintIntendedPaperSlip}); err != nil {
		t.Fatal(err)
	}
	head = j.Head().String()
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, journal.File), head
}

// asked runs a command and gives its exit code and all that it said.
func asked(t *testing.T, args ...string) (code int, said string) {
	t.Helper()
	var out bytes.Buffer
	code = run(t.Context(), args, &out, &out)
	return code, out.String()
}

func TestJournalVerifyTellsASoundOneFromACutOne(t *testing.T) {
	file, head := journalAfterAVisit(t)
	if code, said := asked(t, "journal", "verify", "-journal", file, "-head", head); code != 0 || !strings.Contains(said, "sound: 4 records") || !strings.Contains(said, "record 3, print-intended, has no outcome") {
		t.Errorf("code %d: %s", code, said)
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	all := strings.SplitAfter(string(b), "\n")
	if err := os.WriteFile(file, []byte(strings.Join(all[:2], "")), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, said := asked(t, "journal", "verify", "-journal", file); code != 0 || !strings.Contains(said, "cannot be told") {
		t.Errorf("without a head: code %d: %s", code, said)
	}
	if code, said := asked(t, "journal", "verify", "-journal", file, "-head", head); code != 1 || !strings.Contains(said, "truncated at record 3") {
		t.Errorf("with a head: code %d: %s", code, said)
	}
}

func TestJournalShowListsRecordsUpToTheDamage(t *testing.T) {
	file, _ := journalAfterAVisit(t)
	code, said := asked(t, "journal", "show", "-journal", file, "-from", "2")
	if code != 0 || strings.Count(said, "\n") != 3 || !strings.Contains(said, `print-intended   {"paper":"slip"}`) {
		t.Errorf("code %d: %s", code, said)
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, bytes.Replace(b, []byte(`"slip"`), []byte(`"clip"`), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, said := asked(t, "journal", "show", "-journal", file); code != 1 || strings.Count(said, "\n") != 3 || !strings.Contains(said, "changed at record 3") {
		t.Errorf("code %d: %s", code, said)
	}
}

func TestJournalExplainsWrongUse(t *testing.T) {
	for _, args := range [][]string{{"journal"}, {"journal", "burn"}, {"journal", "verify", "-head", "12"}, {"journal", "verify", "x"}, {"journal", "show", "x"}} {
		if code, said := asked(t, args...); code != 2 || said == "" {
			t.Errorf("%q: code %d: %s", args, code, said)
		}
	}
}
