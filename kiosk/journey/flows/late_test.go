package flows_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"yimen/kiosk/journey"
	"yimen/kiosk/journey/journeytest"
	"yimen/kiosk/journey/view"
)

// What a device is still about when the resident goes on is not taken for what the next screen waits for: it neither leads
// anywhere nor makes the terminal say what was not seen.
func TestWhatADeviceSaysTooLateLeadsNowhere(t *testing.T) {
	each(t, func(v *visits) {
		for n, m := range v.moves {
			switch m.Is.(type) {
			case journey.Touch, journey.Standing, journey.Tick:
				continue
			}
			for behind := n + 1; behind < len(v.moves); behind++ {
				h := v.to(n)
				if !v.goOn(h, v.moves[n+1:behind+1]) {
					break // it is waited for
				}
				before := h.View()
				after := h.Event(m.Is)
				if after.Screen != before.Screen || !reflect.DeepEqual(after.Slip, before.Slip) {
					v.Errorf("%s comes %d touches late, and the screen goes from %s to %s, the slip is %+v", m, behind-n, before.Screen, after.Screen, after.Slip)
				}
			}
		}
	})
}

// What is on its way to the disk is not handed in a second time as a draft, whoever agreed to that and walks away.
func TestWhatIsOnItsWayIsNotParkedAsWell(t *testing.T) {
	each(t, func(v *visits) {
		for n, m := range v.moves {
			if m.Screen != view.ScreenSending {
				continue
			}
			h := v.to(n)
			before := len(journeytest.Every[journey.Post](h))
			v.away(h, "walked away while it was sent")
			if after := len(journeytest.Every[journey.Post](h)); after != before {
				v.Errorf("before move %d (%s) %d letters went up as well", n, m, after-before)
			}
		}
	})
}

// The desk lets nothing through that a visit which is over had asked for. Even so the journey knows nobody whom it belongs to
// on any screen before a service, nor on those after it.
func TestWhatComesLateReachesNobody(t *testing.T) {
	each(t, func(v *visits) {
		var came []journey.Happening
		for _, m := range v.moves {
			switch m.Is.(type) {
			case journey.Touch, journey.Standing, journey.Tick:
			default:
				came = append(came, m.Is)
			}
		}
		for _, n := range v.steps() {
			h := v.to(n)
			v.away(h, "walked away")
			h.Come("next", noon)
			for i, m := range v.moves {
				if s := h.View().Screen; slices.Contains([]view.Screen{view.ScreenAttract, view.ScreenLanguage, view.ScreenMenu, view.ScreenItem, view.ScreenMaintenance}, s) {
					for _, late := range came {
						v.ignored(h, late, fmt.Sprintf("%T comes late, at the next resident's %s", late, s))
					}
				}
				h.Play(m)
				if got := (moment{h.View(), h.Effects}); !alike(got, v.want[i]) {
					v.Fatalf("after move %d (%s) of a visit into which what was asked before comes late: %+v", i, m, got.view)
				}
			}
		}
	})
}
