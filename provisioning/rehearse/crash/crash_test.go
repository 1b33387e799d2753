package crash_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"yimen/kiosk/central"
	"yimen/kiosk/envelope"
	"yimen/kiosk/journal"
	"yimen/kiosk/outbox"
	"yimen/provisioning/identity"
	"yimen/provisioning/rehearse/crash"
)

// recording is what one run did to its disk.
type recording struct {
	folders
	ops []crash.Op
}

// record runs the submitter under strace. If it ends suddenly somewhere, it runs again, and both lives are recorded.
func record(t *testing.T, suddenly string) recording {
	t.Helper()
	at := folders{t.TempDir()}
	if err := os.Mkdir(at.recorded(), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := identity.NewHall(at.keys(), terminalID, []string{"127.0.0.1"}, time.Now()); err != nil {
		t.Fatal(err)
	}
	var first []crash.Op
	if suddenly != "" {
		first = at.live(t, 0, suddenly)
	}
	return recording{at, crash.Without(crash.Then(first, at.live(t, 10, "")), sharedMemory)}
}

// live records one life of the submitter.
func (at folders) live(t *testing.T, first int, suddenly string) []crash.Op {
	t.Helper()
	args := append(crash.Options(), "-o", at.trace())
	if suddenly == "rename" { // the first that any thread asks for is an entry's
		args = append(args, "-e", "inject=renameat:signal=KILL:when=1")
	}
	cmd := exec.CommandContext(t.Context(), "strace", append(args, os.Args[0])...)
	cmd.Env = append(os.Environ(), asSubmitter+"="+at.dir, fmt.Sprintf("%s=%d", firstDossier, first), killedIn+"="+suddenly)
	if out, err := cmd.CombinedOutput(); (err != nil) != (suddenly != "") {
		t.Fatalf("a life to end in %q: %v: %s", suddenly, err, out)
	}
	f, err := os.Open(at.trace())
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	ops, err := crash.Parse(f, at.recorded(), at.promises())
	if err != nil {
		t.Fatal(err)
	}
	return ops
}

// sharedMemory picks what is written into SQLite's index of a log, which whoever opens the database first makes anew
// (sqlite.org/walformat.html, "The WAL-Index File Format").
func sharedMemory(o crash.Op) bool {
	return strings.HasSuffix(o.Path, "-shm") && (o.Kind == crash.Write || o.Kind == crash.Resize)
}

// promises are what had been told when the power went.
type promises struct {
	numbers  map[string]bool
	lists    map[string][]byte // of what is kept, by id
	receipts map[string][]byte
	done     map[string]bool
	heads    []journal.HeadSeen
}

func told(ops []crash.Op) (p promises, err error) {
	p = promises{map[string]bool{}, map[string][]byte{}, map[string][]byte{}, map[string]bool{}, nil}
	for _, o := range ops {
		if o.Kind != crash.Mark {
			continue
		}
		words := strings.Fields(string(o.Data))
		var b []byte
		if len(words) > 2 {
			if b, err = hex.DecodeString(words[2]); err != nil {
				return p, err
			}
		}
		switch words[0] {
		case "number":
			p.numbers[words[1]] = true
		case "kept":
			p.lists[words[1]] = b
			head, err := journal.ParseHead(words[3])
			if err != nil {
				return p, err
			}
			p.heads = append(p.heads, head)
		case "receipt":
			p.receipts[words[1]] = b
		case "done":
			p.done[words[1]] = true
		}
	}
	return p, nil
}

// judge opens a disk as it was left, and says how a promise is broken. Whoever kept a promise brings everything to its
// end afterwards.
func judge(ctx context.Context, keys, disk string, p promises) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	s, err := openStreet(ctx, keys, disk)
	if err != nil {
		return fmt.Errorf("does not open: %w", err)
	}
	err = s.judge(ctx, disk, p)
	return errors.Join(err, s.close())
}

func (s *street) judge(ctx context.Context, disk string, p promises) error {
	for id := range p.lists {
		state, err := s.box.State(ctx, id)
		if err != nil || p.done[id] && state != outbox.Delivered {
			return fmt.Errorf("dossier %s was kept and is %q: %v", id, state, err)
		}
		if state == outbox.Delivered && p.receipts[id] == nil {
			return fmt.Errorf("dossier %s is delivered without a receipt", id)
		}
	}
	for id, receipt := range p.receipts {
		if kept, err := s.store.Receipt(ctx, id); err != nil || !bytes.Equal(kept, receipt) {
			return fmt.Errorf("the hub's receipt for %s is another: %v", id, err)
		}
		if err := s.whole(ctx, id, p.lists[id]); err != nil {
			return fmt.Errorf("acknowledged: %w", err)
		}
	}
	if err := s.story(disk, p); err != nil {
		return err
	}
	next, err := s.numbers.Next(ctx, time.Now())
	if err != nil || p.numbers[next] {
		return fmt.Errorf("slip number %s is given twice, or none: %v", next, err)
	}
	if err := s.finish(ctx, p); err != nil {
		return err
	}
	for _, db := range []string{"kiosk/outbox/outbox.db", "kiosk/numbers/numbers.db", "hub/intake.db"} {
		if err := sound(ctx, filepath.Join(disk, db)); err != nil {
			return fmt.Errorf("%s: %w", db, err)
		}
	}
	return nil
}

