package doccam

import (
	"bytes"
	"image"
	"image/jpeg"
	"testing"

	"yimen/drivers/emulator"
)

// centre is the brightness of a JPEG's middle, 0 to 255.
func centre(t *testing.T, picture []byte) int {
	t.Helper()
	im, err := jpeg.Decode(bytes.NewReader(picture))
	if err != nil {
		t.Fatal(err)
	}
	r, _, _, _ := im.At(im.Bounds().Dx()/2, im.Bounds().Dy()/2).RGBA()
	return int(r >> 8)
}

// next is a picture that has to come.
func next(t *testing.T, v *View, size image.Point, yuyv bool) []byte {
	t.Helper()
	picture, ok := v.Next(size, yuyv)
	if !ok {
		t.Fatal("no picture")
	}
	return picture
}

func TestEverySizeShowsWhatLiesThereNow(t *testing.T) {
	c := newCamera(t)
	v := c.View()
	for _, size := range []image.Point{small, {X: 320, Y: 240}} {
		empty := centre(t, next(t, v, size, false))
		page := image.NewGray(image.Rect(0, 0, 100, 140))
		for i := range page.Pix {
			page.Pix[i] = 250
		}
		if err := c.Lay(page, Pose{Fill: 0.9}); err != nil {
			t.Fatal(err)
		}
		if full := centre(t, next(t, v, size, false)); full < 200 || empty > 100 {
			t.Errorf("%v: the empty desk shows %d, the page %d", size, empty, full)
		}
		packed := next(t, v, size, true)
		if y := packed[(size.Y/2*size.X+size.X/2)*2]; len(packed) != size.X*size.Y*2 || y < 200 {
			t.Errorf("%v: %d bytes of YUYV, the page shows %d", size, len(packed), y)
		}
		if err := c.Take(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestBadDaysOfAPictureShowOnEveryWay(t *testing.T) {
	c := newCamera(t)
	v := c.View()
	whole := len(next(t, v, small, true))
	set(t, c, Truncated)
	if n := len(next(t, v, small, true)); n != whole/2 {
		t.Errorf("half a picture has %d of %d bytes", n, whole)
	}
	off(t, c, Truncated)
	set(t, c, NoTables)
	if bytes.Contains(next(t, v, small, false), []byte{0xFF, 0xC4}) {
		t.Error("the tables are there")
	}
	off(t, c, NoTables)
	if bytes.Equal(next(t, v, small, false), next(t, v, small, false)) {
		t.Error("the picture stands still")
	}
	set(t, c, Frozen)
	if !bytes.Equal(next(t, v, small, false), next(t, v, small, false)) {
		t.Error("the picture moves")
	}
	set(t, c, Stalled)
	if _, ok := v.Next(small, false); ok {
		t.Error("a picture came")
	}
}

func TestUnsettledCameraIsDarkWhenItsStreamBegins(t *testing.T) {
	c := newCamera(t)
	v := c.View()
	bright := centre(t, next(t, v, small, false))
	set(t, c, Unsettled)
	v.Begin()
	for i := range settles + 2 {
		if got, dark := centre(t, next(t, v, small, false)), i < settles; (got < bright/2) != dark {
			t.Errorf("picture %d shows %d, settled %d", i, got, bright)
		}
	}
}

// off ends a bad day.
func off(t *testing.T, c *Camera, f emulator.Fault) {
	t.Helper()
	if err := c.Faults.Set(f, 0); err != nil {
		t.Fatal(err)
	}
}

// TestTheCameraLooksAtWhatItIsTurnedTo: each phase is a frame, on every way, until something is laid on the desk again.
func TestTheCameraLooksAtWhatItIsTurnedTo(t *testing.T) {
	c := newCamera(t)
	phase := func(luma uint8) *image.RGBA {
		im := image.NewRGBA(image.Rectangle{Max: small})
		for i := range im.Pix {
			im.Pix[i] = luma
		}
		return im
	}
	if err := c.Show(phase(250), phase(20), phase(250), phase(20)); err != nil {
		t.Fatal(err)
	}
	if a, b := centre(t, c.frame(0)), centre(t, c.frame(1)); a < 200 || b > 60 {
		t.Errorf("the phases show %d and %d", a, b)
	}
	v := c.View()
	size := image.Pt(320, 240)
	if a, b := centre(t, next(t, v, size, false)), centre(t, next(t, v, size, false)); max(a, b) < 200 || min(a, b) > 60 {
		t.Errorf("at another size the phases show %d and %d", a, b)
	}
	if _, laid := c.Corners(); laid {
		t.Error("a page lies there")
	}
	if err := c.Take(); err != nil {
		t.Fatal(err)
	}
	if desk := centre(t, c.frame(0)); desk > 150 {
		t.Errorf("the desk shows %d", desk)
	}
	for _, wrong := range [][]*image.RGBA{nil, {phase(1), image.NewRGBA(image.Rect(0, 0, 2, 2))}} {
		if c.Show(wrong...) == nil {
			t.Errorf("%d phases were shown", len(wrong))
		}
	}
}
