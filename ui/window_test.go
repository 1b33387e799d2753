package ui

import (
	"fmt"
	"testing"

	"yimen/kiosk/journey/view"
	"yimen/ui/shell/shelltest"
)

// TestEveryScreenFitsTheRealWindow judges the screens in the window that residents see. Chromium and WebKit break
// columns, lines and flex boxes in ways of their own. The largest letters are what breaks first.
func TestEveryScreenFitsTheRealWindow(t *testing.T) {
	for _, p := range panels() {
		t.Run(p.name, func(t *testing.T) {
			desk := newStage(t, samples()[0].view)
			window := shelltest.StartOn(t, shelltest.StartDisplay(t, int(p.width), int(p.height)), shelltest.Build(t), serve(t, desk))
			for i, s := range samples() {
				v := s.view
				if v.Visit != "" {
					v.Look = view.Look{Size: view.SizeXL, Contrast: view.Contrasts()[i%3]}
				}
				v.Visit = s.name
				v = desk.show(v)
				window.Find(fmt.Sprintf(`#screen[data-seq="%d"]`, v.Seq))
				var faults []string
				window.Eval("return "+judge, &faults)
				for _, fault := range faults {
					t.Errorf("%s: %s", s.name, fault)
				}
			}
		})
	}
}

// TestTextTurnsItsPagesInTheRealWindow goes through a long notice with the one button.
func TestTextTurnsItsPagesInTheRealWindow(t *testing.T) {
	v := workSamples()[0].view
	v.Document.Paragraphs = append(v.Document.Paragraphs, v.Document.Paragraphs...)
	desk := newStage(t, v)
	window := shelltest.StartOn(t, shelltest.StartDisplay(t, int(panels()[0].width), int(panels()[0].height)), shelltest.Build(t), serve(t, desk))
	window.Find(primary + "[data-more]")
	var pages int
	window.Eval(`return Number(document.querySelector("[data-turn] [data-say]").textContent.match(/共 (\d+) 页/)[1])`, &pages)
	if pages < 2 {
		t.Fatalf("the text has %d pages", pages)
	}
	for range pages - 1 {
		window.Tap(primary)
	}
	window.Gone(primary + "[data-more]")
	window.Tap(primary)
	if got := heard(t, desk); got.Do != view.DoNext {
		t.Errorf("the desk heard %s", got.Do)
	}
}
