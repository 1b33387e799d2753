package ui

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"yimen/kiosk/journey/view"
	"yimen/ui/voice"
)

// TestEveryScreenIsDrawn draws each sample in each language; a screen that cannot be drawn would be replaced by
// the trouble screen, and a phrase that is missing by a general sentence: both are logged.
func TestEveryScreenIsDrawn(t *testing.T) {
	var complaints bytes.Buffer
	r, err := newRenderer(slog.New(slog.NewTextHandler(&complaints, nil)))
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range []string{"zh-CN", "en"} {
		for _, s := range samples() {
			if s.name == "trouble" {
				continue
			}
			complaints.Reset()
			s.view.Lang = lang
			html := string(r.page(s.view, voice.State{}))
			if complaints.Len() > 0 {
				t.Errorf("%s in %s: %s", s.name, lang, complaints.String())
			}
			if strings.Contains(html, "style=") || strings.Contains(html, "onclick") {
				t.Errorf("%s: an inline style or script, which the page's policy forbids", s.name)
			}
		}
	}
}

// TestScreenThatCannotBeDrawnSendsToTheDesk draws Views that contradict themselves.
func TestScreenThatCannotBeDrawnSendsToTheDesk(t *testing.T) {
	var complaints bytes.Buffer
	r, err := newRenderer(slog.New(slog.NewTextHandler(&complaints, nil)))
	if err != nil {
		t.Fatal(err)
	}
	for _, screen := range []view.Screen{"nonsense", view.ScreenQuestion, view.ScreenScan} {
		v := base(screen, "", 0)
		html := string(r.screen(v, voice.State{}))
		if !strings.Contains(html, "社会救助窗口") || strings.Contains(html, "nonsense") {
			t.Errorf("screen %q names no desk or shows a code:\n%s", screen, html)
		}
	}
	if !strings.Contains(complaints.String(), "nonsense") {
		t.Error("the trouble was not logged")
	}
}
