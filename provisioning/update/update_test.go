package update

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"yimen/provisioning/release"
)

// asUpdater in the environment makes the test's own program run one update in the folder it names, to be killed.
const asUpdater = "YIMEN_TEST_UPDATE_IN"

func TestMain(m *testing.M) {
	if dir := os.Getenv(asUpdater); dir != "" {
		runtime.LockOSThread() // strace counts the calls of each thread by itself
		if _, err := (stand{dir}).updater().Run(context.Background()); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// stand is a terminal that stands in a folder: its lock, what it suffers from and the release that it was started from are
// files, so that they outlive a process that is killed. A release whose version says "ill" makes it worse.
type stand struct{ dir string }

func (s stand) at(name string) string { return filepath.Join(s.dir, name) }

func (s stand) Lock(_ context.Context, on bool) (was, visit bool, err error) {
	_, err = os.Stat(s.at("locked"))
	was = err == nil
	_, err = os.Stat(s.at("visit"))
	visit = err == nil
	if on {
		return was, visit, os.WriteFile(s.at("locked"), nil, 0o600)
	}
	if err := os.Remove(s.at("locked")); err != nil && !errors.Is(err, os.ErrNotExist) {
		return was, visit, err
	}
	return was, visit, nil
}

func (s stand) version() string {
	b, err := os.ReadFile(s.at("software/current/VERSION"))
	if err != nil {
		return "none"
	}
	return string(b)
}

func (s stand) Restart(context.Context) error {
	if strings.Contains(s.version(), "dead") {
		return errors.New("it does not start")
	}
	return os.WriteFile(s.at("runs"), []byte(s.version()), 0o600)
}

func (s stand) Health(context.Context) ([]string, error) {
	failing := []string{"scanner"} // it was broken before, too
	runs, err := os.ReadFile(s.at("runs"))
	if strings.Contains(string(runs), "ill") {
		failing = append(failing, "printer")
	}
	return failing, err
}

func (s stand) Runs(_ context.Context, dir string) error {
	b, err := os.ReadFile(filepath.Join(dir, "VERSION"))
	if err == nil && strings.Contains(string(b), "foreign") {
		err = errors.New("exec format error")
	}
	return err
}

func (s stand) updater() *Updater {
	return &Updater{
		Dir: s.at("software"), Installed: s.at("installed"), Machine: s, Log: slog.New(slog.DiscardHandler),
		Open: func() bool { _, err := os.Stat(s.at("open")); return err == nil },
		Newest: func(context.Context) ([]byte, string, error) {
			b, err := os.ReadFile(s.at("newest"))
			sum := sha256.Sum256(b)
			return b, hex.EncodeToString(sum[:]), err
		},
	}
}

// paths are what the releases here consist of.
var paths = []string{"VERSION", "handwriting.index", "kiosk", "pinyin", "provisioning", "shell", "spelling/build/strokes.prism.bin"}

// program writes a release, listed.
func program(t testing.TB, dir, version string) {
	t.Helper()
	for _, p := range paths {
		must(t, os.MkdirAll(filepath.Dir(filepath.Join(dir, p)), 0o755))
		must(t, os.WriteFile(filepath.Join(dir, p), []byte(version+" "+p), 0o755))
	}
	must(t, os.WriteFile(filepath.Join(dir, "VERSION"), []byte(version), 0o644))
	_, err := release.List(dir)
	must(t, err)
}

func archiveOf(t testing.TB, version string) []byte {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "release")
	program(t, dir, version)
	b, err := Pack(dir)
	must(t, err)
	return b
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// newStand is a terminal that runs what its package brought, version one, and is offered another.
func newStand(t *testing.T, offered string) stand {
	t.Helper()
	s := stand{t.TempDir()}
	program(t, s.at("installed"), "one")
	must(t, os.Mkdir(s.at("software"), 0o755))
	must(t, os.Symlink(s.at("installed"), s.at("software/current")))
	must(t, s.Restart(t.Context()))
	s.offer(t, offered)
	return s
}

func (s stand) offer(t *testing.T, version string) {
	t.Helper()
	must(t, os.WriteFile(s.at("newest"), archiveOf(t, version), 0o600))
}

// want runs one update and looks how it ended, and what runs then.
func (s stand) want(t *testing.T, outcome Outcome, runs string) {
	t.Helper()
	got, err := s.updater().Run(t.Context())
	if err != nil || got != outcome {
		t.Errorf("the update ended %q, %v; want %q", got, err, outcome)
	}
	s.wantRuns(t, runs)
}

func (s stand) wantRuns(t *testing.T, runs string) {
	t.Helper()
	b, err := os.ReadFile(s.at("runs"))
	if err != nil || string(b) != runs || s.version() != runs {
		t.Errorf("%q runs and %q is current, want %q", b, s.version(), runs)
	}
	if _, err := os.Stat(s.at("locked")); err == nil {
		t.Error("the terminal stays locked")
	}
}

func TestAHealthyReleaseIsCommittedAndTheOneBeforeIsKept(t *testing.T) {
	s := newStand(t, "two")
	s.want(t, Committed, "two")
	s.want(t, Current, "two")
	s.offer(t, "three")
	s.want(t, Committed, "three")
	s.offer(t, "four")
	s.want(t, Committed, "four")
	left, err := filepath.Glob(s.at("software/releases/*"))
	if err != nil || len(left) != 2 {
		t.Errorf("%d releases are kept, %v", len(left), err)
	}
}

func TestAReleaseWithWhichTheTerminalIsWorseIsTakenBackAndNotTriedAgain(t *testing.T) {
	for _, bad := range []string{"ill", "dead"} {
		s := newStand(t, bad)
		s.want(t, RolledBack, "one")
		s.want(t, Refused, "one")
		s.offer(t, "three")
		s.want(t, Committed, "three")
	}
}

func TestAReleaseThatCannotRunHereIsNotSwitchedTo(t *testing.T) {
	s := newStand(t, "foreign")
	s.want(t, Refused, "one")
}

func TestNobodyIsDisturbed(t *testing.T) {
	for _, why := range []string{"open", "visit"} {
		s := newStand(t, "two")
		must(t, os.WriteFile(s.at(why), nil, 0o600))
		s.want(t, Later, "one")
		must(t, os.Remove(s.at(why)))
		s.want(t, Committed, "two")
	}
}

func TestATechniciansLockIsLeftAlone(t *testing.T) {
	s := newStand(t, "two")
	must(t, os.WriteFile(s.at("locked"), nil, 0o600))
	got, err := s.updater().Run(t.Context())
	if _, stat := os.Stat(s.at("locked")); err != nil || got != Later || stat != nil || s.version() != "one" {
		t.Errorf("%q %v %v, %s runs", got, err, stat, s.version())
	}
}

func TestTheReleaseThatThePackageBroughtNeedsNoRestart(t *testing.T) {
	s := newStand(t, "one")
	must(t, os.WriteFile(s.at("open"), nil, 0o600))
	s.want(t, Current, "one")
}

func TestAPackageThatIsAheadOfWhatWasPublishedStays(t *testing.T) {
	s := newStand(t, "0.7.99 (abc)")
	program(t, s.at("installed"), "0.7.100 (def)")
	must(t, s.Restart(t.Context()))
	s.want(t, Current, "0.7.100 (def)")
	s.offer(t, "0.7.101 (abc)")
	s.want(t, Committed, "0.7.101 (abc)")
}

func TestVersionsAreComparedByNumber(t *testing.T) {
	for pair, want := range map[[2]string]bool{
		{"0.7.99", "0.7.100"}: true, {"0.7.100", "0.7.99"}: false, {"0.7.1", "0.7.1"}: false, {"0.7", "0.7.1"}: true, {"one", "two"}: false, {"", "0.7.1"}: false,
	} {
		if older(pair[0], pair[1]) != want {
			t.Errorf("%v", pair)
		}
	}
}

func TestARemovedReleaseIsReplacedByThePackages(t *testing.T) {
	s := newStand(t, "two")
	s.want(t, Committed, "two")
	must(t, os.RemoveAll(s.at("software/releases")))
	s.want(t, Committed, "two")
}

// changing are the system calls that leave traces on disk, as Go makes them. strace counts each by itself.
var changing = []string{"write", "fsync", "renameat", "unlinkat", "symlinkat", "mkdirat"}

// TestKilledAtEachSystemCallAWholeReleaseIsInForce ends an update before its first call of a kind that changes the disk,
// before its second, and so on, until it lives to the end. What is current is whole at every such moment, and the next run
// brings it to its end.
func TestKilledAtEachSystemCallAWholeReleaseIsInForce(t *testing.T) {
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Fatal("strace is not installed: it is in the list of packages for tests")
	}
	program, err := os.Executable()
	must(t, err)
	for offered, want := range map[string]string{"two": "two", "ill": "one"} {
		t.Run(offered, func(t *testing.T) {
			kills := 0
			for _, call := range changing {
				n := 1
				for killedAt(t, strace, program, call, n, offered, want) {
					n++
				}
				kills += n - 1
			}
			if kills < 30 {
				t.Errorf("%d kills are too few", kills)
			}
			t.Logf("killed %d times", kills)
		})
	}
}

// killedAt ends an update before its nth call of a kind, lets the next one go on, and looks what runs then. It reports whether
// there was such a call.
func killedAt(t *testing.T, strace, program, call string, nth int, offered, want string) bool {
	t.Helper()
	s := newStand(t, offered)
	cmd := exec.Command(strace, "-f", "-qq", "-o", s.at("strace"), "-e", "signal=none", "-e", "trace="+call,
		"-e", fmt.Sprintf("inject=%s:signal=KILL:when=%d", call, nth), program)
	cmd.Env = append(os.Environ(), asUpdater+"="+s.dir)
	out, err := cmd.CombinedOutput()
	if err == nil {
		return false // it lived
	}
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.Exited() && exit.ExitCode() != 128+9 {
		t.Fatalf("kill at %s %d: %v: %s", call, nth, err, out)
	}
	if now, err := os.Readlink(s.at("software/current")); err != nil || !whole(now) {
		t.Fatalf("killed at %s %d: %q is current, %v", call, nth, now, err)
	}
	for range 2 { // the first may only have finished what was begun
		if _, err := s.updater().Run(t.Context()); err != nil {
			t.Fatalf("after a kill at %s %d: %v", call, nth, err)
		}
	}
	if s.wantRuns(t, want); t.Failed() {
		t.Fatalf("after a kill at %s %d", call, nth)
	}
	return true
}

// tarred is a compressed tar of some entries; a plain file's text is its own name.
func tarred(t testing.TB, entries ...tar.Header) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	for _, h := range entries {
		text := h.Name
		if h.Name == release.ListName {
			text = h.Linkname
			h.Linkname = ""
		}
		if h.Typeflag == tar.TypeReg {
			h.Size = int64(len(text))
		}
		must(t, w.WriteHeader(&h))
		if h.Size > 0 {
			_, err := w.Write([]byte(text))
			must(t, err)
		}
	}
	must(t, errors.Join(w.Close(), z.Close()))
	return b.Bytes()
}

