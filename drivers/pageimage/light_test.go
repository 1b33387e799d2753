package pageimage

import (
	"image"
	"math"
	"slices"
	"testing"

	"yimen/drivers/jpeg"
	"yimen/drivers/pageimage/scene"
	"yimen/drivers/pageimage/scene/paper"
)

// dimmed gives a frame with a part of its light.
func dimmed(t *testing.T, frame []byte, part float64) []byte {
	t.Helper()
	img, err := jpeg.Decode(frame, jpeg.Full, 40e6)
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range img.Y {
		img.Y[i] = uint8(math.Min(255, part*float64(v)))
	}
	out, err := jpeg.Encode(img, 90, 0)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestAGlanceTellsTooMuchAndTooLittleLight, and what it measures is what is measured of the page that is cut out.
func TestAGlanceTellsTooMuchAndTooLittleLight(t *testing.T) {
	studio, err := scene.Open()
	if err != nil {
		t.Fatal(err)
	}
	for seed, ground := range scene.Grounds() {
		sc, err := studio.Make(scene.Order{Seed: uint64(seed), Size: scene.Preview, Paper: paper.A4, State: scene.Flat, Ground: ground, Trouble: scene.Nothing})
		if err != nil {
			t.Fatal(err)
		}
		good, err := Glance(sc.Frame, DefaultLimits)
		if err != nil {
			t.Fatal(err)
		}
		picture, err := Decode(sc.Frame)
		if err != nil {
			t.Fatal(err)
		}
		if page := picture.Look(A4, DefaultLimits); math.Abs(page.Scores.Light-good.Scores.Light) > 12 {
			t.Errorf("%s: light %.0f at a glance, %.0f of the page", ground, good.Scores.Light, page.Scores.Light)
		}
		if slices.Contains(good.Flaws, Dark) || slices.Contains(good.Flaws, Bright) {
			t.Errorf("%s: %v at %.0f", ground, good.Flaws, good.Scores.Light)
		}
		for part, want := range map[float64]Flaw{0.8 * DefaultLimits.Light / good.Scores.Light: Dark, 1.3 * 255 / good.Scores.Light: Bright} {
			s, err := Glance(dimmed(t, sc.Frame, part), DefaultLimits)
			if err != nil {
				t.Fatal(err)
			}
			if s.Sure() && !slices.Contains(s.Flaws, want) {
				t.Errorf("%s with %.2f of the light: %v at %.0f, want %s", ground, part, s.Flaws, s.Scores.Light, want)
			}
		}
	}
}

// TestALampThatIsOutIsToldWhereNoPageIsSeen: a black picture lacks light before it lacks a page; a dark mat does not.
func TestALampThatIsOutIsToldWhereNoPageIsSeen(t *testing.T) {
	black, mat := image.NewYCbCr(image.Rect(0, 0, 640, 480), image.YCbCrSubsampleRatio420), image.NewYCbCr(image.Rect(0, 0, 640, 480), image.YCbCrSubsampleRatio420)
	for i := range black.Y {
		black.Y[i], mat.Y[i] = uint8(10+i%9), uint8(48+i%9)
	}
	for i := range black.Cb {
		black.Cb[i], black.Cr[i], mat.Cb[i], mat.Cr[i] = 128, 128, 128, 128
	}
	for want, img := range map[bool]*image.YCbCr{true: black, false: mat} {
		frame, err := jpeg.Encode(img, 90, 0)
		if err != nil {
			t.Fatal(err)
		}
		s, err := Glance(frame, DefaultLimits)
		if err != nil || !slices.Contains(s.Flaws, NoPage) || slices.Contains(s.Flaws, Dark) != want {
			t.Errorf("dark %v: %v, %v", want, s.Flaws, err)
		}
	}
}
