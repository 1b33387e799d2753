package ui

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"math"
	"net/http"
	"net/http/httptest"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"yimen/kiosk/journey"
	"yimen/kiosk/journey/journeytest"
	"yimen/kiosk/journey/view"
	"yimen/ui/shell/shelltest"
)

// taps is how many taps are made on each page.
const taps = 100

// meter notes in window.taken how many milliseconds pass from the moment at which the finger was lifted, by the clock of the
// input event, to the first frame in which another screen is painted. A page that is left hands the moment on.
const meter = `
window.taken = JSON.parse(sessionStorage.getItem("taken") ?? "[]");
window.lifted = Number(sessionStorage.getItem("lifted") ?? 0);
function painted() {
	if (!window.lifted) return;
	const from = window.lifted;
	window.lifted = 0;
	requestAnimationFrame(() => {
		const after = new MessageChannel();
		after.port1.onmessage = () => window.taken.push(performance.timeOrigin + performance.now() - from);
		after.port2.postMessage(0);
	});
}
addEventListener("click", e => { window.lifted = performance.timeOrigin + e.timeStamp; }, true);
new MutationObserver(painted).observe(document, {subtree: true, childList: true, attributes: true, attributeFilter: ["data-seq"]});
painted();
`

// leaving is the script of a static page whose buttons lead to the other page, as links do.
const leaving = `
addEventListener("click", e => {
	if (!e.target.closest("[data-do]")) return;
	sessionStorage.setItem("lifted", window.lifted);
	sessionStorage.setItem("taken", JSON.stringify(window.taken));
	location.href = location.pathname === "/0" ? "/1" : "/0";
});
`

// swapping is the script of a static page that holds both screens, and whose buttons show the other one.
const swapping = `
const other = fetch("/1").then(r => r.text()).then(html => new DOMParser().parseFromString(html, "text/html").getElementById("screen"));
other.then(fresh => {
	document.documentElement.dataset.ready = "";
	addEventListener("click", e => {
		if (!e.target.closest("[data-do]")) return;
		const old = document.getElementById("screen");
		old.replaceWith(fresh);
		fresh = old;
	});
});
`

// staticPages serves two of our screens as plain files without our script, /0 and /1, with another script; it gives the first
// one's address.
func staticPages(b *testing.B, script string, views ...view.View) string {
	b.Helper()
	mux := http.NewServeMux()
	for i, v := range views {
		answer, err := http.Get(serve(b, newStage(b, v)))
		if err != nil {
			b.Fatal(err)
		}
		defer answer.Body.Close()
		drawn, err := io.ReadAll(answer.Body)
		if err != nil {
			b.Fatal(err)
		}
		html := strings.Replace(string(drawn), "/static/page.js", "/script.js", 1)
		mux.HandleFunc(fmt.Sprintf("GET /%d", i), func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			fmt.Fprint(w, html)
		})
	}
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") }) // the window asks
	mux.HandleFunc("GET /script.js", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		fmt.Fprint(w, meter+script)
	})
	mux.HandleFunc("GET /static/panel.css", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/css")
		fmt.Fprintf(w, ":root{--mm:%.5fpx}", 1/pitch)
	})
	mux.HandleFunc("GET /static/{name}", func(w http.ResponseWriter, r *http.Request) {
		file, err := fs.ReadFile(static, "static/dist/"+path.Base(r.PathValue("name")))
		if err != nil {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/css")
		w.Header().Set("Cache-Control", "max-age=3600")
		http.ServeContent(w, r, "", journeytest.Morning(), bytes.NewReader(file))
	})
	server := httptest.NewServer(mux)
	b.Cleanup(server.Close)
	return server.URL + "/0"
}

// midway is a counter at the second question of an estimate, and how the screen was before.
func midway(b *testing.B) (c *counter, first, now view.View) {
	b.Helper()
	c = openCounter(b)
	for _, t := range []journey.Touch{{Do: view.DoStart}, {Do: view.DoNext}, {Do: view.DoChoose, Value: "reckon"}, {Do: view.DoNext}, {Do: view.DoAnswer, Value: "0"}} {
		first = c.view()
		t.Visit, t.Seq = first.Visit, first.Seq
		c.desk.Touch(t)
		now = c.until("change after "+string(t.Do), func(v view.View) bool { return v.Seq != first.Seq })
	}
	return c, first, now
}

