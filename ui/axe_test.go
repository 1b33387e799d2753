package ui

import (
	"context"
	"fmt"
	"os"
	"testing"

	"github.com/chromedp/chromedp"
)

// Axe is a program that nobody here wrote, which looks for what keeps people with disabilities out (WCAG 2.1 A and AA).
const axe = "node_modules/axe-core/axe.min.js"

// axeRun gives each kind of fault with the places where it was found.
const axeRun = `axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], resultTypes: ["violations"]})
	.then(r => r.violations.map(v => v.id + " (" + v.help + "): " + v.nodes.slice(0, 3).map(n => n.target.join(" ")).join(", ")))`

// TestAxeFindsNothing shows it every screen in one of the pairs by turns, in a soak in all faces.
func TestAxeFindsNothing(t *testing.T) {
	script, err := os.ReadFile(axe)
	if err != nil {
		t.Fatalf("%v (make ui installs it)", err)
	}
	tab := browse(t)
	desk := newStage(t, samples()[0].view)
	url := serve(t, desk)
	for _, p := range panels() {
		open(t, tab, url, p)
		load(t, tab, string(script))
		for i, s := range samples() {
			for _, f := range turns(i, s.view) {
				if f.panel != p {
					continue
				}
				v := s.view
				v.Look, v.Lang, v.Visit = f.look, f.lang, s.name+"-"+f.name()
				arrived(t, tab, desk.show(v))
				for _, fault := range ask[[]string](t, tab, axeRun) {
					t.Errorf("%s: %s", v.Visit, fault)
				}
			}
		}
		ask[bool](t, tab, `(document.querySelector("main").append(new Image()), true)`)
		if faults := ask[[]string](t, tab, axeRun); len(faults) == 0 {
			t.Error("a picture without words is not found: nothing was looked at")
		}
	}
}

// load runs a script in the page, past the page's own policy, which lets no foreign script in.
func load(t *testing.T, tab context.Context, script string) {
	t.Helper()
	do(t, tab, chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := chromedp.Run(ctx, chromedp.Evaluate[string](script+"\n;typeof axe"))
		if err != nil {
			return fmt.Errorf("load the script: %w", err)
		}
		return nil
	}))
}
