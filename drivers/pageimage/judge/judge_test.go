package judge

import (
	"image"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// written is a page with strokes of ink, each three pixels wide or more, smeared by a Gaussian of dx and dy pixels.
func written(w, h int, paper, ink float64, dx, dy float64) *image.YCbCr {
	v := make([]float64, w*h)
	for i := range v {
		v[i] = paper
	}
	random := rand.New(rand.NewPCG(3, 4))
	for range w * h / 4000 {
		x, y := random.IntN(w-60)+30, random.IntN(h-60)+30
		long, wide := 10+random.IntN(30), 3+random.IntN(4)
		if random.IntN(2) == 0 {
			long, wide = wide, long
		}
		for j := range wide {
			for i := range long {
				v[(y+j)*w+x+i] = ink
			}
		}
	}
	v = smear(v, 1, w, dx)
	v = smear(v, w, w, dy)
	page := image.NewYCbCr(image.Rect(0, 0, w, h), image.YCbCrSubsampleRatio420)
	for i := range v {
		page.Y[i] = byte(math.Round(min(max(v[i]+random.NormFloat64()*1.5, 0), 255)))
	}
	return page
}

func smear(v []float64, step, width int, sigma float64) []float64 {
	if sigma == 0 {
		return v
	}
	r := int(math.Ceil(3 * sigma))
	out := make([]float64, len(v))
	for i := range v {
		sum, weight := 0.0, 0.0
		for k := -r; k <= r; k++ {
			if j := i + k*step; j >= 0 && j < len(v) {
				g := math.Exp(-float64(k*k) / (2 * sigma * sigma))
				sum, weight = sum+g*v[j], weight+g
			}
		}
		out[i] = sum / weight
	}
	return out
}

func TestSpreadIsHowFarInkIsSmeared(t *testing.T) {
	for _, c := range [][3]float64{{0.8, 0.8, 0.8}, {1.5, 1.5, 1.5}, {2.5, 2.5, 2.5}, {0.5, 2, 2}, {2, 0.5, 2}} {
		if got := Measure(written(900, 1200, 230, 40, c[0], c[1]), 0.03).Spread; math.Abs(got-c[2]) > 0.25*c[2] {
			t.Errorf("smeared by %.1f and %.1f pixels: %.2f", c[0], c[1], got)
		}
	}
}

// TestThinStrokesThatWereDraggedAslantAreNotSharp: what is left of a stroke three pixels wide falls within three pixels,
// however far it was dragged; what is left of thicker ones tells how far.
func TestThinStrokesThatWereDraggedAslantAreNotSharp(t *testing.T) {
	const way = 11
	page := written(900, 1200, 230, 40, 0.8, 0.8)
	sharp := slices.Clone(page.Y)
	for y := way; y < 1200; y++ {
		for x := way; x < 900; x++ {
			sum := 0
			for k := range way {
				sum += int(sharp[page.YOffset(x-k, y-k)])
			}
			page.Y[page.YOffset(x, y)] = byte(sum / way)
		}
	}
	if got := Measure(page, 0.03).Spread; got < 2 {
		t.Errorf("dragged by %d pixels each way: %.2f", way, got)
	}
}

func TestPaperIsToldFromInkAndLight(t *testing.T) {
	m := Measure(written(900, 1200, 200, 40, 0.8, 0.8), 0.03)
	if math.Abs(m.Light-200) > 5 || m.Evenness < 0.95 || m.Glare != 0 || m.Ink < 0.005 || m.Ink > 0.05 {
		t.Errorf("%+v", m)
	}
	if m := Measure(written(900, 1200, 200, 200, 0, 0), 0.03); m.Ink > 0.0001 || m.Spread != 0 {
		t.Errorf("nothing is written, but %+v", m)
	}
}

func TestAReflectionIsMeasured(t *testing.T) {
	page := written(900, 1200, 200, 40, 0.8, 0.8)
	for y := 300; y < 420; y++ {
		for x := 200; x < 380; x++ {
			page.Y[page.YOffset(x, y)] = 255
		}
	}
	want := 120. * 180 / (900 * 1200)
	if m := Measure(page, 0.03); math.Abs(m.Glare-want) > 0.1*want {
		t.Errorf("%+v, want glare %.4f", m, want)
	}
}

func TestAShadowIsMeasured(t *testing.T) {
	page := written(900, 1200, 200, 40, 0.8, 0.8)
	for y := range 300 {
		for x := range 900 {
			page.Y[page.YOffset(x, y)] /= 2
		}
	}
	if m := Measure(page, 0.03); math.Abs(m.Evenness-0.5) > 0.05 || m.Ink > 0.05 {
		t.Errorf("%+v", m)
	}
}

func FuzzMeasure(f *testing.F) {
	f.Add([]byte{1, 200, 3}, uint16(64), uint16(64))
	f.Add([]byte{255}, uint16(900), uint16(64))
	f.Fuzz(func(t *testing.T, seed []byte, w, h uint16) {
		if len(seed) == 0 {
			return
		}
		page := image.NewYCbCr(image.Rect(0, 0, 1+int(w)%1000, 1+int(h)%1000), image.YCbCrSubsampleRatio420)
		for i := range page.Y {
			page.Y[i] = seed[i%len(seed)]
		}
		m := Measure(page, 0.03)
		for _, v := range []float64{m.Light, m.Evenness, m.Glare, m.Ink, m.Spread} {
			if math.IsNaN(v) || v < 0 || v > 255 {
				t.Fatalf("%+v", m)
			}
		}
	})
}
