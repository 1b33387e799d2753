package ui

import (
	"context"
	_ "embed"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/css"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/chromedp"

	"yimen/kiosk/typeface"
)

//go:embed glyphs_test.js
var glyphs string

// screenFonts are the fonts that the page asks for (style/frame.css), as the system calls them: the terminal has no others.
var screenFonts = []string{"Noto Sans CJK SC", "HanaMinA", "HanaMinB"}

// TestEveryCharacterOfANameIsSeenOnTheScreen draws the 87,887 characters of GB 18030-2022 in the browser, some thousand at a
// time: none is a box or nothing, and none is borrowed from a font that a terminal does not have. Every twentieth is looked
// at, in a soak each.
func TestEveryCharacterOfANameIsSeenOnTheScreen(t *testing.T) {
	tab := browse(t)
	open(t, tab, serve(t, newStage(t, samples()[0].view)), panels()[0])
	all := typeface.Level3()
	if os.Getenv("YIMEN_SOAK") == "" {
		sample := []rune{}
		for i := 0; i < len(all); i += 20 {
			sample = append(sample, all[i])
		}
		all = sample
	}
	seen := 0
	for page := range slices.Chunk(all, 4096) {
		missing := ask[[]string](t, tab, "("+glyphs+")("+quote(string(page))+")")
		if len(missing) > 0 {
			t.Errorf("%d characters of %d are not seen: %s …", len(missing), len(page), strings.Join(missing[:min(len(missing), 20)], " "))
		}
		for family, n := range fontsOf(t, tab, string(page)) {
			if !slices.Contains(screenFonts, family) {
				t.Errorf("%d glyphs are of %s, which the page does not name", n, family)
			}
			seen += n
		}
	}
	if seen != len(all) {
		t.Errorf("%d glyphs for %d characters", seen, len(all))
	}
	t.Logf("%d characters", seen)

	// It would be seen if one were missing: of the next two planes nothing is a character.
	if missing := ask[[]string](t, tab, "("+glyphs+")("+quote("王\U0003FFF1田\u200b")+")"); !slices.Equal(missing, []string{"\U0003FFF1", "\u200b"}) {
		t.Errorf("of four, of which two are nothing, it misses %q", missing)
	}
}

// fontsOf tells how many glyphs of which font the page shows a text with.
func fontsOf(t *testing.T, tab context.Context, text string) map[string]int {
	t.Helper()
	ask[bool](t, tab, `(() => {
		document.getElementById("shown")?.remove()
		const p = document.createElement("p")
		p.id = "shown"
		p.textContent = `+quote(text)+`
		document.body.append(p)
		return p.offsetHeight > 0
	})()`)
	used := map[string]int{}
	do(t, tab, chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		if _, err := cdp.Call(ctx, tab, dom.Enable, dom.EnableParams{}); err != nil {
			return err
		}
		if _, err := cdp.Call(ctx, tab, css.Enable, cdp.Empty{}); err != nil {
			return err
		}
		root, err := cdp.Call(ctx, tab, dom.GetDocument, dom.GetDocumentParams{})
		if err != nil {
			return err
		}
		at, err := cdp.Call(ctx, tab, dom.QuerySelector, dom.QuerySelectorParams{NodeID: root.Root.NodeID, Selector: "#shown"})
		if err != nil {
			return err
		}
		fonts, err := cdp.Call(ctx, tab, css.GetPlatformFontsForNode, css.GetPlatformFontsForNodeParams{NodeID: at.NodeID})
		if err != nil {
			return err
		}
		for _, f := range fonts.Fonts {
			used[f.FamilyName] += int(f.GlyphCount)
		}
		return nil
	}))
	return used
}
