package ui

import (
	"context"
	_ "embed"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"yimen/kiosk/journey/view"
	"yimen/kiosk/policy"
)

//go:embed walk_test.js
var walk string

// TestEverythingOfferedIsReachedByKeys walks every screen by Tab and by arrows: what a finger can touch is come to, has a
// name and gets a frame that nothing cuts off. Lying panels have the same order in other rows: a quarter of them, in a soak all.
func TestEverythingOfferedIsReachedByKeys(t *testing.T) {
	tab := browse(t)
	only := os.Getenv("YIMEN_SCREEN")
	desk := newStage(t, samples()[0].view)
	url := serve(t, desk)
	focused(t, tab)
	for lying, p := range panels() {
		open(t, tab, url, p)
		for i, s := range samples() {
			name := strings.Join([]string{s.name, p.name}, "-")
			if !strings.HasPrefix(name, only) || lying*i%4 != 0 && os.Getenv("YIMEN_SOAK") == "" {
				continue
			}
			v := s.view
			v.Visit = name
			arrived(t, tab, desk.show(v))
			for _, fault := range ask[[]string](t, tab, walk) {
				t.Errorf("%s: %s", name, fault)
			}
			for len(desk.touches) > 0 {
				<-desk.touches
			}
			picture(t, tab, "keys-"+name)
		}
	}
}

// focused has the page look as if its window had the keyboard.
func focused(t *testing.T, tab context.Context) {
	t.Helper()
	do(t, tab, chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
		return err
	}))
}

// strike presses keys of a pad, as a keyboard would.
func strike(t *testing.T, tab context.Context, keys ...string) {
	t.Helper()
	for _, k := range keys {
		do(t, tab, chromedp.KeyEvent(k))
	}
}

// under is what stands under the focus, in words.
const under = `(e => (e.getAttribute("aria-label") || e.textContent).trim())(document.activeElement)`

// to goes on with one key until the focus stands where the selector says.
func to(t *testing.T, tab context.Context, key, selector string) {
	t.Helper()
	for range 60 {
		if ask[bool](t, tab, `document.activeElement.matches(`+quote(selector)+`)`) {
			return
		}
		strike(t, tab, key)
	}
	t.Fatalf("%q never led to %s; the focus stands at %s", key, selector, ask[string](t, tab, under))
}

func quote(s string) string { return "`" + s + "`" }

func TestAScreenBeginsAtItsHeadingAndAnErrorAtItsSentence(t *testing.T) {
	v := ofInput(policy.InputIDNumber, "")
	desk, tab := shown(t, v)
	focused(t, tab)
	strike(t, tab, kb.ArrowDown)
	if at := ask[string](t, tab, under); !strings.Contains(at, "问题") {
		t.Errorf("the first key stands at %q", at)
	}
	strike(t, tab, "1", "1")
	to(t, tab, kb.Tab, primary)
	strike(t, tab, kb.Enter)
	heard(t, desk)
	v.Notes = []view.Note{{Kind: view.NoteProblem, Phrase: view.Phrase{ID: view.PhraseAnswerDigit}}}
	arrived(t, tab, desk.show(v))
	if !ask[bool](t, tab, `document.activeElement.matches(".note.problem")`) {
		t.Errorf("after a refused answer the focus stands at %q", ask[string](t, tab, under))
	}
	v = desk.show(ofInput(policy.InputYesNo, ""))
	arrived(t, tab, v)
	strike(t, tab, kb.Enter) // pressed once too often: nothing is chosen on the next screen
	if !ask[bool](t, tab, `document.activeElement.matches("h1")`) {
		t.Errorf("the next screen begins at %q", ask[string](t, tab, under))
	}
	select {
	case touch := <-desk.touches:
		if touch.Do != view.DoStay {
			t.Errorf("the desk heard %s", touch.Do)
		}
	default:
	}
}

// TestAKeyPressesOnce types on the screen's number pad, by its keys and by the pad's own digits.
func TestAKeyPressesOnce(t *testing.T) {
	desk, tab := shown(t, ofInput(policy.InputCount, ""))
	focused(t, tab)
	to(t, tab, kb.ArrowDown, `[data-key="1"]`)
	strike(t, tab, kb.ArrowRight, kb.Enter, kb.ArrowDown, kb.Enter, "7") // 2, below it 5, and 7
	to(t, tab, kb.Tab, primary)
	strike(t, tab, kb.Enter)
	if got := heard(t, desk); got.Value != "257" {
		t.Errorf("the desk heard %q", got.Value)
	}
}

// TestTheNoteForWhoWiresAPadListsTheKeys, neither more nor less than the page knows.
func TestTheNoteForWhoWiresAPadListsTheKeys(t *testing.T) {
	script, err := os.ReadFile(filepath.Join("touch", "keys.ts"))
	if err != nil {
		t.Fatal(err)
	}
	note, err := os.ReadFile(filepath.Join("..", "firmware-notes", "tactile-pad", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(script), "export const meanings = {")
	table, _, _ = strings.Cut(table, "}")
	known, listed := map[string]bool{}, map[string]bool{}
	for _, m := range regexp.MustCompile(`("[^"]+"|\w+): "`).FindAllStringSubmatch(table, -1) {
		known[strings.Replace(strings.Trim(m[1], `"`), " ", "Space", 1)] = true
	}
	for _, m := range regexp.MustCompile(`(?m)^\| (\w+) \| [0-9A-F]{2} \|`).FindAllStringSubmatch(string(note), -1) {
		listed[m[1]] = true
	}
	if len(known) == 0 || !maps.Equal(known, listed) {
		t.Errorf("the page knows %v, the note lists %v", known, listed)
	}
}
