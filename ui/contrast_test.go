package ui

import (
	"bytes"
	"image"
	"image/png"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// overGradients finds each text that lies over a gradient, gives its place and colour, and takes it away: what is left is
// the ground that eyes see it on.
const overGradients = `(() => {
	const found = [], words = document.createTreeWalker(document.getElementById("screen"), NodeFilter.SHOW_TEXT);
	const nodes = [];
	while (words.nextNode()) if (words.currentNode.data.trim()) nodes.push(words.currentNode);
	for (const node of nodes) {
		const e = node.parentElement, style = getComputedStyle(e);
		if (e.closest(".lost,.curtain,.contrasts i") || !e.getClientRects().length || style.visibility !== "visible") continue;
		let ground = e;
		while (ground && getComputedStyle(ground).backgroundImage === "none" && !/^rgb\(/.test(getComputedStyle(ground).backgroundColor)) ground = ground.parentElement;
		if (!ground || getComputedStyle(ground).backgroundImage === "none") continue;
		const range = document.createRange();
		range.selectNodeContents(node);
		for (const r of range.getClientRects()) found.push({Words: node.data.trim(), Ink: style.color.match(/\d+/g).slice(0, 3).map(Number), X: r.x, Y: r.y, Width: r.width, Height: r.height});
	}
	for (const node of nodes) node.parentElement.style.setProperty("-webkit-text-fill-color", "transparent");
	return found;
})()`

// piece is a stretch of text on the screen.
type piece struct {
	Words               string
	Ink                 [3]float64
	X, Y, Width, Height float64
}

// TestTextOverAGradientStandsOut measures it on the pixels themselves, for no style tells what lies behind one letter.
func TestTextOverAGradientStandsOut(t *testing.T) {
	desk := newStage(t, samples()[0].view)
	tab := browse(t)
	url := serve(t, desk)
	for _, p := range panels() {
		for _, name := range []string{"doors", "menu"} {
			open(t, tab, url, p)
			all := samples()
			v := all[slices.IndexFunc(all, func(s sample) bool { return s.name == name })].view
			arrived(t, tab, desk.show(v))
			pieces := ask[[]piece](t, tab, overGradients)
			shot, err := chromedp.Run(tab, chromedp.CaptureScreenshot())
			if err != nil {
				t.Fatal(err)
			}
			ground, err := png.Decode(bytes.NewReader(shot))
			if err != nil {
				t.Fatal(err)
			}
			seen := ""
			for _, w := range pieces {
				seen += w.Words
				if worst := w.contrast(ground); worst < 4.5 {
					t.Errorf("%s, %s: %q stands out by %.1f : 1", name, p.name, w.Words, worst)
				}
			}
			if !strings.Contains(seen, v.Hall.Name) || !strings.Contains(seen, "申请") && !strings.Contains(seen, "最低生活保障") {
				t.Errorf("%s, %s: only %q was looked at", name, p.name, seen)
			}
		}
	}
}

// contrast is the least that the text stands out from any pixel behind it (WCAG 2.1, relative luminance).
func (p piece) contrast(ground image.Image) float64 {
	ink, worst := luminance(p.Ink), math.Inf(1)
	for y := int(p.Y); y < int(p.Y+p.Height); y += 2 {
		for x := int(p.X); x < int(p.X+p.Width); x += 2 {
			r, g, b, _ := ground.At(x, y).RGBA()
			under := luminance([3]float64{float64(r >> 8), float64(g >> 8), float64(b >> 8)})
			worst = min(worst, (max(ink, under)+0.05)/(min(ink, under)+0.05))
		}
	}
	return worst
}

func luminance(rgb [3]float64) float64 {
	var l float64
	for i, weight := range [3]float64{0.2126, 0.7152, 0.0722} {
		c := rgb[i] / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		l += weight * c
	}
	return l
}
