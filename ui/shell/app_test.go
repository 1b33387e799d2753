package main

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"yimen/ui/shell/shelltest"
)

// asShell in the environment makes the test's own program run as the shell: nothing is linked twice.
const asShell = "YIMEN_TEST_AS_SHELL"

func TestMain(m *testing.M) {
	if os.Getenv(asShell) != "" {
		main()
	}
	os.Setenv(asShell, "yes") // for what the tests start
	os.Exit(m.Run())
}

// shell is the program under test.
func shell(t testing.TB) string {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// patience is for what must happen; a busy machine is slow.
const patience = 60 * time.Second

// app stands in for the daemon: one green page, and /healthz. It can go away and come back at the same address.
type app struct {
	t       testing.TB
	addr    string
	mux     *http.ServeMux
	healthy atomic.Bool
	loads   atomic.Int32 // of the page
	server  *http.Server
}

// green is the page's background, which nothing else on the display has.
var green = [3]uint32{0x00, 0xa0, 0x50}

// newApp makes an app that is away; body is the page's inside.
func newApp(t testing.TB, body string) *app {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listener.Close() // the address is kept for Return; nobody else is given it meanwhile
	a := &app{t: t, addr: listener.Addr().String(), mux: http.NewServeMux()}
	a.mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		a.loads.Add(1)
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Cache-Control", "max-age=3600")
		io.WriteString(w, `<!doctype html><title>app</title><body style="margin:0;background:#00a050"><p style="margin:0;color:#00a050">.</p>`+body)
	})
	a.mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, r *http.Request) {
		if !a.healthy.Load() {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	})
	t.Cleanup(a.leave)
	return a
}

// startApp is newApp, and the app is there.
func startApp(t testing.TB, body string) *app {
	t.Helper()
	a := newApp(t, body)
	a.arrive()
	return a
}

func (a *app) url() string { return "http://" + a.addr + "/" }

func (a *app) arrive() {
	a.t.Helper()
	listener, err := net.Listen("tcp", a.addr)
	if err != nil {
		a.t.Fatal(err)
	}
	a.healthy.Store(true)
	a.server = &http.Server{Handler: a.mux}
	go a.server.Serve(listener)
}

// leave ends the app as a kill would: connections break.
func (a *app) leave() {
	if a.server != nil {
		a.server.Close()
	}
}

// process is a shell as it runs on a terminal: nobody drives it.
type process struct {
	*exec.Cmd
	stderr bytes.Buffer
}

// startShell starts the shell on the display. It is killed with the test, if it did not end before.
func startShell(t testing.TB, display *shelltest.Display, args ...string) *process {
	t.Helper()
	p := &process{Cmd: exec.Command(shell(t), args...)}
	p.Env = display.Env()
	p.Stderr = &p.stderr
	p.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	p.WaitDelay = patience
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		syscall.Kill(-p.Process.Pid, syscall.SIGKILL)
		p.Wait()
		if t.Failed() {
			t.Logf("the shell wrote:\n%s", p.stderr.Bytes())
		}
	})
	return p
}

// end asks the shell to end and answers its exit code.
func (p *process) end(t testing.TB) int {
	t.Helper()
	p.Process.Signal(syscall.SIGTERM)
	return p.exitCode(t)
}

// exitCode waits for the shell's end.
func (p *process) exitCode(t testing.TB) int {
	t.Helper()
	err := p.Wait()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return p.ProcessState.ExitCode()
}

// eventually waits until it is so.
func eventually(t testing.TB, what string, so func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !so(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("still not so: %s", what)
		}
	}
}

// showsApp tells whether the middle of the monitor is the app's green.
func showsApp(t testing.TB, display *shelltest.Display) bool {
	t.Helper()
	picture := display.Picture(t)
	middle := picture.Bounds().Max.Div(2)
	return isGreen(picture.At(middle.X, middle.Y))
}

func isGreen(c interface{ RGBA() (r, g, b, a uint32) }) bool {
	r, g, b, _ := c.RGBA()
	return r>>8 == green[0] && g>>8 == green[1] && b>>8 == green[2]
}
