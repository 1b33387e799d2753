package ui

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"yimen/kiosk/journey"
	"yimen/kiosk/journey/view"
	"yimen/kiosk/policy"
)

// shown opens the page on a standing panel with v on it.
func shown(t *testing.T, v view.View) (*stage, context.Context) {
	t.Helper()
	desk := newStage(t, v)
	tab := browse(t)
	open(t, tab, serve(t, desk), panels()[0])
	arrived(t, tab, v)
	ask[int](t, tab, `(() => {
		const real = window.fetch
		window.sent = 0
		window.fetch = (to, how) => (to === "/touch" && window.sent++, real(to, how))
		return window.sent
	})()`)
	return desk, tab
}

func tap(t *testing.T, tab context.Context, selectors ...string) {
	t.Helper()
	for _, s := range selectors {
		do(t, tab, chromedp.Click(chromedp.CSS(s)))
	}
}

// keys taps the number pad's keys.
func keys(t *testing.T, tab context.Context, digits string) {
	t.Helper()
	for _, d := range digits {
		tap(t, tab, fmt.Sprintf(`.key[data-key="%c"]`, d))
	}
}

// heard waits for the next touch but signs of life.
func heard(t *testing.T, desk *stage) journey.Touch {
	t.Helper()
	for {
		select {
		case touch := <-desk.touches:
			if touch.Do != view.DoStay {
				return touch
			}
		case <-time.After(20 * time.Second):
			t.Fatal("nothing was heard at the desk")
		}
	}
}

// sent checks how many touches the page has sent since it was shown.
func sent(t *testing.T, tab context.Context, want int) {
	t.Helper()
	if n := ask[int](t, tab, `window.sent`); n != want {
		t.Errorf("the page has sent %d touches, want %d", n, want)
	}
}

const primary = ".act .btn.primary"

func ofInput(in policy.Input, value string) view.View {
	return question(view.Question{Key: string(in), Input: in, Title: zh("问题"), Value: value})
}

func TestNumberPadGivesWhatWasTyped(t *testing.T) {
	desk, tab := shown(t, ofInput(policy.InputMoney, ""))
	for _, c := range []struct {
		in           policy.Input
		before, keys string
		want, spoken string
	}{
		{policy.InputMoney, "", "1850.5", "1850.5", "一千八百五十元五角"},
		{policy.InputMoney, "", "00700.", "700", "七百元"},
		{policy.InputMoney, "", "12.345", "12.34", "十二元三角四分"},
		{policy.InputMoney, "", "100010", "100010", "十万零一十元"},
		{policy.InputMoney, "", "1005", "1005", "一千零五元"},
		{policy.InputMoney, "", "0", "0", "零元"},
		{policy.InputMoney, "99", "5", "5", "五元"},
		{policy.InputMoney, "99", "", "99", "九十九元"},
		{policy.InputCount, "", "03", "3", ""},
		{policy.InputIDNumber, "", "X440524188001010014", "440524188001010014", ""},
		{policy.InputIDNumber, "", "11010519491231002X9", "11010519491231002X", ""},
		{policy.InputPhone, "", "139000000001", "13900000000", ""},
		{view.InputSlipNo, "1501020001", "2026112200001", "15010200012026112200001", ""}, // goes on behind what stands there
		{view.InputCode, "", "407182539", "40718253", ""},
	} {
		v := ofInput(c.in, c.before)
		v.Visit = fmt.Sprint(c)
		v = desk.show(v)
		arrived(t, tab, v)
		keys(t, tab, c.keys)
		if got := ask[string](t, tab, `document.querySelector(".spoken").textContent`); got != c.spoken {
			t.Errorf("%s %q is spoken %q, want %q", c.in, c.keys, got, c.spoken)
		}
		tap(t, tab, primary)
		if got := heard(t, desk); got.Do != view.DoAnswer || got.Value != c.want || got.Visit != v.Visit || got.Seq != v.Seq {
			t.Errorf("%s, keys %q: the desk heard %s %q, want %q", c.in, c.keys, got.Do, got.Value, c.want)
		}
	}
}

