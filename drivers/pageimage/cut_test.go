package pageimage

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	stdjpeg "image/jpeg"
	"math"
	"testing"

	"yimen/drivers/device"
	"yimen/drivers/jpeg"
)

// spot is a coloured square of the page, placed in parts of it.
type spot struct {
	x, y float64
	c    color.RGBA
}

var spots = []spot{
	{0.1, 0.1, color.RGBA{200, 30, 30, 255}}, {0.9, 0.1, color.RGBA{30, 160, 30, 255}},
	{0.9, 0.9, color.RGBA{30, 30, 200, 255}}, {0.1, 0.9, color.RGBA{20, 20, 20, 255}}, {0.5, 0.3, color.RGBA{160, 30, 160, 255}},
}

// frame draws a white page with its spots into a gray bed, seen so that its corners are quad.
func frame(t testing.TB, width, height int, quad device.Quad) []byte {
	t.Helper()
	var corners [4]device.Point
	for i, p := range quad {
		corners[i] = device.Point{X: p.X * float64(width), Y: p.Y * float64(height)}
	}
	m, err := homography(corners, image.Pt(1, 1)) // from the unit square into the frame
	if err != nil {
		t.Fatal(err)
	}
	inv := m.inverse()
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			u, v := inv.at(float64(x)+0.5, float64(y)+0.5)
			c := color.RGBA{90, 90, 90, 255}
			if u >= 0 && u < 1 && v >= 0 && v < 1 {
				c = color.RGBA{245, 245, 245, 255}
				for _, s := range spots {
					if math.Abs(u-s.x) < 0.05 && math.Abs(v-s.y) < 0.05 {
						c = s.c
					}
				}
			}
			img.SetRGBA(x, y, c)
		}
	}
	data, err := jpeg.EncodeRGBA(img, 95, 0)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func (m matrix) at(x, y float64) (float64, float64) {
	z := 1 / (m[6]*x + m[7]*y + m[8])
	return (m[0]*x + m[1]*y + m[2]) * z, (m[3]*x + m[4]*y + m[5]) * z
}

// inverse is the adjugate: scale does not matter to a homography.
func (m matrix) inverse() matrix {
	return matrix{
		m[4]*m[8] - m[5]*m[7], m[2]*m[7] - m[1]*m[8], m[1]*m[5] - m[2]*m[4],
		m[5]*m[6] - m[3]*m[8], m[0]*m[8] - m[2]*m[6], m[2]*m[3] - m[0]*m[5],
		m[3]*m[7] - m[4]*m[6], m[1]*m[6] - m[0]*m[7], m[0]*m[4] - m[1]*m[3],
	}
}

