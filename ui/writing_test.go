package ui

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"yimen/kiosk/policy"
	"yimen/ui/typing/hand"
	"yimen/ui/typing/ink"
	"yimen/ui/typing/likeness"
	"yimen/ui/typing/penman"
	"yimen/ui/typing/zinnia"
)

// reading has handwriting read as the terminal does.
type reading struct{ hand.Reader }

func (r reading) Read(strokes [][]Point, kind, before string) []string {
	x := make(ink.Ink, len(strokes))
	for i, s := range strokes {
		for _, p := range s {
			x[i] = append(x[i], ink.Point(p))
		}
	}
	var found []string
	for _, c := range r.Reader.Read(x, hand.Field{Kind: hand.Kind(kind), Before: before}) {
		found = append(found, string(c))
	}
	return found
}

func reader(t *testing.T) Hand {
	t.Helper()
	looks, err := likeness.Open(filepath.Join("..", "bin", "handwriting.index"))
	if err != nil {
		t.Fatalf("%v (make build makes it)", err)
	}
	order, err := zinnia.Open(zinnia.File)
	if err != nil {
		t.Fatal(err)
	}
	return reading{hand.Reader{Looks: looks, Order: order}}
}

// write writes a character into the field with the mouse, neatly, and takes it from the bar.
func write(t *testing.T, tab context.Context, character rune) {
	t.Helper()
	book, err := penman.Open(filepath.Join("typing", "penman", penman.Folder))
	if err != nil {
		t.Fatal(err)
	}
	strokes, err := penman.Hands()[0].Write(book, character, penman.DevelopmentSeed)
	if err != nil {
		t.Fatal(err)
	}
	field := where(t, tab, "#entry canvas")
	side := min(field.Width, field.Height) * 0.9
	left, top := field.X+(field.Width-side)/2, field.Y+(field.Height-side)/2
	held := func(p *input.DispatchMouseEventParams) { p.Button, p.Buttons = input.MouseButtonLeft, 1 }
	for _, s := range strokes {
		var steps []chromedp.Action[chromedp.Void]
		for i, p := range s {
			kind := input.DispatchMouseEventTypeMouseMoved
			if i == 0 {
				kind = chromedp.MousePressed
			}
			steps = append(steps, chromedp.MouseEvent(kind, left+side*p.X, top+side*p.Y, held))
		}
		last := s[len(s)-1]
		steps = append(steps, chromedp.MouseEvent(input.DispatchMouseEventTypeMouseReleased, left+side*last.X, top+side*last.Y, chromedp.ButtonLeft))
		do(t, tab, steps...)
	}
	until(t, tab, fmt.Sprintf(`[...document.querySelectorAll("#entry .candidates button")].some(b => b.textContent === %q)`, string(character)))
}

func TestNameAndAddressAreWrittenByHand(t *testing.T) {
	tab := browse(t)
	read := reader(t)
	for _, p := range panels() {
		desk := newStage(t, samples()[0].view)
		open(t, tab, serveHand(t, desk, read), p)
		for _, c := range []struct {
			key, text string
			input     policy.Input
		}{{"member.2.name", "王芳", policy.InputName}, {"address", "中山路", policy.InputText}} {
			v := ofInput(c.input, "")
			v.Question.Key, v.Visit = c.key, p.name+c.key
			arrived(t, tab, desk.show(v))
			for i, r := range c.text {
				write(t, tab, r)
				if i == 0 {
					picture(t, tab, "writing-"+p.name+"-"+c.key)
				}
				do(t, tab, chromedp.Click(fmt.Sprintf(`//div[@class="candidates"]/button[text()="%c"]`, r)))
			}
			tap(t, tab, primary)
			if got := heard(t, desk); got.Value != c.text {
				t.Errorf("%s: %s was written and the desk heard %q", p.name, c.text, got.Value)
			}
		}
	}
}

// late answers when it is let.
type late struct {
	asked atomic.Int32
	let   chan string
}

func (l *late) Read([][]Point, string, string) []string {
	l.asked.Add(1)
	return []string{<-l.let}
}

func TestNothingWrittenOutlivesItsField(t *testing.T) {
	slow := &late{let: make(chan string, 4)}
	v := ofInput(policy.InputName, "")
	desk := newStage(t, v)
	tab := browse(t)
	open(t, tab, serveHand(t, desk, slow), panels()[0])
	arrived(t, tab, v)
	field := where(t, tab, "#entry canvas")
	stroke := func() {
		before := slow.asked.Load()
		drag(t, tab, field.X+50, field.Y+50, field.X+250, field.Y+250)
		for slow.asked.Load() == before {
			do(t, tab, chromedp.WaitReady(chromedp.CSS("#screen")))
		}
	}
	stroke()
	tap(t, tab, `[data-tool="again"]`)
	slow.let <- "甲" // too late: the character was wiped meanwhile
	stroke()
	slow.let <- "乙"
	until(t, tab, `document.querySelector("#entry .candidates").textContent === "乙"`)
	tap(t, tab, primary)
	until(t, tab, `document.querySelector("#entry .refusal").hidden === false`) // what was not chosen is not thrown away silently
	v.Visit = "the next one"
	v.Question.Key = "another"
	arrived(t, tab, desk.show(v))
	if left := ask[string](t, tab, `document.querySelector("#entry output").textContent + document.querySelector("#entry .candidates").textContent`); strings.ContainsAny(left, "甲乙") {
		t.Errorf("the next field shows %q", left)
	}
}

