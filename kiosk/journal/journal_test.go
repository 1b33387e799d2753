package journal

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

var terminal = Terminal{150102, 1}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func moment() time.Time { return time.Date(2026, 11, 22, 15, 0, 0, 123e6, time.UTC) }

func reopen(t testing.TB, dir string, c Config) *Journal {
	t.Helper()
	j, err := Open(dir, c, terminal, moment, slog.New(slog.DiscardHandler))
	must(t, err)
	t.Cleanup(func() { _ = j.closeFile() })
	return j
}

func wrote(t testing.TB, j *Journal, e Event) uint32 {
	t.Helper()
	no, err := j.Append(e)
	must(t, err)
	return no
}

func id(t testing.TB, s string) ID {
	t.Helper()
	v, err := ParseID(s + strings.Repeat("0", idSize-len(s)))
	must(t, err)
	return v
}

// day writes some records of every kind and leaves two intents open.
func day(t testing.TB, j *Journal) {
	t.Helper()
	for n := range 4 {
		dossier := id(t, fmt.Sprint("d", n))
		put := wrote(t, j, SubmitIntended{Dossier: dossier})
		wrote(t, j, SubmitEnded{Intent: put, Outcome: SubmitEndedOutcomeKept})
		slip := wrote(t, j, PrintIntended{Paper: PrintIntendedPaperSlip})
		purge := wrote(t, j, PurgeIntended{Dossier: dossier})
		wrote(t, j, PrintEnded{Intent: slip, Outcome: PrintEndedOutcomePrinted})
		wrote(t, j, PurgeEnded{Intent: purge, Outcome: PurgeEndedOutcomePurged})
	}
	wrote(t, j, SubmitIntended{Dossier: id(t, "open")})
	wrote(t, j, PrintIntended{Paper: PrintIntendedPaperSlip})
}

// kept is a journal of one day, as it stands on disk, and its head.
func kept(t testing.TB, c Config) (file []byte, head Head) {
	t.Helper()
	dir := t.TempDir()
	j := reopen(t, dir, c)
	day(t, j)
	must(t, j.closeFile())
	b, err := os.ReadFile(path(dir))
	must(t, err)
	return b, j.Head()
}

func seen(t testing.TB, h Head) HeadSeen {
	t.Helper()
	s, err := ParseHead(h.String())
	must(t, err)
	return s
}

func TestWhatIsWrittenIsReadAgain(t *testing.T) {
	for _, digest := range []string{"", "sm3", "sha-256"} {
		b, head := kept(t, Config{Digest: digest})
		var names []string
		s, err := Verify(bytes.NewReader(b), []HeadSeen{seen(t, head)}, func(r Record) {
			names = append(names, r.Is)
			if r.Event == nil || Name(r.Event) != r.Is || !r.At.Equal(moment()) {
				t.Errorf("record %d is read as %+v", r.No, r)
			}
		})
		must(t, err)
		if s.Head != head || s.Size != int64(len(b)) || s.Torn != 0 || len(s.Open) != 2 || len(names) != 28 || names[0] != "journal-begun" {
			t.Errorf("%q: %d records %q, story %+v", digest, len(names), names, s)
		}
	}
}

// TestAChainIsProvenWithoutThisProgram computes it with OpenSSL, as EVENTS.md tells.
func TestAChainIsProvenWithoutThisProgram(t *testing.T) {
	for digest, option := range map[string]string{"sm3": "-sm3", "sha-256": "-sha256"} {
		b, _ := kept(t, Config{Digest: digest})
		before := make([]byte, 32)
		for l := range strings.Lines(string(b[:2000])) {
			sum, body, _ := strings.Cut(strings.TrimSuffix(l, "\n"), " ")
			if !strings.HasSuffix(l, "\n") {
				break
			}
			cmd := exec.Command("openssl", "dgst", "-r", option)
			cmd.Stdin = strings.NewReader(string(before) + body)
			out, err := cmd.Output()
			must(t, err)
			if !strings.HasPrefix(string(out), sum) {
				t.Fatalf("%s: OpenSSL says %s of a record with %s", digest, out, sum)
			}
			before, err = hex.DecodeString(sum)
			must(t, err)
		}
	}
}

func TestAJournalGoesOnWhereItEnded(t *testing.T) {
	dir := t.TempDir()
	j := reopen(t, dir, Config{Digest: "sha-256"})
	day(t, j)
	before := j.Head()
	must(t, j.Close())
	j = reopen(t, dir, Config{Digest: "sm3"}) // the digest stays what it was begun with
	if got := len(j.Interrupted()); got != 2 {
		t.Errorf("%d intents were left open, want 2", got)
	}
	s, err := j.Read(nil)
	must(t, err)
	if s.Head != j.Head() || s.Head.No != before.No+2 {
		t.Errorf("head %v after %v", s.Head, before)
	}
}

func TestTwoDaemonsDoNotWriteOneJournal(t *testing.T) {
	dir := t.TempDir()
	reopen(t, dir, Config{})
	if _, err := Open(dir, Config{}, terminal, moment, slog.New(slog.DiscardHandler)); !errors.Is(err, ErrInUse) {
		t.Errorf("error %v", err)
	}
}

