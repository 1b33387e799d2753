package main

import (
	"image"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"yimen/ui/shell/shelltest"
)

func TestWindowCoversTheMonitor(t *testing.T) {
	for name, size := range map[string]image.Point{"upright": {1080, 1920}, "lying": {1920, 1080}} {
		t.Run(name, func(t *testing.T) {
			display := shelltest.StartDisplay(t, size.X, size.Y)
			startShell(t, display, "-url", startApp(t, "").url())
			eventually(t, "the app is shown", func() bool { return showsApp(t, display) })

			picture := display.Picture(t)
			if got := picture.Bounds().Size(); got != size {
				t.Fatalf("the monitor is %v, want %v", got, size)
			}
			for y := range size.Y {
				for x := range size.X {
					if !isGreen(picture.At(x, y)) {
						t.Fatalf("pixel %d,%d is not the page's", x, y)
					}
				}
			}
		})
	}
}

func TestWindowAsksForNoTitleBar(t *testing.T) {
	display := shelltest.StartDisplay(t, 1080, 1920)
	startShell(t, display, "-url", startApp(t, "").url())
	eventually(t, "the app is shown", func() bool { return showsApp(t, display) })

	tree, err := display.Command(t, "x11-utils", "xwininfo", "-root", "-tree").Output()
	if err != nil {
		t.Fatal(err)
	}
	window := regexp.MustCompile(`(0x[0-9a-f]+) .*1080x1920\+0\+0`).FindSubmatch(tree)
	if window == nil {
		t.Fatalf("no window of the monitor's size:\n%s", tree)
	}
	hints, err := display.Command(t, "x11-utils", "xprop", "-id", string(window[1]), "_MOTIF_WM_HINTS").Output()
	if err != nil {
		t.Fatal(err)
	}
	// Flags (bit 1: the third word counts), functions, decorations, …: what a window manager goes by.
	if !strings.Contains(string(hints), "= 0x2, 0x0, 0x0,") {
		t.Errorf("a window manager may decorate the window: %s", hints)
	}
}

// Whatever a page keeps must end with the window: the next resident stands before the same machine.
const keepsThings = `<script type="module">
localStorage.setItem("name", "kept")
sessionStorage.setItem("name", "kept")
document.cookie = "name=kept; max-age=3600"
await new Promise((done, failed) => {
  const opening = indexedDB.open("kept", 1)
  opening.onupgradeneeded = () => opening.result.createObjectStore("people").put("kept", "name")
  opening.onsuccess = done
  opening.onerror = () => failed(opening.error)
})
const cache = await caches.open("kept")
await cache.put("/kept", new Response("kept"))
await fetch("/kept-cached")
document.createElement("video").canPlayType('video/mp4; codecs="avc1.42E01E"')
await fetch("/done")
</script>`

func TestNothingIsWrittenToDisk(t *testing.T) {
	app := newApp(t, keepsThings)
	var done atomic.Bool
	app.mux.HandleFunc("GET /kept-cached", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "max-age=3600")
		io.WriteString(w, strings.Repeat("kept", 100_000))
	})
	app.mux.HandleFunc("GET /done", func(w http.ResponseWriter, r *http.Request) { done.Store(true) })
	app.arrive()
	null, err := os.Stat(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}

	display := shelltest.StartDisplay(t, 1080, 1920)
	process := startShell(t, display, "-url", app.url())
	eventually(t, "the page has kept all it could", done.Load)
	eventually(t, "the app is shown", func() bool { return showsApp(t, display) })

	processes := descendants(t, process.Process.Pid)
	processes[process.Process.Pid] = "shell"
	for pid, name := range processes {
		for _, path := range filesHeldForWriting(t, pid) {
			t.Errorf("%s (process %d) holds %s open for writing", name, pid, path)
		}
	}
	if code := process.end(t); code != 0 {
		t.Errorf("exit code %d, want 0", code)
	}
	if left := filesBelow(t, display.Home); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
	if now, err := os.Stat(os.DevNull); err != nil || now.Mode() != null.Mode() {
		t.Errorf("%s was %v and is %v, %v", os.DevNull, null.Mode(), now.Mode(), err)
	}
}

// filesBelow are the files in the folder and in those below it.
func filesBelow(t *testing.T, folder string) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestPageComesBackAfterItsProcessIsKilled(t *testing.T) {
	app := startApp(t, "")
	display := shelltest.StartDisplay(t, 1080, 1920)
	process := startShell(t, display, "-url", app.url())

	killed := 0
	for round := int32(1); round <= 3; round++ {
		eventually(t, "the page is loaded once more", func() bool { return app.loads.Load() >= round })
		eventually(t, "the app is shown", func() bool { return showsApp(t, display) })
		killed = descendant(t, process.Process.Pid, "WebKitWebProces", killed)
		syscall.Kill(killed, syscall.SIGKILL)
	}
	eventually(t, "the page is loaded after the last", func() bool { return app.loads.Load() >= 4 })
	eventually(t, "the app is shown", func() bool { return showsApp(t, display) })
}

func TestPageGoesOnAfterTheNetworkProcessIsKilled(t *testing.T) {
	app := newApp(t, `<script>setInterval(() => fetch("/beat").catch(() => {}), 100)</script>`)
	var beats atomic.Int32
	app.mux.HandleFunc("GET /beat", func(w http.ResponseWriter, r *http.Request) { beats.Add(1) })
	app.arrive()
	display := shelltest.StartDisplay(t, 1080, 1920)
	process := startShell(t, display, "-url", app.url())
	eventually(t, "the page asks", func() bool { return beats.Load() > 0 })

	killed := descendant(t, process.Process.Pid, "WebKitNetworkPr", 0)
	syscall.Kill(killed, syscall.SIGKILL)
	descendant(t, process.Process.Pid, "WebKitNetworkPr", killed)
	before := beats.Load()
	eventually(t, "the page asks again", func() bool { return beats.Load() > before })
}

func TestWithoutDisplayOneClearLine(t *testing.T) {
	nowhere := &shelltest.Display{Name: ":this-is-none", Home: t.TempDir()}
	process := startShell(t, nowhere, "-url", "http://127.0.0.1:9/")
	if code := process.exitCode(t); code != exitNoDisplay {
		t.Errorf("exit code %d, want %d", code, exitNoDisplay)
	}
	if said := process.stderr.String(); strings.Count(said, "\n") != 1 || !strings.Contains(said, "no display") ||
		!strings.Contains(said, ":this-is-none") {
		t.Errorf("not one clear line:\n%s", said)
	}
}

func TestOnlyAnAddressOnThisMachineIsTaken(t *testing.T) {
	for _, address := range []string{"", "127.0.0.1:80", "http://example.org/", "http://10.0.0.1/", "file:///etc/passwd",
		"https://127.0.0.1/", "http://127.0.0.1.example.org/", "http://localhost.example.org/", "%"} {
		if home, err := parseHome(address); err == nil {
			t.Errorf("%q was taken, as %v", address, home)
		}
	}
	for address, origin := range map[string]string{
		"http://127.0.0.1:8080":                  "http://127.0.0.1:8080/",
		"http://127.0.0.1:80/":                   "http://127.0.0.1/",
		"http://[::1]:8080/start?size=elder#top": "http://[::1]:8080/",
	} {
		if home, err := parseHome(address); err != nil {
			t.Error(err)
		} else if got := originOf(home); got != origin {
			t.Errorf("origin of %q is %q, want %q", address, got, origin)
		}
	}
}
