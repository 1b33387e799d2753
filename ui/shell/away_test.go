package main

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"yimen/ui/shell/shelltest"
)

const (
	appWords  = "这里是终端"
	awayWords = "着急办事，请到工作人员窗口"
)

const appHeading = `<h1>` + appWords + `</h1>`

func TestOwnPageIsShownUntilTheDaemonComes(t *testing.T) {
	app := newApp(t, appHeading)
	session := shelltest.Start(t, shell(t), app.url())
	session.WaitText("body", awayWords)
	app.arrive()
	session.WaitText("h1", appWords)
}

// The page was loaded whole; nothing on it notices that nobody is behind it any more.
func TestOwnPageReplacesAPageWhoseDaemonIsGone(t *testing.T) {
	app := startApp(t, appHeading)
	session := shelltest.Start(t, shell(t), app.url())
	for range 2 {
		session.WaitText("h1", appWords)
		app.leave()
		session.WaitText("body", awayWords)
		app.arrive()
	}
	session.WaitText("h1", appWords)
}

func TestOwnPageReplacesAPageWhoseDaemonIsUnwell(t *testing.T) {
	app := startApp(t, appHeading)
	session := shelltest.Start(t, shell(t), app.url())
	session.WaitText("h1", appWords)
	app.healthy.Store(false)
	session.WaitText("body", awayWords)
	app.healthy.Store(true)
	session.WaitText("h1", appWords)
}

func TestOwnPageReplacesAnErrorPage(t *testing.T) {
	app := startApp(t, appHeading+`<a id="broken" href="/broken">.</a>`)
	app.mux.HandleFunc("GET /broken", func(w http.ResponseWriter, r *http.Request) {
		http.Error(w, "panic: nothing for a resident", http.StatusInternalServerError)
	})
	session := shelltest.Start(t, shell(t), app.url())
	session.WaitText("h1", appWords)
	before := app.loads.Load()
	session.Tap("#broken")
	eventually(t, "the page is loaded again", func() bool { return app.loads.Load() > before })
	session.WaitText("h1", appWords)
}

func TestOwnPageReplacesAPageThatBreaksOff(t *testing.T) {
	app := newApp(t, appHeading)
	var tries atomic.Int32
	app.mux.HandleFunc("GET /start", func(w http.ResponseWriter, r *http.Request) {
		if tries.Add(1) < 3 {
			panic(http.ErrAbortHandler) // alive by its word, and yet
		}
		http.ServeContent(w, r, "start.html", time.Time{}, strings.NewReader(appHeading))
	})
	app.arrive()
	session := shelltest.Start(t, shell(t), app.url()+"start")
	session.WaitText("h1", appWords)
}
