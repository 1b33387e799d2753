// Package visitor is a resident made of code: it looks at the terminal's page as drawn, touches what it finds
// there by real pointer events, and lays cards and pages on the bench. It plays whole visits for the demo and
// for the tests, in any browser that can do four things.
package visitor

import (
	"context"
	"encoding/json"
	"fmt"
)

// Point is a place on the page in CSS pixels.
type Point struct{ X, Y float64 }

// Browser is what a visitor needs of one.
type Browser interface {
	// Eval evaluates a JavaScript expression and gives its value as JSON.
	Eval(ctx context.Context, js string) (json.RawMessage, error)
	// Tap presses and releases at a place.
	Tap(ctx context.Context, at Point) error
	// Draw presses at the first place, moves through the others and releases at the last.
	Draw(ctx context.Context, path []Point) error
	// Picture gives what is seen, as PNG.
	Picture(ctx context.Context) ([]byte, error)
}

// Seen is what the visitor sees of a page.
type Seen struct {
	Screen   string   `json:"screen"`
	Seq      string   `json:"seq"`
	Visit    string   `json:"visit"`
	Cover    string   `json:"cover"`    // text of what lies over the screen; empty if nothing does
	Offers   []string `json:"offers"`   // what can be touched
	Question string   `json:"question"` // key of the question
	Input    string   `json:"input"`
	Kept     int      `json:"kept"` // pages kept of the paper being scanned
	Text     string   `json:"text"` // of the whole screen
}

const look = `(() => {
  const s = document.getElementById("screen");
  if (!s) return {screen: ""};
  const shown = e => { const r = e.getBoundingClientRect(); return r.width > 0 && r.height > 0 && getComputedStyle(e).visibility !== "hidden"; };
  const q = s.querySelector("[data-question]");
  const cover = [...s.querySelectorAll(".cover")].find(shown);
  return {
    screen: s.dataset.screen, seq: s.dataset.seq, visit: s.dataset.visit,
    cover: cover ? cover.innerText : "",
    offers: [...s.querySelectorAll("[data-do]")].filter(e => shown(e) && !e.disabled && !e.closest("[inert]")).map(e => e.dataset.do),
    question: q ? q.dataset.question : "", input: q ? q.dataset.input : "",
    kept: s.querySelectorAll(".kept .page").length, text: s.innerText,
  };
})()`

// Look says what is on the page now.
func Look(ctx context.Context, b Browser) (Seen, error) {
	var s Seen
	raw, err := b.Eval(ctx, look)
	if err != nil {
		return s, fmt.Errorf("look at the page: %w", err)
	}
	if err := json.Unmarshal(raw, &s); err != nil {
		return s, fmt.Errorf("look at the page: %w", err)
	}
	return s, nil
}

// place finds the middle of the first visible element that css names, as a person would see it: it must not
// lie under another one.
func place(ctx context.Context, b Browser, css string) (Point, error) {
	q, err := json.Marshal(css)
	if err != nil {
		return Point{}, err
	}
	raw, err := b.Eval(ctx, `(() => {
  for (const e of document.querySelectorAll(`+string(q)+`)) {
    const r = e.getBoundingClientRect();
    if (r.width === 0 || r.height === 0 || e.disabled || e.closest("[inert]")) continue;
    const x = r.left + r.width / 2, y = r.top + r.height / 2, top = document.elementFromPoint(x, y);
    if (top && (e === top || e.contains(top))) return {X: x, Y: y};
  }
  return null;
})()`)
	if err != nil {
		return Point{}, fmt.Errorf("find %s: %w", css, err)
	}
	var at *Point
	if err := json.Unmarshal(raw, &at); err != nil {
		return Point{}, fmt.Errorf("find %s: %w", css, err)
	}
	if at == nil {
		return Point{}, &missingError{css}
	}
	return *at, nil
}

// missingError: nothing that could be touched answers to the selector.
type missingError struct{ css string }

func (e *missingError) Error() string { return "nothing to touch at " + e.css }
