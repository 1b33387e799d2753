package main

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"yimen/ui/shell/shelltest"
)

// temptations are what a page might have by mistake, or by somebody's intent: each would lead out of the window.
const temptations = `<h1>` + appWords + `</h1>
<script>addEventListener("contextmenu", () => { window.rightClicked = true })</script>
<style>a, input, button { display: block; font-size: 40px; margin: 20px }</style>
<a id="elsewhere" href="ELSEWHERE/link">to another origin</a>
<a id="lookalike" href="LOOKALIKE">to an address that begins alike</a>
<a id="file" href="file:///etc/hostname">to a file</a>
<a id="new-window" target="_blank" href="/second">a new window</a>
<button id="open" onclick="window.open('/second')">a new window by script</button>
<a id="download" href="/paper">a download</a>
<a id="download-kind" href="/archive">what a browser cannot show</a>
<a id="download-wish" download="x.html" href="/">a page to be kept</a>
<a id="data" download="x.txt" href="data:text/plain,x">a download of the page's own making</a>
<button id="permission" onclick="navigator.geolocation.getCurrentPosition(() => { window.place = 'known' }, e => { window.place = 'denied ' + e.code })">position</button>
<iframe src="ELSEWHERE/frame"></iframe>`

// outside is another origin that counts who comes.
func outside(t *testing.T) (url string, visits *atomic.Int32) {
	t.Helper()
	visits = new(atomic.Int32)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { visits.Add(1) }))
	t.Cleanup(server.Close)
	return server.URL, visits
}

func TestThereIsNoWayOutOfTheWindow(t *testing.T) {
	elsewhere, visits := outside(t)
	app := newApp(t, "")
	app.mux.HandleFunc("GET /tempting", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		lookalike := strings.TrimSuffix(app.url(), "/") + "@" + strings.TrimPrefix(elsewhere, "http://")
		http.ServeContent(w, r, "", time.Time{}, strings.NewReader(
			strings.NewReplacer("ELSEWHERE", elsewhere, "LOOKALIKE", lookalike).Replace(temptations)))
	})
	var seconds atomic.Int32
	app.mux.HandleFunc("GET /second", func(w http.ResponseWriter, r *http.Request) { seconds.Add(1) })
	app.mux.HandleFunc("GET /paper", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Disposition", "attachment; filename=paper.txt")
		w.Write([]byte("paper"))
	})
	app.mux.HandleFunc("GET /archive", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/zip")
		w.Write([]byte("PK"))
	})
	app.arrive()

	session := shelltest.Start(t, shell(t), app.url()+"tempting")
	session.WaitText("h1", appWords)
	windowsBefore := countWindows(t, session.Display)
	for _, temptation := range []string{"elsewhere", "lookalike", "file", "new-window", "open", "download", "download-kind",
		"download-wish", "data", "permission"} {
		session.Tap("#" + temptation)
		session.WaitText("h1", appWords)
	}
	xdotool(t, session.Display, "mousemove", "540", "1800", "click", "3")
	eventually(t, "the page knows of the right click", func() bool {
		var clicked bool
		session.Eval("return !!window.rightClicked", &clicked)
		return clicked
	})
	eventually(t, "the position is denied", func() bool {
		var place string
		session.Eval("return window.place || ''", &place)
		return place == "denied 1" // and not: unavailable
	})
	var at string
	session.Eval("return location.href", &at)
	if at != app.url()+"tempting" {
		t.Errorf("the window is at %s", at)
	}
	if n := visits.Load(); n != 0 {
		t.Errorf("another origin was visited %d times", n)
	}
	if n := seconds.Load(); n != 0 {
		t.Errorf("the page for a second window was fetched %d times", n)
	}
	if windows := countWindows(t, session.Display); windows != windowsBefore {
		t.Errorf("%d windows on the display, %d before", windows, windowsBefore)
	}
	for _, folder := range []string{"home", "tmp"} { // run is the driver's too
		if left := filesBelow(t, filepath.Join(session.Display.Home, folder)); len(left) > 0 {
			t.Errorf("on disk: %q", left)
		}
	}
}

func countWindows(t *testing.T, display *shelltest.Display) int {
	t.Helper()
	tree, err := display.Command(t, "x11-utils", "xwininfo", "-root", "-children").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Count(string(tree), "\n     0x")
}

// dialogs has a stripe for each dialog of WebKit's. A dialog that opened would take the taps that come after.
const dialogs = `<style>body > * { position: fixed; left: 0; width: 100%; height: 100px; opacity: 0 }</style>
<input style="top: 0" type="file">
<button style="top: 200px" onclick="print()"></button>
<button style="top: 400px" onclick="alert(1); confirm(2); prompt(3)"></button>
<button style="top: 600px" onclick="fetch('/end')"></button>`

// Nobody drives the window here: while WebKitWebDriver does, dialogs are its own.
func TestNoDialogComesBetweenResidentAndPage(t *testing.T) {
	app := newApp(t, dialogs)
	var end atomic.Bool
	app.mux.HandleFunc("GET /end", func(w http.ResponseWriter, r *http.Request) { end.Store(true) })
	app.arrive()
	display := shelltest.StartDisplay(t, 1080, 1920)
	startShell(t, display, "-url", app.url())
	eventually(t, "the app is shown", func() bool { return showsApp(t, display) })
	windowsBefore := countWindows(t, display)

	for _, y := range []string{"50", "250", "450"} {
		xdotool(t, display, "mousemove", "540", y, "click", "1", "sleep", "0.3")
	}
	eventually(t, "a tap on the last stripe reaches the page", func() bool {
		xdotool(t, display, "mousemove", "540", "650", "click", "1", "sleep", "0.1")
		return end.Load()
	})
	if windows := countWindows(t, display); windows != windowsBefore {
		t.Errorf("%d windows on the display, %d before", windows, windowsBefore)
	}
}

// A scanner that types, and the technician's keyboard, need no tap first.
func TestKeysReachThePageUnasked(t *testing.T) {
	app := newApp(t, `<input autofocus oninput="fetch('/typed?' + this.value + ' ' + document.hasFocus())">`)
	var typed atomic.Value
	typed.Store("")
	app.mux.HandleFunc("GET /typed", func(w http.ResponseWriter, r *http.Request) { typed.Store(r.URL.RawQuery) })
	app.arrive()
	display := shelltest.StartDisplay(t, 1080, 1920)
	startShell(t, display, "-url", app.url())
	eventually(t, "the app is shown", func() bool { return showsApp(t, display) })
	eventually(t, "a key reaches the page", func() bool {
		xdotool(t, display, "key", "x")
		return strings.HasSuffix(typed.Load().(string), "true")
	})
}

// xdotool plays mouse and keyboard on the display.
func xdotool(t *testing.T, display *shelltest.Display, args ...string) {
	t.Helper()
	if out, err := display.Command(t, "xdotool", "xdotool", args...).CombinedOutput(); err != nil {
		t.Fatalf("xdotool %q: %v\n%s", args, err, out)
	}
}
