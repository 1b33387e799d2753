package finder

import (
	"math"
	"testing"

	"yimen/drivers/device"
	"yimen/drivers/pageimage/eye"
)

// TestAnEdgeTakenForAStripesIsFoundAgain: a page whose right edge was laid on a stripe of the bed beside it has its corners
// looked for along its upper and lower edges.
func TestAnEdgeTakenForAStripesIsFoundAgain(t *testing.T) {
	b := newBed(1280, 960, tone{205, 128, 128})
	b.fill(func(x, _ float64) bool { return math.Mod(x, 120) < 40 }, tone{120, 110, 150})
	sheet := device.Quad{{X: 0.2, Y: 0.2}, {X: 0.6, Y: 0.2}, {X: 0.6, Y: 0.85}, {X: 0.2, Y: 0.85}}
	b.sheet(sheet, white)
	w := reduced(b.YCbCr)
	m := eye.Look(w.small.seen(), w.cb.seen(), w.cr.seen(), eye.Fine)
	at := func(x, y float64) point { return point{x * float64(w.luma.width), y * float64(w.luma.height)} }
	wrong := sight{quad: quad{at(0.2, 0.2), at(0.656, 0.2), at(0.656, 0.85), at(0.2, 0.85)}, corners: [4]float64{1, 0, 0, 1}}
	got := w.again(m, wrong, []sight{wrong})
	for i, want := range [4]point{at(0.2, 0.2), at(0.6, 0.2), at(0.6, 0.85), at(0.2, 0.85)} {
		if off := math.Hypot(got.quad[i].X-want.X, got.quad[i].Y-want.Y); off > 4 {
			t.Errorf("corner %d is off by %.1f samples: %.0f, certainty %.2f", i, off, got.quad, got.certainty)
		}
	}
}

// TestACornerUnderAHandIsNotLookedForAcrossThePage: a quad that a moved corner bends is not tried.
func TestACornerUnderAHandIsNotLookedForAcrossThePage(t *testing.T) {
	b := newBed(1280, 960, mat)
	b.sheet(laid, white)
	corner := [2]float64{laid[1].X * 1280, laid[1].Y * 960}
	b.fill(func(x, y float64) bool { return math.Hypot(x-corner[0], y-corner[1]) < 90 }, skin)
	page, ok := Find(b.YCbCr, true)
	if !ok {
		t.Fatal("not found")
	}
	if page.Certainty >= doubtful && page.Edges[0].Hidden < 0.05 && page.Edges[1].Hidden < 0.05 {
		t.Errorf("nothing is hidden: %+v", page)
	}
}
