package shape

import (
	"math"
	"slices"
	"testing"

	"yimen/ui/typing/ink"
)

// well is 井: two level strokes, two plumb ones.
func well() ink.Ink {
	return ink.Ink{
		{{X: 0.15, Y: 0.35}, {X: 0.85, Y: 0.35}}, {{X: 0.15, Y: 0.65}, {X: 0.85, Y: 0.65}},
		{{X: 0.35, Y: 0.15}, {X: 0.35, Y: 0.85}}, {{X: 0.65, Y: 0.15}, {X: 0.65, Y: 0.85}},
	}
}

func features(x ink.Ink) Features { return Of(Spread(Dots(x))) }

// alike is the cosine of the angle between two features.
func alike(a, b Features) float64 {
	sum := 0.0
	for i := range a {
		sum += float64(a[i]) * float64(b[i])
	}
	return sum
}

func TestOrderAndWayOfStrokesDoNotMatter(t *testing.T) {
	other := well()
	slices.Reverse(other)
	for _, s := range other {
		slices.Reverse(s)
	}
	if a := alike(features(well()), features(other)); a < 1-1e-6 {
		t.Errorf("backwards it is %.6f alike", a)
	}
}

func TestPlaceAndSizeDoNotMatter(t *testing.T) {
	small := well()
	for _, s := range small {
		for i := range s {
			s[i] = ink.Point{X: 0.6 + s[i].X/3, Y: 0.1 + s[i].Y/3}
		}
	}
	if a := alike(features(well()), features(small)); a < 0.99 {
		t.Errorf("a third of the size is %.4f alike", a)
	}
}

func TestCharactersDiffer(t *testing.T) {
	ten := ink.Ink{{{X: 0.15, Y: 0.5}, {X: 0.85, Y: 0.5}}, {{X: 0.5, Y: 0.15}, {X: 0.5, Y: 0.85}}}
	cross := ink.Ink{{{X: 0.15, Y: 0.15}, {X: 0.85, Y: 0.85}}, {{X: 0.85, Y: 0.15}, {X: 0.15, Y: 0.85}}}
	if a := alike(features(ten), features(cross)); a > 0.3 {
		t.Errorf("十 and 乂 are %.2f alike", a)
	}
}

func TestCrowdedHalfGetsMoreRoom(t *testing.T) {
	// three level strokes in the upper third, one at the foot
	var x ink.Ink
	for _, y := range []float64{0.15, 0.22, 0.29, 0.85} {
		x = append(x, ink.Stroke{{X: 0.15, Y: y}, {X: 0.85, Y: y}})
	}
	dots := Spread(Dots(x))
	third, last := 0.0, 0.0
	for _, d := range dots {
		last = max(last, d.Y)
	}
	for _, d := range dots {
		if d.Y < last-0.05 {
			third = max(third, d.Y)
		}
	}
	if was := (0.29 - 0.15) / 0.7; third < was+0.1 {
		t.Errorf("the third stroke lies at %.2f, as crowded as before (%.2f)", third, was)
	}
}

func TestNothingDrawnHasNoFeatures(t *testing.T) {
	for _, x := range []ink.Ink{nil, {{{X: 0.5, Y: 0.5}}}, {{{X: 0.5, Y: 0.5}, {X: 0.5, Y: 0.5}}}} {
		if f := features(x); f != (Features{}) {
			t.Errorf("%v has features", x)
		}
	}
}

func FuzzFeaturesAreFinite(f *testing.F) {
	f.Add(0.1, 0.2, 0.8, 0.9, 0.5)
	f.Add(0.0, 0.0, 1.0, 1.0, 0.0)
	f.Fuzz(func(t *testing.T, a, b, c, d, e float64) {
		x := ink.Normalise(ink.Ink{{{X: a, Y: b}, {X: c, Y: d}}, {{X: e, Y: a}, {X: b, Y: c}, {X: d, Y: e}}})
		sum := 0.0
		for _, v := range features(x) {
			sum += float64(v) * float64(v)
		}
		if len(Dots(x)) > 0 && math.Abs(sum-1) > 1e-4 {
			t.Errorf("the squares sum up to %v", sum)
		}
	})
}
