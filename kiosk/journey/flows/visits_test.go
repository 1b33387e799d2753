package flows_test

import (
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
