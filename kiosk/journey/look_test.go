package journey

import (
	"slices"
	"testing"

	"yimen/kiosk/journey/view"
)

var large = view.Look{Size: view.SizeXL, Contrast: view.WhiteOnBlack}

// chosen opens the sheet and takes the largest letters, white on black.
func (w *walker) chosen() *walker {
	w.tap(view.DoSight, "")
	w.tap(view.DoSize, "xl")
	w.tap(view.DoContrast, "white-on-black")
	w.tap(view.DoSightEnd, "")
	return w
}

func TestLanguageAndLookAreForgottenWithTheVisit(t *testing.T) {
	w := walk(t)
	w.tap(view.DoStart, "")
	w.tap(view.DoLanguage, "en")
	w.chosen().tap(view.DoNext, "")
	if v := w.s.View(); v.Lang != "en" || v.Look != large {
		t.Fatalf("shown in %s %v", v.Lang, v.Look)
	}
	w.tap(view.DoLeave, "")
	if v := w.s.View(); v.Lang != "zh-CN" || v.Look != view.Usual() {
		t.Errorf("next resident meets %s %v", v.Lang, v.Look)
	}
}

// TestTheLookLastsToTheLastPage: whoever stood there reads the last word as large as the first, covers included.
func TestTheLookLastsToTheLastPage(t *testing.T) {
	w := walk(t).inside().chosen()
	seen := map[view.Screen]bool{}
	for range 200 {
		at, ok := w.s.Wake()
		if !ok {
			break
		}
		if v := w.s.View(); v.Look != large {
			t.Fatalf("%s is shown as %v", v.Screen, v.Look)
		}
		seen[w.s.View().Screen] = true
		w.now = at
		w.event(Tick{})
	}
	if v := w.s.View(); v.Screen != view.ScreenAttract || v.Look != view.Usual() {
		t.Errorf("in the end %s is shown as %v", v.Screen, v.Look)
	}
	if !seen[view.ScreenCovered] || !seen[view.ScreenWiped] {
		t.Errorf("only %v were seen", seen)
	}
}

func TestTheSheetLeavesTheScreenAsItIs(t *testing.T) {
	w := walk(t).inside()
	before := w.s.View()
	w.tap(view.DoSight, "")
	v := w.s.View()
	if v.Cover == nil || v.Cover.Kind != view.CoverSight || v.Screen != before.Screen || !slices.Contains(v.Offers, view.DoHelp) {
		t.Fatalf("%s under %+v offers %v", v.Screen, v.Cover, v.Offers)
	}
	w.tap(view.DoSize, "gigantic")
	w.tap(view.DoContrast, "s")
	if got := w.s.View().Look; got != view.Usual() {
		t.Errorf("what does not exist was taken: %v", got)
	}
	w.tap(view.DoSightEnd, "")
	if v := w.s.View(); v.Cover != nil || v.Screen != before.Screen || !slices.Equal(v.Offers, before.Offers) {
		t.Errorf("afterwards: %s under %+v, %v", v.Screen, v.Cover, v.Offers)
	}
}

// TestWhoCannotSeeTheFirstScreenBeginsWithTheLook: 长者模式 is one tap, the sheet another.
func TestWhoCannotSeeTheFirstScreenBeginsWithTheLook(t *testing.T) {
	w := walk(t)
	w.tap(view.DoSize, "l")
	if v := w.s.View(); v.Visit == "" || v.Screen != view.ScreenLanguage || v.Look.Size != view.SizeL {
		t.Errorf("after 长者模式: %q at %s, %v", v.Visit, v.Screen, v.Look)
	}
	w = walk(t)
	w.tap(view.DoSight, "")
	if v := w.s.View(); v.Visit == "" || v.Screen != view.ScreenLanguage || v.Cover == nil || v.Cover.Kind != view.CoverSight {
		t.Errorf("after the sheet's button: %q at %s under %+v", v.Visit, v.Screen, v.Cover)
	}
}
