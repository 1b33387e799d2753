package pageimage

import (
	"image"
	"math/rand/v2"
	"testing"

	"yimen/drivers/jpeg"
)

// grainy is a page with something on every pixel, and a red edge.
func grainy(size image.Point) *image.YCbCr {
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
	return img
}

func TestALargePageIsSlimmedInColourAndAtItsResolution(t *testing.T) {
	page := grainy(image.Pt(1600, 1200))
	whole, err := slim(page, 300, 1<<30)
	if err != nil {
		t.Fatal(err)
	}
	most := len(whole) * 3 / 4
	data, err := slim(page, 300, most)
	if err != nil || len(data) > most {
		t.Fatalf("%d bytes of at most %d: %v", len(data), most, err)
	}
	img, err := jpeg.Decode(data, jpeg.Full, 1e7)
	if err != nil {
		t.Fatal(err)
	}
	if img.Rect.Size() != image.Pt(1600, 1200) || img.Cr[0] < 180 || data[13] != 1 || int(data[14])<<8|int(data[15]) != 300 {
		t.Errorf("%v, red is %d, header %x", img.Rect, img.Cr[0], data[:20])
	}
	if least, err := slim(page, 300, 1); err != nil || len(least) == 0 {
		t.Errorf("a page that cannot be so small was refused: %v", err)
	}
}
