package ui

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"yimen/kiosk/journey"
	"yimen/kiosk/journey/view"
)

// asked counts what a desk is asked.
type asked struct {
	*stage
	times atomic.Int64
}

func (a *asked) Views(ctx context.Context) <-chan view.View {
	a.times.Add(1)
	return a.stage.Views(ctx)
}

func (a *asked) Touch(t journey.Touch) {
	a.times.Add(1)
	a.stage.Touch(t)
}

func (a *asked) Frames(ctx context.Context) <-chan []byte {
	a.times.Add(1)
	return a.stage.Frames(ctx)
}

func (a *asked) Picture(id string) ([]byte, bool) {
	a.times.Add(1)
	return a.stage.Picture(id)
}

// tries is a foreign page's script: every way by which one page reaches another's server. It gives what it got.
const tries = `async target => {
	const got = [];
	const touch = JSON.stringify({visit: "", seq: 7, do: "start"});
	const patient = (what, begin) => new Promise(done => {
		setTimeout(done, 3000);
		begin(() => { got.push(what); done() }, done);
	});
	const all = [];
	for (const mode of ["cors", "no-cors", "same-origin"])
		for (const [method, path, body] of [["GET", ""], ["GET", "events"], ["GET", "live"], ["GET", "picture/page1"], ["GET", "static/page.js"], ["POST", "touch", touch], ["POST", "ink", "{}"]])
			all.push(fetch(target + path, {mode, method, body, credentials: "include", signal: AbortSignal.timeout(3000)})
				.then(r => { if (r.type !== "opaque") got.push(mode + " " + method + " /" + path + " read: " + r.status) }, () => {}));
	all.push(fetch(target + "touch", {method: "POST", body: touch, credentials: "include", headers: {"Content-Type": "application/json"}}).then(() => got.push("touch as JSON"), () => {}));
	const element = (kind, set) => (yes, no) => {
		const e = document.createElement(kind);
		e.onload = yes, e.onerror = no;
		set(e);
		document.body.append(e);
	};
	all.push(patient("picture", element("img", e => e.src = target + "picture/page1")));
	all.push(patient("live picture", element("img", e => e.src = target + "live")));
	all.push(patient("script", element("script", e => e.src = target + "static/page.js")));
	all.push(patient("style", element("link", e => { e.rel = "stylesheet"; e.href = target + "static/panel.css" })));
	all.push(patient("stream of events", (yes, no) => { const s = new EventSource(target + "events", {withCredentials: true}); s.onopen = yes; s.onerror = () => { s.close(); no() } }));
	all.push(patient("socket", (yes, no) => { const s = new WebSocket(target.replace("http", "ws") + "events"); s.onopen = yes; s.onerror = no }));
	navigator.sendBeacon(target + "touch", touch);
	const frame = document.createElement("iframe");
	frame.name = "inside";
	frame.src = target;
	document.body.append(frame);
	await Promise.all(all);
	const form = document.createElement("form");
	form.action = target + "touch", form.method = "POST", form.enctype = "text/plain", form.target = "inside";
	const field = document.createElement("input");
	field.name = touch.slice(0, -1) + ',"x":"', field.value = '"}';
	form.append(field);
	document.body.append(form);
	form.submit();
	const other = window.open(target, "other");
	await new Promise(done => setTimeout(done, 500));
	try { if (other.document.body.innerText) got.push("window: " + other.document.body.innerText) } catch {}
	try { if (frame.contentDocument.body.innerText) got.push("frame: " + frame.contentDocument.body.innerText) } catch {}
	return got.join("\n");
}`

// TestAForeignPageReachesNothing has a browser that holds our token open pages of others, on other ports of this machine
// and under names that are made to point here, and lets them try everything (SEC7).
func TestAForeignPageReachesNothing(t *testing.T) {
	desk := &asked{stage: newStage(t, samples()[0].view)}
	url := serve(t, desk)
	foreign := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		io.WriteString(w, "<!doctype html><title>foreign</title><body>foreign")
	}))
	defer foreign.Close()
	tab := browseAnd(t, ignoreConsole)
	open(t, tab, url, panels()[0])
	if !ask[bool](t, tab, `fetch("/picture/page1").then(r => r.ok)`) {
		t.Fatal("our own page does not get its picture: the others' tries would prove nothing")
	}
	port := func(of string) string { return of[strings.LastIndex(of, ":"):] }
	for _, host := range []string{"127.0.0.1", "localhost", "yimen.test"} {
		t.Run(host, func(t *testing.T) {
			do(t, tab, chromedp.Navigate("http://"+host+port(foreign.URL)+"/"))
			// Our own page is gone, and its streams end with it.
			for before := int64(-1); before != desk.times.Load(); time.Sleep(300 * time.Millisecond) {
				before = desk.times.Load()
			}
			before := desk.times.Load()
			for _, target := range []string{url, "http://localhost" + port(url), "http://yimen.test" + port(url)} {
				if got := ask[string](t, tab, "("+tries+")('"+target+"')"); got != "" {
					t.Errorf("from %s it gets of %s\n%s", host, target, got)
				}
			}
			if n := desk.times.Load() - before; n != 0 || len(desk.touches) != 0 {
				t.Errorf("the desk was asked %d times and heard %d touches", n, len(desk.touches))
			}
		})
	}
	do(t, tab, chromedp.Navigate("http://yimen.test"+port(url)))
	if text := ask[string](t, tab, "document.body.innerText"); strings.TrimSpace(text) != "refused" {
		t.Errorf("by a name that is made to point here the page is %q", text)
	}
}
