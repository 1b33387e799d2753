package journal

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// small is a file of a few records, so that tests come by many volumes.
const small = 1 << 10

func reopenSmall(t testing.TB, dir string, now func() time.Time) *Journal {
	t.Helper()
	j, err := open(dir, Config{}, terminal, now, small, slog.New(slog.DiscardHandler))
	must(t, err)
	t.Cleanup(func() { _ = j.closeFile() })
	return j
}

// verified reads the whole journal and holds it against heads.
func verified(t testing.TB, dir string, seen ...Head) (Story, error) {
	t.Helper()
	f, err := OpenDir(dir)
	must(t, err)
	defer f.Close()
	var heads []HeadSeen
	for _, h := range seen {
		one, err := ParseHead(h.String())
		must(t, err)
		heads = append(heads, one)
	}
	return Verify(f, heads, nil)
}

func closedNames(t testing.TB, dir string) []string {
	t.Helper()
	all, err := volumes(dir)
	must(t, err)
	var names []string
	for _, v := range all {
		names = append(names, filepath.Base(v.path))
	}
	return names
}

func TestTheChainGoesOnAcrossVolumesAndRestarts(t *testing.T) {
	dir := t.TempDir()
	var heads []Head
	for range 3 {
		j := reopenSmall(t, dir, moment)
		for range 5 {
			day(t, j)
			for _, no := range append([]uint32(nil), j.unclosed...) { // day leaves two open
				if _, err := j.Append(PurgeEnded{Intent: no, Outcome: PurgeEndedOutcomeLeft}); err != nil {
					t.Fatal(err)
				}
			}
			heads = append(heads, j.Head())
		}
		must(t, j.Close())
	}
	story, err := verified(t, dir, heads...)
	if err != nil {
		t.Fatal(err)
	}
	names := closedNames(t, dir)
	if len(names) < 10 || story.Head.No < 100 || len(story.Open) != 0 {
		t.Errorf("%d volumes, head %d, %d open", len(names), story.Head.No, len(story.Open))
	}
	for _, name := range names {
		info, err := os.Stat(filepath.Join(dir, name))
		must(t, err)
		if info.Size() < small || info.Size() > 20*small {
			t.Errorf("%s has %d bytes", name, info.Size())
		}
	}
	no := uint32(0)
	if _, err := ReadDir(dir, func(r Record) {
		if no++; r.No != no {
			t.Fatalf("record %d after %d", r.No, no-1)
		}
	}); err != nil {
		t.Error(err)
	}
}

func TestANewYearBeginsAFile(t *testing.T) {
	dir, at := t.TempDir(), moment()
	j := reopen(t, dir, Config{})
	j.now = func() time.Time { return at }
	wrote(t, j, LogExported{})
	at = time.Date(2026, 12, 31, 23, 59, 59, 0, time.UTC)
	wrote(t, j, LogExported{})
	last := j.Head().No
	at = at.Add(time.Second)
	wrote(t, j, LogExported{})
	if got := closedNames(t, dir); len(got) != 1 || got[0] != fmt.Sprintf("journal-%010d.log", last) {
		t.Errorf("volumes %v", got)
	}
	must(t, j.Close())
	at = at.Add(24 * time.Hour)
	j = reopen(t, dir, Config{})
	j.now = func() time.Time { return at }
	wrote(t, j, LogExported{})
	if got := closedNames(t, dir); len(got) != 1 {
		t.Errorf("within a year: %v", got)
	}
	if _, err := verified(t, dir, j.Head()); err != nil {
		t.Error(err)
	}
}

func TestNoActIsSplitBetweenVolumes(t *testing.T) {
	dir := t.TempDir()
	j := reopenSmall(t, dir, moment)
	slip := wrote(t, j, PrintIntended{Paper: PrintIntendedPaperSlip})
	for range 50 {
		wrote(t, j, LogExported{})
	}
	if got := closedNames(t, dir); len(got) != 0 {
		t.Errorf("closed under an open act: %v", got)
	}
	must(t, j.closeFile()) // as a power cut does
	j = reopenSmall(t, dir, moment)
	if open := j.Interrupted(); len(open) != 1 || open[0].No != slip {
		t.Errorf("interrupted %+v", open)
	}
	wrote(t, j, PrintEnded{Intent: slip, Outcome: PrintEndedOutcomeUnknown})
	wrote(t, j, LogExported{})
	if got := closedNames(t, dir); len(got) != 1 {
		t.Errorf("after the act: %v", got)
	}
}

