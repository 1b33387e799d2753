package outbox

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

// helperRole makes the test binary one of the processes below instead of running tests: a process that is
// to be killed cannot be the one that looks at the consequences.
const helperRole = "OUTBOX_TEST_ROLE"

func TestMain(m *testing.M) {
	role := os.Getenv(helperRole)
	if role == "" {
		os.Exit(m.Run())
	}
	roles := map[string]func(args []string) error{"visit": visit, "work": work, "small disk": smallDisk}
	if err := roles[role](os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func helper(t *testing.T, role string, wrap []string, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	line := append(append(append([]string(nil), wrap...), self), args...)
	cmd := exec.CommandContext(t.Context(), line[0], line[1:]...)
	cmd.Env = append(os.Environ(), helperRole+"="+role)
	return cmd
}

// diary is a central made of one file. It notes "try", "done" and "ack" lines, each written by one system
// call, so that they tell the truth about a process that was killed.
type diary struct{ path string }

func (d diary) note(word, id string) error {
	f, err := os.OpenFile(d.path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(f, word, id)
	return errors.Join(err, f.Close())
}

// Deliver checks the entry against what item made, and gives a receipt.
func (d diary) Deliver(ctx context.Context, e *Entry) ([]byte, error) {
	if err := d.note("try", e.ID()); err != nil {
		return nil, err
	}
	n, err := strconv.Atoi(e.ID())
	if err != nil {
		return nil, err
	}
	c := newCentral()
	receipt, err := c.Deliver(ctx, e)
	if err != nil {
		return nil, err
	}
	if got, want := fmt.Sprint(c.items[e.ID()]), fmt.Sprint(item(n)); got != want {
		return nil, d.note("damaged", e.ID())
	}
	return receipt, nil
}

// read gives for each word the ids noted with it, and in notes all lines in order.
func (d diary) read(t *testing.T) (notes []string, ids map[string]map[string]bool) {
	t.Helper()
	ids = map[string]map[string]bool{"try": {}, "done": {}, "ack": {}, "damaged": {}}
	f, err := os.Open(d.path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, ids
	}
	must(t, err)
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		word, id, _ := strings.Cut(lines.Text(), " ")
		notes = append(notes, lines.Text())
		ids[word][id] = true
	}
	return notes, ids
}

// wantWhole reopens dir after its process has ended, delivers the rest, and checks the three promises:
// what was acknowledged arrives, unchanged, and nothing is sent again once its receipt was stored.
func (d diary) wantWhole(t *testing.T, dir string) {
	t.Helper()
	o := reopen(t, dir)
	_, before := d.read(t)
	for id := range before["ack"] {
		if _, err := os.Stat(o.path(id)); err != nil && !before["try"][id] {
			t.Errorf("entry %s was acknowledged and is gone", id)
		}
	}
	drain(t, o, d)
	notes, after := d.read(t)
	for id := range before["ack"] {
		if r, err := o.Receipt(t.Context(), id); err != nil || string(r) != "receipt "+id {
			t.Errorf("entry %s was acknowledged; receipt %q, %v", id, r, err)
		}
	}
	if len(after["damaged"]) > 0 {
		t.Errorf("entries arrived damaged: %v", after["damaged"])
	}
	stored := make(map[string]bool)
	for _, line := range notes {
		switch word, id, _ := strings.Cut(line, " "); {
		case word == "done":
			stored[id] = true
		case word == "try" && stored[id]:
			t.Errorf("entry %s was sent again after its receipt was stored", id)
		}
	}
	must(t, o.Close())
	files, err := os.ReadDir(filepath.Join(dir, entriesDir))
	if err != nil || len(files) != 0 {
		t.Errorf("left behind: %v, %v", files, err)
	}
}

// visit opens an outbox, puts two entries and delivers them, all on one thread, so that strace counts its
// system calls alike in every run.
func visit(args []string) error {
	runtime.LockOSThread()
	dir, d := args[0], diary{args[1]}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	o, err := Open(context.Background(), dir, quick(), quiet())
	if err != nil {
		return err
	}
	for n := 1; n <= 2; n++ {
		if err := o.Put(context.Background(), item(n)); err != nil {
			return err
		}
		if err := d.note("ack", item(n).ID); err != nil {
			return err
		}
	}
	delivered := 0
	err = o.Run(ctx, CourierFunc(func(ctx context.Context, e *Entry) ([]byte, error) {
		if delivered++; delivered == 2 {
			cancel()
		}
		return d.Deliver(ctx, e)
	}))
	return errors.Join(err, o.Close())
}

// work puts entries from args[2] on, as fast as it can, and delivers them at the same time, until it is killed.
func work(args []string) error {
	dir, d := args[0], diary{args[1]}
	first, err := strconv.Atoi(args[2])
	if err != nil {
		return err
	}
	ctx := context.Background()
	o, err := Open(ctx, dir, quick(), quiet())
	if err != nil {
		return err
	}
	go func() { _ = o.Run(ctx, d) }() // ends with the process
	for n := first; ; n++ {
		id := item(n).ID
		if err := o.Put(ctx, item(n)); err != nil {
			return err
		}
		if err := d.note("ack", id); err != nil {
			return err
		}
		go func() {
			if state, err := o.Wait(ctx, id); err == nil && state == Delivered {
				_ = d.note("done", id)
			}
		}()
		fmt.Println(n)
	}
}
