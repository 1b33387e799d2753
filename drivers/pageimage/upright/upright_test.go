package upright

import (
	"image"
	"math/rand/v2"
	"testing"
)

// turnedPage gives a page of one tone of colour turned clockwise.
func turnedPage(page *image.YCbCr, quarters int) *image.YCbCr {
	for range quarters {
		w, h := page.Rect.Dx(), page.Rect.Dy()
		out := bare(h, w)
		for y := range h {
			for x := range w {
				out.Y[x*out.YStride+h-1-y] = page.Y[y*page.YStride+x]
			}
		}
		page = out
	}
	return page
}

// bare is a page with nothing on it.
func bare(w, h int) *image.YCbCr {
	page := image.NewYCbCr(image.Rect(0, 0, w, h), image.YCbCrSubsampleRatio420)
	for i := range page.Y {
		page.Y[i] = 225
	}
	for i := range page.Cb {
		page.Cb[i], page.Cr[i] = 128, 128
	}
	return page
}

func TestPrintTellsWhichWayUpItIs(t *testing.T) {
	text := packText(t)
	for i, f := range printed(t) {
		page := set(f, text, uint64(1000+i))
		for lying := range 4 {
			if g := Of(turnedPage(page, lying)); g.Certainty < Sure || (g.Quarters+lying)%4 != 0 {
				t.Errorf("font %d lying %d quarters: %+v", i, lying, g)
			}
		}
	}
}

// TestASealDoesNotTurnThePage: a large red seal, stamped upside down, with rays all over it.
func TestASealDoesNotTurnThePage(t *testing.T) {
	page := turnedPage(set(printed(t)[0], packText(t), 1001), 1)
	for y := range page.Rect.Dy() {
		for x := range page.Rect.Dx() {
			if dx, dy := x-300, y-300; dx*dx+dy*dy < 200*200 && (dx*7+dy)/9%2 == 0 {
				page.Y[y*page.YStride+x] = 85
				page.Cr[page.COffset(x, y)] = 220
			}
		}
	}
	if g := Of(page); g.Certainty < Sure || g.Quarters != 3 {
		t.Errorf("%+v", g)
	}
}

func TestWhatHasNoWritingIsNotTurned(t *testing.T) {
	grain := rand.New(rand.NewPCG(3, 4))
	noisy, lined, tones := bare(1240, 1754), bare(1240, 1754), bare(1240, 1754)
	for i := range noisy.Y {
		noisy.Y[i] = uint8(150 + grain.IntN(100))
		if i/lined.YStride%40 < 2 {
			lined.Y[i] = 20
		}
		tones.Y[i] = uint8(i % tones.YStride / 6)
	}
	for name, page := range map[string]*image.YCbCr{"bare": bare(1240, 1754), "noise": noisy, "ruled": lined, "a picture": tones, "tiny": bare(64, 64), "a pixel": bare(1, 1)} {
		if g := Of(page); g.Certainty >= Sure {
			t.Errorf("%s: %+v", name, g)
		}
	}
}

// FuzzOf looks at pages of any size and tone: a guess is a guess, whatever lies there.
func FuzzOf(f *testing.F) {
	f.Add(uint16(40), uint16(30), []byte("一二三"))
	f.Add(uint16(700), uint16(1), []byte{0, 255, 0, 255, 7})
	f.Fuzz(func(t *testing.T, w, h uint16, tones []byte) {
		page := bare(int(w)%800+1, int(h)%800+1)
		for i := range page.Y {
			if len(tones) > 0 {
				page.Y[i] = tones[i*i%len(tones)]
			}
		}
		if g := Of(page); g.Quarters < 0 || g.Quarters > 3 || !(g.Certainty >= 0 && g.Certainty <= 1) {
			t.Errorf("%+v", g)
		}
	})
}

func BenchmarkOf(b *testing.B) {
	page := set(printed(b)[2], packText(b), 1002)
	for b.Loop() {
		Of(page)
	}
}
