package finder

import (
	"image"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"yimen/drivers/device"
)

// tone is luma and chroma.
type tone struct{ y, cb, cr byte }

var (
	white = tone{235, 128, 128}
	mat   = tone{60, 128, 128}
	beige = tone{225, 112, 140} // as bright as paper nearly, but of another colour
	skin  = tone{150, 110, 155}
)

// bed is a picture that sheets are drawn on.
type bed struct {
	*image.YCbCr
	random *rand.Rand
}

func newBed(w, h int, t tone) bed {
	b := bed{image.NewYCbCr(image.Rect(0, 0, w, h), image.YCbCrSubsampleRatio420), rand.New(rand.NewPCG(1, 2))}
	b.fill(func(float64, float64) bool { return true }, t)
	return b
}

func (b bed) fill(in func(x, y float64) bool, t tone) {
	for y := range b.Rect.Dy() {
		for x := range b.Rect.Dx() {
			if in(float64(x)+0.5, float64(y)+0.5) {
				b.Y[b.YOffset(x, y)] = byte(min(max(float64(t.y)+b.random.NormFloat64()*2, 0), 255))
				b.Cb[b.COffset(x, y)], b.Cr[b.COffset(x, y)] = t.cb, t.cr
			}
		}
	}
}

func (b bed) sheet(q device.Quad, t tone) {
	w, h := float64(b.Rect.Dx()), float64(b.Rect.Dy())
	var c quad
	for i, p := range q {
		c[i] = point{p.X * w, p.Y * h}
	}
	b.fill(c.holds, t)
	for line := range 18 { // writing: short strokes, in lines
		for stroke := range 40 {
			u, v := 0.12+float64(stroke)*0.019, 0.1+float64(line)*0.045
			x, y := c.inside(u, v)
			b.fill1(x, y, w/700, tone{40, 128, 128})
		}
	}
}

func (b bed) fill1(x, y, r float64, t tone) {
	for j := int(y - r); j <= int(y+r); j++ {
		for i := int(x - r); i <= int(x+r); i++ {
			if i >= 0 && j >= 0 && i < b.Rect.Dx() && j < b.Rect.Dy() {
				b.Y[b.YOffset(i, j)] = t.y
			}
		}
	}
}

func turned(cx, cy, w, h, degrees, aspect float64) device.Quad {
	s, c := math.Sincos(degrees * math.Pi / 180)
	var q device.Quad
	for i, p := range [4][2]float64{{-w, -h}, {w, -h}, {w, h}, {-w, h}} {
		q[i] = device.Point{X: cx + (p[0]*c-p[1]*s)/2, Y: cy + (p[0]*s+p[1]*c)/2*aspect}
	}
	return q
}

// offBy is the largest distance of a corner from where it should be, in parts of the diagonal.
func offBy(got, want device.Quad, w, h float64) float64 {
	least := math.Inf(1)
	for k := range 4 {
		most := 0.0
		for i := range 4 {
			g, t := got[(i+k)%4], want[i]
			most = max(most, math.Hypot((g.X-t.X)*w, (g.Y-t.Y)*h))
		}
		least = min(least, most)
	}
	return least / math.Hypot(w, h)
}

var laid = device.Quad{{X: 0.2, Y: 0.1}, {X: 0.81, Y: 0.13}, {X: 0.84, Y: 0.93}, {X: 0.16, Y: 0.9}}

// beds are drawn, and look like nothing that the eye learnt from.
var beds = map[string]struct {
	bed, sheet tone
	quad       device.Quad
	odd        bool // so unlike what lies on a desk that it may be doubted
}{
	"dark mat":        {mat, white, laid, false},
	"gray":            {tone{150, 128, 128}, white, laid, false},
	"nearly as white": {tone{222, 128, 128}, white, laid, false},
	"card":            {mat, tone{190, 135, 118}, turned(0.6, 0.45, 0.25, 0.16, 8, 4./3), false},
	"brighter bed":    {tone{245, 128, 128}, tone{215, 128, 128}, laid, true},
	"other colour":    {tone{235, 112, 142}, white, laid, true},
	"turned":          {mat, white, turned(0.5, 0.5, 0.4, 0.5, 40, 4./3), true},
}

// doubtful is a certainty below which the corners are shown to a person.
const doubtful = 0.6

