package journey

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"yimen/drivers/device"
	"yimen/kiosk/journey/view"
	"yimen/kiosk/policy"
)

// errand is a service of two stages, enough to walk the frame.
type errand struct{}

func (errand) Door() view.Door { return view.Door{ID: "errand"} }
func (errand) Offers(*policy.Pack) []view.Offer {
	return []view.Offer{{ID: "errand:1", Title: policy.Text{"zh-CN": "办事"}, Here: true}}
}
func (errand) Begin(string, *Course) []Stage { return []Stage{&room{"a"}, &room{"b"}} }

// room is a stage that takes DoNext and DoBack and reads a card.
type room struct{ name string }

func (r *room) Part() string { return "part." + r.name }
func (r *room) Enter(c *Course, _ Event, arg string) []Effect {
	c.Private = r.name == "b"
	return []Effect{ReadCard{}}
}
func (r *room) On(c *Course, e Event) (Move, []Effect) {
	switch h := e.Is.(type) {
	case CardRead:
		c.Tell(view.NoteNews, "card")
	case Touch:
		switch h.Do {
		case view.DoNext:
			return Next(), nil
		case view.DoBack:
			return Back(), nil
		case view.DoEdit:
			return Goto("part."+h.Value, "x"), nil
		}
	}
	return Stay(), nil
}
func (r *room) Show(c *Course, v *view.View) {
	v.Screen = view.ScreenQuestion
	v.Question = &view.Question{Key: r.name}
	v.Offers = []view.Do{view.DoNext, view.DoBack, view.DoEdit}
}
func (r *room) Exit(*Course) []Effect { return []Effect{StopCard{}} }

// walker drives a State as a desk would and writes down what it sees.
type walker struct {
	t     *testing.T
	s     State
	now   time.Time
	lines []string
}

func walk(t *testing.T) *walker {
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	cfg := &Config{Services: []Service{errand{}}, Languages: []string{"zh-CN", "en"}, Idle: DefaultIdle(), Zone: time.UTC}
	return &walker{t: t, s: New(cfg, now), now: now}
}

func (w *walker) event(h Happening) []Effect {
	w.t.Helper()
	s, effects := Step(w.s, Event{At: w.now, ID: "v1", Is: h})
	w.s = s
	v := s.View()
	line := fmt.Sprintf("%T → %s", h, v.Screen)
	if v.Cover != nil {
		line += "/" + string(v.Cover.Kind)
	}
	for _, e := range effects {
		line += fmt.Sprintf(" %T", e)
	}
	w.lines = append(w.lines, strings.ReplaceAll(line, "journey.", ""))
	return effects
}

func (w *walker) tap(do view.Do, value string) []Effect {
	w.t.Helper()
	v := w.s.View()
	if !slices.Contains(v.Offers, do) {
		w.t.Fatalf("%s does not offer %s but %v", v.Screen, do, v.Offers)
	}
	return w.event(Touch{Visit: v.Visit, Seq: v.Seq, Do: do, Value: value})
}

func (w *walker) pass(d time.Duration) []Effect {
	w.t.Helper()
	w.now = w.now.Add(d)
	return w.event(Tick{})
}

func (w *walker) inside() *walker {
	w.tap(view.DoStart, "")
	w.tap(view.DoNext, "")
	w.tap(view.DoChoose, "errand:1")
	w.tap(view.DoNext, "")
	w.tap(view.DoNext, "")
	return w
}

func TestAWholeVisitAsATranscript(t *testing.T) {
	w := walk(t)
	w.inside()
	w.event(CardRead{})
	w.tap(view.DoEdit, "a")
	w.tap(view.DoNext, "")
	w.tap(view.DoNext, "")
	want := strings.Split(strings.TrimSpace(`
Touch → language
Touch → menu
Touch → item
Touch → question ReadCard
Touch → question StopCard ReadCard
CardRead → question
Touch → question StopCard ReadCard
Touch → question StopCard ReadCard
Touch → attract StopCard End`), "\n")
	if !slices.Equal(w.lines, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(w.lines, "\n"), strings.Join(want, "\n"))
	}
}

func TestASecondTapOnTheSameViewChangesNothing(t *testing.T) {
	w := walk(t)
	old := w.s.View()
	w.tap(view.DoStart, "")
	before := w.s.View()
	if e := w.event(Touch{Visit: old.Visit, Seq: old.Seq, Do: view.DoStart}); e != nil || w.s.View().Seq != before.Seq {
		t.Error("a touch made on an older view was taken")
	}
	if w.event(Touch{Visit: before.Visit, Seq: before.Seq, Do: view.DoSubmit}); w.s.View().Seq != before.Seq {
		t.Error("a touch that the view does not offer was taken")
	}
	if w.event(Touch{Visit: "another", Seq: before.Seq, Do: view.DoNext}); w.s.View().Seq != before.Seq {
		t.Error("a touch of another visit was taken")
	}
}

func TestTheCountdownDoesNotInvalidateTheTapThatStopsIt(t *testing.T) {
	w := walk(t).inside()
	w.pass(5 * time.Minute)
	seen := w.s.View()
	w.pass(time.Second)
	if now := w.s.View(); now.Cover.Left >= seen.Cover.Left {
		t.Fatalf("countdown stands at %d", now.Cover.Left)
	}
	w.event(Touch{Visit: seen.Visit, Seq: seen.Seq, Do: view.DoStay})
	if v := w.s.View(); v.Cover != nil || v.Screen != view.ScreenQuestion {
		t.Errorf("%s is shown, covered %v", v.Screen, v.Cover)
	}
}

