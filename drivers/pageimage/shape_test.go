package pageimage

import (
	"image"
	"math"
	"testing"

	"yimen/drivers/device"
)

// seen gives the corners of a page of w by h millimetres that lies under a camera: turned and tilted in degrees, 450 mm
// from a lens whose focal length is f longer sides of a 1600 by 1200 picture.
func seen(w, h, turn, tiltX, tiltY, f float64) device.Quad {
	const far, width, height = 450, 1600, 1200
	rad := func(deg float64) (sin, cos float64) { return math.Sincos(deg * math.Pi / 180) }
	st, ct := rad(turn)
	sx, cx := rad(tiltX)
	sy, cy := rad(tiltY)
	var q device.Quad
	for i, p := range [4][2]float64{{-w / 2, -h / 2}, {w / 2, -h / 2}, {w / 2, h / 2}, {-w / 2, h / 2}} {
		x, y, z := p[0]*ct-p[1]*st, p[0]*st+p[1]*ct, 0.0
		y, z = y*cx-z*sx, y*sx+z*cx
		x, z = x*cy+z*sy, -x*sy+z*cy
		k := f * width / (far + z)
		q[i] = device.Point{X: (width/2 + x*k) / width, Y: (height/2 + y*k) / height}
	}
	return q
}

func TestAPageOfUnknownSizeKeepsItsShape(t *testing.T) {
	frameSize := image.Rect(0, 0, 1600, 1200)
	for _, c := range []struct {
		name                  string
		w, h                  float64
		turn, tiltX, tiltY, f float64
		off                   float64 // part by which the shape may be off
	}{
		{"card, seen from above", 85.6, 54, 0, 0, 0, 1, .01},
		{"card, turned", 85.6, 54, 12, 0, 0, 1, .01},
		{"card, tilted both ways", 85.6, 54, 5, 25, 15, 1, .01},
		{"card upright, tilted both ways", 54, 85.6, -5, -20, 18, 1.4, .01},
		{"booklet lying open, tilted both ways", 250, 176, 3, 30, 12, .8, .01},
		{"receipt", 80, 250, 2, 10, 8, .8, .01},
		{"card, tilted one way: nothing tells the lens", 85.6, 54, 0, 20, 0, 1, .1},
	} {
		q := seen(c.w, c.h, c.turn, c.tiltX, c.tiltY, c.f)
		corners, err := pixels(q, frameSize)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if got, want := shapeOf(corners, frameSize), c.w/c.h; math.Abs(got/want-1) > c.off {
			t.Errorf("%s: %.3f wide for its height, want %.3f", c.name, got, want)
		}
	}
}

// TestACardKeepsItsShapeAndHasACardsResolution: of all that residents bring only cards have this shape, so that its size is
// known by it.
func TestACardKeepsItsShapeAndHasACardsResolution(t *testing.T) {
	q := seen(85.6, 54, 4, 18, 10, 1)
	out, dpi, err := cut(frame(t, 1600, 1200, q), q, Paper{})
	if err != nil {
		t.Fatal(err)
	}
	page := decoded(t, out)
	size := page.Bounds().Size()
	if got := float64(size.X) / float64(size.Y); math.Abs(got/(85.6/54)-1) > .02 {
		t.Errorf("a card comes out %v", size)
	}
	if got := float64(size.X) / dpi * mmPerInch; math.Abs(got-85.6) > 1 {
		t.Errorf("at %v dpi it is %.1f mm wide", dpi, got)
	}
	for _, s := range spots {
		if got := page.At(int(s.x*float64(size.X)), int(s.y*float64(size.Y))); !near(got, s.c) {
			t.Errorf("at %.1f,%.1f: %v, want %v", s.x, s.y, got, s.c)
		}
	}
}

func TestAPageOfNoKnownShapeSaysNoResolution(t *testing.T) {
	q := seen(80, 250, 2, 10, 8, 1)
	out, dpi, err := cut(frame(t, 1600, 1200, q), q, Paper{})
	if err != nil {
		t.Fatal(err)
	}
	if dpi != 0 || out[13] != 0 {
		t.Errorf("%v dpi, unit %d, of a strip that may be any length", dpi, out[13])
	}
}

// TestASheetThatTheBedSaysIsNoneOfOursIsNotCalledA4: it has A4's shape, and half its sides.
func TestASheetThatTheBedSaysIsNoneOfOursIsNotCalledA4(t *testing.T) {
	q := seen(105, 148.5, 2, 0, 0, 1)
	picture, err := Decode(frame(t, 1600, 1200, q))
	if err != nil {
		t.Fatal(err)
	}
	l := DefaultLimits
	l.Bed = Paper{450, 337.5} // 450 mm below a lens as long as its picture is wide
	page, err := picture.Take(q, Paper{}, AsGiven, l)
	if err != nil || page.DPI != 0 {
		t.Errorf("%v dpi, %v: %v", page.DPI, page.Paper, err)
	}
}

func TestWhatIsNearlyA4IsA4(t *testing.T) {
	for _, c := range []struct{ w, h float64 }{{210, 297}, {297, 210}, {214, 290}} {
		q := seen(c.w, c.h, 3, 12, 8, .8)
		out, dpi, err := cut(frame(t, 1600, 1200, q), q, Paper{})
		if err != nil {
			t.Fatal(err)
		}
		size := decoded(t, out).Bounds().Size()
		ratio := float64(max(size.X, size.Y)) / float64(min(size.X, size.Y))
		if math.Abs(ratio-297./210) > .01 || dpi == 0 || (size.X > size.Y) != (c.w > c.h) {
			t.Errorf("%v×%v mm: %v at %v dpi", c.w, c.h, size, dpi)
		}
	}
}

func TestAFreePageHasNoMorePixelsThanALargeA4(t *testing.T) {
	c := [4]device.Point{{X: 0, Y: 0}, {X: 6000, Y: 0}, {X: 6000, Y: 6000}, {X: 0, Y: 6000}}
	if got := freeSize(c, 1); got.X*got.Y > mostFree+got.X || got.X != got.Y || got.X < 2900 {
		t.Errorf("%v", got)
	}
}
