package skeleton

import (
	"math"
	"testing"

	"yimen/kiosk/typeface"
)

// bar is a filled rectangle, in ems.
func bar(x0, y0, x1, y1 float64) []typeface.Segment {
	return []typeface.Segment{
		{Op: typeface.MoveTo, P: [3]typeface.Point{{X: x0, Y: y0}}}, {Op: typeface.LineTo, P: [3]typeface.Point{{X: x1, Y: y0}}},
		{Op: typeface.LineTo, P: [3]typeface.Point{{X: x1, Y: y1}}}, {Op: typeface.LineTo, P: [3]typeface.Point{{X: x0, Y: y1}}},
	}
}

func TestThickCrossBecomesTwoThinLines(t *testing.T) {
	cross := typeface.Outline{Segments: append(bar(0, 0.4, 0.9, 0.5), bar(0.4, 0, 0.5, 0.9)...)}
	p := draw(cross)
	before := 0
	for _, v := range p {
		before += int(v)
	}
	dots := Dots(cross)
	if len(dots) == 0 || len(dots) > before/4 {
		t.Fatalf("%d dots of %d pixels", len(dots), before)
	}
	level, plumb := 0, 0
	for _, d := range dots {
		switch {
		case math.Abs(d.Cos) > 0.9:
			level++
		case math.Abs(d.Sin) > 0.9:
			plumb++
		}
	}
	if all := len(dots); level < all/3 || plumb < all/3 {
		t.Errorf("of %d dots %d lie level and %d plumb", all, level, plumb)
	}
}

func TestStrokesOfAFontAreOnePixelWide(t *testing.T) {
	faces, err := typeface.Load(typeface.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer faces.Close()
	for _, r := range "永鬱一口" {
		o, err := faces.Outline(typeface.Serif, r)
		if err != nil {
			t.Fatal(err)
		}
		p := draw(o)
		thin(p)
		for y := range side - 2 {
			for x := range side - 2 {
				solid := byte(1)
				for k := range 9 {
					solid &= p[(y+k/3)*side+x+k%3]
				}
				if solid != 0 {
					t.Fatalf("%c is thick at %d, %d", r, x, y)
				}
			}
		}
	}
}

func TestOutlineWithoutAreaHasNoDots(t *testing.T) {
	for name, o := range map[string]typeface.Outline{
		"none": {}, "a point": {Segments: []typeface.Segment{{Op: typeface.MoveTo}}},
	} {
		if dots := Dots(o); len(dots) != 0 {
			t.Errorf("%s: %d dots", name, len(dots))
		}
	}
}
