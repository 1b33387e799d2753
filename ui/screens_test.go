package ui

import (
	_ "embed"
	"os"
	"strings"
	"testing"

	"yimen/kiosk/journey"
)

//go:embed judge_test.js
var judge string

// TestEveryScreenFitsItsPanel shows every screen standing and lying, plain and elder, in both languages, and
// measures it: nothing is cut or scrolls, targets are 12.7 mm and apart, letters are large, contrast is enough.
func TestEveryScreenFitsItsPanel(t *testing.T) {
	tab := browse(t)
	only := os.Getenv("YIMEN_SCREEN")
	desk := newStage(t, samples()[0].view)
	url := serve(t, desk)
	for _, p := range panels() {
		open(t, tab, url, p)
		for _, mode := range []journey.Mode{journey.Plain, journey.Elder} {
			for _, lang := range []string{"zh-CN", "en"} {
				for _, s := range samples() {
					name := strings.Join([]string{s.name, p.name, string(mode), lang}, "-")
					if !strings.HasPrefix(name, only) {
						continue
					}
					v := s.view
					v.Mode, v.Lang = mode, lang
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
}
