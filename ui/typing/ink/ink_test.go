package ink

import (
	"encoding/binary"
	"math"
	"reflect"
	"testing"
)

// ten is 十: a level and a plumb stroke.
func ten() Ink {
	return Ink{{{100, 300}, {500, 300}}, {{300, 100}, {300, 500}}}
}

func near(a, b Ink) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if len(a[i]) != len(b[i]) {
			return false
		}
		for k := range a[i] {
			if math.Hypot(a[i][k].X-b[i][k].X, a[i][k].Y-b[i][k].Y) > 1e-9 {
				return false
			}
		}
	}
	return true
}

// check says what of its promise Normalise did not keep.
func check(t *testing.T, x Ink) {
	t.Helper()
	if len(x) > MostStrokes {
		t.Errorf("%d strokes", len(x))
	}
	for _, s := range x {
		if len(s) == 0 || len(s) > MostPoints {
			t.Errorf("a stroke of %d points", len(s))
		}
		for _, p := range s {
			if !(p.X > 0 && p.X < 1 && p.Y > 0 && p.Y < 1) {
				t.Fatalf("%v lies outside the box", p)
			}
		}
	}
}

func TestSizeAndPlaceOfWritingDoNotMatter(t *testing.T) {
	want := Normalise(ten())
	check(t, want)
	moved := ten()
	for _, s := range moved {
		for i := range s {
			s[i] = Point{s[i].X/3 + 70, s[i].Y/3 - 20}
		}
	}
	if got := Normalise(moved); !near(got, want) {
		t.Errorf("a third of the size elsewhere: %v, not %v", got, want)
	}
}

func TestFlatCharacterStaysFlat(t *testing.T) {
	one := Normalise(Ink{{{100, 400}, {500, 420}}})
	first, last := one[0][0], one[0][len(one[0])-1]
	if math.Abs(last.X-first.X-(1-2*margin)) > 1e-9 || math.Abs(last.Y-first.Y) > 0.05 {
		t.Errorf("一 runs from %v to %v", first, last)
	}
}

func TestSlenderCharacterStaysSlender(t *testing.T) {
	plumb := Normalise(Ink{{{400, 100}, {420, 500}}})
	first, last := plumb[0][0], plumb[0][len(plumb[0])-1]
	if math.Abs(last.Y-first.Y-(1-2*margin)) > 1e-9 || math.Abs(last.X-first.X) > 0.05 {
		t.Errorf("丨 runs from %v to %v", first, last)
	}
}

func TestPointsLieEquallyFarApartHoweverFastTheFinger(t *testing.T) {
	slowThenFast := Ink{{{0, 0}, {1, 0}, {2, 0}, {3, 0}, {3, 0}, {4, 0}, {400, 0}}}
	steady := Ink{{{0, 0}, {400, 0}}}
	if got, want := Normalise(slowThenFast), Normalise(steady); !near(got, want) {
		t.Errorf("got %v, not %v", got, want)
	}
}

func TestTremorIsCalmedAndEndsStay(t *testing.T) {
	var shaken Stroke
	for i := range 41 {
		shaken = append(shaken, Point{float64(10 * i), float64(6 * (i % 2))})
	}
	x := Normalise(Ink{shaken})[0]
	highest, lowest := 0.0, 1.0
	for _, p := range x[2 : len(x)-2] {
		highest, lowest = max(highest, p.Y), min(lowest, p.Y)
	}
	if scale := (1 - 2*margin) / 400; highest-lowest > 6*scale/2 {
		t.Errorf("%.4f of a tremor of %.4f is left", highest-lowest, 6*scale)
	}
	if math.Abs(x[0].X-margin) > 1e-9 || math.Abs(x[len(x)-1].X-(1-margin)) > 1e-9 {
		t.Errorf("the stroke runs from %v to %v", x[0], x[len(x)-1])
	}
}

func TestHostileInkIsBounded(t *testing.T) {
	var scribble Stroke
	for i := range 10_000 {
		scribble = append(scribble, Point{float64(i * 7919 % 1000), float64(i * 104729 % 997)})
	}
	many := make(Ink, 10_000)
	for i := range many {
		many[i] = Stroke{{float64(i), 1}}
	}
	nan := math.NaN()
	for name, c := range map[string]struct {
		raw     Ink
		strokes int
	}{
		"nothing":             {nil, 0},
		"empty strokes":       {Ink{{}, nil, {}}, 0},
		"no numbers":          {Ink{{{nan, 1}, {1, nan}, {math.Inf(1), 0}, {0, math.Inf(-1)}, {1e300, 0}}}, 0},
		"a number among none": {Ink{{{nan, 1}, {5, 5}}}, 1},
		"dot":                 {Ink{{{5, 5}}}, 1},
		"resting finger":      {Ink{{{5, 5}, {5, 5}, {5, 5}}}, 1},
		"almost no size":      {Ink{{{5, 5}, {5 + 1e-12, 5}}}, 1},
		"scribble":            {Ink{scribble}, 1},
		"many strokes":        {many, MostStrokes},
		"many scribbles":      {Ink{scribble, scribble, scribble}, 3},
	} {
		t.Run(name, func(t *testing.T) {
			x := Normalise(c.raw)
			check(t, x)
			if len(x) != c.strokes {
				t.Errorf("%d strokes, not %d", len(x), c.strokes)
			}
		})
	}
}

func TestWritingIsLeftAsItWas(t *testing.T) {
	raw := ten()
	Normalise(raw)
	if !reflect.DeepEqual(raw, ten()) {
		t.Errorf("became %v", raw)
	}
}

func FuzzNormalise(f *testing.F) {
	add := func(numbers ...float64) {
		var data []byte
		for _, v := range numbers {
			data = binary.LittleEndian.AppendUint64(data, math.Float64bits(v))
		}
		f.Add(data, uint8(3))
	}
	add(100, 300, 500, 300, 300, 100, 300, 500)
	add(math.NaN(), 0, math.Inf(1), 1, 1e6, -1e6, 0, 0, 0, 0)
	f.Fuzz(func(t *testing.T, data []byte, each uint8) {
		x := Ink{{}}
		for ; len(data) >= 16; data = data[16:] {
			p := Point{
				math.Float64frombits(binary.LittleEndian.Uint64(data)),
				math.Float64frombits(binary.LittleEndian.Uint64(data[8:])),
			}
			if last := len(x) - 1; len(x[last]) <= int(each) {
				x[last] = append(x[last], p)
			} else {
				x = append(x, Stroke{p})
			}
		}
		check(t, Normalise(x))
	})
}