func TestWhereNothingReadsHandwritingTheKeysAreNamed(t *testing.T) {
	tab := browse(t)
	v := ofInput(policy.InputName, "")
	open(t, tab, serve(t, newStage(t, v)), panels()[0])
	arrived(t, tab, v)
	field := where(t, tab, "#entry canvas")
	drag(t, tab, field.X+50, field.Y+50, field.X+250, field.Y+250)
	until(t, tab, `document.querySelector("#entry .candidates").textContent.includes("拼音")`)
}

func TestInkOutOfBoundsIsRefused(t *testing.T) {
	for name, body := range map[string]string{
		"nothing": "", "not JSON": "ink", "more than one": `{"strokes":[]}{}`, "unknown field": `{"strokes":[],"name":"x"}`,
		"not UTF-8": "{\"before\":\"\xff\"}", "beyond any panel": `{"strokes":[[[1e6,0]]]}`,
		"strokes without end": `{"strokes":[` + strings.Repeat("[],", maxInkStrokes) + `[]]}`,
		"points without end":  `{"strokes":[[` + strings.Repeat("[1,1],", maxInkPoints) + `[1,1]]]}`,
		"long before":         `{"strokes":[],"before":"` + strings.Repeat("x", maxValue+1) + `"}`,
	} {
		if _, err := parseInk([]byte(body)); err == nil {
			t.Errorf("%s was taken", name)
		} else if strings.Contains(err.Error(), "x") && name == "unknown field" {
			t.Errorf("%s: the error quotes what was sent: %v", name, err)
		}
	}
}

// TestInkOfAnotherPageIsRefused: what is written is often a name, and the answer tells it.
func TestInkOfAnotherPageIsRefused(t *testing.T) {
	url := serveHand(t, newStage(t, ofInput(policy.InputName, "")), &late{})
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url+"ink", strings.NewReader(`{"strokes":[]}`))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Origin", strings.TrimSuffix(url, "/"))
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusForbidden {
		t.Errorf("without the page's token: %s", answer.Status)
	}
}

func TestInkIsNotLogged(t *testing.T) {
	var log strings.Builder
	s, err := New(Config{MMPerPixel: pitch}, newStage(t, ofInput(policy.InputName, "")), slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	if err != nil {
		t.Fatal(err)
	}
	for _, body := range []string{`{"strokes":[[[123.5,77]]],"before":"王"}`, `{"strokes":"王"}`} {
		w := httptest.NewRecorder()
		s.Hand = fixed{"堃"}
		s.readInk(w, httptest.NewRequest(http.MethodPost, "/ink", strings.NewReader(body)))
		if w.Code == http.StatusOK {
			var found []string
			if err := json.NewDecoder(w.Body).Decode(&found); err != nil || len(found) != 1 || found[0] != "堃" {
				t.Errorf("answered %v, %v", found, err)
			}
		}
	}
	if strings.ContainsAny(log.String(), "王堃") || strings.Contains(log.String(), "123.5") {
		t.Errorf("the log tells what was written: %s", log.String())
	}
}

// told spells as it was told to.
type told map[string]Spelling

func (w told) Spell(_ context.Context, s Spelled) (Spelling, error) {
	key := s.Keys
	for _, c := range s.Chosen {
		key += "," + c.Text
	}
	found, ok := w[key]
	if !ok {
		return Spelling{}, errors.New("not known")
	}
	return found, nil
}

func TestPhrasesAreSpelledByTheDaemon(t *testing.T) {
	v := ofInput(policy.InputText, "")
	desk := newStage(t, v)
	tab := browse(t)
	open(t, tab, serveWith(t, desk, nil, told{
		"w": {Typing: "w", Offers: []Offer{{Text: "我"}}}, "wl": {Typing: "w l", Offers: []Offer{{Text: "物理"}, {Text: "锡林郭勒盟"}, {Text: "王"}}},
		"wl,王": {Typing: "王l", Offers: []Offer{{Text: "里"}}}, "wl,王,里": {Done: "王里"},
		"h": {Typing: "h", Offers: []Offer{{Text: "一"}}}, "h,一": {Done: "一"},
	}), panels()[0])
	arrived(t, tab, v)
	choose := func(char string) {
		t.Helper()
		until(t, tab, spelled)
		do(t, tab, chromedp.Click(fmt.Sprintf(`//div[@class="candidates"]/button[text()="%s"]`, char)))
	}
	tap(t, tab, `[data-way="han"]`, `.hg-button[data-skbtn="w"]`, `.hg-button[data-skbtn="l"]`)
	choose("王")
	choose("里")
	tap(t, tab, `[data-way="strokes"]`, `.hg-button[data-skbtn="h"]`)
	choose("一")
	until(t, tab, spelled)
	tap(t, tab, primary)
	if got := heard(t, desk); got.Value != "王里一" {
		t.Errorf("the desk heard %q", got.Value)
	}
}

func FuzzParseSpelled(f *testing.F) {
	f.Add([]byte(`{"way":"pinyin","keys":"wang","chosen":[{"text":"王","rare":true}],"name":true}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		if _, err := only[Spelled](body); err != nil && len(body) > 3 && strings.Contains(err.Error(), string(body)) {
			t.Error("the error quotes what was sent")
		}
	})
}

type fixed []string

func (f fixed) Read([][]Point, string, string) []string { return f }

func FuzzParseInk(f *testing.F) {
	f.Add([]byte(`{"strokes":[[[1,2],[3,4.5]]],"kind":"name","before":"王"}`))
	f.Add([]byte(`{"strokes":[[[1e300,2]]]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		x, err := parseInk(body)
		if err != nil {
			return
		}
		points := 0
		for _, s := range x.points() {
			points += len(s)
		}
		if points > maxInkPoints || len(x.Strokes) > maxInkStrokes {
			t.Errorf("%d points in %d strokes", points, len(x.Strokes))
		}
	})
}