func TestAPageIsFoundOnEveryBedOrDoubted(t *testing.T) {
	for name, c := range beds {
		b := newBed(1280, 960, c.bed)
		b.sheet(c.quad, c.sheet)
		page, ok := Find(b.YCbCr, true)
		off := offBy(page.Quad, c.quad, 1280, 960)
		switch {
		case !ok && !c.odd:
			t.Errorf("%s: not found", name)
		case off > 0.005 && (!c.odd || page.Certainty >= doubtful):
			t.Errorf("%s: corners are off by %.2f %% of the diagonal, certainty %.2f: %v", name, 100*off, page.Certainty, page.Quad)
		case off <= 0.005 && !c.odd && (page.Certainty < doubtful || page.Second):
			t.Errorf("%s: certainty %.2f, second %t", name, page.Certainty, page.Second)
		case off <= 0.005 && !c.odd && slices.ContainsFunc(page.Edges[:], func(e Edge) bool { return e.Outside || e.Hidden > 0.03 }):
			t.Errorf("%s: %+v", name, page.Edges)
		}
	}
}

func TestAGlanceSeesWhereThePageLiesOrDoubts(t *testing.T) {
	for name, c := range beds {
		b := newBed(640, 480, c.bed)
		b.sheet(c.quad, c.sheet)
		page, ok := Find(b.YCbCr, false)
		off := offBy(page.Quad, c.quad, 640, 480)
		if off > 0.01 && (name == "dark mat" || page.Certainty >= doubtful) {
			t.Errorf("%s: %t, corners are off by %.2f %% of the diagonal, certainty %.2f", name, ok, 100*off, page.Certainty)
		}
	}
}

func TestAnEmptyBedIsNoPage(t *testing.T) {
	if page, ok := Find(newBed(1280, 960, mat).YCbCr, true); ok {
		t.Errorf("%+v", page)
	}
}

func TestAPageThatGoesOnBeyondThePictureIsTold(t *testing.T) {
	b := newBed(1280, 960, mat)
	b.sheet(device.Quad{{X: 0.2, Y: -0.1}, {X: 0.81, Y: -0.1}, {X: 0.84, Y: 0.93}, {X: 0.16, Y: 0.9}}, white)
	page, ok := Find(b.YCbCr, true)
	outside := 0
	for _, e := range page.Edges {
		if e.Outside {
			outside++
		}
	}
	if !ok || outside == 0 {
		t.Errorf("%t %+v", ok, page)
	}
}

// TestAGlanceTellsOverWhichBorderAPageGoes: a picture with nothing but bed beside the page shows all of its corners, and
// one that cuts it shows paper up to the border, where a glance from afar sees corners too.
func TestAGlanceTellsOverWhichBorderAPageGoes(t *testing.T) {
	for _, c := range []struct {
		x, y float64 // of the middle
		over int     // edge of the page, -1 for none
	}{
		{0.1, 0.5, 3}, {0.15, 0.5, 3}, {0.2, 0.5, 3}, {0.8, 0.5, 1}, {0.5, 0.2, 0}, {0.5, 0.8, 2},
		{0.5, 0.5, -1}, {0.235, 0.5, -1}, {0.765, 0.5, -1}, {0.5, 0.42, -1}, {0.5, 0.58, -1},
	} {
		b := newBed(648, 486, mat)
		b.sheet(turned(c.x, c.y, 0.42, 0.6, 0, 4./3), white)
		page, ok := Find(b.YCbCr, false)
		if told := ok && (c.over < 0 || page.Edges[c.over].Outside); !told {
			t.Errorf("at %.2f %.2f: %t %+v", c.x, c.y, ok, page)
		}
		if c.over < 0 && slices.ContainsFunc(page.Edges[:], func(e Edge) bool { return e.Outside || e.Hidden > 0.03 }) {
			t.Errorf("at %.2f %.2f: %+v", c.x, c.y, page.Edges)
		}
	}
}

