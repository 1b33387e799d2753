package v4l2

import (
	"fmt"
	"image"
	"slices"

	"yimen/drivers/device"
)

// Choose picks of the modes a camera has the largest picture that is not wider nor higher than want, or its smallest where
// all are larger; a want of 0×0 is the largest of all. Of two alike it takes the compressed one, which asks a tenth of the
// bus. only, unless 0, is the one kind of pixels to take.
func Choose(modes []Mode, only Pixels, want image.Point) (Pixels, image.Point, error) {
	if want == (image.Point{}) {
		want = image.Pt(1<<20, 1<<20)
	}
	var best Mode
	var bestSize image.Point
	for _, m := range modes {
		if only != 0 && m.Pixels != only {
			continue
		}
		if size := m.fit(want); best.Pixels == 0 || better(m.Pixels, size, best.Pixels, bestSize, want) {
			best, bestSize = m, size
		}
	}
	if best.Pixels == 0 {
		return 0, image.Point{}, fmt.Errorf("camera does not send %s: %w", only, device.ErrProtocol)
	}
	return best.Pixels, bestSize, nil
}

// Alike keeps those modes whose pictures are as wide for their height as size, to a hundredth: others show another part of
// the bed. A camera that has none keeps all.
func Alike(modes []Mode, size image.Point) []Mode {
	same := slices.DeleteFunc(slices.Clone(modes), func(m Mode) bool {
		a, b := m.Most.X*size.Y, m.Most.Y*size.X
		return m.Least == m.Most && 100*max(a-b, b-a) > b
	})
	if len(same) == 0 {
		return modes
	}
	return same
}

// fit is the mode's largest size within want, or its least.
func (m Mode) fit(want image.Point) image.Point {
	side := func(least, most, step, want int) int {
		return least + max(0, min(want, most)-least)/step*step
	}
	return image.Pt(side(m.Least.X, m.Most.X, m.Step.X, want.X), side(m.Least.Y, m.Most.Y, m.Step.Y, want.Y))
}

// better reports whether picture a suits want better than picture b.
func better(ap Pixels, a image.Point, bp Pixels, b image.Point, want image.Point) bool {
	within := func(p image.Point) bool { return p.X <= want.X && p.Y <= want.Y }
	switch area := func(p image.Point) int { return p.X * p.Y }; {
	case within(a) != within(b):
		return within(a)
	case area(a) != area(b):
		return (area(a) > area(b)) == within(a)
	}
	return ap.Compressed() && !bp.Compressed()
}
