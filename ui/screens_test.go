package ui

import (
	_ "embed"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"yimen/kiosk/journey/view"
	"yimen/kiosk/policy"
)

//go:embed judge_test.js
var judge string

// TestEveryScreenFitsItsPanel shows every screen standing and lying, in sizes, colours and languages, and measures it:
// nothing is cut or scrolls, targets are 12.7 mm and apart, letters are large, contrast is enough, help is there.
func TestEveryScreenFitsItsPanel(t *testing.T) {
	tab := browse(t)
	only := os.Getenv("YIMEN_SCREEN")
	desk := newStage(t, samples()[0].view)
	url := serve(t, desk)
	for _, p := range panels() {
		open(t, tab, url, p)
		for i, s := range samples() {
			for _, f := range seen(i, s.view) {
				name := s.name + "-" + f.name()
				if f.panel != p || !strings.HasPrefix(name, only) {
					continue
				}
				v := s.view
				v.Look, v.Lang = f.look, f.lang
				v.Visit = name // another visit: nothing is kept from the screen before
				arrived(t, tab, desk.show(v))
				picture(t, tab, name)
				for _, fault := range ask[[]string](t, tab, judge) {
					t.Errorf("%s: %s", name, fault)
				}
			}
		}
	}
}

// TestListUsesBothColumnsOfALyingPanel: a column more or less is half the pages.
func TestListUsesBothColumnsOfALyingPanel(t *testing.T) {
	v := workSamples()[5].view
	v.Look.Size = view.SizeL
	e := *v.Estimate
	e.Sentences = slices.Repeat(e.Sentences, 4)
	v.Estimate = &e
	desk := newStage(t, v)
	tab := browse(t)
	url := serve(t, desk)
	for _, width := range []int64{1920, 1919, 1918, 1917} { // sizes round differently
		open(t, tab, url, panel{"lying", width, 1080})
		arrived(t, tab, v)
		line, box := where(t, tab, ".lines > .line"), where(t, tab, "#lines")
		if line.Width > box.Width/2 {
			t.Errorf("on %d pixels a line is %.0f wide in a box of %.0f", width, line.Width, box.Width)
		}
	}
}

// TestScreensFitWhileTheyAreUsed measures what comes up between two Views: candidates, months, days, refusals.
func TestScreensFitWhileTheyAreUsed(t *testing.T) {
	tab := browse(t)
	desk := newStage(t, samples()[0].view)
	url := serve(t, desk)
	fits := func(name string) {
		t.Helper()
		picture(t, tab, "used-"+name)
		for _, fault := range ask[[]string](t, tab, judge) {
			t.Errorf("%s: %s", name, fault)
		}
	}
	for _, p := range panels() {
		open(t, tab, url, p)
		large := func(in policy.Input) {
			v := ofInput(in, "")
			v.Look.Size, v.Visit = view.SizeXL, p.name+string(in)
			arrived(t, tab, desk.show(v))
		}
		large(policy.InputText)
		fits(p.name + "-handwriting")
		tap(t, tab, `[data-way="han"]`, `.hg-button[data-skbtn="l"]`, `.hg-button[data-skbtn="i"]`)
		until(t, tab, spelled)
		fits(p.name + "-candidates")
		tap(t, tab, `[data-way="strokes"]`, `.hg-button[data-skbtn="h"]`)
		until(t, tab, spelled)
		fits(p.name + "-strokes")
		tap(t, tab, `[data-way="digits"]`, primary)
		fits(p.name + "-digits")
		large(policy.InputDate)
		for _, step := range []string{"1940—1949年", "1948年", "12月"} {
			do(t, tab, chromedp.Click(`//button[text()="`+step+`"]`))
			fits(p.name + "-after-" + step)
		}
		tap(t, tab, primary)
		fits(p.name + "-no-day")
	}
}
