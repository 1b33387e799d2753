package ui

import (
	"fmt"
	"strings"
	"testing"

	"yimen/kiosk/journey/view"
	"yimen/kiosk/policy"
)

// TestLargerLettersLeaveTheReaderAtTheSamePlace turns a page, then has the letters grow and shrink.
func TestLargerLettersLeaveTheReaderAtTheSamePlace(t *testing.T) {
	v := workSamples()[0].view
	v.Document.Paragraphs = nil
	for i := range 40 {
		v.Document.Paragraphs = append(v.Document.Paragraphs, fmt.Sprintf("第%d条：本人如实说明家庭的收入、财产和支出，有变化时在三十日内告诉街道。", i+1))
	}
	desk, tab := shown(t, v)
	tap(t, tab, primary)
	const first = `(() => {
		const box = document.querySelector("#document").getBoundingClientRect();
		return [...document.querySelectorAll("#document p")].find(p => p.getBoundingClientRect().left >= box.left)?.textContent ?? "";
	})()`
	const within = `(() => {
		const box = document.querySelector("#document").getBoundingClientRect();
		return [...document.querySelectorAll("#document p")].filter(p => { const r = p.getBoundingClientRect(); return r.right > box.left && r.left < box.right }).map(p => p.textContent).join("");
	})()`
	place := ask[string](t, tab, first)
	if place == "" || strings.HasPrefix(place, "第1条") {
		t.Fatalf("the second page begins with %q", place)
	}
	for _, size := range []view.Size{view.SizeXL, view.SizeS, view.SizeL} {
		v.Look.Size = size
		arrived(t, tab, desk.show(v))
		if now := ask[string](t, tab, within); !strings.Contains(now, place) {
			t.Errorf("in %s the page is %q, without %q", size, now, place)
		}
	}
}

// TestTheSheetChangesTheLookAndNothingElse opens it over a number half typed.
func TestTheSheetChangesTheLookAndNothingElse(t *testing.T) {
	v := ofInput(policy.InputMoney, "")
	desk, tab := shown(t, v)
	keys(t, tab, "123")
	tap(t, tab, `.top [data-do="sight"]`)
	if got := heard(t, desk); got.Do != view.DoSight {
		t.Fatalf("the desk heard %s", got.Do)
	}
	sheet := v
	sheet.Cover, sheet.Offers = &view.Cover{Kind: view.CoverSight}, []view.Do{view.DoSize, view.DoContrast, view.DoSightEnd, view.DoHelp}
	for _, c := range []struct {
		do    view.Do
		value string
	}{{view.DoSize, "xl"}, {view.DoContrast, "white-on-black"}} {
		arrived(t, tab, desk.show(sheet))
		tap(t, tab, fmt.Sprintf(`.cover [data-do="%s"][data-value="%s"]`, c.do, c.value))
		if got := heard(t, desk); got.Do != c.do || got.Value != c.value {
			t.Errorf("the desk heard %s %q", got.Do, got.Value)
		}
		sheet.Look = sheet.Look.With(c.do, c.value)
	}
	v.Look = sheet.Look
	arrived(t, tab, desk.show(v))
	keys(t, tab, "4")
	tap(t, tab, primary)
	if got := heard(t, desk); got.Value != "1234" {
		t.Errorf("the desk heard %q", got.Value)
	}
	if ground := ask[string](t, tab, `getComputedStyle(document.querySelector("#screen")).backgroundColor`); ground != "rgb(0, 0, 0)" {
		t.Errorf("the ground is %s", ground)
	}
}

// TestASignatureStaysToBeSeen changes the colours after the name was written.
func TestASignatureStaysToBeSeen(t *testing.T) {
	v := signedAtOnce()
	desk, tab := shown(t, v)
	pad := where(t, tab, "#pad canvas")
	drag(t, tab, pad.X+40, pad.Y+100, pad.X+400, pad.Y+100)
	// The brightest of what is drawn: the ground of the pad is transparent.
	const ink = `(() => {
		const c = document.querySelector("#pad canvas"), copy = new OffscreenCanvas(c.width, c.height).getContext("2d", {willReadFrequently: true});
		copy.drawImage(c, 0, 0);
		const d = copy.getImageData(0, 0, c.width, c.height).data;
		let most = -1;
		for (let i = 0; i < d.length; i += 4) if (d[i + 3] === 255) most = Math.max(most, d[i]);
		return most;
	})()`
	if got := ask[int](t, tab, ink); got < 0 || got > 60 {
		t.Fatalf("at first the ink is of brightness %d", got)
	}
	v.Look.Contrast = view.WhiteOnBlack
	arrived(t, tab, desk.show(v))
	if got := ask[int](t, tab, ink); got < 250 {
		t.Errorf("on black the ink is of brightness %d", got)
	}
}
