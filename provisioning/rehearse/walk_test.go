package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"yimen/provisioning/hall"
	"yimen/provisioning/visitor"
)

// walk is a visitor in front of one panel; each screen that comes is judged as those of ui are.
type walk struct {
	t       *testing.T
	ctx     context.Context
	browser *visitor.Chromium
	judge   string // an expression that lists a screen's faults
	name    string
	seen    map[string]bool // what was judged already
	shots   int
}

// walkOf opens a hall's screen on a panel.
func walkOf(t *testing.T, h *hall.Hall, name string, width, height int64) *walk {
	t.Helper()
	judge, err := os.ReadFile("../../ui/judge_test.js")
	must(t, err)
	ctx := within(t, 5*time.Minute)
	browser, err := visitor.OpenChromium(ctx, t.TempDir(), h.Screen, width, height)
	must(t, err)
	t.Cleanup(browser.Close)
	return &walk{t: t, ctx: ctx, browser: browser, judge: string(judge), name: name, seen: map[string]bool{}}
}

// tap touches and waits for another screen.
func (w *walk) tap(css string) visitor.Seen {
	w.t.Helper()
	before, err := visitor.Look(w.ctx, w.browser)
	must(w.t, err)
	must(w.t, visitor.Touch(w.ctx, w.browser, css))
	var s visitor.Seen
	eventually(w.t, css+" leads on", func() bool {
		s, err = visitor.Look(w.ctx, w.browser)
		must(w.t, err)
		return s.Screen != "" && s.Seq != before.Seq
	})
	w.see(s)
	return s
}

func do(what, value string) string { return fmt.Sprintf(`[data-do=%q][data-value=%q]`, what, value) }

// see judges a screen, page for page, and turns back to the first. A screen that comes again is left alone.
func (w *walk) see(s visitor.Seen) {
	w.t.Helper()
	if w.seen[s.Screen+s.Text] {
		return
	}
	w.seen[s.Screen+s.Text] = true
	const on, back = `.turn:not([hidden]) [data-step="1"]:not([disabled])`, `.turn:not([hidden]) [data-step="-1"]:not([disabled])`
	for page := 1; page < 30; page++ {
		w.page(fmt.Sprintf("%s %s %s page %d", w.name, s.Screen, s.Question, page))
		if s.Cover != "" || !w.has(on) {
			break
		}
		must(w.t, visitor.Touch(w.ctx, w.browser, on))
	}
	for s.Cover == "" && w.has(back) {
		must(w.t, visitor.Touch(w.ctx, w.browser, back))
	}
}

func (w *walk) has(css string) bool {
	w.t.Helper()
	raw, err := w.browser.Eval(w.ctx, "!!document.querySelector('"+css+"')")
	must(w.t, err)
	return string(raw) == "true"
}

// page judges what is seen now, and keeps its picture if YIMEN_SCREENS names a folder.
func (w *walk) page(name string) {
	w.t.Helper()
	raw, err := w.browser.Eval(w.ctx, w.judge)
	must(w.t, err)
	var faults []string
	must(w.t, json.Unmarshal(raw, &faults))
	for _, fault := range faults {
		w.t.Errorf("%s: %s", name, fault)
	}
	if dir := os.Getenv("YIMEN_SCREENS"); dir != "" {
		png, err := w.browser.Picture(w.ctx)
		must(w.t, err)
		w.shots++
		must(w.t, os.WriteFile(filepath.Join(dir, fmt.Sprintf("walk-%s-%03d.png", w.name, w.shots)), png, 0o600))
	}
}

// to plays from the first screen to the wanted one.
func (w *walk) to(offer, screen string, elder bool, answers map[string]string, bench *visitor.Bench) visitor.Seen {
	w.t.Helper()
	v := visitor.Visitor{Browser: w.browser, Bench: bench, Offer: offer, Elder: elder, Answers: answers}
	v.Before = func(_ context.Context, s visitor.Seen) error {
		w.see(s)
		if s.Screen == screen {
			return visitor.ErrEnd
		}
		return nil
	}
	s, err := v.Play(w.ctx)
	must(w.t, err)
	return s
}

// until waits for words on the screen.
func (w *walk) until(words string) {
	w.t.Helper()
	eventually(w.t, words, func() bool {
		s, err := visitor.Look(w.ctx, w.browser)
		must(w.t, err)
		return strings.Contains(s.Text, words)
	})
}

// leave ends the visit without a dossier. Who has given nothing is not asked whether to lose it.
func (w *walk) leave() {
	w.t.Helper()
	if s := w.tap(`[data-do="leave"]`); s.Cover != "" {
		w.tap(`[data-do="leave-yes"]`)
	}
}

func TestEstimateAndPolicyFitThePanelAtEachTap(t *testing.T) {
	h := startHall(t, nil)
	for _, face := range []struct {
		name          string
		width, height int64
		elder         bool
		size, urgent  string
		income        string // whose kinds are said opens fewer questions
	}{{"portrait", 1080, 1920, true, "1", "1", "member.1.income_kinds"}, {"landscape", 1920, 1080, false, "2", "0", "member.2.income_kinds"}} {
		w, bench := walkOf(t, h, face.name, face.width, face.height), &visitor.Bench{Panel: h.Panel}
		w.to("reckon:all", "results", face.elder, map[string]string{
			"urgent": face.urgent, "urgency": "month", "household_size": face.size, "member.1.birth": "19520302", "member.1.disability_grade": "none", "member.1.away": "none",
			"member.2.relation": "spouse", "member.2.away": "none", face.income: "wage", "member.1.wage": "3100", "member.2.wage": "3100",
			"supporter_count": "1", "deposits": "3000", "medical_own_part": "6000",
		}, bench)
		w.tap(do("choose", "dibao"))
		w.tap(do("why", "0"))
		w.tap(do("why", ""))
		w.tap(`[data-do="disagree"]`)
		w.tap(`[data-do="back"]`)
		w.tap(`[data-do="back"]`)
		w.tap(`[data-do="print"]`)
		w.until("已打印，请从出纸口取走")
		w.leave()

		w.to("lookup:all", "topics", face.elder, nil, bench)
		for _, topic := range []string{"situation:ill", "item:0302"} {
			w.tap(do("choose", topic))
		}
		w.tap(`[data-do="why"]`) // its form, filled in
		for range 3 {
			w.tap(`[data-do="back"]`)
		}
		for _, topic := range []string{"standards:", "forms:", "items:"} {
			w.tap(do("choose", topic))
			w.tap(`[data-do="back"]`)
		}
		w.tap(do("choose", "items:"))
		w.tap(do("choose", "items:01"))
		w.leave()
		for _, complaint := range w.browser.Complaints() {
			t.Errorf("the page complains: %s", complaint)
		}
		w.browser.Close()
	}
}
