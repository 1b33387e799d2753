package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// role makes the test binary one of the processes below: one is to be killed, the other stays deaf for ever.
const role = "SUBMITTER_TEST_ROLE"

func TestMain(m *testing.M) {
	switch os.Getenv(role) {
	case "submitter":
		if err := run(context.Background(), os.Args[1:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	case "deaf":
		fmt.Println(deaf())
	default:
		os.Exit(m.Run())
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func helper(t *testing.T, as string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], args...)
	cmd.Env = append(os.Environ(), role+"="+as)
	cmd.Stderr = t.Output()
	return cmd
}

// deaf flushes pipes, of which the kernel says that they cannot be, before and after it has turned deaf to some.
func deaf() string {
	var one, other, third [2]int
	if err := errors.Join(unix.Pipe(one[:]), unix.Pipe(other[:]), unix.Pipe(third[:])); err != nil {
		return err.Error()
	}
	before := unix.Fsync(one[0])
	err := filter(append(onCall(unix.SYS_FSYNC, unix.SYS_FDATASYNC), byFile([]int{one[0], other[0]}, success, allow)...))
	if err != nil {
		return err.Error()
	}
	said := fmt.Sprint(before, unix.Fsync(one[0]), unix.Fdatasync(other[0]), unix.Fsync(third[0]), unix.Fdatasync(third[0]))
	err = filter(append(onCall(unix.SYS_FSYNC, unix.SYS_FSYNC), byFile([]int{one[0]}, allow, success)...))
	if err != nil {
		return err.Error()
	}
	return said + "; " + fmt.Sprint(unix.Fsync(third[0]), unix.Fdatasync(third[0]))
}

func TestADeafProcessFlushesWhatItIsNotDeafTo(t *testing.T) {
	out, err := helper(t, "deaf").Output()
	must(t, err)
	const refused = "invalid argument"
	if got, want := strings.TrimSpace(string(out)), fmt.Sprintf("%s <nil> <nil> %s %s; <nil> %s", refused, refused, refused, refused); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}

// life runs a submitter and gives what it says until the line ends, or hang says that it is to be killed.
func life(t *testing.T, hang func(said []string) bool, args ...string) (said []string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer l.Close()
	cmd := helper(t, "submitter", append(args, "-host", l.Addr().String())...)
	must(t, cmd.Start())
	conn, err := l.Accept()
	must(t, err)
	defer conn.Close()
	for lines := bufio.NewScanner(conn); lines.Scan(); {
		said = append(said, lines.Text())
		if word, rest, _ := strings.Cut(lines.Text(), " "); word == "carry" {
			id, _, _ := strings.Cut(rest, " ")
			_, _ = fmt.Fprintf(conn, "receipt %s\n", id) // it may be killed by now
		}
		if hang != nil && hang(said) {
			hang = nil
			must(t, cmd.Process.Kill())
		}
	}
	_ = cmd.Wait() // killed, or its words tell
	return said
}

// ids gives the ids that were named after a word.
func ids(said []string, word string) (found []string) {
	for _, line := range said {
		if f := strings.Fields(line); f[0] == word && !slices.Contains(found, f[1]) {
			found = append(found, f[1])
		}
	}
	slices.Sort(found)
	return found
}

func TestASubmitterThatIsKilledDeliversInItsNextLifeWhatItKept(t *testing.T) {
	dir := t.TempDir()
	first := life(t, func(said []string) bool { return len(ids(said, "kept")) == 3 }, "-dir", dir, "-offline")
	kept := ids(first, "kept")
	if len(ids(first, "carry")) != 0 || !slices.Contains(first, "ready") {
		t.Errorf("an offline life said\n%s", strings.Join(first, "\n"))
	}
	last := life(t, nil, "-dir", dir, "-drain")
	if last[len(last)-1] != "drained" || len(ids(last, "putting")) != 0 {
		t.Errorf("the last life said\n%s", strings.Join(last, "\n"))
	}
	for word, got := range map[string][]string{"row": ids(last, "row"), "carry": ids(last, "carry"), "done": ids(last, "done")} {
		for _, id := range kept {
			if !slices.Contains(got, id) {
				t.Errorf("%s was kept, and there is no %q of it in\n%s", id, word, strings.Join(last, "\n"))
			}
		}
	}
	for _, line := range []string{`sound outbox.db "ok"`, `sound numbers.db "ok"`, `sound intake.db "ok"`} {
		if !slices.Contains(last, line) {
			t.Errorf("no %s in\n%s", line, strings.Join(last, "\n"))
		}
	}
	// What is carried is what was kept, to the byte.
	for _, line := range last {
		if f := strings.Fields(line); f[0] == "carry" && slices.Contains(kept, f[1]) && !slices.ContainsFunc(first, func(k string) bool {
			return strings.HasPrefix(k, "kept "+f[1]+" ") && strings.HasSuffix(k, " "+f[2])
		}) {
			t.Errorf("%s, and not so in\n%s", line, strings.Join(first, "\n"))
		}
	}
}

func TestWhatTheHubAcknowledgedIsToldByTheNextLife(t *testing.T) {
	dir := t.TempDir()
	first := life(t, func(said []string) bool { return len(ids(said, "done")) == 2 }, "-dir", dir)
	again := life(t, func(said []string) bool { return slices.Contains(said, "ready") }, "-dir", dir, "-offline")
	for _, line := range first {
		if sent, ok := strings.CutPrefix(line, "carry "); ok && !slices.Contains(again, "held "+sent) {
			t.Errorf("it was sent %s, and the next life said\n%s", sent, strings.Join(again, "\n"))
		}
	}
	for _, id := range ids(first, "done") {
		if !slices.Contains(again, "row "+id+" delivered") {
			t.Errorf("%s was delivered, and the next life said\n%s", id, strings.Join(again, "\n"))
		}
	}
}

func TestADeafSubmitterFindsWhatItIsDeafTo(t *testing.T) {
	for _, to := range []string{"logs", "names"} {
		said := life(t, func(said []string) bool { return len(ids(said, "kept")) == 2 }, "-dir", t.TempDir(), "-deaf", to)
		if len(ids(said, "kept")) < 2 {
			t.Errorf("deaf to %s it said\n%s", to, strings.Join(said, "\n"))
		}
	}
	if said := life(t, nil, "-dir", t.TempDir(), "-deaf", "everything"); !strings.HasPrefix(said[len(said)-1], "error ") {
		t.Errorf("it goes on: %q", said)
	}
}
