package crash_test

import (
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"yimen/kiosk/journal"
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
