package ui

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"

	"yimen/drivers/device"
	"yimen/kiosk/journey/view"
)

// guided is a screen with the live picture on, over which g stands.
func guided(t *testing.T, g view.Guide) *stage {
	desk := newStage(t, scanSamples()[0].view)
	desk.guide = g
	return desk
}

var laid = device.Quad{{X: .3, Y: .06}, {X: .74, Y: .1}, {X: .7, Y: .82}, {X: .27, Y: .78}}

// TestTheEdgeStandsOverThePage holds the drawn corners against the place of the picture on the screen, on both panels.
func TestTheEdgeStandsOverThePage(t *testing.T) {
	tab := browse(t)
	desk := guided(t, view.Guide{Quad: laid, Hint: view.HintStill, Held: 0.6})
	url := serve(t, desk)
	for _, p := range panels() {
		open(t, tab, url, p)
		until(t, tab, `document.querySelector("#guide.well.counting [data-hint='hint.still']:not([hidden])") !== null`)
		picture(t, tab, "guide-"+p.name)
		off := ask[[]float64](t, tab, `(() => {
			const img = document.querySelector("#live img"), box = img.getBoundingClientRect();
			const scale = Math.min(box.width / img.naturalWidth, box.height / img.naturalHeight);
			const left = box.x + (box.width - img.naturalWidth * scale) / 2, top = box.y + (box.height - img.naturalHeight * scale) / 2;
			const edge = document.querySelector("#guide polygon"), to = edge.getScreenCTM();
			return [...edge.points].flatMap((p) => {
				const at = p.matrixTransform(to);
				return [(at.x - left) / (img.naturalWidth * scale), (at.y - top) / (img.naturalHeight * scale)];
			});
		})()`)
		if len(off) != 8 {
			t.Fatalf("%s: the edge has %v", p.name, off)
		}
		for i, c := range laid {
			if math.Abs(off[2*i]-c.X) > 0.005 || math.Abs(off[2*i+1]-c.Y) > 0.005 {
				t.Errorf("%s: corner %d stands at %.3f, %.3f of the picture, want %v", p.name, i, off[2*i], off[2*i+1], c)
			}
		}
	}
}

// TestEveryHintFitsOverTheLivePicture looks at each in the large size; the first is put there by the desk, alone.
func TestEveryHintFitsOverTheLivePicture(t *testing.T) {
	tab := browse(t)
	for _, lang := range []string{"zh-CN", "en"} {
		desk := guided(t, view.Guide{Hint: "hint.no_page"})
		desk.view.Look.Size, desk.view.Lang = view.SizeXL, lang
		open(t, tab, serve(t, desk), panels()[0])
		until(t, tab, `[...document.querySelectorAll("#guide [data-hint]")].filter((e) => e.offsetParent).map((e) => e.dataset.hint).join() === "hint.no_page"`)
		for _, hint := range view.Hints() {
			ask[int](t, tab, `document.querySelectorAll("#guide [data-hint]").forEach((e) => { e.hidden = e.dataset.hint !== "`+hint+`"; }) ?? 0`)
			picture(t, tab, strings.ReplaceAll(hint, ".", "-")+"-"+lang)
			for _, fault := range ask[[]string](t, tab, judge) {
				t.Errorf("%s, %s: %s", hint, lang, fault)
			}
		}
	}
}

func TestAGuideWithoutAPageHasNoCorners(t *testing.T) {
	for _, g := range []view.Guide{{Hint: "hint.no_page"}, {Quad: device.Quad{{X: math.NaN()}}}} {
		var e guideEvent
		if err := json.Unmarshal(encodeGuide(g), &e); err != nil || e.Quad == nil || !slices.Equal(e.Quad, []device.Point{}) {
			t.Errorf("%v is sent as %+v, %v", g, e, err)
		}
	}
}
