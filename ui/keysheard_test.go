package ui

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"yimen/kiosk/journey/view"
	"yimen/kiosk/policy"
	"yimen/ui/voice"
)

// heardByKeys shows v to somebody who does not touch the glass and has the voice on.
func heardByKeys(t *testing.T, v view.View) (tab context.Context, speaker *voice.Speaker, heard *ears) {
	t.Helper()
	speaker, heard = listening(t)
	v.Visit = "typing"
	desk := newStage(t, samples()[0].view)
	url := serveBy(t, desk, func(s *Server) { s.Voice = speaker })
	tab = browse(t)
	open(t, tab, url, panels()[0])
	focused(t, tab)
	ask[int](t, tab, `(() => {
		const real = window.fetch
		window.asking = 0
		window.fetch = (to, how) => (window.asking++, real(to, how).finally(() => window.asking--))
		return 0
	})()`)
	before := ofInput(policy.InputCount, "")
	before.Visit = v.Visit
	arrived(t, tab, desk.show(before))
	strike(t, tab, kb.Tab, kb.F8) // the first key shows where one is
	arrived(t, tab, desk.show(v))
	become(t, speaker, func(s voice.State) bool { return s.On })
	return tab, speaker, heard
}

// become waits until the voice stands so.
func become(t *testing.T, speaker *voice.Speaker, so func(voice.State) bool) {
	t.Helper()
	for st, changed := speaker.Changed(); !so(st); st, changed = speaker.Changed() {
		select {
		case <-changed:
		case <-t.Context().Done():
			t.Fatalf("the voice stands at %+v", st)
		}
	}
}

// answered waits until the daemon has taken all that the page asked of it.
func answered(t *testing.T, tab context.Context) {
	t.Helper()
	until(t, tab, `window.asking === 0`)
}

// says waits until something was heard, and gives all that was.
func says(t *testing.T, heard *ears, want string) (all string) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !strings.Contains(all, want); all += strings.Join(heard.told(), "; ") + "; " {
		if time.Now().After(end) {
			t.Fatalf("%q was not heard: %s", want, all)
		}
		time.Sleep(10 * time.Millisecond)
	}
	return all
}

// TestLettersAndCharactersAreSaidIntoTheEarpieceAlone spells a name by keys, first with the loudspeaker, then with the ear-piece.
func TestLettersAndCharactersAreSaidIntoTheEarpieceAlone(t *testing.T) {
	tab, speaker, heard := heardByKeys(t, ofInput(policy.InputName, ""))
	until(t, tab, `document.querySelector(".board [data-skbtn]") !== null`)
	spell := func(stood func(saying string)) {
		t.Helper()
		for _, key := range []string{"l", "i"} {
			to(t, tab, kb.Tab, `[data-skbtn="`+key+`"]`)
			stood(strings.ToUpper(key) + ".")
			strike(t, tab, kb.Enter)
		}
		until(t, tab, spelled)
		toFace(t, tab, "李")
		stood("li3.")
	}
	spell(func(string) {})
	answered(t, tab)
	speaker.Do("typing", voice.ControlEar)
	said := says(t, heard, "earpiece: ") // after all that was asked for before
	for _, typed := range []string{": L.", ": I.", "li3."} {
		if strings.Contains(said, typed) {
			t.Errorf("%q was heard in the hall: %s", typed, said)
		}
	}
	strike(t, tab, kb.Enter) // 李
	until(t, tab, `document.activeElement.matches(".board [data-skbtn]")`)
	heard.told()
	said = ""
	spell(func(saying string) { said += says(t, heard, "earpiece: "+saying) })
	if strings.Contains(said, "loudspeaker") {
		t.Errorf("heard in the hall: %s", said)
	}
}

// toFace goes on until a character that is offered has the focus.
func toFace(t *testing.T, tab context.Context, face string) {
	t.Helper()
	for range 60 {
		if ask[string](t, tab, under) == face {
			return
		}
		strike(t, tab, kb.Tab)
	}
	t.Fatalf("no key led to %s", face)
}

// TestTheKeyThatCoversTheScreenSilencesTheVoice at once, until the next key lifts the cover.
func TestTheKeyThatCoversTheScreenSilencesTheVoice(t *testing.T) {
	tab, _, heard := heardByKeys(t, ofInput(policy.InputYesNo, ""))
	to(t, tab, kb.Tab, ".yes")
	says(t, heard, "shi4")
	strike(t, tab, " ")
	answered(t, tab)
	heard.told()
	ask[int](t, tab, `(fetch("/say", {method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify({visit: "typing", seq: Number(document.querySelector("#screen").dataset.seq), thing: "do:answer=1"})}), 0)`)
	answered(t, tab)
	if said := heard.told(); len(said) > 0 {
		t.Errorf("covered, it says %q", said)
	}
	strike(t, tab, kb.Tab)
	says(t, heard, "loudspeaker: ")
}

// TestDigitsAreSaidIntoTheEarpieceAlone: what stands on the number pad is somebody's number.
func TestDigitsAreSaidIntoTheEarpieceAlone(t *testing.T) {
	tab, speaker, heard := heardByKeys(t, ofInput(policy.InputIDNumber, ""))
	to(t, tab, kb.Tab, `[data-key="7"]`)
	answered(t, tab)
	speaker.Do("typing", voice.ControlEar)
	if said := says(t, heard, "earpiece: "); strings.Contains(said, ": qi1") {
		t.Errorf("heard before the ear-piece was asked for: %s", said)
	}
	to(t, tab, kb.Tab, `[data-key="8"]`)
	says(t, heard, "earpiece: ba1")
}

// TestACornerIsSaidIntoTheEarpiece, and so are the arrows that stand there while it is held.
func TestACornerIsSaidIntoTheEarpiece(t *testing.T) {
	tab, speaker, heard := heardByKeys(t, scanSamples()[1].view)
	speaker.Do("typing", voice.ControlEar)
	to(t, tab, kb.Tab, `[data-corner="0"]`)
	says(t, heard, "earpiece: zuo3 shang4 jiao3")
	strike(t, tab, kb.Enter)
	to(t, tab, kb.Tab, `[data-nudge="left"]`)
	says(t, heard, "earpiece: wang3 zuo3 yi2")
}
