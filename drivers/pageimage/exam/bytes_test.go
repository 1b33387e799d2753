package exam

import (
	"bytes"
	"image"
	"image/jpeg"
	"testing"

	turbo "yimen/drivers/jpeg"
	"yimen/drivers/pageimage"
	"yimen/drivers/pageimage/scene"
	"yimen/drivers/pageimage/scene/paper"
)

// mostBytes is what a page may take.
const mostBytes = 1 << 20

// photographed gives a scene without trouble as a camera of 13 megapixels takes it, and the page that we make of it.
func photographed(t *testing.T, kind paper.Kind, seed uint64) (scene.Scene, pageimage.Page) {
	t.Helper()
	studio, err := scene.Open()
	if err != nil {
		t.Fatal(err)
	}
	sc, err := studio.Make(scene.Order{Seed: seed, Size: scene.ThirteenMP, Paper: kind, State: scene.Flat, Ground: scene.DarkMat, Trouble: scene.Nothing})
	if err != nil {
		t.Fatal(err)
	}
	picture, err := pageimage.Decode(sc.Frame)
	if err != nil {
		t.Fatal(err)
	}
	page, err := picture.Capture(pageimage.A4, pageimage.DefaultLimits)
	if err != nil || page.JPEG == nil {
		t.Fatalf("%v, %v", page.Flaws, err)
	}
	t.Logf("seed %d, %s: %d KB at %.0f dpi, frame %d KB", seed, kind, len(page.JPEG)>>10, page.DPI, len(sc.Frame)>>10)
	if len(page.JPEG) > mostBytes {
		t.Errorf("a page of %d bytes", len(page.JPEG))
	}
	return sc, page
}

// coarsest is the least quality that a page is written with.
const coarsest = 55

// leastOfOne is the part of the characters that must be read on a single page. The goal of 99 in a hundred holds over
// pages: on this one the judge wavers, from 1,360 to 1,368 of 1,376, without order between the qualities 55, 65 and 75.
const leastOfOne = 0.98

// TestAPageOfFewBytesStillShowsPrintOfTwoMillimetres has Tesseract read a page whose last lines are printed so small, written
// with the least quality that there is.
func TestAPageOfFewBytesStillShowsPrintOfTwoMillimetres(t *testing.T) {
	sc, page := photographed(t, paper.Print, 1)
	planes, err := turbo.Decode(page.JPEG, turbo.Full, 40e6)
	if err != nil {
		t.Fatal(err)
	}
	few, err := turbo.Encode(planes, coarsest, page.DPI)
	if err != nil {
		t.Fatal(err)
	}
	img, err := jpeg.Decode(bytes.NewReader(few))
	if err != nil {
		t.Fatal(err)
	}
	if !page.Turned {
		t.Fatalf("nobody knows which way up it is: %.2f", page.Upright)
	}
	right := common(read(t, sc.Page.Picture), []rune(sc.Page.Text))
	ours := common(right, read(t, img))
	t.Logf("%d KB: of %d characters %d are read right as they are, and %d of these on our page", len(few)>>10, len([]rune(sc.Page.Text)), len(right), len(ours))
	if float64(len(ours)) < leastOfOne*float64(len(right)) {
		t.Errorf("%d of %d are read", len(ours), len(right))
	}
}

// TestASealStaysRed compares how much of a form is red as it lies there with how much of our page is.
func TestASealStaysRed(t *testing.T) {
	sc, page := photographed(t, paper.A4, 6)
	img, err := jpeg.Decode(bytes.NewReader(page.JPEG))
	if err != nil {
		t.Fatal(err)
	}
	before, after := redness(sc.Page.Picture), redness(img)
	t.Logf("%.4f of the paper is red, %.4f of our page", before, after)
	if before < 0.002 || after < 0.7*before || after > 1.3*before {
		t.Errorf("%.4f of the paper is red, %.4f of our page", before, after)
	}
}

// redness is the part of a picture that is red as a seal is.
func redness(img image.Image) float64 {
	red, all := 0, 0
	r := img.Bounds()
	for y := r.Min.Y; y < r.Max.Y; y += 2 {
		for x := r.Min.X; x < r.Max.X; x += 2 {
			cr, cg, cb, _ := img.At(x, y).RGBA()
			if all++; cr > cg*3/2 && cr > cb*3/2 && cr > 0x5000 {
				red++
			}
		}
	}
	return float64(red) / float64(all)
}