func TestAnIdleVisitIsCoveredThenAskedThenWiped(t *testing.T) {
	w := walk(t).inside()
	if w.pass(59 * time.Second); w.s.View().Cover != nil {
		t.Fatal("covered before its time")
	}
	w.pass(time.Second)
	if v := w.s.View(); v.Cover == nil || v.Cover.Kind != view.CoverPrivacy || v.Question != nil {
		t.Fatalf("after a minute: cover %v, question %v", v.Cover, v.Question)
	}
	w.tap(view.DoStay, "")
	if v := w.s.View(); v.Question == nil {
		t.Fatal("one tap does not bring the visit back")
	}
	w.pass(5 * time.Minute)
	if v := w.s.View(); v.Cover == nil || v.Cover.Kind != view.CoverIdle || v.Cover.Left != 45 {
		t.Fatalf("after five minutes: %+v", v.Cover)
	}
	effects := w.pass(45 * time.Second)
	if v := w.s.View(); v.Screen != view.ScreenWiped || v.Question != nil {
		t.Fatalf("after the question: %s", v.Screen)
	}
	if !slices.ContainsFunc(effects, func(e Effect) bool { _, ok := e.(End); return ok }) {
		t.Error("the visit was not ended")
	}
	w.pass(time.Minute)
	if v := w.s.View(); v.Screen != view.ScreenAttract {
		t.Errorf("%s remains", v.Screen)
	}
}

func TestPatienceCanBeExtendedTenTimesAndMore(t *testing.T) {
	w := walk(t).inside()
	for range 12 {
		w.pass(5*time.Minute + 40*time.Second)
		w.tap(view.DoStay, "")
	}
	if v := w.s.View(); v.Screen != view.ScreenQuestion {
		t.Errorf("%s is shown", v.Screen)
	}
}

func TestWakeAsksForATickWheneverTimeWillMatter(t *testing.T) {
	w := walk(t)
	if _, ok := w.s.Wake(); ok {
		t.Error("nobody is here and time matters")
	}
	w.inside()
	for range 3 {
		at, ok := w.s.Wake()
		if !ok || !at.After(w.now) {
			t.Fatalf("asked for %v at %v", at, w.now)
		}
		before := w.s.View()
		w.pass(at.Sub(w.now))
		if w.s.View().Seq == before.Seq && w.s.View().Cover == nil {
			t.Errorf("nothing happened at %v", at)
		}
	}
}

func TestLeavingAsksFirstAndWipesAfterwards(t *testing.T) {
	w := walk(t).inside()
	w.tap(view.DoLeave, "")
	if v := w.s.View(); v.Cover == nil || v.Cover.Kind != view.CoverLeave {
		t.Fatalf("leaving did not ask: %+v", v.Cover)
	}
	w.tap(view.DoLeaveNo, "")
	w.tap(view.DoLeave, "")
	w.tap(view.DoLeaveYes, "")
	if v := w.s.View(); v.Screen != view.ScreenAttract || v.Visit != "" {
		t.Errorf("after leaving: %s %q", v.Screen, v.Visit)
	}
}

func TestACardReadAfterTheVisitReachesNobody(t *testing.T) {
	w := walk(t).inside()
	w.tap(view.DoLeave, "")
	w.tap(view.DoLeaveYes, "")
	before := w.s.View()
	w.event(CardRead{Card: device.Card{Name: "张测试"}})
	if v := w.s.View(); v.Seq != before.Seq || v.Card != nil {
		t.Errorf("shown: %+v", v)
	}
}

func TestWhatTheTerminalCannotDoIsToldBeforeAVisitBegins(t *testing.T) {
	w := walk(t)
	w.event(Standing{Full: true, Devices: map[device.ID]device.Status{device.Printer: {State: device.Online, Paper: device.PaperOut}}})
	var ids []string
	for _, n := range w.s.View().Notes {
		ids = append(ids, n.ID)
	}
	if !slices.Equal(ids, []string{view.PhraseTerminalFull, view.PhraseNoPrinter}) {
		t.Errorf("told %v", ids)
	}
	w.tap(view.DoStart, "")
	w.tap(view.DoNext, "")
	w.tap(view.DoChoose, "errand:1")
	if v := w.s.View(); v.Item.Here || slices.Contains(v.Offers, view.DoNext) {
		t.Error("a visit that could not be kept can begin")
	}
}

// TestWhoeverWaitsForALostSlipIsTold: on the welcome page alone, for inside a visit it is another person's.
func TestWhoeverWaitsForALostSlipIsTold(t *testing.T) {
	w := walk(t)
	w.event(Standing{LostSlip: true})
	if n := w.s.View().Notes; len(n) != 1 || n[0].ID != view.PhraseLostSlip {
		t.Errorf("the welcome page tells %v", n)
	}
	w.tap(view.DoStart, "")
	w.tap(view.DoNext, "")
	if n := w.s.View().Notes; len(n) != 0 {
		t.Errorf("inside a visit %v is told", n)
	}
	w = walk(t)
	w.event(Standing{})
	if n := w.s.View().Notes; len(n) != 0 {
		t.Errorf("without a lost slip %v is told", n)
	}
}

func TestEveryPageOffersAPerson(t *testing.T) {
	w := walk(t)
	check := func() {
		t.Helper()
		v := w.s.View()
		if v.Cover == nil && !slices.Contains(v.Offers, view.DoHelp) {
			t.Errorf("%s has no way to a person", v.Screen)
		}
	}
	check()
	w.tap(view.DoStart, "")
	check()
	w.tap(view.DoNext, "")
	check()
	w.tap(view.DoChoose, "errand:1")
	check()
	w.tap(view.DoNext, "")
	check()
	w.tap(view.DoHelp, "")
	w.tap(view.DoHelpEnd, "")
	check()
	w.pass(10 * time.Minute)
	check()
}
