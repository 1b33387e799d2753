package ui

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"yimen/kiosk/journey/view"
	"yimen/kiosk/policy"
)

// byKeys shows v to somebody who does not touch the glass.
func byKeys(t *testing.T, v view.View) (*stage, context.Context) {
	t.Helper()
	desk, tab := shown(t, v)
	focused(t, tab)
	strike(t, tab, kb.Tab) // the first key shows where one is
	return desk, tab
}

// toWords goes on with one key until these words have the focus, and chooses them.
func toWords(t *testing.T, tab context.Context, key, words string) {
	t.Helper()
	for range 60 {
		if ask[string](t, tab, under) == words {
			strike(t, tab, kb.Enter)
			return
		}
		strike(t, tab, key)
	}
	t.Fatalf("%q never led to %s", key, words)
}

func TestTheFocusSurvivesWhatIsDrawnAnew(t *testing.T) {
	v := ofInput(policy.InputMoney, "")
	desk, tab := byKeys(t, v)
	to(t, tab, kb.ArrowRight, `[data-key="5"]`)
	v.Notes = []view.Note{{Kind: view.NoteNews, Phrase: view.Phrase{ID: view.PhraseCardExpired}}}
	arrived(t, tab, desk.show(v))
	if !ask[bool](t, tab, `document.activeElement.matches("[data-key='5']")`) {
		t.Errorf("the focus went to %q", ask[string](t, tab, under))
	}
}

// TestADateIsChosenByKeys: each part stands under the focus as it comes, and then the way on.
func TestADateIsChosenByKeys(t *testing.T) {
	desk, tab := byKeys(t, ofInput(policy.InputDate, ""))
	for _, label := range []string{"1940—1949年", "1948年", "2月", "29日"} {
		toWords(t, tab, kb.Tab, label)
	}
	strike(t, tab, kb.Enter)
	if got := heard(t, desk); got.Value != "19480229" {
		t.Errorf("the desk heard %q", got.Value)
	}
}

// TestANameIsSpelledByKeys: handwriting gives way to pinyin, a choice leads on to the rest of the sound, and the last one back
// to the keys.
func TestANameIsSpelledByKeys(t *testing.T) {
	v := ofInput(policy.InputYesNo, "")
	desk, tab := byKeys(t, v)
	v = ofInput(policy.InputName, "")
	arrived(t, tab, desk.show(v))
	for _, key := range []string{"l", "i"} {
		to(t, tab, kb.Tab, `[data-skbtn="`+key+`"]`)
		strike(t, tab, kb.Enter)
	}
	until(t, tab, spelled)
	toWords(t, tab, kb.Tab, "李")
	until(t, tab, `document.activeElement.matches(".board [data-skbtn]")`)
	to(t, tab, kb.Tab, primary)
	strike(t, tab, kb.Enter)
	if got := heard(t, desk); got.Value != "李" {
		t.Errorf("the desk heard %q", got.Value)
	}
}

func TestNothingChosenIsToldWhereTheFocusIs(t *testing.T) {
	v := ofInput(policy.InputChoices, "")
	v.Question.Options = options("甲", "乙", "丙")
	desk, tab := byKeys(t, v)
	to(t, tab, kb.Tab, primary)
	strike(t, tab, kb.Enter)
	if !ask[bool](t, tab, `document.activeElement.matches(".refusal")`) {
		t.Errorf("nothing was chosen, and the focus stands at %q", ask[string](t, tab, under))
	}
	for _, code := range []string{"a", "c"} {
		to(t, tab, kb.Tab, `[data-code="`+code+`"]`)
		strike(t, tab, kb.Enter)
	}
	to(t, tab, kb.Tab, primary)
	strike(t, tab, kb.Enter)
	if got := heard(t, desk); got.Value != "a,c" {
		t.Errorf("the desk heard %q", got.Value)
	}
}

