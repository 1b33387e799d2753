package witness

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"yimen/drivers/device"
	"yimen/kiosk/journal"
	"yimen/kiosk/outbox"
)

// TestMain lets the test's own program be the visit that is killed.
func TestMain(m *testing.M) {
	if dir := os.Getenv("WITNESS_VISIT"); dir != "" {
		if err := visit(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(3)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// diary is a file beside the hall that notes what the world was told: an acknowledgement, a slip, a receipt, a head.
type diary struct{ path string }

func (d diary) note(format string, args ...any) error {
	f, err := os.OpenFile(d.path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(f, format+"\n", args...)
	return errors.Join(err, f.Close())
}

// thermal prints into the diary.
type thermal struct{ diary }

func (p thermal) Print(context.Context, device.Slip) (device.Printed, error) {
	return device.Printed{Confirmed: true}, p.note("slip")
}

// visit puts two dossiers, prints a slip for each, and has them delivered, all in one thread: strace counts the calls of
// each thread apart.
func visit(dir string) error {
	runtime.LockOSThread()
	ctx := context.Background()
	d := diary{filepath.Join(dir, "diary")}
	h, err := open(dir)
	if err != nil {
		return err
	}
	if _, err := h.Settle(ctx, h.journal.Interrupted(), h.box); err != nil {
		return err
	}
	box, printer := h.Box(h.box), h.Printer(thermal{d}, journal.PrintIntendedPaperSlip)
	for n := 1; n <= 2; n++ {
		if err := d.note("begin %d", n); err != nil {
			return err
		}
		if err := box.Put(ctx, item(n)); err != nil {
			return err
		}
		if err := errors.Join(d.note("ack %s", item(n).ID), d.note("head %s", h.journal.Head())); err != nil {
			return err
		}
		if _, err := printer.Print(ctx, device.Slip{}); err != nil {
			return err
		}
		if err := d.note("head %s", h.journal.Head()); err != nil {
			return err
		}
	}
	running, stop := context.WithCancel(ctx)
	go func() {
		for n := 1; n <= 2; n++ {
			_, _ = box.Wait(ctx, item(n).ID) // reads only
		}
		stop()
	}()
	err = box.Run(running, outbox.CourierFunc(func(_ context.Context, e *outbox.Entry) ([]byte, error) {
		return []byte("receipt"), d.note("receipt %s", e.ID())
	}))
	return errors.Join(err, h.journal.Close(), h.box.Close())
}

// changing are the system calls that leave traces on disk.
const changing = "write,pwrite64,fsync,fdatasync,rename,renameat,renameat2,unlink,unlinkat,ftruncate,fallocate,mkdir,mkdirat"

// traced runs a visit in dir under strace with the options.
func traced(t *testing.T, dir string, options ...string) error {
	t.Helper()
	path, err := exec.LookPath("strace")
	if err != nil {
		t.Fatal("strace is not installed: it is in the list of packages for tests")
	}
	self, err := os.Executable()
	must(t, err)
	args := append([]string{"-f", "-y", "-qq", "-e", "signal=none", "-o", filepath.Join(dir, "strace")}, options...)
	cmd := exec.Command(path, append(args, self)...)
	cmd.Env = append(os.Environ(), "WITNESS_VISIT="+dir)
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && (!errors.As(err, &exit) || exit.Exited() && exit.ExitCode() != 128+9) {
		t.Fatalf("%v: %s", err, out)
	}
	return err
}

// TestKilledAtEachStepEveryActHasAnOutcome ends the visit before each call that changes the disk. Whatever the world was
// told is in the journal, no head that was shown is missed, and after the next start no intent is open.
func TestKilledAtEachStepEveryActHasAnOutcome(t *testing.T) {
	kills := 0
	for n := 1; ; n++ {
		dir := t.TempDir()
		err := traced(t, dir, "-e", "trace="+changing, "-e", fmt.Sprintf("inject=%s:signal=KILL:when=%d", changing, n))
		wantToldTrue(t, dir)
		if t.Failed() {
			t.Fatalf("after a kill at call %d", n)
		}
		if err == nil {
			break
		}
		kills++
	}
	if kills < 50 {
		t.Errorf("%d kills: too few for two visits", kills)
	}
	t.Logf("killed at each of %d calls", kills)
}

// wantToldTrue opens what is left, settles it, and holds it against what the world was told.
func wantToldTrue(t *testing.T, dir string) {
	t.Helper()
	h, err := open(dir)
	must(t, err)
	defer func() { must(t, errors.Join(h.journal.Close(), h.box.Close())) }()
	_, err = h.Settle(t.Context(), h.journal.Interrupted(), h.box)
	must(t, err)
	notes, _ := os.ReadFile(filepath.Join(dir, "diary")) // none before the first note
	var heads []journal.HeadSeen
	for head := range strings.Lines(string(notes)) {
		if s, ok := strings.CutPrefix(strings.TrimSpace(head), "head "); ok {
			seen, err := journal.ParseHead(s)
			must(t, err)
			heads = append(heads, seen)
		}
	}
	f, err := os.Open(filepath.Join(dir, "journal", journal.File))
	must(t, err)
	defer f.Close()
	told := make(map[string]int) // outcomes, and dossiers kept
	intents := make(map[uint32]journal.ID)
	story, err := journal.Verify(f, heads, func(r journal.Record) {
		switch e := r.Event.(type) {
		case journal.SubmitIntended:
			intents[r.No] = e.Dossier
		case journal.SubmitEnded:
			if e.Outcome == journal.SubmitEndedOutcomeKept {
				told["kept "+intents[e.Intent].String()]++
			}
		case journal.PrintEnded:
			if e.Outcome == journal.PrintEndedOutcomePrinted || e.Outcome == journal.PrintEndedOutcomeUnknown {
				told["slip"]++
			}
		}
	})
	must(t, err)
	if len(story.Open) > 0 {
		t.Errorf("still open: %+v", story.Open)
	}
	if slips := strings.Count(string(notes), "slip\n"); told["slip"] < slips {
		t.Errorf("%d slips were printed, the journal tells of %d", slips, told["slip"])
	}
	for n := 1; n <= 2; n++ {
		id := item(n).ID
		_, err := h.box.State(t.Context(), id)
		if kept := err == nil; kept != (told["kept "+id] > 0) || !kept && strings.Contains(string(notes), "ack "+id) {
			t.Errorf("dossier %d: in the outbox %v, kept in the journal %d", n, kept, told["kept "+id])
		}
	}
}

var flush = regexp.MustCompile(`(?:fsync|fdatasync)\(\d+<([^>]*)>`)

// TestIntentAndOutcomeCostTwoFlushesMore reads what the kernel was asked for in each visit between its beginning and its
// acknowledgement, and from there to the slip's end.
func TestIntentAndOutcomeCostTwoFlushesMore(t *testing.T) {
	dir := t.TempDir()
	must(t, traced(t, dir, "-e", "trace="+changing+",sync,syncfs,msync,sync_file_range"))
	b, err := os.ReadFile(filepath.Join(dir, "strace"))
	must(t, err)
	var story []string
	for l := range strings.Lines(string(b)) {
		if m := flush.FindStringSubmatch(l); m != nil {
			story = append(story, strings.TrimPrefix(filepath.Base(m[1]), "outbox.db"))
		}
		for _, mark := range []string{`"begin `, `"ack `, `"slip`} {
			if strings.Contains(l, mark) {
				story = append(story, strings.Trim(mark, `" `))
			}
		}
		if strings.Contains(l, `"receipt `) {
			break
		}
	}
	got := strings.Join(story, " ")
	got = got[strings.Index(got, "begin"):]
	one := "begin journal.log %s entries -wal journal.log ack journal.log slip journal.log"
	id := func(n int) string { return item(n).ID + ".tmp" }
	if want := fmt.Sprintf(one+" "+one, id(1), id(2)); got != want {
		t.Errorf("flushed in this order\n%s\nwant\n%s", got, want)
	}
}