// TestADamagedJournalIsKeptAndANewOneBegun: residents are served, nothing is thrown away, and the head that central
// holds does not fit the new one.
func TestADamagedJournalIsKeptAndANewOneBegun(t *testing.T) {
	b, head := kept(t, Config{})
	b[300] ^= 1
	dir := t.TempDir()
	must(t, os.WriteFile(path(dir), b, 0o600))
	for n := 1; n <= 2; n++ { // it can happen twice
		j := reopen(t, dir, Config{})
		var first Record
		_, err := j.Read(func(r Record) {
			if r.No == 1 {
				first = r
			}
		})
		must(t, err)
		if e, ok := first.Event.(JournalBegun); !ok || e.Cause != JournalBegunCauseDamaged {
			t.Errorf("the new one begins with %+v", first)
		}
		aside, err := os.ReadFile(filepath.Join(dir, fmt.Sprintf("damaged-%d", n), File))
		must(t, err)
		if !bytes.Equal(aside, b) {
			t.Error("the damaged one is not kept as it was")
		}
		must(t, j.closeFile())
		b, err = os.ReadFile(path(dir))
		must(t, err)
		var fault *Fault
		if _, err := Verify(bytes.NewReader(b), []HeadSeen{seen(t, head)}, nil); !errors.As(err, &fault) {
			t.Errorf("verify against the old head says %v", err)
		}
		b[100] ^= 1
		must(t, os.WriteFile(path(dir), b, 0o600))
	}
}

// TestNoFieldCanHoldAName walks every event's fields by type: numbers of 32 bits, words of a list, and ids of a shape
// no name has. No other type may be there.
func TestNoFieldCanHoldAName(t *testing.T) {
	text := reflect.TypeFor[interface{ MarshalText() ([]byte, error) }]()
	for name, known := range decoders {
		e, _ := known([]byte("{}"))
		of := reflect.TypeOf(e)
		for f := range of.Fields() {
			switch {
			case f.Type.Kind() == reflect.Uint32 && f.Type.PkgPath() == "":
			case f.Type.Kind() == reflect.Uint8 && f.Type.Implements(text):
				if _, err := reflect.New(f.Type).Elem().Interface().(interface{ MarshalText() ([]byte, error) }).MarshalText(); err == nil {
					t.Errorf("%s.%s: no value at all can be written", name, f.Name)
				}
			case f.Type == reflect.TypeFor[ID]():
			default:
				t.Errorf("%s.%s is a %s, which could hold a name", name, f.Name, f.Type)
			}
		}
	}
}

func TestNothingOfAPersonPassesForAnID(t *testing.T) {
	for _, s := range []string{"", "王𠮷䶮", "11010519491231002X", "13800000000", "zhang wei", "Zhangwei", "440524188001010014",
		"王小明王小明王小明王小明王小明王小明王小明王小", strings.Repeat("A", idSize), strings.Repeat("王", idSize)} {
		if v, err := ParseID(s); err == nil {
			t.Errorf("%q is taken for the id %s", s, v)
		} else if s != "" && strings.Contains(err.Error(), s) {
			t.Errorf("the refusal repeats %q", s)
		}
	}
	if _, err := (ID{}).MarshalText(); err == nil {
		t.Error("no id can be written")
	}
}

func TestAppendRefusesWhatNothingDefines(t *testing.T) {
	j := reopen(t, t.TempDir(), Config{})
	before := j.Head()
	for _, e := range []Event{PrintIntended{}, PrintEnded{Intent: 1, Outcome: 9}, SubmitIntended{}} {
		if _, err := j.Append(e); err == nil {
			t.Errorf("%+v is written", e)
		}
	}
	if s, err := j.Read(nil); err != nil || s.Head != before {
		t.Errorf("the journal stands at %v (%v), want %v", s.Head, err, before)
	}
}

func TestADiskThatRefusesLeavesNoHalfRecord(t *testing.T) {
	j := reopen(t, t.TempDir(), Config{})
	before := j.Head()
	whole := j.file
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	must(t, err)
	j.file = full
	if _, err := j.Append(DaemonStopped{}); err == nil {
		t.Error("a full disk is not told")
	}
	must(t, full.Close())
	j.file = whole
	if s, err := j.Read(nil); err != nil || s.Head != before || s.Torn != 0 {
		t.Errorf("story %+v (%v), want the head %v", s, err, before)
	}
}

// TestAStartOnAFullDiskIsWrittenLater, and a journal always begins with the record that names its digest.
func TestAStartOnAFullDiskIsWrittenLater(t *testing.T) {
	dir := t.TempDir()
	j := &Journal{dir: dir, now: moment}
	must(t, j.begin(Config{}, terminal, slog.New(slog.DiscardHandler)))
	defer j.closeFile()
	whole := j.file
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	must(t, err)
	j.file = full
	if _, err := j.Append(DaemonStopped{}); err == nil {
		t.Error("a full disk is not told")
	}
	must(t, full.Close())
	j.file, j.broken = whole, nil // /dev/full cannot be cut either
	wrote(t, j, PrintIntended{Paper: PrintIntendedPaperSlip})
	var names []string
	_, err = j.Read(func(r Record) { names = append(names, r.Is) })
	must(t, err)
	if got := strings.Join(names, " "); got != "journal-begun daemon-started print-intended" {
		t.Errorf("the journal says %s", got)
	}
}

func TestHeadsAreReadAsTheyAreWritten(t *testing.T) {
	h := Head{No: 12, Sum: Sum{0xab, 1}}
	for _, s := range []string{h.String(), "12:ab010000", "12 : AB01 0000"} {
		got, err := ParseHead(s)
		must(t, err)
		if got.No != 12 || !got.fits(h.Sum) || got.fits(Sum{}) {
			t.Errorf("%q is read as %+v", s, got)
		}
	}
	for _, s := range []string{"", "12", "12:ab01", "0:ab010000", "x:ab010000", "12:ab01000g", "12:" + strings.Repeat("0", 65)} {
		if got, err := ParseHead(s); err == nil {
			t.Errorf("%q is read as %+v", s, got)
		}
	}
}
