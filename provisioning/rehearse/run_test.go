package main

import (
	"bytes"
	"context"
	"image"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"yimen/ui/shell/shelltest"
)

// up is a hall that was started as by make run.
type up struct {
	ctrlC context.CancelFunc
	ended chan error

	mu  sync.Mutex
	out bytes.Buffer
}

// Write takes what the hall tells.
func (u *up) Write(b []byte) (int, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.out.Write(b)
}

func (u *up) told() string {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.out.String()
}

// runHall starts a hall on free ports, or on those that flags want. It ends with the test, if it did not end before.
func runHall(t *testing.T, flags ...string) *up {
	t.Helper()
	args := append([]string{"-bin", programs(t), "-pack", pack, "-dir", t.TempDir(), "-ports", "0,0,0,0"}, flags...)
	ctx, stop := context.WithCancel(t.Context())
	u := &up{ctrlC: stop, ended: make(chan error, 1)}
	done := make(chan struct{})
	go func() {
		defer close(done)
		u.ended <- run(ctx, args, u)
	}()
	t.Cleanup(func() {
		stop()
		<-done
	})
	return u
}

// waitFor waits until the hall has told something.
func (u *up) waitFor(t *testing.T, words string) {
	t.Helper()
	eventually(t, "the hall tells "+words, func() bool { return strings.Contains(u.told(), words) })
}

// eventually waits until it is so.
func eventually(t testing.TB, what string, so func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !so(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("still not so: %s", what)
		}
	}
}

func TestRunCoversTheScreenAndLeavesNoProcess(t *testing.T) {
	programs(t) // before the environment is the display's
	display := shelltest.StartDisplay(t, shelltest.PanelWidth, shelltest.PanelHeight)
	for _, entry := range display.Env() {
		name, value, _ := strings.Cut(entry, "=")
		t.Setenv(name, value)
	}
	u := runHall(t)
	u.waitFor(t, "Ctrl-C ends it")
	eventually(t, "the first screen stands from edge to edge", func() bool { return showsFirstScreen(display.Picture(t)) })
	if n := len(processesOf(t, display)); n < 7 { // intake, desk, bench, terminal, window and two of WebKit
		t.Errorf("%d processes are up", n)
	}
	u.ctrlC()
	if err := <-u.ended; err != nil {
		t.Error(err)
	}
	eventually(t, "no process is left", func() bool { return len(processesOf(t, display)) == 0 })
}

// showsFirstScreen looks at the four corners: the dark band on top, and paper below, which is not quite white. A page
// that is not there yet is white, a display without a window black.
func showsFirstScreen(p image.Image) bool {
	light := func(x, y int) uint32 { // from 0 to 765
		r, g, b, _ := p.At(x, y).RGBA()
		return r>>8 + g>>8 + b>>8
	}
	right, bottom := p.Bounds().Max.X-1, p.Bounds().Max.Y-1
	for _, x := range []int{0, right} {
		if band, paper := light(x, 0), light(x, bottom); band < 60 || band > 400 || paper < 690 || paper == 765 {
			return false
		}
	}
	return true
}

// processesOf are the processes that were given the display's folders, by their ids.
func processesOf(t testing.TB, d *shelltest.Display) (ids []string) {
	t.Helper()
	files, err := filepath.Glob("/proc/[0-9]*/environ")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		environ, err := os.ReadFile(file)
		if err == nil && bytes.Contains(environ, []byte("TMPDIR="+d.Home)) {
			ids = append(ids, filepath.Base(filepath.Dir(file)))
		}
	}
	return ids
}

func TestWithoutADisplayTheHallRunsAndSaysSoInOneLine(t *testing.T) {
	for name, c := range map[string]struct{ display, line string }{
		"none":         {"", "window   no display here: open the screen's address in a browser\n"},
		"one not open": {":none", "window   shell: no display: DISPLAY is \":none\" and WAYLAND_DISPLAY is \"\", and neither opens; the hall goes on\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("DISPLAY", c.display)
			t.Setenv("WAYLAND_DISPLAY", "")
			u := runHall(t)
			u.waitFor(t, c.line)
			u.waitFor(t, "Ctrl-C ends it")
			u.ctrlC()
			if err := <-u.ended; err != nil {
				t.Error(err)
			}
		})
	}
}

func TestATakenPortIsToldByNumberAndPurpose(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer l.Close()
	port := strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
	err = <-runHall(t, "-ports", "0,0,"+port+",0").ended
	if err == nil || !strings.HasPrefix(err.Error(), "port "+port+" for the bureau desk is taken") || strings.Contains(err.Error(), "\n") {
		t.Errorf("it says: %v", err)
	}
}

func TestCtrlCBeforeEverythingIsUpIsNoError(t *testing.T) {
	u := runHall(t, "-window=false")
	u.waitFor(t, "bureau ")
	u.ctrlC()
	if err := <-u.ended; err != nil {
		t.Error(err)
	}
}
