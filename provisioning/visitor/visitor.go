package visitor

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Visitor plays a visit.
type Visitor struct {
	Browser Browser
	Bench   *Bench
	Offer   string            // the menu's tile, such as apply:0101
	Card    string            // sample card of the bench
	Pages   []string          // sample pages of the bench, laid one after another, then again from the first
	Answers map[string]string // by question; the rest is answered 不清楚, or by what stands there, or the first choice
	Slip    string            // number of the slip that is held under the scanner, where a slip proves who asks
	Elder   bool              // asks for the larger size
	Scan    int               // papers to scan; the others come later
	Change  string            // one answer to change at the review: its question; Answers has the first value
	To      string            // what Change is changed to
	Told    func(Seen)        // called for every new screen
	// Patience is how long the page may take to show something new, where it takes longer than usual; 0 for 30 s.
	Patience time.Duration
	// Before is called with each new screen before anything is touched on it; an error ends the visit with it.
	Before func(context.Context, Seen) error

	scanned int
	changed bool
	sized   bool
}

// ErrEnd may be returned by Before to end a visit in the middle without a fault.
var ErrEnd = errors.New("the visitor walks away")

// patience is how long the page may take to show something new.
const patience = 30 * time.Second

func (v *Visitor) patience() time.Duration { return cmp.Or(v.Patience, patience) }

// Play goes from the first screen to the slip's last word, and returns what was seen last.
func (v *Visitor) Play(ctx context.Context) (Seen, error) {
	last := ""
	for {
		seen, err := v.fresh(ctx, last)
		if err != nil {
			return seen, err
		}
		if v.Told != nil {
			v.Told(seen)
		}
		if v.Before != nil {
			if err := v.Before(ctx, seen); err != nil {
				if errors.Is(err, ErrEnd) {
					return seen, nil
				}
				return seen, err
			}
		}
		if seen.Screen == "slip" && slices.Contains(seen.Offers, "finish") {
			return seen, nil
		}
		last = seen.Visit + seen.Seq
		if err := v.act(ctx, seen); err != nil {
			return seen, fmt.Errorf("on screen %s %s: %w", seen.Screen, seen.Question, err)
		}
	}
}

// fresh waits for a screen other than last.
func (v *Visitor) fresh(ctx context.Context, last string) (Seen, error) {
	var seen Seen
	var err error
	for end := time.Now().Add(v.patience()); time.Now().Before(end); {
		seen, err = Look(ctx, v.Browser)
		if err != nil {
			return seen, err
		}
		if seen.Screen != "" && seen.Visit+seen.Seq != last {
			return seen, nil
		}
		if err := sleep(ctx, 40*time.Millisecond); err != nil {
			return seen, err
		}
	}
	return seen, fmt.Errorf("nothing new after %s: %q", seen.Screen, firstWords(seen.Text))
}

