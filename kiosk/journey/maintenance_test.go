package journey

import (
	"slices"
	"testing"
)

func TestWhileATechnicianHasLockedTheTerminalNoVisitBegins(t *testing.T) {
	w := walk(t)
	locked := Standing{Maintenance: &Maintenance{Lines: []MaintenanceLine{{Name: "磁盘", Outcome: "正常", Text: "还剩 20 GiB", Mark: MarkGood}}}}
	w.event(locked)
	v := w.s.View()
	if v.Screen != ScreenMaintenance || v.Maintenance == nil || slices.Contains(v.Offers, DoStart) {
		t.Fatalf("the locked terminal shows %+v", v)
	}
	w.event(Touch{Visit: v.Visit, Seq: v.Seq, Do: DoStart})
	if v := w.s.View(); v.Screen != ScreenMaintenance || v.Visit != "" {
		t.Errorf("a visit began: %+v", v)
	}
	w.event(Standing{})
	if v := w.s.View(); v.Screen != ScreenAttract || !slices.Contains(v.Offers, DoStart) {
		t.Errorf("the opened terminal shows %+v", v)
	}
}

func TestAVisitThatHadBegunEndsAsItWouldHave(t *testing.T) {
	w := walk(t)
	v := w.s.View()
	w.event(Touch{Visit: v.Visit, Seq: v.Seq, Do: DoStart})
	w.event(Standing{Maintenance: &Maintenance{}})
	if v = w.s.View(); v.Screen != ScreenLanguage {
		t.Fatalf("the resident is at %s", v.Screen)
	}
	w.event(Touch{Visit: v.Visit, Seq: v.Seq, Do: DoNext})
	if v = w.s.View(); v.Screen != ScreenMenu {
		t.Fatalf("the resident is at %s", v.Screen)
	}
	w.event(Touch{Visit: v.Visit, Seq: v.Seq, Do: DoLeave})
	if v = w.s.View(); v.Screen != ScreenMaintenance {
		t.Errorf("after the visit the screen is %s", v.Screen)
	}
}