// TestAPowerCutWhileAFileIsClosedLosesNothing stops at each step of turn and starts again.
func TestAPowerCutWhileAFileIsClosedLosesNothing(t *testing.T) {
	for step, leave := range map[string]func(dir string, last uint32) error{
		"before anything": func(string, uint32) error { return nil },
		"with the next file": func(dir string, _ uint32) error {
			return os.WriteFile(filepath.Join(dir, nextFile), nil, 0o600)
		},
		"with rubbish in the next file": func(dir string, _ uint32) error {
			return os.WriteFile(filepath.Join(dir, nextFile), []byte("rubbish"), 0o600)
		},
		"with the old file under both names": func(dir string, last uint32) error {
			return errors.Join(os.WriteFile(filepath.Join(dir, nextFile), nil, 0o600), os.Link(path(dir), volume(dir, last)))
		},
		"with the next file in its place": func(dir string, last uint32) error {
			return errors.Join(os.Rename(path(dir), volume(dir, last)), os.WriteFile(path(dir), nil, 0o600))
		},
	} {
		t.Run(step, func(t *testing.T) {
			dir := t.TempDir()
			j := reopenSmall(t, dir, moment)
			for j.size < small {
				wrote(t, j, LogExported{})
			}
			head := j.Head()
			must(t, j.closeFile())
			must(t, leave(dir, head.No))
			if story, err := verified(t, dir, head); err != nil || story.Head != head {
				t.Errorf("as it was left: head %v, want %v, %v", story.Head, head, err)
			}
			j = reopenSmall(t, dir, moment)
			wrote(t, j, LogExported{})
			if j.Head().No != head.No+2 { // it started, and exported
				t.Errorf("goes on at %d after %d", j.Head().No, head.No)
			}
			if _, err := verified(t, dir, head, j.Head()); err != nil {
				t.Error(err)
			}
			if got := closedNames(t, dir); len(got) != 1 || got[0] != filepath.Base(volume(dir, head.No)) {
				t.Errorf("volumes %v", got)
			}
		})
	}
}

func TestAVolumeThatIsGoneOrChangedIsFound(t *testing.T) {
	for what, c := range map[string]struct {
		spoil func(dir string, names []string) error
		want  Damage
	}{
		"one in the middle removed": {func(dir string, names []string) error { return os.Remove(filepath.Join(dir, names[1])) }, Removed},
		"the first removed":         {func(dir string, names []string) error { return os.Remove(filepath.Join(dir, names[0])) }, Removed},
		"a byte changed": {func(dir string, names []string) error {
			file := filepath.Join(dir, names[1])
			b, err := os.ReadFile(file)
			b = bytes.Replace(b, []byte("log-exported"), []byte("log-exportex"), 1)
			return errors.Join(err, os.WriteFile(file, b, 0o600))
		}, Changed},
		"the end removed": {func(dir string, names []string) error {
			return errors.Join(os.Rename(filepath.Join(dir, names[2]), path(dir)))
		}, Truncated},
	} {
		t.Run(what, func(t *testing.T) {
			dir := t.TempDir()
			j := reopenSmall(t, dir, moment)
			for len(closedNames(t, dir)) < 3 {
				wrote(t, j, LogExported{})
			}
			wrote(t, j, LogExported{})
			head := j.Head()
			must(t, j.closeFile())
			must(t, c.spoil(dir, closedNames(t, dir)))
			var fault *Fault
			if _, err := verified(t, dir, head); !errors.As(err, &fault) || fault.Damage != c.want {
				t.Errorf("found %v, want %s", err, c.want)
			}
		})
	}
}

func TestADamagedVolumeIsPutAsideWithTheWholeJournal(t *testing.T) {
	dir := t.TempDir()
	j := reopenSmall(t, dir, moment)
	for len(closedNames(t, dir)) < 2 {
		wrote(t, j, LogExported{})
	}
	must(t, j.closeFile())
	names := closedNames(t, dir)
	must(t, os.Truncate(filepath.Join(dir, names[1]), 100))
	var log strings.Builder
	j, err := open(dir, Config{}, terminal, moment, small, slog.New(slog.NewTextHandler(&log, nil)))
	must(t, err)
	t.Cleanup(func() { _ = j.closeFile() })
	if j.Head().No != 2 || !strings.Contains(log.String(), "put aside") {
		t.Errorf("begins at %d; log is %s", j.Head().No, log.String())
	}
	for _, name := range append(names, File) {
		if _, err := os.Stat(filepath.Join(dir, "damaged-1", name)); err != nil {
			t.Error(err)
		}
	}
	if _, err := verified(t, dir, j.Head()); err != nil {
		t.Error(err)
	}
}

func TestAReaderSeesAWholeJournalWhileItIsWritten(t *testing.T) {
	dir := t.TempDir()
	j := reopenSmall(t, dir, moment)
	var writing sync.WaitGroup
	done := make(chan struct{})
	writing.Go(func() {
		defer close(done)
		for range 400 {
			if _, err := j.Append(LogExported{}); err != nil {
				t.Error(err)
				return
			}
		}
	})
	reads := 0
	for {
		select {
		case <-done:
			writing.Wait()
			if reads == 0 {
				t.Error("nothing was read meanwhile")
			}
			return
		default:
		}
		before := j.Head()
		f, err := OpenDir(dir)
		must(t, err)
		story, err := Read(f, nil)
		must(t, errors.Join(err, f.Close()))
		if story.Head.No < before.No {
			t.Fatalf("read to record %d, %d was written before", story.Head.No, before.No)
		}
		reads++
	}
}

func TestAJournalThatIsNotThereIsNoEmptyOne(t *testing.T) {
	if f, err := OpenDir(t.TempDir()); err == nil {
		_, err = io.ReadAll(f)
		t.Errorf("opened: %v, %v", err, f.Close())
	}
}
