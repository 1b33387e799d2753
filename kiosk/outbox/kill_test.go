package outbox

import (
	"bufio"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// boxes is how many outboxes have their process killed killsOfOne times each.
func boxes() uint64 {
	if os.Getenv("YIMEN_SOAK") != "" {
		return 100
	}
	return 1
}

const killsOfOne = 25

func TestKilledAtRandomNothingAcknowledgedIsLostOrRepeated(t *testing.T) {
	for no := range boxes() {
		t.Run(fmt.Sprint("box ", no), func(t *testing.T) { livesThroughKills(t, no) })
	}
}

func livesThroughKills(t *testing.T, seed uint64) {
	dir := t.TempDir()
	box, d := filepath.Join(dir, "outbox"), diary{filepath.Join(dir, "diary")}
	random := rand.New(rand.NewPCG(1, 2+seed))
	next := 1
	for range killsOfOne {
		next = liveAndBeKilled(t, box, d, next, random)
	}
	_, ids := d.read(t)
	if len(ids["ack"]) < killsOfOne {
		t.Errorf("%d entries acknowledged in %d lives: too little to prove anything", len(ids["ack"]), killsOfOne)
	}
	d.wantWhole(t, box)
}

// liveAndBeKilled has a process put entries from next on, at least one, and kills it at any moment. It gives the first that
// no process has begun to put.
func liveAndBeKilled(t *testing.T, box string, d diary, next int, random *rand.Rand) int {
	t.Helper()
	cmd := helper(t, "work", nil, box, d.path, strconv.Itoa(next))
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	lines := bufio.NewScanner(out)
	for range 1 + random.IntN(3) {
		if lines.Scan() {
			next, err = strconv.Atoi(lines.Text())
			must(t, err)
		}
	}
	time.Sleep(time.Duration(random.IntN(10_000)) * time.Microsecond)
	must(t, cmd.Process.Kill())
	for lines.Scan() {
		next, err = strconv.Atoi(lines.Text())
		must(t, err)
	}
	if err := cmd.Wait(); err == nil || cmd.ProcessState.Exited() {
		t.Fatalf("worker was not killed but ended: %v", err)
	}
	return next + 2 // the one after the last told may be kept unacknowledged
}

// changing are the system calls that leave traces on disk.
const changing = "write,pwrite64,fsync,fdatasync,rename,renameat,renameat2,unlink,unlinkat,ftruncate,fallocate,mkdir,mkdirat"

func strace(t *testing.T, args ...string) []string {
	t.Helper()
	path, err := exec.LookPath("strace")
	if err != nil {
		t.Fatal("strace is not installed: it is in the list of packages for tests")
	}
	return append([]string{path, "-f", "-y", "-qq", "-e", "signal=none"}, args...)
}

// TestKilledAtEachSystemCall ends the process before its first call of each kind that changes the disk, before its second,
// and so on, until it lives to the end: once in a new outbox, once in one that has to recover. Kind by kind, because strace
// counts each kind for itself.
func TestKilledAtEachSystemCall(t *testing.T) {
	for name, prepare := range map[string]func(t *testing.T, box string, d diary){
		"in a new outbox": func(*testing.T, string, diary) {},
		"while recovering": func(t *testing.T, box string, d diary) {
			must(t, os.CopyFS(box, os.DirFS(stopped(t, item(1), item(2), item(3)))))
			alter(t, box, "UPDATE entry SET state = 'delivered', receipt = ?, settled_at = 1 WHERE id = ?", []byte("receipt "+item(1).ID), item(1).ID)
			must(t, errors.Join(d.note("try", item(1).ID), d.note("done", item(1).ID), d.note("ack", item(3).ID)))
			alter(t, box, "DELETE FROM entry WHERE id = ?", item(2).ID)
			must(t, os.WriteFile(filepath.Join(box, entriesDir, item(4).ID+tmpSuffix), []byte("half"), 0o600))
		},
	} {
		t.Run(name, func(t *testing.T) {
			kills := 0
			for call := range strings.SplitSeq(changing, ",") {
				nth := 1
				for killBefore(t, call, nth, prepare) {
					nth++
				}
				kills += nth - 1
			}
			if kills < 30 {
				t.Errorf("the process lived through after %d kills: too few for two deliveries", kills)
			}
			t.Logf("killed at each of %d calls", kills)
		})
	}
}

// killBefore ends a process before its nth call of a kind and checks what it leaves behind. It
// reports whether there was such a call.
func killBefore(t *testing.T, call string, nth int, prepare func(t *testing.T, box string, d diary)) bool {
	t.Helper()
	dir := t.TempDir()
	box, d := filepath.Join(dir, "outbox"), diary{filepath.Join(dir, "diary")}
	prepare(t, box, d)
	inject := fmt.Sprintf("inject=%s:signal=KILL:when=%d", call, nth)
	cmd := helper(t, "visit", strace(t, "-o", filepath.Join(dir, "strace"), "-e", "trace="+call, "-e", inject), box, d.path)
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && (!errors.As(err, &exit) || exit.Exited() && exit.ExitCode() != 128+9) {
		t.Fatalf("kill at %s %d: %v: %s", call, nth, err, out)
	}
	d.wantWhole(t, box)
	if t.Failed() {
		t.Fatalf("after a kill at %s %d", call, nth)
	}
	return err != nil
}

// TestPutFlushesAtMostThreeTimesInTheRightOrder reads what the kernel was asked for: the data last before the
// name, the name before the row, the row before the acknowledgement.
func TestPutFlushesAtMostThreeTimesInTheRightOrder(t *testing.T) {
	dir := t.TempDir()
	box, d, log := filepath.Join(dir, "outbox"), filepath.Join(dir, "diary"), filepath.Join(dir, "strace")
	cmd := helper(t, "visit", strace(t, "-o", log, "-e", "trace="+changing+",sync,syncfs,msync,sync_file_range"), box, d)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	b, err := os.ReadFile(log)
	must(t, err)
	for n := 1; n <= 2; n++ { // the first Put of a process and a later one
		story := strings.Join(steps(string(b), item(n).ID), "\n")
		want := strings.Join([]string{
			"flush entries/" + item(n).ID + tmpSuffix,
			"rename entries/" + item(n).ID + tmpSuffix,
			"flush entries",
			"flush " + databaseFile + "-wal",
			"write diary",
		}, "\n")
		if story != want {
			t.Errorf("Put %d did\n%s\nwant\n%s", n, story, want)
		}
	}
}

var (
	flushCall  = regexp.MustCompile(`(fsync|fdatasync)\(\d+<([^>]*)>`)
	renameCall = regexp.MustCompile(`(rename)(?:at2?)?\([^"]*"([^"]*)"`)
	ackCall    = regexp.MustCompile(`(write)\(\d+<([^>]*/diary)>, "ack `)
	flushed    = regexp.MustCompile(`^f(data)?sync$`)
	otherFlush = regexp.MustCompile(`(sync|syncfs|msync|sync_file_range)(\()`)
)

// steps gives the flushes and renames from the first that concerns the entry to its acknowledgement, with
// paths relative to the outbox.
func steps(log, id string) []string {
	var found []string
	begun := false
	for line := range strings.Lines(log) {
		for _, call := range []*regexp.Regexp{flushCall, renameCall, ackCall, otherFlush} {
			m := call.FindStringSubmatch(line)
			if m == nil {
				continue
			}
			begun = begun || strings.Contains(m[2], id)
			path := filepath.Base(m[2])
			if filepath.Base(filepath.Dir(m[2])) == entriesDir {
				path = entriesDir + "/" + path
			}
			if begun {
				found = append(found, flushed.ReplaceAllString(m[1], "flush")+" "+path)
			}
			if begun && call == ackCall {
				return found
			}
			break
		}
	}
	return found
}
