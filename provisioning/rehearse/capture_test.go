package main

import (
	"context"
	"encoding/json"
	"testing"

	"yimen/provisioning/hall"
	"yimen/provisioning/visitor"
)

// TestAPageIsGuidedTakenByItselfAndHelpedWhenItFails lays papers before the whole terminal, well and badly, and looks at
// every screen on both panels.
func TestAPageIsGuidedTakenByItselfAndHelpedWhenItFails(t *testing.T) {
	h := startHall(t, func(o *hall.Options) {
		o.Frame = "2592x1944"
		o.Idle = "  cover: 50m\n  ask: 55m\n  quiet: 50m\n" // a slow machine is no absent resident
	})
	bench := &visitor.Bench{Panel: h.Panel}
	for _, face := range []struct {
		name          string
		width, height int64
		elder         bool
	}{{"capture-portrait", 1080, 1920, true}, {"capture-landscape", 1920, 1080, false}} {
		w := walkOf(t, h, face.name, face.width, face.height)
		must(t, bench.TakePage(w.ctx))
		w.toCamera(bench, face.elder)

		w.until("看不到纸")
		must(t, bench.LayPageAs(w.ctx, "bankbook", map[string]any{"fill": 0.8, "angle": 2, "hand": true}))
		w.until("请把手拿开")
		w.page("a hand over the edge")
		for _, bad := range []struct {
			says string
			pose map[string]any
		}{
			{"往右挪一点", map[string]any{"fill": 0.8, "right": -0.4}},
			{"一次只放一张纸", map[string]any{"fill": 0.7, "right": -0.22, "second": true}},
			{"太暗了", map[string]any{"fill": 0.8, "light": 0.2}},
		} {
			must(t, bench.LayPageAs(w.ctx, "bankbook", bad.pose))
			w.until(bad.says)
			w.page(bad.says)
		}
		w.countGuides(bench)
		must(t, bench.LayPage(w.ctx, "bankbook"))
		w.until("拍清楚了") // nobody has touched the screen
		w.page("taken by itself")
		w.tap(`[data-do="turn"]`)
		w.untilThere(`[data-do="accept"]`)
		w.page("turned by hand")
		for range 3 {
			w.tap(`[data-do="turn"]`)
			w.untilThere(`[data-do="turn"]`)
		}
		w.tap(`[data-do="accept"]`)
		w.until("这一页拍过了")
		w.page("the same page again")
		kept := picturesOf(w)
		if len(kept) != 1 || !fetched(w, kept[0]) {
			t.Fatalf("kept %q", kept)
		}
		w.tap(`[data-do="auto"]`)
		w.tap(`[data-do="next"]`)

		slips, err := bench.Slips(w.ctx)
		must(t, err)
		must(t, bench.LayPageAs(w.ctx, "lease", map[string]any{"fill": 0.8, "light": 0.2}))
		for try := 1; try <= 3; try++ {
			w.tap(`[data-do="shoot"]`)
			if try < 3 {
				w.until("请再拍一次")
				w.page("too dark")
				w.tap(`[data-do="retake"]`)
			}
		}
		w.until("需工作人员核对")
		eventually(t, "a ticket for the desk", func() bool {
			n, err := bench.Slips(w.ctx)
			must(t, err)
			return n == slips+1
		})
		w.until("这份拍完了")
		w.page("taken for staff to check")
		w.tap(`[data-do="look"]`)
		w.page("looked at again")
		w.tap(`[data-do="accept"]`)
		w.leave()
		if fetched(w, kept[0]) {
			t.Error("a page can be looked at after the visit")
		}
	}
}

// untilThere waits for something to touch.
func (w *walk) untilThere(css string) {
	w.t.Helper()
	eventually(w.t, css, func() bool { return w.has(css) })
}

// countGuides tells how often the page's edge is drawn anew over the live picture, of a page that is not taken by itself.
func (w *walk) countGuides(bench *visitor.Bench) {
	w.t.Helper()
	must(w.t, bench.LayPageAs(w.ctx, "bankbook", map[string]any{"fill": 0.8, "hand": true}))
	w.until("请把手拿开")
	_, err := w.browser.Eval(w.ctx, `(() => {
  window.drawn = 0; window.since = performance.now();
  new MutationObserver((m) => { window.drawn += m.length; }).observe(document.querySelector(".edge polygon"), { attributes: true, attributeFilter: ["points"] });
  return true;
})()`)
	must(w.t, err)
	var seen struct{ Drawn, Seconds float64 }
	eventually(w.t, "the edge drawn again and again", func() bool {
		raw, err := w.browser.Eval(w.ctx, `({Drawn: window.drawn, Seconds: (performance.now() - window.since) / 1000})`)
		must(w.t, err)
		must(w.t, json.Unmarshal(raw, &seen))
		return seen.Drawn >= 40
	})
	w.t.Logf("%s: the page's edge was drawn %.0f times in %.1f s, %.1f a second", w.name, seen.Drawn, seen.Seconds, seen.Drawn/seen.Seconds)
}

// toCamera plays an application up to its first paper.
func (w *walk) toCamera(bench *visitor.Bench, elder bool) {
	w.t.Helper()
	v := visitor.Visitor{
		Browser: w.browser, Bench: bench, Card: "liu", Offer: "apply:0101", Elder: elder,
		Answers: map[string]string{"household_size": "1", "member.1.income_kinds": "none"},
	}
	v.Before = func(_ context.Context, s visitor.Seen) error {
		if s.Screen == "scan" {
			return visitor.ErrEnd
		}
		return nil
	}
	_, err := v.Play(w.ctx)
	must(w.t, err)
	must(w.t, bench.TakeCard(w.ctx))
}

// picturesOf lists the addresses of the kept pages on the screen.
func picturesOf(w *walk) (at []string) {
	w.t.Helper()
	raw, err := w.browser.Eval(w.ctx, `[...document.querySelectorAll(".kept .page img")].map((i) => i.src)`)
	must(w.t, err)
	must(w.t, json.Unmarshal(raw, &at))
	return at
}

// fetched tells whether the page's browser still gets a picture.
func fetched(w *walk, at string) bool {
	w.t.Helper()
	raw, err := w.browser.Eval(w.ctx, `(() => { const r = new XMLHttpRequest(); r.open("GET", "`+at+`", false); r.send(); return r.status === 200; })()`)
	must(w.t, err)
	return string(raw) == "true"
}
