package overlay

import (
	"math"
	"testing"

	"yimen/ui/typing/ink"
	"yimen/ui/typing/shape"
)

func dots(x ink.Ink) []shape.Dot { return shape.Spread(shape.Dots(x)) }

func line(x0, y0, x1, y1 float64) ink.Stroke { return ink.Stroke{{X: x0, Y: y0}, {X: x1, Y: y1}} }

// earth is 土, and scholar 士: they differ in which level stroke is the longer one.
func earth() ink.Ink {
	return ink.Ink{line(0.3, 0.4, 0.7, 0.4), line(0.5, 0.1, 0.5, 0.9), line(0.1, 0.9, 0.9, 0.9)}
}

func scholar() ink.Ink {
	return ink.Ink{line(0.1, 0.4, 0.9, 0.4), line(0.5, 0.1, 0.5, 0.9), line(0.3, 0.9, 0.7, 0.9)}
}

func apart(t *testing.T, a, b ink.Ink) float64 {
	t.Helper()
	laid, ok := Lay(dots(a))
	drawing, known := Pack(dots(b))
	if !ok || !known {
		t.Fatal("nothing was drawn")
	}
	return laid.Apart(&drawing)
}

func TestLikenessIsNearerThanATwin(t *testing.T) {
	same, other := apart(t, earth(), earth()), apart(t, earth(), scholar())
	if same > 0.03 || other < 1.5*same {
		t.Errorf("土 lies %.4f from 土 and %.4f from 士", same, other)
	}
}

func TestBentWritingIsPulledStraight(t *testing.T) {
	bent := earth()
	for _, s := range bent {
		for i, p := range s {
			s[i] = ink.Point{X: p.X + 0.12*(p.Y-0.5), Y: p.Y + 0.06*math.Sin(3*p.X)}
		}
	}
	if near, far := apart(t, bent, earth()), apart(t, bent, scholar()); near >= far {
		t.Errorf("bent 土 lies %.4f from 土 and %.4f from 士", near, far)
	}
}

func TestNothingDrawnIsNotLaid(t *testing.T) {
	if _, ok := Lay(nil); ok {
		t.Error("nothing was laid")
	}
	if _, ok := Pack(nil); ok {
		t.Error("nothing was packed")
	}
}

func FuzzApartIsFiniteAndBounded(f *testing.F) {
	f.Add(0.1, 0.2, 0.8, 0.9, 0.3, 0.7)
	f.Fuzz(func(t *testing.T, a, b, c, d, e, g float64) {
		x := ink.Normalise(ink.Ink{line(a, b, c, d), line(e, g, a, c)})
		laid, ok := Lay(dots(x))
		if !ok {
			return
		}
		drawing, _ := Pack(dots(earth()))
		if v := laid.Apart(&drawing); !(v >= 0 && v <= 2*math.Sqrt(lost)+1e-6) {
			t.Errorf("%v apart", v)
		}
	})
}
