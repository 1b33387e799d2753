package pageimage

import (
	"image"
	"testing"

	"yimen/drivers/device"
)

// TestTurnedPagesKeepEverySample holds each sample of a turned page against its place before, on odd sides too.
func TestTurnedPagesKeepEverySample(t *testing.T) {
	page := image.NewYCbCr(image.Rect(0, 0, 201, 133), image.YCbCrSubsampleRatio420)
	for i := range page.Y {
		page.Y[i] = byte(i * 7)
	}
	for i := range page.Cb {
		page.Cb[i], page.Cr[i] = byte(i*5), byte(i*3)
	}
	for quarters, at := range map[int]func(x, y, w, h int) (int, int){
		0: func(x, y, w, h int) (int, int) { return x, y },
		1: func(x, y, w, h int) (int, int) { return h - 1 - y, x },
		2: func(x, y, w, h int) (int, int) { return w - 1 - x, h - 1 - y },
		3: func(x, y, w, h int) (int, int) { return y, w - 1 - x },
	} {
		out := turned(page, quarters)
		for y := range 133 {
			for x := range 201 {
				tx, ty := at(x, y, 201, 133)
				if got, want := out.Y[out.YOffset(tx, ty)], page.Y[page.YOffset(x, y)]; got != want {
					t.Fatalf("%d quarters: %d,%d has %d at %d,%d, want %d", quarters, x, y, got, tx, ty, want)
				}
			}
		}
		for y := range 67 {
			for x := range 101 {
				tx, ty := at(x, y, 101, 67)
				if got, want := out.Cr[ty*out.CStride+tx], page.Cr[y*page.CStride+x]; got != want {
					t.Fatalf("%d quarters: colour at %d,%d is %d, want %d", quarters, x, y, got, want)
				}
			}
		}
	}
}

// TestTurningAPageMovesWhereItsCornersBegin: after a quarter clockwise, what was below at the left is above at the left.
func TestTurningAPageMovesWhereItsCornersBegin(t *testing.T) {
	q := device.Quad{{X: .1, Y: .1}, {X: .9, Y: .1}, {X: .9, Y: .8}, {X: .1, Y: .8}}
	if got := turnedQuad(q, 1); got[0] != q[3] || got[1] != q[0] {
		t.Errorf("%v", got)
	}
	if turnedQuad(turnedQuad(q, 1), 3) != q || turnedQuad(q, 2)[0] != q[2] {
		t.Error("turning back is another thing")
	}
}