// TestACurledStripsCornersAreWhereItsEdgesEnd: its long edges bend by a twentieth of its width and more, so that straight
// ones through them meet beside its corners.
func TestACurledStripsCornersAreWhereItsEdgesEnd(t *testing.T) {
	const x0, x1, y0, y1, most = 480, 740, 100, 860, 18
	b := newBed(1280, 960, mat)
	b.fill(func(x, y float64) bool {
		bow := most * math.Sin(math.Pi*(y-y0)/(y1-y0))
		return y > y0 && y < y1 && x > x0+bow && x < x1+bow
	}, white)
	for line := range 20 {
		for stroke := range 16 {
			b.fill1(x0+50+float64(stroke)*12, y0+60+float64(line)*33, 2, tone{40, 128, 128})
		}
	}
	want := device.Quad{{X: x0 / 1280., Y: y0 / 960.}, {X: x1 / 1280., Y: y0 / 960.}, {X: x1 / 1280., Y: y1 / 960.}, {X: x0 / 1280., Y: y1 / 960.}}
	page, ok := Find(b.YCbCr, true)
	if off := offBy(page.Quad, want, 1280, 960); !ok || off > 0.005 || page.Certainty < doubtful {
		t.Errorf("%t, corners are off by %.2f %% of the diagonal: %+v", ok, 100*off, page)
	}
}

// TestAFingerOnTheEdgeIsTold: in little light, too, where colours lie near each other.
func TestAFingerOnTheEdgeIsTold(t *testing.T) {
	for name, c := range map[string]struct{ bed, sheet, finger tone }{
		"by day":          {mat, white, skin},
		"in little light": {tone{30, 128, 128}, tone{110, 128, 128}, tone{80, 124, 133}},
	} {
		b := newBed(1280, 960, c.bed)
		b.sheet(laid, c.sheet)
		b.fill(func(x, y float64) bool { return x > 990 && math.Abs(y-500) < 45 }, c.finger)
		page, ok := Find(b.YCbCr, true)
		if !ok || offBy(page.Quad, laid, 1280, 960) > 0.005 || page.Edges[1].Hidden < 0.06 {
			t.Errorf("%s: %t %+v", name, ok, page)
		}
	}
}

func TestASecondPageIsTold(t *testing.T) {
	b := newBed(1600, 960, mat)
	left := device.Quad{{X: 0.05, Y: 0.1}, {X: 0.45, Y: 0.1}, {X: 0.45, Y: 0.92}, {X: 0.05, Y: 0.92}}
	right := device.Quad{{X: 0.55, Y: 0.12}, {X: 0.95, Y: 0.11}, {X: 0.95, Y: 0.92}, {X: 0.55, Y: 0.93}}
	b.sheet(left, white)
	b.sheet(right, white)
	page, ok := Find(b.YCbCr, true)
	if !ok || !page.Second || min(offBy(page.Quad, left, 1600, 960), offBy(page.Quad, right, 1600, 960)) > 0.005 {
		t.Errorf("%t %+v", ok, page)
	}
}

func TestTheSamePictureGivesTheSamePage(t *testing.T) {
	b := newBed(640, 480, beige)
	b.sheet(laid, white)
	first, _ := Find(b.YCbCr, true)
	for range 3 {
		if again, _ := Find(b.YCbCr, true); again != first {
			t.Fatalf("%+v, then %+v", first, again)
		}
	}
}

func FuzzFind(f *testing.F) {
	f.Add([]byte{1, 2, 3}, uint8(64), uint8(48))
	f.Add([]byte{255, 0}, uint8(3), uint8(200))
	f.Add([]byte{0, 0, 0, 0, 255, 255, 255, 255}, uint8(255), uint8(255))
	f.Fuzz(func(t *testing.T, seed []byte, w, h uint8) {
		if len(seed) == 0 || w == 0 || h == 0 {
			return
		}
		img := image.NewYCbCr(image.Rect(0, 0, 3*int(w), 3*int(h)), image.YCbCrSubsampleRatio422)
		for i := range img.Y {
			img.Y[i] = seed[(i/3)%len(seed)]
		}
		for i := range img.Cb {
			img.Cb[i], img.Cr[i] = seed[(i/5)%len(seed)], seed[(i/7)%len(seed)]
		}
		page, ok := Find(img, true)
		for _, p := range page.Quad {
			if math.IsNaN(p.X+p.Y) || math.Abs(p.X) > 1.5 || math.Abs(p.Y) > 1.5 {
				t.Fatalf("%t %+v", ok, page)
			}
		}
	})
}