// page is one of the pages that are compared, in one browser or another.
type page struct {
	name string
	tap  func(css string) // taps, and waits until another screen was painted
	took func() []float64 // milliseconds of each tap
}

// compare taps to and fro on each page in turn, and reports medians, 99th percentiles and how much longer ours take.
func compare(b *testing.B, pages ...page) {
	for range b.N {
		for range taps / 2 {
			for _, css := range []string{before, again} {
				for _, p := range pages {
					p.tap(css)
				}
			}
		}
	}
	ours := pages[0].took()
	b.ReportMetric(0, "ns/op")
	for i, p := range pages {
		took := p.took()
		if len(took) < taps {
			b.Fatalf("%s: %d taps were painted", p.name, len(took))
		}
		b.ReportMetric(percentile(took, .5), p.name+"-p50-ms")
		b.ReportMetric(percentile(took, .99), p.name+"-p99-ms")
		if i > 0 {
			b.ReportMetric(percentile(ours, .5)/percentile(took, .5), "x-"+p.name+"-p50")
			b.ReportMetric(percentile(ours, .99)/percentile(took, .99), "x-"+p.name+"-p99")
		}
	}
}

func percentile(of []float64, p float64) float64 {
	sorted := slices.Sorted(slices.Values(of))
	return sorted[int(math.Ceil(p*float64(len(sorted))))-1]
}

// The buttons that lead to and fro: to the question before, and by its answer to the present one again.
const (
	before = `[data-do="back"]`
	again  = `[data-do="answer"][data-value="0"]`
)

// BenchmarkTapToPaintedInChromium compares our page, behind a real desk, with static pages of the same two screens.
func BenchmarkTapToPaintedInChromium(b *testing.B) {
	c, first, now := midway(b)
	tabs := browse(b)
	var pages []page
	for name, url := range map[string]string{
		"ours": serve(b, c.desk), "static-link": staticPages(b, leaving, now, first), "static-swap": staticPages(b, swapping, now, first),
	} {
		tab, cancel := chromedp.NewContext(tabs)
		b.Cleanup(cancel)
		if err := chromedp.Do(tab); err != nil {
			b.Fatal(err)
		}
		open(b, tab, url, panels()[0])
		p := page{name: name, took: func() []float64 { return ask[[]float64](b, tab, "window.taken") }}
		switch name {
		case "ours":
			arrived(b, tab, now)
			ask[bool](b, tab, meter+"true")
		case "static-swap":
			until(b, tab, `"ready" in document.documentElement.dataset`)
		}
		n := 0
		p.tap = func(css string) {
			n++
			do(b, tab, chromedp.WaitVisible(chromedp.CSS(css)), chromedp.Click(chromedp.CSS(css)))
			until(b, tab, fmt.Sprintf("window.taken?.length === %d", n))
		}
		pages = append(pages, p)
	}
	slices.SortFunc(pages, func(a, b page) int { return strings.Compare(a.name, b.name) })
	compare(b, pages...)
}

// BenchmarkTapToPaintedInTheWindow does the same in the window that residents see.
func BenchmarkTapToPaintedInTheWindow(b *testing.B) {
	c, first, now := midway(b)
	shell := shelltest.Build(b)
	var pages []page
	for _, of := range []struct{ name, url string }{{"ours", serve(b, c.desk)}, {"static-link", staticPages(b, leaving, now, first)}, {"static-swap", staticPages(b, swapping, now, first)}} {
		window := shelltest.StartOn(b, shelltest.StartDisplay(b, int(panels()[0].width), int(panels()[0].height)), shell, of.url)
		window.Find("#screen " + before)
		if of.name == "ours" {
			window.Eval(meter, nil)
		}
		n := 0
		pages = append(pages, page{
			name: of.name,
			tap: func(css string) {
				n++
				window.Tap(css)
				for painted := 0; painted != n; {
					window.Eval("return (window.taken ?? []).length", &painted)
				}
			},
			took: func() (ms []float64) {
				window.Eval("return window.taken", &ms)
				return ms
			},
		})
	}
	compare(b, pages...)
}
