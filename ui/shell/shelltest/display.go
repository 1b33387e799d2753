// Package shelltest shows the terminal's window on a display that nobody sees and taps it through WebKitWebDriver, for
// tests of the window itself and of whole visits in it.
//
//	session := shelltest.Start(t, shelltest.Build(t), "http://127.0.0.1:8080/")
//	session.Tap("#begin")
//	session.WaitText("h1", "请放身份证")
//
// Everything it starts ends with the test. It needs Xvfb, WebKitWebDriver and ImageMagick and fails, naming the Debian
// package, where one is missing: a window that was not looked at has not been tested.
package shelltest

import (
	"bufio"
	"bytes"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// Display is an X display without a screen, a window manager or a user. Its programs get an empty home of their own.
type Display struct {
	Name string // as in DISPLAY: ":7"
	Home string // the folder that holds HOME, the XDG folders and TMPDIR of its programs
}

// StartDisplay starts a display with one monitor of width by height pixels.
func StartDisplay(t testing.TB, width, height int) *Display {
	t.Helper()
	ready, number, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer ready.Close()
	screen := strings.Join([]string{itoa(width), itoa(height), "24"}, "x")
	server := exec.Command(program(t, "Xvfb", "xvfb"), "-displayfd", "3", "-screen", "0", screen, "-nolisten", "tcp", "-noreset")
	server.ExtraFiles = []*os.File{number}
	server.Stderr = t.Output()
	start(t, server)
	number.Close()

	// The whole line: Xvfb gives up if the pipe is closed between the number and the line end.
	name, err := bufio.NewReader(ready).ReadString('\n')
	if err != nil {
		t.Fatalf("Xvfb did not start: %v", err)
	}
	return &Display{Name: ":" + strings.TrimSpace(name), Home: newHome(t)}
}

// newHome makes the folders that Env names. Not t.TempDir: a web process that is just ending may still make a folder
// there, and that is no reason to fail.
func newHome(t testing.TB) string {
	t.Helper()
	home, err := os.MkdirTemp("", "shell")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(home) })
	for _, folder := range homeFolders {
		if err := os.MkdirAll(filepath.Join(home, folder), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	return home
}

var homeFolders = map[string]string{
	"HOME":            "home",
	"XDG_CACHE_HOME":  "home/.cache",
	"XDG_CONFIG_HOME": "home/.config",
	"XDG_DATA_HOME":   "home/.local/share",
	"XDG_STATE_HOME":  "home/.local/state",
	"XDG_RUNTIME_DIR": "run",
	"TMPDIR":          "tmp",
}

// Env is the environment for a program on this display.
func (d *Display) Env() []string {
	env := []string{"DISPLAY=" + d.Name, "GDK_BACKEND=x11"}
	for name, folder := range homeFolders {
		env = append(env, name+"="+filepath.Join(d.Home, folder))
	}
	for _, entry := range os.Environ() {
		name, _, _ := strings.Cut(entry, "=")
		if _, replaced := homeFolders[name]; !replaced && name != "DISPLAY" && name != "WAYLAND_DISPLAY" {
			env = append(env, entry)
		}
	}
	return env
}

// Screenshot is what the monitor shows now, as a PNG.
func (d *Display) Screenshot(t testing.TB) []byte {
	t.Helper()
	out, err := d.Command(t, "imagemagick", "import", "-silent", "-window", "root", "png:-").Output()
	if err != nil {
		t.Fatalf("taking a picture of the display: %v", err)
	}
	return out
}

// Picture is what the monitor shows now.
func (d *Display) Picture(t testing.TB) image.Image {
	t.Helper()
	picture, err := png.Decode(bytes.NewReader(d.Screenshot(t)))
	if err != nil {
		t.Fatalf("reading the picture of the display: %v", err)
	}
	return picture
}

// Command is a program to be run on this display, found on the PATH or else named with the Debian package to install.
func (d *Display) Command(t testing.TB, debianPackage, name string, args ...string) *exec.Cmd {
	t.Helper()
	command := exec.Command(program(t, name, debianPackage), args...)
	command.Env = d.Env()
	return command
}

// program is the path of the program, which the Debian package brings.
func program(t testing.TB, name, debianPackage string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Fatalf("%s is missing: apt-get install %s", name, debianPackage)
	}
	return path
}

// start starts the command in a process group of its own. The whole group ends with the test, or with end before.
func start(t testing.TB, command *exec.Cmd) (end func()) {
	t.Helper()
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	command.WaitDelay = patience // for what it started itself to let go of its output
	if err := command.Start(); err != nil {
		t.Fatalf("start %s: %v", command.Path, err)
	}
	ended := make(chan struct{})
	go func() {
		command.Wait()
		close(ended)
	}()
	end = sync.OnceFunc(func() {
		syscall.Kill(-command.Process.Pid, syscall.SIGTERM) // lets Xvfb take its socket and lock away
		select {
		case <-ended:
		case <-time.After(patience):
		}
		syscall.Kill(-command.Process.Pid, syscall.SIGKILL) // what its children left
		<-ended
	})
	t.Cleanup(end)
	return end
}