func decoded(t testing.TB, data []byte) image.Image {
	t.Helper()
	img, err := stdjpeg.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

func near(a, b color.Color) bool {
	r0, g0, b0, _ := a.RGBA()
	r1, g1, b1, _ := b.RGBA()
	d := func(x, y uint32) bool { return math.Abs(float64(x)-float64(y))/257 < 14 }
	return d(r0, r1) && d(g0, g1) && d(b0, b1)
}

var tilted = device.Quad{{X: 0.15, Y: 0.08}, {X: 0.83, Y: 0.12}, {X: 0.90, Y: 0.95}, {X: 0.07, Y: 0.90}}

// cut straightens the page within the corners.
func cut(frame []byte, q device.Quad, paper Paper) (out []byte, dpi float64, err error) {
	p, err := Decode(frame)
	if err != nil {
		return nil, 0, err
	}
	page, err := p.Take(q, paper, AsGiven, DefaultLimits)
	return page.JPEG, page.DPI, err
}

func TestATiltedPageComesOutStraight(t *testing.T) {
	out, dpi, err := cut(frame(t, 900, 1200, tilted), tilted, Paper{})
	if err != nil {
		t.Fatal(err)
	}
	page := decoded(t, out)
	size := page.Bounds().Size()
	for _, s := range spots {
		for _, d := range []image.Point{{}, {-1, -1}, {1, 1}, {-1, 1}, {1, -1}} { // the square's own corners too
			x := int((s.x + 0.042*float64(d.X)) * float64(size.X))
			y := int((s.y + 0.042*float64(d.Y)) * float64(size.Y))
			if got := page.At(x, y); !near(got, s.c) {
				t.Errorf("at %.2f,%.2f %+v: %v, want %v", s.x, s.y, d, got, s.c)
			}
		}
	}
	for _, p := range []image.Point{{2, 2}, {size.X - 3, 2}, {size.X - 3, size.Y - 3}, {2, size.Y - 3}} {
		if !near(page.At(p.X, p.Y), color.RGBA{245, 245, 245, 255}) {
			t.Errorf("the bed shows at %v: %v", p, page.At(p.X, p.Y))
		}
	}
	if got := float64(size.Y) / float64(size.X); math.Abs(got-297./210) > 0.01 {
		t.Errorf("%v is not A4", size)
	}
	if n := uint16(out[14])<<8 | uint16(out[15]); out[13] != 1 || float64(n) != dpi {
		t.Errorf("the file says %d dpi, want %v", n, dpi)
	}
}

func TestResolutionIsTheFramesOwn(t *testing.T) {
	upright := device.Quad{{X: 0, Y: 0}, {X: 1, Y: 0}, {X: 1, Y: 1}, {X: 0, Y: 1}}
	for _, c := range []struct {
		width, height int
		paper         Paper
		dpi           float64
		size          image.Point
	}{
		{420, 594, A4, 51, image.Pt(422, 596)},
		{594, 420, A4, 51, image.Pt(596, 422)}, // lying across
		{2600, 3677, A4, 300, image.Pt(2480, 3508)},
		{428, 270, Paper{54, 85.6}, 127, image.Pt(428, 270)}, // a card
	} {
		out, dpi, err := cut(frame(t, c.width, c.height, upright), upright, c.paper)
		if err != nil {
			t.Fatal(err)
		}
		if got := decoded(t, out).Bounds().Size(); got != c.size || dpi != c.dpi {
			t.Errorf("%d×%d: %v at %v dpi, want %v at %v", c.width, c.height, got, dpi, c.size, c.dpi)
		}
	}
}

func TestOtherSamplingsAndGrayKeepTheirColours(t *testing.T) {
	src := decoded(t, frame(t, 400, 560, tilted)).(*image.YCbCr)
	for _, ratio := range []image.YCbCrSubsampleRatio{image.YCbCrSubsampleRatio444, image.YCbCrSubsampleRatio422, image.YCbCrSubsampleRatio411} {
		other := image.NewYCbCr(src.Rect, ratio)
		for y := range src.Rect.Dy() {
			for x := range src.Rect.Dx() {
				c := src.YCbCrAt(x, y)
				other.Y[other.YOffset(x, y)], other.Cb[other.COffset(x, y)], other.Cr[other.COffset(x, y)] = c.Y, c.Cb, c.Cr
			}
		}
		data, err := jpeg.Encode(other, 95, 0)
		if err != nil {
			t.Fatal(err)
		}
		out, _, err := cut(data, tilted, A4)
		if err != nil {
			t.Fatal(err)
		}
		page := decoded(t, out)
		for _, s := range spots {
			if got := page.At(int(s.x*float64(page.Bounds().Dx())), int(s.y*float64(page.Bounds().Dy()))); !near(got, s.c) {
				t.Errorf("%v: %v, want %v", ratio, got, s.c)
			}
		}
	}
}

func TestCornersThatAreNoPageAreRefused(t *testing.T) {
	data := frame(t, 400, 560, tilted)
	nan := math.NaN()
	for name, q := range map[string]device.Quad{
		"crossed":  {tilted[0], tilted[2], tilted[1], tilted[3]},
		"mirrored": {tilted[1], tilted[0], tilted[3], tilted[2]},
		"inward":   {tilted[0], tilted[1], {X: 0.3, Y: 0.3}, tilted[3]},
		"a point":  {},
		"a line":   {{X: 0.1, Y: 0.1}, {X: 0.4, Y: 0.4}, {X: 0.6, Y: 0.6}, {X: 0.9, Y: 0.9}},
		"small":    {{X: 0.5, Y: 0.5}, {X: 0.55, Y: 0.5}, {X: 0.55, Y: 0.55}, {X: 0.5, Y: 0.55}},
		"outside":  {{X: -0.2, Y: 0}, tilted[1], tilted[2], tilted[3]},
		"no place": {{X: nan, Y: 0}, tilted[1], tilted[2], tilted[3]},
	} {
		if out, _, err := cut(data, q, A4); !errors.Is(err, ErrQuad) || out != nil {
			t.Errorf("%s: %d bytes, %v", name, len(out), err)
		}
	}
}

func TestADamagedFrameIsRefused(t *testing.T) {
	data := frame(t, 400, 560, tilted)
	var damaged *jpeg.Damaged
	if _, _, err := cut(data[:len(data)/2], tilted, A4); !errors.As(err, &damaged) {
		t.Errorf("%v", err)
	}
	if _, _, err := cut([]byte("no"), tilted, A4); !errors.Is(err, jpeg.ErrNotJPEG) {
		t.Errorf("%v", err)
	}
}

func FuzzCorners(f *testing.F) {
	data := frame(f, 120, 160, tilted)
	f.Add(0.15, 0.08, 0.83, 0.12, 0.9, 0.95, 0.07, 0.9)
	f.Add(0.0, 0.0, 1.0, 0.0, 1.0, 1.0, 0.0, 1.0)
	f.Add(0.0, 0.0, 1.0, 0.0, 0.52, 0.5, 0.48, 0.5)
	f.Fuzz(func(t *testing.T, ax, ay, bx, by, cx, cy, dx, dy float64) {
		quad := device.Quad{{X: ax, Y: ay}, {X: bx, Y: by}, {X: cx, Y: cy}, {X: dx, Y: dy}}
		for _, paper := range []Paper{A4, {}} {
			out, dpi, err := cut(data, quad, paper)
			if (err == nil) != (len(out) > 0) || dpi > maxDPI || (err == nil && paper == A4 && dpi < 1) {
				t.Fatalf("%d bytes at %v dpi, %v", len(out), dpi, err)
			}
		}
	})
}

func BenchmarkCutA4(b *testing.B) {
	data := frame(b, 2592, 3456, tilted)
	for b.Loop() {
		if _, _, err := cut(data, tilted, A4); err != nil {
			b.Fatal(err)
		}
	}
}
