package main

import (
	"image"
	"math/rand/v2"
	"slices"
	"testing"

	"yimen/drivers/device"
	"yimen/drivers/jpeg"
	"yimen/drivers/pageimage"
)

// grainy is a picture with something on every pixel, and a red corner.
func grainy(t *testing.T, size image.Point) []byte {
	t.Helper()
	img := image.NewYCbCr(image.Rectangle{Max: size}, image.YCbCrSubsampleRatio420)
	grain := rand.New(rand.NewPCG(1, 2))
	for i := range img.Y {
		img.Y[i] = 180 + uint8(grain.IntN(40))
	}
	for i := range img.Cb {
		img.Cb[i], img.Cr[i] = 128, 128
		if i%img.CStride < 100 {
			img.Cb[i], img.Cr[i] = 90, 200
		}
	}
	data, err := jpeg.Encode(img, 85, 300)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestALargePageIsSlimmedInColourAndAtItsResolution(t *testing.T) {
	page := grainy(t, image.Pt(1600, 1200))
	most := len(page) * 3 / 4
	slimmed, err := slim(page, 300, most)
	if err != nil || len(slimmed) > most {
		t.Fatalf("%d bytes of at most %d: %v", len(slimmed), most, err)
	}
	img, err := jpeg.Decode(slimmed, jpeg.Full, 1e7)
	if err != nil {
		t.Fatal(err)
	}
	if img.Rect.Size() != image.Pt(1600, 1200) || img.Cr[0] < 180 {
		t.Errorf("%v, red is %d", img.Rect, img.Cr[0])
	}
	if same, err := slim(page, 300, len(page)); err != nil || !slices.Equal(same, page) {
		t.Error("a page that is small enough was written anew")
	}
	if least, err := slim(page, 300, 1); err != nil || len(least) == 0 {
		t.Errorf("a page that cannot be so small was refused: %v", err)
	}
}

// TestEveryFlawThatPagesCanHaveIsWorded: the judge's names are the ones that the screen has sentences for.
func TestEveryFlawThatPagesCanHaveIsWorded(t *testing.T) {
	for _, f := range []pageimage.Flaw{
		pageimage.NoPage, pageimage.Unsure, pageimage.TwoPages, pageimage.CutOff, pageimage.Covered, pageimage.Moving, pageimage.Dark,
		pageimage.Bright, pageimage.Glare, pageimage.Shadow, pageimage.Blurred, pageimage.Coarse, pageimage.Askew, pageimage.Empty,
	} {
		if !slices.Contains(device.Flaws(), device.Flaw(f)) {
			t.Errorf("nobody knows the flaw %s", f)
		}
	}
}

func TestAFrameThatIsNoneIsAnErrorNotAPage(t *testing.T) {
	p := pages{pageimage.DefaultLimits}
	for _, frame := range [][]byte{nil, []byte("no"), grainy(t, image.Pt(64, 48))[:200]} {
		if _, err := p.Find(frame); err == nil {
			t.Errorf("found a page in %d bytes", len(frame))
		}
		if _, err := p.Glance(frame); err == nil {
			t.Errorf("glanced at %d bytes", len(frame))
		}
	}
}