func TestNothingIsSentBeforeAnAnswerIsThere(t *testing.T) {
	desk, tab := shown(t, ofInput(policy.InputMoney, ""))
	several := ofInput(policy.InputChoices, "")
	several.Question.Options = options("甲", "乙")
	for _, v := range []view.View{ofInput(policy.InputMoney, ""), ofInput(policy.InputDate, ""), ofInput(policy.InputName, ""), several, signedAtOnce()} {
		v.Visit = string(v.Screen)
		if v.Question != nil {
			v.Visit += string(v.Question.Input)
		}
		arrived(t, tab, desk.show(v))
		tap(t, tab, primary)
		until(t, tab, `document.querySelector(".refusal")?.hidden === false`)
		sent(t, tab, 0)
	}
}

// signedAtOnce is a document of one page.
func signedAtOnce() view.View {
	v := signView()
	d := *v.Document
	d.Paragraphs, d.Digest = d.Paragraphs[:2], "sha256:33"
	v.Document = &d
	return v
}

func TestDateIsChosenByButtonsAlone(t *testing.T) {
	desk, tab := shown(t, ofInput(policy.InputDate, ""))
	for _, label := range []string{"1940—1949年", "1948年", "2月", "29日"} {
		do(t, tab, chromedp.Click(fmt.Sprintf(`//button[text()="%s"]`, label)))
	}
	tap(t, tab, primary)
	if got := heard(t, desk); got.Value != "19480229" {
		t.Errorf("the desk heard %q", got.Value)
	}
	if n := ask[int](t, tab, `document.querySelectorAll(".day .grid button").length`); n != 0 {
		t.Errorf("%d buttons are left after the day was chosen", n)
	}
}

func TestSeveralAreChosenTogetherAndNoneAlone(t *testing.T) {
	v := ofInput(policy.InputChoices, "")
	v.Question.Options = options("甲", "乙", "丙")
	desk, tab := shown(t, v)
	tap(t, tab, `[data-code="none"]`, `[data-code="c"]`, `[data-code="a"]`, primary)
	if got := heard(t, desk); got.Value != "a,c" {
		t.Errorf("the desk heard %q, want a,c", got.Value)
	}
}

// spelled holds once what is offered is for what was typed.
const spelled = `!document.querySelector("#entry .candidates[aria-busy]")`

func TestNameIsWrittenInPinyin(t *testing.T) {
	desk, tab := shown(t, ofInput(policy.InputName, ""))
	tap(t, tab, `[data-way="han"]`)
	spell := func(letters, char string) {
		for _, l := range letters {
			tap(t, tab, fmt.Sprintf(`.hg-button[data-skbtn="%c"]`, l))
		}
		until(t, tab, spelled)
		do(t, tab, chromedp.Click(fmt.Sprintf(`//div[@class="candidates"]/button[text()="%s"]`, char)))
	}
	spell("liu", "刘")
	spell("gui", "贵")
	tap(t, tab, `.hg-button[data-skbtn="{bksp}"]`)
	spell("gui", "桂")
	tap(t, tab, `.hg-button[data-skbtn="l"]`)
	until(t, tab, spelled)
	tap(t, tab, primary)
	sent(t, tab, 0) // a syllable begun is not thrown away
	spell("an", "兰")
	until(t, tab, spelled)
	tap(t, tab, primary)
	if got := heard(t, desk); got.Value != "刘桂兰" {
		t.Errorf("the desk heard %q", got.Value)
	}
}

// TestHalfTypedAnswerSurvivesTheCoverAndNotTheVisit lets the privacy cover come and go while a number is half
// typed, then lets the next resident come to the same question.
func TestHalfTypedAnswerSurvivesTheCoverAndNotTheVisit(t *testing.T) {
	v := ofInput(policy.InputMoney, "")
	desk, tab := shown(t, v)
	keys(t, tab, "123")
	covered := coverSamples()[0].view
	arrived(t, tab, desk.show(covered))
	if html := ask[string](t, tab, `document.body.innerText`); strings.Contains(html, "123") || strings.Contains(html, "问题") {
		t.Errorf("under the cover the page still shows the question: %s", html)
	}
	arrived(t, tab, desk.show(v))
	keys(t, tab, "4")
	tap(t, tab, primary)
	if got := heard(t, desk); got.Value != "1234" {
		t.Errorf("after the cover the desk heard %q, want 1234", got.Value)
	}
	keys(t, tab, "9")
	arrived(t, tab, desk.show(covered))
	next := v
	next.Visit = "visit-2"
	arrived(t, tab, desk.show(next))
	if left := ask[string](t, tab, `document.querySelector(".shown output").textContent`); left != "" {
		t.Errorf("the next resident sees %q", left)
	}
}

