package visitor

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Keyed is a Chromium whose visitor has no finger: what it would tap it goes to by keys, and chooses.
type Keyed struct {
	*Chromium
	// Switches: there are but two, next and choose (Tab and Enter). Otherwise a pad with four arrows.
	Switches bool
	// Pressed counts the keys.
	Pressed int
}

// ErrNoFinger: something can only be drawn.
var ErrNoFinger = errors.New("drawn by a finger, and there is none")

// goal marks what lies at a place as wanted, and says whether it can be chosen by keys at all.
const goal = `(() => {
  const hit = document.elementFromPoint(%f, %f);
  window.wanted = hit?.closest("button, .hg-button") ?? null;
  return window.wanted !== null;
})()`

// bearing is the key that leads on to what is wanted: where it lies among the same rows, an arrow that goes there, else the one
// that leaves rows behind. It is "" at the goal, "gone" where the screen has changed meanwhile.
const bearing = `(() => {
  const to = window.wanted, at = document.activeElement;
  if (!to.isConnected) return "gone";
  if (at === to) return "";
  const a = at.getBoundingClientRect(), b = to.getBoundingClientRect();
  const down = (b.top + b.bottom - a.top - a.bottom) / 2, row = Math.abs(down) < (a.height + b.height) / 4;
  const grid = e => e.closest(".typed") ?? e.closest(".keys, .grid, .parts, .tiles, .offers, .findings, .doors, .ways-abreast, .tools, .kept, .copies, .choices, .nudge");
  if (!grid(at) || grid(at) !== grid(to)) return "next";
  return row ? (b.left > a.left ? "right" : "left") : down > 0 ? "down" : "up";
})()`

// Tap goes to what lies there by keys, and chooses it.
func (k *Keyed) Tap(ctx context.Context, at Point) error {
	raw, err := k.Eval(ctx, fmt.Sprintf(goal, at.X, at.Y))
	if err != nil {
		return err
	}
	if string(raw) != "true" {
		return fmt.Errorf("at %.0f, %.0f lies nothing that takes the focus", at.X, at.Y)
	}
	return k.choose(ctx)
}

// choose goes to what is wanted, and presses it.
func (k *Keyed) choose(ctx context.Context) error {
	keys := map[string]string{"next": kb.ArrowDown, "up": kb.ArrowUp, "down": kb.ArrowDown, "left": kb.ArrowLeft, "right": kb.ArrowRight}
	for range 300 { // a keyboard has some forty keys, and comes round
		raw, err := k.Eval(ctx, bearing)
		if err != nil {
			return err
		}
		var to string
		if err := json.Unmarshal(raw, &to); err != nil {
			return fmt.Errorf("find the way by keys: %w", err)
		}
		switch {
		case to == "gone":
			return nil // as a finger that comes too late
		case to == "":
			return k.Press(ctx, kb.Enter)
		}
		if k.Switches {
			if err := k.Press(ctx, kb.Tab); err != nil {
				return err
			}
			continue
		}
		if err := k.Press(ctx, keys[to]); err != nil {
			return err
		}
	}
	raw, err := k.Eval(ctx, `[document.activeElement, window.wanted].map(e => (e.getAttribute("aria-label") || e.textContent).trim())`)
	return errors.Join(fmt.Errorf("no key leads there; the focus and what is wanted: %s", raw), err)
}

// Press presses and releases one key.
func (k *Keyed) Press(ctx context.Context, key string) error {
	k.Pressed++
	page, stop := k.within(ctx)
	defer stop()
	return chromedp.Do(page, chromedp.KeyEvent(key))
}

// handle marks the corner of a still that lies nearest to a place, if one is near, and says how many pixels an arrow moves it.
const handle = `(() => {
  const far = e => { const r = e.getBoundingClientRect(); return Math.hypot(r.left + r.width / 2 - %f, r.top + r.height / 2 - %f); };
  const near = [...document.querySelectorAll(".corner")].sort((a, b) => far(a) - far(b))[0];
  const mm = parseFloat(getComputedStyle(document.documentElement).getPropertyValue("--mm"));
  window.wanted = near && far(near) < 30 * mm ? near : null;
  return window.wanted ? mm : 0;
})()`

// Draw moves a still's corner by arrows. Anything else cannot be drawn by keys.
func (k *Keyed) Draw(ctx context.Context, path []Point) error {
	from, to := path[0], path[len(path)-1]
	raw, err := k.Eval(ctx, fmt.Sprintf(handle, from.X, from.Y))
	if err != nil {
		return err
	}
	var step float64
	if err := json.Unmarshal(raw, &step); err != nil {
		return fmt.Errorf("find the corner: %w", err)
	}
	if step == 0 {
		return ErrNoFinger
	}
	if err := k.choose(ctx); err != nil {
		return err
	}
	for _, way := range []struct {
		far        float64
		back, onto string
	}{{to.X - from.X, kb.ArrowLeft, kb.ArrowRight}, {to.Y - from.Y, kb.ArrowUp, kb.ArrowDown}} {
		key := way.onto
		if way.far < 0 {
			key = way.back
		}
		for range int(math.Round(math.Abs(way.far) / step)) {
			if err := k.Press(ctx, key); err != nil {
				return err
			}
		}
	}
	return k.Press(ctx, kb.Enter) // lets it go
}

// Focus has the page look as if its window had the keyboard.
func (c *Chromium) Focus(ctx context.Context) error {
	page, stop := c.within(ctx)
	defer stop()
	return chromedp.Do(page, chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
		return err
	}))
}