// story proves the journal against the heads that were told.
func (s *street) story(disk string, p promises) error {
	f, err := os.Open(filepath.Join(disk, "kiosk", "journal", journal.File))
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := journal.Verify(f, p.heads, nil); err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	return nil
}

// finish delivers what waits, and looks that the hub has each dossier once.
func (s *street) finish(ctx context.Context, p promises) error {
	open, err := s.box.List(ctx)
	if err != nil {
		return err
	}
	running, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() {
		ended <- s.box.Run(running, outbox.CourierFunc(func(ctx context.Context, e *outbox.Entry) ([]byte, error) {
			receipt, err := s.client.Deliver(ctx, e)
			if errors.Is(err, central.ErrRefused) {
				err = fmt.Errorf("%w: %w", outbox.ErrRefused, err)
			}
			return receipt, err
		}))
	}()
	lists := p.lists
	for id := range p.receipts {
		if lists[id] == nil {
			lists[id] = []byte{} // delivered before anybody was told that it is kept
		}
	}
	for _, e := range open {
		state, waitErr := s.box.Wait(ctx, e.ID)
		if waitErr != nil || state != outbox.Delivered {
			list, _ := s.box.List(ctx)
			err = errors.Join(err, fmt.Errorf("dossier %s ends as %s: %v: %+v", e.ID, state, waitErr, list))
		}
		if lists[e.ID] == nil {
			lists[e.ID] = []byte{} // one that was being put, and is here whole
		}
	}
	stop()
	if err := errors.Join(err, <-ended); err != nil {
		return err
	}
	times := map[string]int{}
	all, err := s.store.Acknowledged(ctx, 0, 100)
	for _, a := range all {
		times[a.ID]++
	}
	for id, list := range lists {
		if err := s.whole(ctx, id, list); err != nil || times[id] != 1 {
			return fmt.Errorf("%s is at the hub %d times: %v", id, times[id], err)
		}
	}
	if len(all) != len(lists) {
		err = errors.Join(err, fmt.Errorf("%d envelopes at the hub, %d sent", len(all), len(lists)))
	}
	return err
}

// whole compares what the hub has with the list's digests, and the list with the one that was kept, if it is known.
func (s *street) whole(ctx context.Context, id string, list []byte) error {
	kept, err := s.store.Find(ctx, id)
	if err != nil || len(list) > 0 && !bytes.Equal(kept.List, list) {
		return fmt.Errorf("%s has another list: %v", id, err)
	}
	l, err := envelope.ParseList(kept.List)
	if err != nil {
		return err
	}
	for _, want := range l.Parts {
		body, err := s.store.Open(ctx, id, want.No)
		if err != nil {
			return fmt.Errorf("part %d of %s: %w", want.No, id, err)
		}
		b, err := io.ReadAll(body)
		if err := errors.Join(err, body.Close()); err != nil || l.Suite.Digest(b) != want.Digest {
			return fmt.Errorf("part %d of %s is another: %v", want.No, id, err)
		}
	}
	return nil
}

// sound has SQLite read all of a database.
func sound(ctx context.Context, path string) (err error) {
	db, err := sql.Open("sqlite3", "file:"+path+"?mode=ro")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var verdict string
	if err := db.QueryRowContext(ctx, "PRAGMA integrity_check").Scan(&verdict); err != nil || verdict != "ok" {
		return fmt.Errorf("%s: %v", verdict, err)
	}
	return nil
}

// found is a state with what it takes to make it.
type found struct {
	crash.State
	point int // in the order of the points
}

// states gives what the disk may be left as, each once, at the last moment at which it may: then most is promised.
func states(t *testing.T, m crash.Model, ops []crash.Op, samples int, random *rand.Rand) []found {
	t.Helper()
	d := crash.NewDisk(m)
	at := map[string]int{}
	var all []found
	for i := 0; i <= len(ops); i++ {
		for _, s := range d.States(samples, random) {
			if no, known := at[s.Key]; known {
				all[no] = found{s, i}
				continue
			}
			at[s.Key] = len(all)
			all = append(all, found{s, i})
		}
		if i < len(ops) {
			if err := d.Do(ops[i]); err != nil {
				t.Fatalf("operation %d, %v of %s: %v", i, ops[i].Kind, ops[i].Path, err)
			}
		}
	}
	return all
}