// TestACornerIsMovedByArrows, those of a pad, and by two switches those on the screen.
func TestACornerIsMovedByArrows(t *testing.T) {
	desk, tab := byKeys(t, scanSamples()[1].view)
	picture := where(t, tab, "#corners")
	width, height := picture.Width, picture.Width*600/800
	to(t, tab, kb.Tab, `[data-corner="0"]`)
	strike(t, tab, kb.Enter)
	for range 6 {
		strike(t, tab, kb.ArrowRight)
	}
	strike(t, tab, kb.ArrowDown, kb.Enter)
	to(t, tab, kb.Tab, `[data-corner="2"]`)
	strike(t, tab, kb.Enter)
	to(t, tab, kb.Tab, `[data-nudge="left"]`)
	strike(t, tab, kb.Enter, kb.Enter)
	to(t, tab, kb.Tab, `[data-nudge="done"]`)
	strike(t, tab, kb.Enter)
	if !ask[bool](t, tab, `document.activeElement.matches("[data-corner='2']")`) {
		t.Errorf("from a corner that was put the focus went to %q", ask[string](t, tab, under))
	}
	to(t, tab, kb.Tab, primary)
	strike(t, tab, kb.Enter)
	got := heard(t, desk)
	if got.Do != view.DoAccept || got.Quad == nil {
		t.Fatalf("the desk heard %s", got.Do)
	}
	for _, c := range []struct{ got, want float64 }{
		{got.Quad[0].X, .12 + 6/pitch/width}, {got.Quad[0].Y, .1 + 1/pitch/height}, {got.Quad[2].X, .88 - 2/pitch/width}, {got.Quad[2].Y, .9}, {got.Quad[1].X, .88},
	} {
		if math.Abs(c.got-c.want) > .002 {
			t.Errorf("a corner is at %.3f, want %.3f: %v", c.got, c.want, *got.Quad)
		}
	}
}

func TestATextIsTurnedAndAgreedToByOneKey(t *testing.T) {
	v := workSamples()[0].view
	v.Document.Paragraphs = append(v.Document.Paragraphs, v.Document.Paragraphs...)
	desk, tab := byKeys(t, v)
	pages := ask[int](t, tab, `Number(document.querySelector("[data-turn] [data-say]").textContent.match(/共 (\d+) 页/)[1])`)
	to(t, tab, kb.Tab, primary)
	for range pages {
		strike(t, tab, kb.Enter)
	}
	if got := heard(t, desk); got.Do != view.DoNext || pages < 2 {
		t.Errorf("after %d pages the desk heard %s", pages, got.Do)
	}
}

// TestAKeyCoversTheScreenAndAnyKeyUncoversIt, and does nothing else.
func TestAKeyCoversTheScreenAndAnyKeyUncoversIt(t *testing.T) {
	desk, tab := byKeys(t, ofInput(policy.InputYesNo, ""))
	to(t, tab, kb.Tab, ".yes")
	strike(t, tab, " ")
	if text := ask[string](t, tab, `document.body.innerText`); strings.Contains(text, "问题") || !strings.Contains(text, "内容已遮住") {
		t.Errorf("covered, the screen says %q", text)
	}
	picture(t, tab, "keys-curtain")
	strike(t, tab, kb.Enter)
	if text := ask[string](t, tab, `document.body.innerText`); !strings.Contains(text, "问题") {
		t.Errorf("uncovered, the screen says %q", text)
	}
	strike(t, tab, " ")
	tap(t, tab, ".curtain")
	sent(t, tab, 0)
	strike(t, tab, kb.Tab)
	to(t, tab, kb.Tab, ".yes")
	strike(t, tab, kb.Enter)
	if got := heard(t, desk); got.Value != "1" {
		t.Errorf("the desk heard %q", got.Value)
	}
	strike(t, tab, " ")
	arrived(t, tab, desk.show(coverSamples()[1].view)) // asks whether somebody is there, and shows nothing of the visit
	if text := ask[string](t, tab, `document.body.innerText`); !strings.Contains(text, "您还在吗") {
		t.Errorf("the question is not seen: %q", text)
	}
}

