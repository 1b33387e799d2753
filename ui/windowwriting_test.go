package ui

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"yimen/kiosk/policy"
	"yimen/ui/shell/shelltest"
	"yimen/ui/typing/penman"
)

// TestNameAndAddressAreWrittenInTheRealWindow writes by hand, standing and lying, in the window that residents see: there a
// finger comes as other events than in Chromium, and the field is drawn by another engine.
func TestNameAndAddressAreWrittenInTheRealWindow(t *testing.T) {
	shell, read := shelltest.Build(t), reader(t)
	book, err := penman.Open(filepath.Join("typing", "penman", penman.Folder))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range panels() {
		desk := newStage(t, samples()[0].view)
		window := shelltest.StartOn(t, shelltest.StartDisplay(t, int(p.width), int(p.height)), shell, serveHand(t, desk, read))
		for _, c := range []struct {
			key, text string
			input     policy.Input
		}{{"member.2.name", "王芳", policy.InputName}, {"address", "中山路", policy.InputText}} {
			v := ofInput(c.input, "")
			v.Question.Key, v.Visit = c.key, p.name+c.key
			v = desk.show(v)
			window.Find(fmt.Sprintf(`#screen[data-seq="%d"]`, v.Seq))
			for _, r := range c.text {
				strokes, err := penman.Hands()[0].Write(book, r, penman.DevelopmentSeed)
				if err != nil {
					t.Fatal(err)
				}
				draw(window, strokes)
				take(t, window, string(r))
			}
			window.Tap(primary)
			if got := heard(t, desk); got.Value != c.text {
				t.Errorf("%s: %s was written and the desk heard %q", p.name, c.text, got.Value)
			}
		}
		window.Close()
	}
}

// draw writes a character into the middle of the field.
func draw(window *shelltest.Session, strokes []penman.Stroke) {
	const field = "#entry canvas"
	var box struct{ Width, Height float64 }
	window.Eval(`const {width, height} = document.querySelector("`+field+`").getBoundingClientRect(); return {Width: width, Height: height}`, &box)
	side := min(box.Width, box.Height) * 0.9
	for _, s := range strokes {
		line := make([]shelltest.Point, len(s))
		for i, p := range s {
			line[i] = shelltest.Point{X: ((box.Width-side)/2 + side*p.X) / box.Width, Y: ((box.Height-side)/2 + side*p.Y) / box.Height}
		}
		window.Draw(field, line...)
	}
}

// take chooses a character once it is offered. Looking and choosing are one step: strokes that were read late offer others.
func take(t *testing.T, window *shelltest.Session, character string) {
	t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		var found bool
		window.Eval(fmt.Sprintf(`
			const button = [...document.querySelectorAll("#entry .candidates button")].find(b => b.textContent === %q)
			button?.click()
			return button !== undefined`, character), &found)
		if found {
			return
		}
	}
	t.Fatalf("%s is never offered", character)
}

// TestTheRealWindowIsUsedByKeys: WebKit gives a button its own meaning of a key, and focus where it likes; here as in Chromium a key
// presses once, and typing goes by keys.
func TestTheRealWindowIsUsedByKeys(t *testing.T) {
	v := ofInput(policy.InputCount, "")
	desk := newStage(t, v)
	window := shelltest.StartOn(t, shelltest.StartDisplay(t, int(panels()[0].width), int(panels()[0].height)), shelltest.Build(t), serve(t, desk))
	window.Find(`[data-key="1"]`)
	stands := func(want string) {
		t.Helper()
		var at string
		window.Eval(`return (document.activeElement.getAttribute("aria-label") || document.activeElement.textContent).trim()`, &at)
		if at != want {
			t.Errorf("the focus stands at %q, want %q", at, want)
		}
	}
	window.Press(shelltest.KeyTab)
	window.Press(shelltest.KeyTab)
	stands("1")
	window.Press(shelltest.KeyRight, shelltest.KeyEnter, shelltest.KeyDown, shelltest.KeyEnter, "7")
	stands("5")
	for range 30 {
		window.Press(shelltest.KeyTab)
		var there bool
		if window.Eval(`return document.activeElement.matches("`+primary+`")`, &there); there {
			break
		}
	}
	window.Press(shelltest.KeyEnter)
	if got := heard(t, desk); got.Value != "257" {
		t.Errorf("the desk heard %q", got.Value)
	}
	v = desk.show(ofInput(policy.InputYesNo, ""))
	window.Find(fmt.Sprintf(`#screen[data-seq="%d"]`, v.Seq))
	stands("问题")
}