func TestNoteDoesNotThrowAwayWhatWasTyped(t *testing.T) {
	v := ofInput(policy.InputIDNumber, "")
	desk, tab := shown(t, v)
	keys(t, tab, "440524188001010015")
	v.Notes = []view.Note{{Kind: view.NoteProblem, Phrase: view.Phrase{ID: view.PhraseAnswerDigit}}}
	arrived(t, tab, desk.show(v))
	tap(t, tab, `.key[data-key="back"]`)
	keys(t, tab, "4")
	tap(t, tab, primary)
	if got := heard(t, desk); got.Value != "440524188001010014" {
		t.Errorf("the desk heard %q", got.Value)
	}
}

func TestDoubleTapIsOneTouch(t *testing.T) {
	v := ofInput(policy.InputYesNo, "")
	desk, tab := shown(t, v)
	ask[int](t, tab, `(() => { const b = document.querySelector(".yes"); b.click(); b.click(); return 0 })()`)
	if got := heard(t, desk); got.Value != "1" {
		t.Errorf("the desk heard %q", got.Value)
	}
	sent(t, tab, 1)
}

// TestTextIsReadToItsEndBeforeTheWayOn taps the one button: it turns the pages first (each is shown in full), and
// agrees only on the last.
func TestTextIsReadToItsEndBeforeTheWayOn(t *testing.T) {
	v := workSamples()[0].view
	v.Document.Paragraphs = append(v.Document.Paragraphs, v.Document.Paragraphs...)
	desk, tab := shown(t, v)
	pages := ask[int](t, tab, `Number(document.querySelector("[data-turn] [data-say]").textContent.match(/共 (\d+) 页/)[1])`)
	if pages < 2 {
		t.Fatalf("the text has %d pages", pages)
	}
	for range pages - 1 {
		tap(t, tab, primary)
	}
	sent(t, tab, 0)
	tap(t, tab, primary)
	if got := heard(t, desk); got.Do != view.DoNext {
		t.Errorf("the desk heard %s", got.Do)
	}
}

// drag draws a line with the mouse, from and to in CSS pixels.
func drag(t *testing.T, tab context.Context, x0, y0, x1, y1 float64) {
	t.Helper()
	left := func(p *input.DispatchMouseEventParams) { p.Button, p.Buttons = input.MouseButtonLeft, 1 }
	steps := []chromedp.Action[chromedp.Void]{chromedp.MouseEvent(chromedp.MousePressed, x0, y0, left)}
	for i := 1; i <= 10; i++ {
		f := float64(i) / 10
		steps = append(steps, chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, x0+f*(x1-x0), y0+f*(y1-y0), left))
	}
	do(t, tab, append(steps, chromedp.MouseEvent(input.DispatchMouseEventTypeMouseReleased, x1, y1, chromedp.ButtonLeft))...)
}

type rect struct{ X, Y, Width, Height float64 }

func where(t *testing.T, tab context.Context, selector string) rect {
	t.Helper()
	return ask[rect](t, tab, fmt.Sprintf(`(({x, y, width, height}) => ({X: x, Y: y, Width: width, Height: height}))(document.querySelector(%q).getBoundingClientRect())`, selector))
}

func TestSignatureIsMeasuredInMillimetresOfThePad(t *testing.T) {
	desk, tab := shown(t, signedAtOnce())
	pad := where(t, tab, "#pad canvas")
	mm := 1 / pitch
	border := 0.8 * mm
	drag(t, tab, pad.X+border+10*mm, pad.Y+border+10*mm, pad.X+border+110*mm, pad.Y+border+40*mm)
	drag(t, tab, pad.X+border+20*mm, pad.Y+border+50*mm, pad.X+border+60*mm, pad.Y+border+50*mm)
	tap(t, tab, primary)
	got := heard(t, desk)
	if got.Do != view.DoSign || len(got.Strokes) != 2 {
		t.Fatalf("the desk heard %s with %d strokes", got.Do, len(got.Strokes))
	}
	first, last := got.Strokes[0][0], got.Strokes[0][len(got.Strokes[0])-1]
	for _, c := range []struct{ got, want float64 }{{first.X, 10}, {first.Y, 10}, {last.X, 110}, {last.Y, 40}, {got.Strokes[1][0].X, 20}} {
		if c.got < c.want-1 || c.got > c.want+1 {
			t.Errorf("the pen was at %.2f mm, want %.0f: %v … %v", c.got, c.want, first, last)
		}
	}
	if first.T != 0 || got.Strokes[1][0].T <= last.T {
		t.Errorf("the times are %d, %d, %d", first.T, last.T, got.Strokes[1][0].T)
	}
	tap(t, tab, `[data-undo="pad"]`, primary)
	until(t, tab, `document.querySelector(".pad .refusal").hidden === false`)
}

