package simulate

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// hubProgram is where TestMain builds the hub's program for all tests.
func hubProgram() string {
	return filepath.Join(os.TempDir(), fmt.Sprintf("yimen-simulated-hub-%d", os.Getpid()))
}

func TestMain(m *testing.M) {
	if out, err := exec.Command("go", "build", "-o", hubProgram(), "yimen/provisioning/hub").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "%v: %s", err, out)
		os.Exit(1)
	}
	code := m.Run()
	os.Remove(hubProgram())
	os.Exit(code)
}

func TestManyTerminalsOverABadLineLoseAndDoubleNothing(t *testing.T) {
	o := Options{Terminals: 12, Dossiers: 3, Size: 500_000, Faults: 0.05, Seed: 20261123, Patience: 2 * time.Minute,
		Dir: t.TempDir(), Hub: hubProgram(), Progress: io.Discard}
	r, err := Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if !r.Sound() || r.Delivered != 36 || len(r.Latency) != 36 || r.HubMemory == 0 {
		t.Errorf("%+v", r)
	}
	if c := r.Line; c.Cuts == 0 || c.Resets == 0 || c.Stalls == 0 || c.Flips == 0 || c.Connections <= 12 {
		t.Errorf("the line was too good: %+v", c)
	}
	var told bytes.Buffer
	if err := r.Write(&told); err != nil || !strings.Contains(told.String(), "36 of 36; 0 lost, 0 doubled") {
		t.Errorf("%v: %s", err, &told)
	}
}

// TestWhatIsGoneAtTheHubIsLost takes a dossier away, changes one, and adds one that nobody sent: the counts are no
// foregone conclusion.
func TestWhatIsGoneAtTheHubIsLost(t *testing.T) {
	o := Options{Terminals: 2, Dossiers: 3, Size: 5_000, Patience: time.Minute, Dir: t.TempDir(), Hub: hubProgram(), Progress: io.Discard}
	h, err := o.hall()
	if err != nil {
		t.Fatal(err)
	}
	defer h.end()
	f, err := open(t.Context(), o, h, h.url)
	if err != nil {
		t.Fatal(err)
	}
	defer f.close()
	if err := f.submit(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	parts := filepath.Join(o.Dir, "hub", "parts")
	if err := os.Remove(filepath.Join(parts, f.terminals[0].sent[0].id, "0")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(parts, f.terminals[0].sent[1].id, "1"), []byte("other"), 0o600); err != nil {
		t.Fatal(err)
	}
	f.terminals[1].sent = f.terminals[1].sent[:2] // what was sent and is not ours to count
	var r Report
	if err := r.look(t.Context(), h, f); err != nil {
		t.Fatal(err)
	}
	if r.Lost != 2 || r.Doubled != 1 || r.Sound() {
		t.Errorf("%d lost, %d doubled; want 2 and 1", r.Lost, r.Doubled)
	}
}

func TestAHubThatRunsAlreadyIsSpokenToByTerminalsItKnows(t *testing.T) {
	own := Options{Terminals: 1, Dossiers: 1, Size: 1, Dir: t.TempDir(), Hub: hubProgram(), Progress: io.Discard}
	h, err := own.hall()
	if err != nil {
		t.Fatal(err)
	}
	defer h.end()
	keys, as := filepath.Join(own.Dir, "keys"), t.TempDir()
	if err := os.CopyFS(filepath.Join(as, "first"), os.DirFS(filepath.Join(keys, "terminal"))); err != nil {
		t.Fatal(err)
	}
	// A copy's files may be read by all, which no secret may.
	if err := os.Chmod(filepath.Join(as, "first"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"tls.key", "signing.key"} {
		if err := os.Chmod(filepath.Join(as, "first", key), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	o := Options{Terminals: 1, Dossiers: 4, Size: 20_000, Patience: time.Minute, Dir: t.TempDir(), Progress: io.Discard,
		Intake: h.url, As: as, Bureau: filepath.Join(keys, "bureau")}
	r, err := Run(t.Context(), o)
	if err != nil || !r.Sound() || r.HubMemory != 0 {
		t.Errorf("%+v, %v", r, err)
	}
	o.Terminals, o.Dir = 2, t.TempDir()
	if _, err := Run(t.Context(), o); err == nil || !strings.Contains(err.Error(), "want 2") {
		t.Errorf("more terminals than are known: %v", err)
	}
}

func TestAHubThatDoesNotStartIsNamed(t *testing.T) {
	o := Options{Terminals: 1, Dossiers: 1, Size: 1, Dir: t.TempDir(), Hub: "/nowhere/hub", Progress: io.Discard}
	if _, err := Run(t.Context(), o); err == nil || !strings.Contains(err.Error(), "/nowhere/hub") {
		t.Errorf("got %v", err)
	}
}

func TestQuantilesAreOfWhatWasDelivered(t *testing.T) {
	r := Report{}
	if r.quantile(0.5) != 0 {
		t.Error("nothing has a median")
	}
	for i := range 100 {
		r.Latency = append(r.Latency, time.Duration(i+1))
	}
	if r.quantile(0.5) != 51 || r.quantile(0.99) != 100 || r.quantile(1) != 100 {
		t.Errorf("p50 %d, p99 %d, longest %d", r.quantile(0.5), r.quantile(0.99), r.quantile(1))
	}
}