// plain is the entries of files, and first of a list that tells of them.
func plain(names ...string) []tar.Header {
	var list strings.Builder
	all := []tar.Header{{Name: release.ListName, Typeflag: tar.TypeReg, Mode: 0o644}}
	for _, n := range names {
		sum := sha256.Sum256([]byte(n))
		fmt.Fprintf(&list, "%x  %s\n", sum, n)
		all = append(all, tar.Header{Name: n, Typeflag: tar.TypeReg, Mode: 0o644})
	}
	all[0].Linkname = list.String()
	return all
}

func TestAnArchiveThatIsNoReleaseIsRefused(t *testing.T) {
	good := plain("VERSION", "kiosk", "provisioning", "shell", "spelling/default.yaml")
	if err := Unpack(tarred(t, good...), filepath.Join(t.TempDir(), "x")); err != nil {
		t.Fatal(err)
	}
	swapped := slices.Clone(good)
	swapped[1], swapped[2] = swapped[2], swapped[1]
	link := slices.Clone(good)
	link[2] = tar.Header{Name: "kiosk", Typeflag: tar.TypeSymlink, Linkname: "/bin/sh"}
	for name, entries := range map[string][]tar.Header{
		"nothing": nil, "too little": good[:4], "unlisted": append(slices.Clone(good), plain("z")[1]), "no list": good[1:], "order": swapped,
		"outside": plain("../kiosk", "VERSION", "kiosk", "provisioning", "shell"), "root": plain("/kiosk", "VERSION", "kiosk", "provisioning", "shell"),
		"link": link, "no window": plain("VERSION", "kiosk", "provisioning"), "twice": append(slices.Clone(good), good[len(good)-1]),
	} {
		dir := filepath.Join(t.TempDir(), "x")
		if err := Unpack(tarred(t, entries...), dir); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
	for name, b := range map[string][]byte{"no gzip": []byte("abc"), "cut": tarred(t, good...)[:60]} {
		if err := Unpack(b, filepath.Join(t.TempDir(), "x")); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}

// TestADamagedReleaseIsNotWhatRuns: a release on whose disk a bit has turned gives way to the package's own.
func TestADamagedReleaseIsNotWhatRuns(t *testing.T) {
	s := newStand(t, "two")
	s.want(t, Committed, "two")
	now, err := os.Readlink(s.at("software/current"))
	must(t, err)
	must(t, os.WriteFile(filepath.Join(now, "spelling/build/strokes.prism.bin"), []byte("two"), 0o644))
	must(t, os.WriteFile(s.at("open"), nil, 0o600)) // nothing new is brought now
	if got, err := s.updater().Run(t.Context()); err != nil || got != Later {
		t.Errorf("%q, %v", got, err)
	}
	if now, err := os.Readlink(s.at("software/current")); err != nil || now != s.at("installed") {
		t.Errorf("%q is current, %v", now, err)
	}
	must(t, os.Remove(s.at("open")))
	s.want(t, Committed, "two") // fetched and laid down anew
}

func TestEverySignerMakesTheSameRelease(t *testing.T) {
	if !bytes.Equal(archiveOf(t, "two"), archiveOf(t, "two")) {
		t.Error("two archives of one release differ")
	}
}

func FuzzUnpack(f *testing.F) {
	f.Add(archiveOf(f, "two"))
	f.Add(tarred(f, plain("VERSION", "../kiosk")...))
	f.Add(tarred(f, plain("VERSION", "kiosk", "provisioning", "shell")...))
	f.Fuzz(func(t *testing.T, b []byte) {
		dir := t.TempDir()
		if err := Unpack(b, filepath.Join(dir, "x")); err == nil && !whole(filepath.Join(dir, "x")) {
			t.Error("half a release was taken")
		}
		if names, err := filepath.Glob(filepath.Join(dir, "*")); err != nil || len(names) > 1 {
			t.Errorf("it left %v", names)
		}
	})
}