func TestCornerFollowsTheFinger(t *testing.T) {
	desk, tab := shown(t, scanSamples()[1].view)
	box := where(t, tab, "#corners")
	picture := 800.0 / 600
	height := box.Width / picture // the picture is wider than the box is, so it lies in the middle
	top := box.Y + (box.Height-height)/2
	drag(t, tab, box.X+.12*box.Width, top+.1*height, box.X+.3*box.Width, top+.05*height)
	tap(t, tab, primary)
	got := heard(t, desk)
	if got.Do != view.DoAccept || got.Quad == nil {
		t.Fatalf("the desk heard %s", got.Do)
	}
	q := *got.Quad
	if q[0].X < .29 || q[0].X > .31 || q[0].Y < .04 || q[0].Y > .06 || q[2].X != .88 || q[2].Y != .9 {
		t.Errorf("the corners are at %v", q)
	}
}

// TestRetakingManyTimesLeavesTheLinkFree changes between live picture and still more often than a browser has
// connections; each live picture that stayed open behind the page would take one of six away.
func TestRetakingManyTimesLeavesTheLinkFree(t *testing.T) {
	live, still := scanSamples()[0].view, scanSamples()[1].view
	desk, tab := shown(t, live)
	for range 9 {
		arrived(t, tab, desk.show(still))
		arrived(t, tab, desk.show(live))
	}
	tap(t, tab, `[data-do="shoot"]`)
	if got := heard(t, desk); got.Do != view.DoShoot {
		t.Errorf("the desk heard %s", got.Do)
	}
}

// TestSomebodyTypingIsNotTakenForGone: what is typed stays on the page, so a sign of life goes to the desk.
func TestSomebodyTypingIsNotTakenForGone(t *testing.T) {
	v := ofInput(policy.InputMoney, "")
	v.Offers = append(v.Offers, view.DoStay)
	desk, tab := shown(t, v)
	do(t, tab, chromedp.Click(chromedp.CSS(`.key[data-key="1"]`)))
	select {
	case touch := <-desk.touches:
		if touch.Do != view.DoStay {
			t.Errorf("the desk heard %s", touch.Do)
		}
	case <-time.After(20 * time.Second):
		t.Error("the desk heard nothing")
	}
}

// TestPageCoversItselfWhileTheDaemonIsAway takes the server away and brings another start of it back.
func TestPageCoversItselfWhileTheDaemonIsAway(t *testing.T) {
	desk := newStage(t, samples()[0].view)
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	start := func(l net.Listener) (stop func()) {
		server, err := New(Config{MMPerPixel: pitch}, desk, log)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(context.Background())
		done := make(chan error)
		go func() { done <- server.Serve(ctx, l) }()
		return func() {
			cancel()
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	stop := start(l)
	tab := browseAnd(t, ignoreConsole)
	open(t, tab, "http://"+address+"/", panels()[0])
	arrived(t, tab, samples()[0].view)
	stop()
	until(t, tab, `getComputedStyle(document.querySelector(".cover.lost")).display === "flex"`)
	if l, err = net.Listen("tcp", address); err != nil {
		t.Fatal(err)
	}
	stop = start(l)
	defer stop()
	until(t, tab, `getComputedStyle(document.querySelector(".cover.lost")).display === "none"`)
	v := desk.show(ofInput(policy.InputYesNo, ""))
	arrived(t, tab, v)
	tap(t, tab, ".yes")
	if got := heard(t, desk); got.Do != view.DoAnswer {
		t.Errorf("after the new start the desk heard %s", got.Do)
	}
}
