package journey

import (
	"slices"
	"testing"

	"yimen/kiosk/journey/view"
)

func TestWhileATechnicianHasLockedTheTerminalNoVisitBegins(t *testing.T) {
	w := walk(t)
	locked := Standing{Maintenance: &view.Maintenance{Lines: []view.MaintenanceLine{{Name: "磁盘", Outcome: "正常", Text: "还剩 20 GiB", Mark: view.MarkGood}}}}
	w.event(locked)
	v := w.s.View()
	if v.Screen != view.ScreenMaintenance || v.Maintenance == nil || slices.Contains(v.Offers, view.DoStart) {
		t.Fatalf("the locked terminal shows %+v", v)
	}
	w.event(Touch{Visit: v.Visit, Seq: v.Seq, Do: view.DoStart})
	if v := w.s.View(); v.Screen != view.ScreenMaintenance || v.Visit != "" {
		t.Errorf("a visit began: %+v", v)
	}
	w.event(Standing{})
	if v := w.s.View(); v.Screen != view.ScreenAttract || !slices.Contains(v.Offers, view.DoStart) {
		t.Errorf("the opened terminal shows %+v", v)
	}
}

func TestAVisitThatHadBegunEndsAsItWouldHave(t *testing.T) {
	w := walk(t)
	v := w.s.View()
	w.event(Touch{Visit: v.Visit, Seq: v.Seq, Do: view.DoStart})
	w.event(Standing{Maintenance: &view.Maintenance{}})
	if v = w.s.View(); v.Screen != view.ScreenLanguage {
		t.Fatalf("the resident is at %s", v.Screen)
	}
	w.event(Touch{Visit: v.Visit, Seq: v.Seq, Do: view.DoNext})
	if v = w.s.View(); v.Screen != view.ScreenMenu {
		t.Fatalf("the resident is at %s", v.Screen)
	}
	w.event(Touch{Visit: v.Visit, Seq: v.Seq, Do: view.DoLeave})
	if v = w.s.View(); v.Screen != view.ScreenMaintenance {
		t.Errorf("after the visit the screen is %s", v.Screen)
	}
}