func TestBackAndHelpHaveKeysOfTheirOwn(t *testing.T) {
	v := ofInput(policy.InputYesNo, "")
	desk, tab := byKeys(t, v)
	for _, c := range []struct {
		key  string
		want view.Do
	}{{kb.Backspace, view.DoBack}, {kb.F9, view.DoHelp}, {kb.Escape, view.DoBack}} {
		strike(t, tab, c.key)
		if got := heard(t, desk); got.Do != c.want {
			t.Errorf("%q: the desk heard %s, want %s", c.key, got.Do, c.want)
		}
		v.Visit += "x"
		arrived(t, tab, desk.show(v))
	}
}

// TestTheKeyBackTakesAwayWhatLiesOverTheScreen, and never what is below.
func TestTheKeyBackTakesAwayWhatLiesOverTheScreen(t *testing.T) {
	desk, tab := byKeys(t, ofInput(policy.InputYesNo, ""))
	want := map[string]view.Do{
		"cover-privacy": view.DoStay, "cover-idle": view.DoStay, "cover-leave": view.DoLeaveNo, "cover-help": view.DoHelpEnd, "cover-sight": view.DoSightEnd, "estimate-why": view.DoWhy,
	}
	for _, s := range samples() {
		do, covered := want[s.name]
		if !covered {
			continue
		}
		delete(want, s.name)
		v := s.view
		v.Visit = s.name
		arrived(t, tab, desk.show(v))
		strike(t, tab, kb.Escape)
		if do == view.DoStay { // which heard passes over
			until(t, tab, `window.sent > 0`)
			ask[int](t, tab, `window.sent = 0`)
			if got := <-desk.touches; got.Do != do {
				t.Errorf("%s: the desk heard %s", s.name, got.Do)
			}
			continue
		}
		if got := heard(t, desk); got.Do != do || got.Value != "" {
			t.Errorf("%s: the desk heard %s %q, want %s", s.name, got.Do, got.Value, do)
		}
		ask[int](t, tab, `window.sent = 0`)
	}
	if len(want) > 0 {
		t.Errorf("there is no sample of %v", want)
	}
}

func TestAFingerTakesTheFrameAway(t *testing.T) {
	_, tab := byKeys(t, ofInput(policy.InputMoney, ""))
	to(t, tab, kb.Tab, `[data-key="5"]`)
	keys(t, tab, "7")
	if framed := ask[bool](t, tab, `[...document.querySelectorAll("#screen *")].some(e => parseFloat(getComputedStyle(e).outlineWidth) > 0 && getComputedStyle(e).outlineStyle === "solid")`); framed {
		t.Error("the screen was touched, and the frame is still there")
	}
}

// TestWhatComesUnderTheFocusIsTold by the names that the daemon knows things by.
func TestWhatComesUnderTheFocusIsTold(t *testing.T) {
	_, tab := shown(t, ofInput(policy.InputYesNo, ""))
	focused(t, tab)
	ask[int](t, tab, `(() => {
		const real = window.fetch
		window.told = []
		window.fetch = (to, how) => (to === "/say" || to === "/voice" ? (window.told.push(to + " " + (JSON.parse(how.body).thing ?? JSON.parse(how.body).do)), Promise.resolve(new Response())) : real(to, how))
		return 0
	})()`)
	strike(t, tab, kb.Tab, kb.Enter, kb.Tab, kb.ArrowRight, kb.F8)
	got := ask[[]string](t, tab, `window.told`)
	if want := []string{"/say top", "/say do:answer=1", "/say do:answer=0", "/voice on"}; !slices.Equal(got, want) {
		t.Errorf("told: %q, want %q", got, want)
	}
}
