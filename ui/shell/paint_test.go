package main

import (
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"yimen/ui/shell/shelltest"
)

// notified makes the programs started from here on believe that systemd listens. heard tells whether a word was said.
func notified(t *testing.T) (heard func(word string) bool) {
	t.Helper()
	socket := filepath.Join(t.TempDir(), "notify")
	c, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: socket, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	said := map[string]bool{}
	t.Setenv("NOTIFY_SOCKET", socket)
	return func(word string) bool {
		b := make([]byte, 256)
		for !said[word] {
			if err := c.SetReadDeadline(time.Now().Add(50 * time.Millisecond)); err != nil {
				t.Fatal(err)
			}
			n, err := c.Read(b)
			if err != nil {
				return false
			}
			said[string(b[:n])] = true
		}
		return true
	}
}

func TestSystemdHearsWhenSomethingIsSeen(t *testing.T) {
	for name, app := range map[string]*app{"the app": startApp(t, appHeading), "the window's own page": newApp(t, "")} {
		t.Run(name, func(t *testing.T) {
			display := shelltest.StartDisplay(t, 540, 960)
			heard := notified(t)
			startShell(t, display, "-url", app.url())
			eventually(t, "it was said that something is seen", func() bool { return heard("READY=1") })
			eventually(t, "it was said that the window moves", func() bool { return heard("WATCHDOG=1") })
		})
	}
}

func TestAWindowThatStaysBlankTriesAgainAndThenEnds(t *testing.T) {
	app := startApp(t, `<script>document.body.replaceChildren()</script>`)
	process := startShell(t, shelltest.StartDisplay(t, 540, 960), "-url", app.url(), "-paint", "2s")
	if code := process.exitCode(t); code != exitBlank {
		t.Errorf("exit code %d, want %d", code, exitBlank)
	}
	if n := app.loads.Load(); n != 3 {
		t.Errorf("the page was loaded %d times, want 3", n)
	}
	if said := process.stderr.String(); !strings.Contains(said, errBlank.Error()) {
		t.Errorf("it left with %q", said)
	}
}
