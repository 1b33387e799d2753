package ui

import (
	"math"
	"slices"
	"strings"
	"testing"

	"yimen/drivers/device"
	"yimen/kiosk/journey/view"
)

// facing is a screen on which somebody looks into the camera, over which g stands.
func facing(t *testing.T, g view.Guide) *stage {
	t.Helper()
	all := checkinSamples()
	desk := newStage(t, all[slices.IndexFunc(all, func(s sample) bool { return s.name == "face-live" })].view)
	desk.guide = g
	return desk
}

// TestAFaceIsSeenAsInAMirror: whoever moves to the left sees it on the left, and what stands round the face goes along. No
// button takes the picture: the countdown shows that it is taken by itself.
func TestAFaceIsSeenAsInAMirror(t *testing.T) {
	tab := browse(t)
	left := device.Quad{{X: .1, Y: .2}, {X: .4, Y: .2}, {X: .4, Y: .6}, {X: .1, Y: .6}} // in the camera's picture
	url := serve(t, facing(t, view.Guide{Quad: left, Hint: view.HintFaceStill, Held: .5}))
	for _, p := range panels() {
		open(t, tab, url, p)
		until(t, tab, `document.querySelector("#guide.well.counting [data-hint='face.still']:not([hidden])") !== null`)
		picture(t, tab, "face-guide-"+p.name)
		off := ask[[]float64](t, tab, `(() => {
			const img = document.querySelector("#live img"), box = img.getBoundingClientRect();
			const width = Math.min(box.width, box.height * img.naturalWidth / img.naturalHeight), from = box.x + (box.width - width) / 2;
			const edge = document.querySelector("#guide polygon"), to = edge.getScreenCTM();
			return [new DOMMatrix(getComputedStyle(img).transform).a, ...[...edge.points].map((p) => (p.matrixTransform(to).x - from) / width)];
		})()`)
		if len(off) != 5 || off[0] != -1 {
			t.Fatalf("%s: the picture and the edge have %v", p.name, off)
		}
		for i, c := range left {
			if math.Abs(off[i+1]-(1-c.X)) > 0.005 {
				t.Errorf("%s: corner %d stands at %.3f of the picture, want %.3f", p.name, i, off[i+1], 1-c.X)
			}
		}
	}
}

// TestEveryHintFitsOverAFace looks at each in the large size.
func TestEveryHintFitsOverAFace(t *testing.T) {
	tab := browse(t)
	for _, lang := range []string{"zh-CN", "en"} {
		desk := facing(t, view.Guide{Hint: "face.none"})
		desk.view.Look.Size, desk.view.Lang = view.SizeXL, lang
		open(t, tab, serve(t, desk), panels()[0])
		until(t, tab, `[...document.querySelectorAll("#guide [data-hint]")].filter((e) => e.offsetParent).map((e) => e.dataset.hint).join() === "face.none"`)
		for _, hint := range view.FaceHints() {
			ask[int](t, tab, `document.querySelectorAll("#guide [data-hint]").forEach((e) => { e.hidden = e.dataset.hint !== "`+hint+`"; }) ?? 0`)
			picture(t, tab, strings.ReplaceAll(hint, ".", "-")+"-"+lang)
			for _, fault := range ask[[]string](t, tab, judge) {
				t.Errorf("%s, %s: %s", hint, lang, fault)
			}
		}
	}
}
