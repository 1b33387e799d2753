package flows_test

import (
	"fmt"
	"os"
	"reflect"
	"slices"
	"testing"
	"time"

	"yimen/kiosk/journey"
	"yimen/kiosk/journey/flows"
	"yimen/kiosk/journey/journeytest"
	"yimen/kiosk/journey/view"
)

// moment is what a visit came to by one move.
type moment struct {
	view    view.View
	effects []journey.Effect
}

// visits is one flow as it goes where nobody misbehaves.
type visits struct {
	*testing.T
	name  string
	cfg   *journey.Config
	moves journeytest.Transcript
	want  []moment // of a visit that nobody came before, by move
	all   []*visits
}

// each runs a test for every flow of a terminal.
func each(t *testing.T, test func(v *visits)) {
	cfg := flows.Config(t)
	var all []*visits
	for _, f := range flows.All() {
		v := &visits{T: t, name: f.Name, cfg: cfg}
		h := v.stand()
		h.Come("next", noon)
		f.Play(h)
		v.moves = h.Transcript
		v.want = v.play(v.stand())
		all = append(all, v)
	}
	for i, v := range all {
		t.Run(v.name, func(t *testing.T) {
			one := *v
			one.T, one.all = t, append(slices.Clone(all[i:]), all[:i]...)
			test(&one)
		})
	}
}

// noon is when the second resident comes, in a hall where somebody was before and in one where nobody was.
var noon = journeytest.Morning().Add(2 * time.Hour)

// stand is at a terminal at which nobody stood.
func (v *visits) stand() *journeytest.Hands {
	h := journeytest.At(v.T, v.cfg)
	h.Event(flows.Standing())
	h.Transcript = nil
	return h
}

// play plays the flow as the next resident, at noon.
func (v *visits) play(h *journeytest.Hands) (seen []moment) {
	h.Come("next", noon)
	for _, m := range v.moves {
		h.Play(m)
		seen = append(seen, moment{h.View(), h.Effects})
	}
	return seen
}

// alike tells whether two moments show the same, ask for the same and offer the same. Seq counts on from visit to visit.
func alike(a, b moment) bool {
	a.view.Seq, b.view.Seq = 0, 0
	return reflect.DeepEqual(a, b)
}

// untouched has the next resident come for something, another thing from step to step, and reports where anything is not as
// if nobody had been there before.
func (v *visits) untouched(h *journeytest.Hands, n int, after string) {
	v.Helper()
	next := v.all[n%len(v.all)]
	for i, got := range next.play(h) {
		if want := next.want[i]; !alike(got, want) {
			v.Fatalf("%s: the next resident, who comes for %s, after move %d (%s) meets\n%+v, asked %T\nwant\n%+v, asked %T",
				after, next.name, i, next.moves[i], got.view, got.effects, want.view, want.effects)
		}
	}
}

// to plays the flow's first n moves as the first resident.
func (v *visits) to(n int) *journeytest.Hands {
	h := v.stand()
	h.Play(v.moves[:n]...)
	return h
}

// steps are the moments at which residents misbehave: in a soak each, otherwise each of short flows and some of long ones.
func (v *visits) steps() (at []int) {
	stride := 1
	if os.Getenv("YIMEN_SOAK") == "" {
		stride = 1 + len(v.moves)/15
	}
	for i := 1; i < len(v.moves); i += stride {
		at = append(at, i)
	}
	return at
}

// clean fails where the terminal holds anything of who was there, now that the visit is over.
func (v *visits) clean(h *journeytest.Hands, after string) {
	v.Helper()
	if found := journeytest.Traces(h.State, flows.Secrets()); len(found) > 0 {
		v.Errorf("%s: the terminal still holds %q", after, found)
	}
}

// away lets time pass until nobody is thought to stand there, and checks what lies open meanwhile.
func (v *visits) away(h *journeytest.Hands, after string) {
	v.Helper()
	began, ended := h.View().Visit != "", false
	for range 200 {
		at, ok := h.State.Wake()
		if !ok {
			break
		}
		s := h.Pass(max(0, at.Sub(h.Now)))
		_, end := journeytest.Asked[journey.End](h)
		ended = ended || end
		if s.Screen == view.ScreenWiped || s.Cover != nil && slices.Contains([]view.CoverKind{view.CoverPrivacy, view.CoverIdle}, s.Cover.Kind) {
			if found := journeytest.Traces(s, flows.Secrets()); len(found) > 0 {
				v.Errorf("%s: %s shows %q", after, s.Screen, found)
			}
		}
		if s.Screen == view.ScreenWiped {
			v.clean(h, after)
		}
	}
	if s := h.View(); s.Visit != "" || s.Screen != view.ScreenAttract && s.Screen != view.ScreenMaintenance || began && !ended {
		v.Fatalf("%s: left alone, the terminal stays at %s, ended %v", after, s.Screen, ended)
	}
	h.Event(flows.Standing()) // whatever was locked is open
}

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

// ignored fails where something comes of a happening. The clock stands still meanwhile.
func (v *visits) ignored(h *journeytest.Hands, is journey.Happening, what string) {
	v.Helper()
	before := moment{view: h.View()}
	state, effects := journey.Step(h.State, journey.Event{At: h.Now, ID: "late", Is: is})
	if len(effects) > 0 || state.View().Seq != before.view.Seq || !alike(moment{view: state.View()}, before) {
		v.Fatalf("%s: it did something: %T, and the screen shows %+v", what, effects, state.View())
	}
	h.State = state
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

// goOn plays moves as far as touches are offered where they were made before, and devices are asked by then.
func (v *visits) goOn(h *journeytest.Hands, moves []journeytest.Move) bool {
	touched := false
	for _, m := range moves {
		touch, ok := m.Is.(journey.Touch)
		touched = touched || ok
		if s := h.View(); !touched || ok && (s.Screen != m.Screen || !slices.Contains(s.Offers, touch.Do)) {
			return false
		}
		h.Play(m)
	}
	return true
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
