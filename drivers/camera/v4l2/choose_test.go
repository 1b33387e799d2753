package v4l2

import (
	"fmt"
	"image"
	"testing"
)

func modes(p Pixels, sizes ...image.Point) (all []Mode) {
	for _, s := range sizes {
		all = append(all, Mode{p, s, s, image.Pt(1, 1)})
	}
	return all
}

func TestLargestPictureThatFitsIsChosen(t *testing.T) {
	uds := append(modes(YUYV, image.Pt(640, 480), image.Pt(2592, 1944)), modes(MJPEG, image.Pt(640, 480), image.Pt(1280, 720), image.Pt(1280, 960), image.Pt(2592, 1944), image.Pt(3264, 2448))...)
	steps := []Mode{{YUYV, image.Pt(48, 32), image.Pt(1920, 1080), image.Pt(2, 4)}}
	for _, c := range []struct {
		modes []Mode
		only  Pixels
		want  image.Point
		got   string
	}{
		{uds, 0, image.Point{}, "MJPG (3264,2448)"},
		{uds, 0, image.Pt(1280, 960), "MJPG (1280,960)"},
		{uds, 0, image.Pt(2600, 2000), "MJPG (2592,1944)"},
		{uds, YUYV, image.Point{}, "YUYV (2592,1944)"},
		{uds, YUYV, image.Pt(1280, 960), "YUYV (640,480)"},
		{uds, 0, image.Pt(100, 100), "MJPG (640,480)"},
		{steps, 0, image.Point{}, "YUYV (1920,1080)"},
		{steps, 0, image.Pt(641, 479), "YUYV (640,476)"},
		{steps, 0, image.Pt(20, 600), "YUYV (48,600)"},
		{steps, MJPEG, image.Point{}, "none"},
	} {
		got := "none"
		if p, size, err := Choose(c.modes, c.only, c.want); err == nil {
			got = fmt.Sprint(p, " ", size)
		}
		if got != c.got {
			t.Errorf("%v of %s at most %v: %s, want %s", c.modes, c.only, c.want, got, c.got)
		}
	}
}

func TestPreviewShowsTheSamePartOfTheBed(t *testing.T) {
	all := modes(MJPEG, image.Pt(640, 480), image.Pt(1280, 720), image.Pt(1280, 960), image.Pt(1920, 1080), image.Pt(3264, 2448))
	if got := fmt.Sprint(Alike(all, image.Pt(3264, 2448))); got != fmt.Sprint(modes(MJPEG, image.Pt(640, 480), image.Pt(1280, 960), image.Pt(3264, 2448))) {
		t.Errorf("4:3 is %s", got)
	}
	if got := Alike(all, image.Pt(1000, 1000)); len(got) != len(all) {
		t.Errorf("a camera without a square is left with %v", got)
	}
}
