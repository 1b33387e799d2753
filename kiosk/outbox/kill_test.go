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

// randomKills is how often the working process is killed.
const randomKills = 25

func TestKilledAtRandomNothingAcknowledgedIsLostOrRepeated(t *testing.T) {
	dir := t.TempDir()
	box, d := filepath.Join(dir, "outbox"), diary{filepath.Join(dir, "diary")}
	random := rand.New(rand.NewPCG(1, 2))
	next := 1
	for range randomKills {
		cmd := helper(t, "work", nil, box, d.path, strconv.Itoa(next))
		out, err := cmd.StdoutPipe()
		must(t, err)
		must(t, cmd.Start())
		lines := bufio.NewScanner(out)
		for range 1 + random.IntN(3) { // at least one entry each time
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
		next += 2 // the one after the last told may be kept unacknowledged
	}
	_, ids := d.read(t)
	if len(ids["ack"]) < randomKills {
		t.Errorf("%d entries acknowledged in %d lives: too little to prove anything", len(ids["ack"]), randomKills)
	}
	d.wantWhole(t, box)
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

// TestKilledAtEachSystemCall ends the process before its first call that changes the disk, before its
// second, and so on, until it lives to the end.
func TestKilledAtEachSystemCall(t *testing.T) {
	kills := 0
	for ; ; kills++ {
		dir := t.TempDir()
		box, d := filepath.Join(dir, "outbox"), diary{filepath.Join(dir, "diary")}
		inject := fmt.Sprintf("inject=%s:signal=KILL:when=%d", changing, kills+1)
		cmd := helper(t, "visit", strace(t, "-o", "/dev/null", "-e", "trace="+changing, "-e", inject), box, d.path)
		out, err := cmd.CombinedOutput()
		var exit *exec.ExitError
		if err != nil && (!errors.As(err, &exit) || exit.Exited() && exit.ExitCode() != 128+9) {
			t.Fatalf("kill %d: %v: %s", kills+1, err, out)
		}
		d.wantWhole(t, box)
		if err == nil {
			break
		}
		if t.Failed() {
			t.Fatalf("after a kill at call %d", kills+1)
		}
	}
	if kills < 40 {
		t.Errorf("the process lived through after %d kills: too few for two entries", kills)
	}
	t.Logf("killed at each of %d calls", kills)
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
