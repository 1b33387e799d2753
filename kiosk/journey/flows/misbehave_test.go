package flows_test

import (
	"fmt"
	"testing"

	"yimen/kiosk/journey"
	"yimen/kiosk/journey/flows"
	"yimen/kiosk/journey/journeytest"
	"yimen/kiosk/journey/view"
)

func TestWhoWalksAwayAtAnyStepLeavesNothing(t *testing.T) {
	each(t, func(v *visits) {
		for _, n := range v.steps() {
			after := fmt.Sprintf("walked away before move %d (%s)", n, v.moves[n])
			h := v.to(n)
			v.away(h, after)
			v.clean(h, after)
			v.untouched(h, n, after)
		}
	})
}

func TestWhoLeavesAtAnyStepLeavesNothing(t *testing.T) {
	each(t, func(v *visits) {
		for _, n := range v.steps() {
			after := fmt.Sprintf("left before move %d (%s)", n, v.moves[n])
			h := v.to(n)
			if !h.Offered(view.DoLeave) {
				continue
			}
			h.Tap(view.DoLeave, "")
			if h.Offered(view.DoLeaveYes) {
				h.Tap(view.DoLeaveYes, "")
			}
			h.Event(flows.Standing())
			h.At(view.ScreenAttract)
			v.clean(h, after)
			v.untouched(h, n, after)
		}
	})
}

func TestWhoDecidesToStayFindsAllAsItWas(t *testing.T) {
	each(t, func(v *visits) {
		h := v.stand()
		h.Come("next", noon)
		for i, m := range v.moves {
			for _, there := range []struct{ to, back view.Do }{{view.DoLeave, view.DoLeaveNo}, {view.DoHelp, view.DoHelpEnd}, {view.DoSight, view.DoSightEnd}} {
				if s := h.View(); s.Cover != nil || s.Visit == "" || !h.Offered(there.to) {
					continue
				}
				was, again := h.State, h.View()
				if there.to == view.DoLeave {
					if h.Tap(there.to, ""); !h.Offered(there.back) { // nothing to lose: the visit is over
						h.State = was
						continue
					}
				} else {
					h.Tap(there.to, "")
				}
				if got := h.Tap(there.back, ""); !alike(moment{view: got}, moment{view: again}) {
					v.Fatalf("before move %d (%s): back from %s is\n%+v\nwant\n%+v", i, m, there.to, got, again)
				}
			}
			h.Play(m)
		}
	})
}

func TestADoubleTapIsOneTapAtEveryStep(t *testing.T) {
	each(t, func(v *visits) {
		h := v.stand()
		h.Come("next", noon)
		for i, m := range v.moves {
			before := h.View()
			h.Play(m)
			got := moment{h.View(), h.Effects}
			if !alike(got, v.want[i]) {
				v.Fatalf("after move %d (%s) of a visit with double taps: %+v, asked %T", i, m, got.view, got.effects)
			}
			touch, ok := m.Is.(journey.Touch)
			if !ok || h.View().Seq == before.Seq {
				continue // nothing was touched, or nothing that shows came of it: the second tap is a tap
			}
			touch.Visit, touch.Seq = before.Visit, before.Seq
			v.ignored(h, touch, fmt.Sprintf("double tap on move %d (%s)", i, m))
		}
	})
}

// A second tab, or a window that was not drawn anew, shows what was shown before and can touch only that.
func TestATabThatShowsWhatWasBeforeTouchesNothing(t *testing.T) {
	each(t, func(v *visits) {
		first := v.stand()
		var old []view.View
		for _, m := range v.moves {
			old = append(old, first.View())
			first.Play(m)
		}
		old = append(old, first.View())
		h := v.stand()
		h.Come("next", noon)
		for i, m := range v.moves {
			h.Play(m)
			got := moment{h.View(), h.Effects}
			if !alike(got, v.want[i]) {
				v.Fatalf("after move %d (%s) of a visit with other tabs open: %+v", i, m, got.view)
			}
			for _, tab := range old {
				if tab.Visit == "" && got.view.Visit == "" {
					continue // the first screen is the same for everybody
				}
				for _, do := range tab.Offers {
					for _, value := range []string{"", "apply:0101"} {
						v.ignored(h, journey.Touch{Visit: tab.Visit, Seq: tab.Seq, Do: do, Value: value}, fmt.Sprintf("a tab of an earlier visit at %s touches %s", tab.Screen, do))
					}
				}
			}
		}
	})
}

func TestATabBehindInTheSameVisitTouchesNothing(t *testing.T) {
	each(t, func(v *visits) {
		h := v.stand()
		h.Come("next", noon)
		var old []view.View
		for i, m := range v.moves {
			old = append(old, h.View())
			h.Play(m)
			got := moment{h.View(), h.Effects}
			if !alike(got, v.want[i]) {
				v.Fatalf("after move %d (%s) of a visit with another tab open: %+v", i, m, got.view)
			}
			for _, tab := range old {
				if tab.Seq == got.view.Seq {
					continue // nothing has changed since
				}
				for _, do := range tab.Offers {
					v.ignored(h, journey.Touch{Visit: tab.Visit, Seq: tab.Seq, Do: do}, fmt.Sprintf("a tab behind, at %s, touches %s", tab.Screen, do))
				}
			}
		}
	})
}

// However far a resident goes back, nothing is shown that must not be, and after it nothing stays.
func TestGoingBackFromAnyStepLeavesNothing(t *testing.T) {
	each(t, func(v *visits) {
		for _, n := range v.steps() {
			after := fmt.Sprintf("back from move %d (%s)", n, v.moves[n])
			h := v.to(n)
			for range 150 {
				if h.View().Cover != nil || !h.Offered(view.DoBack) {
					break
				}
				s := h.Tap(view.DoBack, "")
				if s.Visit == "" {
					break
				}
				if found := journeytest.Traces(s, []string{"11010519491231002X", "440524188001010014", "932682198501010017"}); len(found) > 0 {
					v.Errorf("%s: %s shows a whole number", after, s.Screen)
				}
			}
			v.away(h, after)
			v.clean(h, after)
			v.untouched(h, n, after)
		}
	})
}