// broken opens up to most of the states, chosen by random, and gives how each that breaks a promise does. So many that
// break one are enough.
func broken(t *testing.T, r recording, m crash.Model, ops []crash.Op, most, samples, enough int) (looked int, faults []string) {
	t.Helper()
	random := rand.New(rand.NewPCG(20261123, uint64(m)))
	all := states(t, m, ops, samples, random)
	total := len(all)
	random.Shuffle(total, func(i, j int) { all[i], all[j] = all[j], all[i] })
	chosen := make(map[int][]crash.State)
	for _, s := range all[:min(most, total)] {
		chosen[s.point] = append(chosen[s.point], s.State)
	}
	room := ramFolder(t)
	d := crash.NewDisk(m)
	defer func() { t.Logf("%d operations leave %d states, %d looked at", len(ops), total, looked) }()
	for i := 0; i <= len(ops); i++ {
		for _, s := range chosen[i] {
			if len(faults) >= enough {
				return looked, faults
			}
			looked++
			disk := filepath.Join(room, "state")
			p, err := told(ops[:i])
			if err = errors.Join(err, os.Mkdir(disk, 0o700), d.Write(s, disk)); err != nil {
				t.Fatal(err)
			}
			if err := judge(t.Context(), r.keys(), disk, p); err != nil {
				faults = append(faults, fmt.Sprintf("after %d operations, %s: %v", i, s.Key, err))
			}
			if err := os.RemoveAll(disk); err != nil {
				t.Fatal(err)
			}
		}
		if i < len(ops) {
			if err := d.Do(ops[i]); err != nil {
				t.Fatal(err)
			}
		}
	}
	return looked, faults
}

// ramFolder is a folder whose syncs cost nothing, where there is one: what is tested is what a disk left, not this one.
func ramFolder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "yimen-crash-*")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// looks is how many states of each model are looked at, and how many samples are drawn after each operation.
func looks() (most, samples int) {
	if os.Getenv("YIMEN_SOAK") != "" {
		return 10_000, 10
	}
	return 100, 2
}

// TestControlsBreakPromises takes away what protects them, one thing at a time: states that are opened and found whole prove
// nothing unless others are found broken.
func TestControlsBreakPromises(t *testing.T) {
	r := record(t, "")
	folders := map[string]bool{"": true}
	for _, o := range r.ops {
		if o.Kind == crash.MakeFolder {
			folders[o.Path] = true
		}
	}
	sync := func(of func(path string) bool) func(crash.Op) bool {
		return func(o crash.Op) bool { return o.Kind == crash.Sync && of(o.Path) }
	}
	for name, ops := range map[string][]crash.Op{
		"no folder is synced":         crash.Without(r.ops, sync(func(path string) bool { return folders[path] })),
		"synchronous=OFF":             crash.Without(r.ops, sync(func(path string) bool { return strings.Contains(path, ".db") })),
		"an entry is not synced":      crash.Without(r.ops, sync(func(path string) bool { return strings.HasSuffix(path, ".tmp") })),
		"a part is not synced":        crash.Without(r.ops, sync(func(path string) bool { return strings.Contains(path, "/parts/") && !folders[path] })),
		"the journal is not synced":   crash.Without(r.ops, sync(func(path string) bool { return strings.HasSuffix(path, journal.File) })),
		"renamed before it is synced": crash.Later(r.ops, sync(func(path string) bool { return strings.HasSuffix(path, ".tmp") }), isRename),
	} {
		t.Run(name, func(t *testing.T) {
			looked, faults := broken(t, r, crash.Worst, ops, 600, 0, 1)
			if len(faults) == 0 {
				t.Errorf("%d states and no promise is broken", looked)
				return
			}
			t.Logf("%d of %d states break a promise, such as %.200s", len(faults), looked, faults[0][strings.Index(faults[0], ": ")+2:])
		})
	}
}

func isRename(o crash.Op) bool { return o.Kind == crash.Rename }

func TestWhateverAPowerCutLeavesNoPromiseIsBroken(t *testing.T) {
	most, samples := looks()
	for life, suddenly := range map[string]string{
		"in a first life": "", "after a kill before an entry has its name": "rename", "after a kill before a delivery": "courier",
		"after a kill while a part comes": "part", "after a kill before a receipt is stored": "receipt",
	} {
		r := record(t, suddenly)
		for name, m := range map[string]crash.Model{"by all that POSIX allows": crash.Worst, "by a journalling file system": crash.Journal} {
			t.Run(life+", "+name, func(t *testing.T) {
				looked, faults := broken(t, r, m, r.ops, most, samples, 10)
				for _, f := range faults {
					t.Errorf("%.600s", f)
				}
				if len(faults) > 0 {
					t.Errorf("%d of %d states break a promise", len(faults), looked)
				}
			})
		}
	}
}