func firstWords(s string) string {
	r := []rune(strings.Join(strings.Fields(s), " "))
	return string(r[:min(len(r), 300)])
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// act does what a resident would do on this screen.
func (v *Visitor) act(ctx context.Context, s Seen) error {
	switch s.Screen {
	case "attract":
		return v.tap(ctx, `[data-do="start"]`)
	case "language":
		return v.language(ctx, s)
	case "menu":
		return v.menu(ctx)
	case "card":
		return v.Bench.LayCard(ctx, v.Card)
	case "question", "code":
		return v.answer(ctx, s)
	case "proof":
		return v.prove(ctx)
	case "slipno":
		if v.Slip != "" {
			return v.Bench.HoldCode(ctx, v.Slip)
		}
		return v.answer(ctx, s)
	case "scan":
		return v.scan(ctx, s)
	case "sign":
		return v.sign(ctx)
	case "review":
		return v.review(ctx, s)
	case "sending", "slip", "asking", "board": // what is awaited comes by itself
		return nil
	}
	return v.on(ctx, s, "next")
}

// prove chooses the slip where there is a code to it, and else the card.
func (v *Visitor) prove(ctx context.Context) error {
	way := "card"
	if v.Answers["code"] != "" {
		way = "slip"
	}
	return v.tap(ctx, `[data-do="choose"][data-value="`+way+`"]`)
}

// menu opens the offer's door or, behind it, turns to the page with the offer and chooses it. A door is named as its
// offers begin.
func (v *Visitor) menu(ctx context.Context) error {
	var missing *missingError
	door, _, _ := strings.Cut(v.Offer, ":")
	for range 20 {
		for _, id := range []string{v.Offer, door} {
			at, err := place(ctx, v.Browser, `[data-do="choose"][data-value="`+id+`"]`)
			if err == nil {
				return v.Browser.Tap(ctx, at)
			}
			if !errors.As(err, &missing) {
				return err
			}
		}
		if err := v.tap(ctx, `.turn [data-step="1"]:not([disabled])`); err != nil {
			return fmt.Errorf("no way to %s: %w", v.Offer, err)
		}
	}
	return fmt.Errorf("no way to %s", v.Offer)
}

func (v *Visitor) language(ctx context.Context, s Seen) error {
	if v.Elder && !v.sized && slices.Contains(s.Offers, "size") {
		v.sized = true
		return v.tap(ctx, `[data-do="size"][data-value="l"]`)
	}
	return v.on(ctx, s, "next")
}

// on taps the screen's main button until the page has gone on: a text of several pages turns first.
func (v *Visitor) on(ctx context.Context, s Seen, do string) error {
	for range 30 {
		if err := v.tap(ctx, `[data-do="`+do+`"]`); err != nil {
			return err
		}
		for end := time.Now().Add(v.patience() / 60); time.Now().Before(end); {
			now, err := Look(ctx, v.Browser)
			if err != nil || now.Seq != s.Seq || now.Visit != s.Visit {
				return err
			}
			if err := sleep(ctx, 30*time.Millisecond); err != nil {
				return err
			}
		}
	}
	return fmt.Errorf("the button %s leads nowhere", do)
}

func (v *Visitor) tap(ctx context.Context, css string) error { return Touch(ctx, v.Browser, css) }

// Touch taps what css names, as soon as it can be touched.
func Touch(ctx context.Context, b Browser, css string) error {
	var missing *missingError
	for end := time.Now().Add(patience / 3); ; {
		at, err := place(ctx, b, css)
		switch {
		case err == nil:
			return b.Tap(ctx, at)
		case !errors.As(err, &missing) || time.Now().After(end):
			return err
		}
		if err := sleep(ctx, 40*time.Millisecond); err != nil {
			return err
		}
	}
}

// scan shoots a page, drags the corners to it where they are shown, keeps it, and goes on; what is not wanted comes later.
func (v *Visitor) scan(ctx context.Context, s Seen) error {
	can := func(do string) bool { return slices.Contains(s.Offers, do) }
	switch {
	case can("accept"):
		if err := v.shown(ctx, ".still img"); err != nil {
			return err
		}
		if err := v.corner(ctx); err != nil {
			return err
		}
		return v.tap(ctx, `[data-do="accept"]`)
	case can("retake"): // the picture is not good
		v.scanned--
		return v.tap(ctx, `[data-do="retake"]`)
	case can("next") && (v.scanned >= v.Scan || s.Kept > 0):
		return v.tap(ctx, `[data-do="next"]`)
	case can("shoot") && v.scanned < v.Scan:
		if err := v.Bench.LayPage(ctx, v.Pages[v.scanned%len(v.Pages)]); err != nil {
			return err
		}
		v.scanned++
		if err := v.shown(ctx, ".live img"); err != nil {
			return err
		}
		return v.tap(ctx, `[data-do="shoot"]`)
	case can("later"):
		return v.tap(ctx, `[data-do="later"]`)
	}
	return nil // the camera is at work
}

// shown waits until the picture that css names is drawn, as a resident would.
func (v *Visitor) shown(ctx context.Context, css string) error {
	for end := time.Now().Add(v.patience() / 6); time.Now().Before(end); {
		raw, err := v.Browser.Eval(ctx, `(() => { const i = document.querySelector("`+css+`"); return !!i && i.naturalWidth > 0; })()`)
		if err != nil || string(raw) == "true" {
			return err
		}
		if err := sleep(ctx, 50*time.Millisecond); err != nil {
			return err
		}
	}
	return fmt.Errorf("no picture at %s", css)
}

// sign reads the document to its end and draws something like a name; who has no finger leaves it to the desk.
func (v *Visitor) sign(ctx context.Context) error {
	for range 20 {
		raw, err := v.Browser.Eval(ctx, `document.querySelectorAll('[data-do="sign"][data-more]').length`)
		if err != nil {
			return err
		}
		if string(raw) == "0" {
			break
		}
		if err := v.tap(ctx, `[data-do="sign"]`); err != nil {
			return err
		}
	}
	at, err := place(ctx, v.Browser, ".pad canvas")
	if err != nil {
		return err
	}
	for _, stroke := range [][]Point{
		{{-90, -30}, {-60, -32}, {-30, -34}}, {{-62, -60}, {-60, -10}, {-70, 40}, {-92, 55}}, {{-60, -5}, {-40, 20}, {-25, 50}},
		{{10, -50}, {60, -52}}, {{12, -20}, {58, -22}}, {{35, -60}, {34, 0}, {30, 45}}, {{0, 20}, {40, 18}, {75, 30}},
	} {
		path := make([]Point, len(stroke))
		for i, p := range stroke {
			path[i] = Point{at.X + p.X, at.Y + p.Y}
		}
		if err := v.Browser.Draw(ctx, path); errors.Is(err, ErrNoFinger) {
			return v.tap(ctx, `[data-do="later"]`)
		} else if err != nil {
			return err
		}
	}
	return v.tap(ctx, `[data-do="sign"]`)
}

// review changes one answer, if asked to, and submits.
func (v *Visitor) review(ctx context.Context, s Seen) error {
	if v.Change != "" && !v.changed {
		css := `[data-do="edit"][data-value="answer:` + v.Change + `"]`
		for range 20 {
			at, err := place(ctx, v.Browser, css)
			if err == nil {
				v.changed = true
				return v.Browser.Tap(ctx, at)
			}
			turn, err := place(ctx, v.Browser, `.turn [data-step="1"]:not([disabled])`)
			if err != nil {
				return fmt.Errorf("nowhere to change %s: %w", v.Change, err)
			}
			if err := v.Browser.Tap(ctx, turn); err != nil {
				return err
			}
		}
	}
	return v.on(ctx, s, "submit")
}
