package photo

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"testing"
)

func TestCameraSeesWhereItProjects(t *testing.T) {
	c := NewCamera(3264, 2448, 10, 400, 0.12, -0.08, 0.012)
	for _, p := range []Point{At(0, 0), At(100, -90), At(-150, 110)} {
		if back := c.Desk(c.Frame(p)); back.Distance(p) > 1e-3 {
			t.Errorf("%v is seen at %v, which is %v", p, c.Frame(p), back)
		}
	}
	if at := c.Frame(Point{}); at.Distance(At(1632, 1224)) > 1e-6 {
		t.Errorf("the desk's middle is seen at %v", at)
	}
}

// half is a layer that is white to the right of the desk's middle and black to its left.
type half struct{}

func (half) Hides(Point, Point) bool { return true }

func (half) Paint(r *Row, x0, n int, p, d Point) {
	for i := range n {
		if p.Plus(d.Times(float64(i))).X > 0 {
			r.Blend(x0+i, 243, 243, 243, 1)
		}
	}
}

func taken(l *Lighting) *image.YCbCr {
	c := NewCamera(320, 240, 1, 400, 0, 0, 0)
	return Take(&c, []Layer{half{}}, l, image.YCbCrSubsampleRatio422)
}

func luma(img *image.YCbCr, x, y int) int { return int(img.Y[img.YOffset(x, y)]) }

func TestWhitePaperIsAsLightAsOrdered(t *testing.T) {
	img := taken(&Lighting{Cast: [3]float64{1, 1, 1}, White: 180})
	if left, right := luma(img, 40, 120), luma(img, 280, 120); left > 2 || right < 179 || right > 181 {
		t.Errorf("black is %d, white is %d", left, right)
	}
}

func TestShadowAndGlareLieWhereTheyAreCast(t *testing.T) {
	l := &Lighting{Cast: [3]float64{1, 1, 1}, White: 180,
		Shadow: &Shadow{Middle: At(260, 0), Wide: 30, Soft: 8, Left: 0.2}, Glare: &Glare{Middle: At(80, 60), Wide: 20, High: 20, Strength: 1.5}}
	img := taken(l)
	if v := luma(img, 260, 120); v > 100 {
		t.Errorf("in the shadow white is %d", v)
	}
	if v := luma(img, 200, 120); v < 178 {
		t.Errorf("beside the shadow white is %d", v)
	}
	if v := luma(img, 80, 60); v != 255 {
		t.Errorf("in the glare black is %d", v)
	}
	if v := luma(img, 80, 160); v > 2 {
		t.Errorf("beside the glare black is %d", v)
	}
}

// smear measures the standard deviation of the smear of the edge in the middle of a picture, along its rows.
func smear(img *image.YCbCr) float64 {
	var sum, first, second float64
	for x := 100; x < 220; x++ {
		d := float64(luma(img, x+1, 120) - luma(img, x, 120))
		sum, first, second = sum+d, first+d*float64(x), second+d*float64(x*x)
	}
	mean := first / sum
	return math.Sqrt(second/sum - mean*mean)
}

func TestBlurSaysHowMuchItDid(t *testing.T) {
	even := &Lighting{Cast: [3]float64{1, 1, 1}, White: 250}
	for name, blur := range map[string]func(*image.YCbCr) float64{
		"lens":       Soften,
		"focus of 1": func(img *image.YCbCr) float64 { return Defocus(img, 1) },
		"focus of 5": func(img *image.YCbCr) float64 { return Defocus(img, 5) },
		"drag":       func(img *image.YCbCr) float64 { return Drag(img, 1, 0, 6) },
		"none along": func(img *image.YCbCr) float64 { Drag(img, 0, 1, 6); return 0 },
	} {
		img := taken(even)
		said := blur(img)
		if got := smear(img); math.Abs(got-said) > 0.05*said+0.02 {
			t.Errorf("%s: the edge is smeared by %.2f pixels, it says %.2f", name, got, said)
		}
	}
}

func TestNoiseIsAsLargeAsOrdered(t *testing.T) {
	img := taken(&Lighting{Cast: [3]float64{1, 1, 1}, White: 128})
	AddNoise(img, 6, 3, rand.New(rand.NewPCG(1, 2)))
	var sum, squares float64
	for y := range 240 {
		for x := 170; x < 320; x++ {
			v := float64(luma(img, x, y) - 128)
			sum, squares = sum+v, squares+v*v
		}
	}
	n := 240.0 * 150
	if got, want := math.Sqrt(squares/n-sum*sum/n/n), math.Sqrt((36+9)/2.0); math.Abs(got-want) > 0.4 {
		t.Errorf("a standard deviation of %.2f, want %.2f", got, want)
	}
}

func TestALampsColourIsOnThePaper(t *testing.T) {
	img := taken(&Lighting{Cast: [3]float64{1, 1, 0.6}, White: 200})
	if c := color.RGBAModel.Convert(img.At(280, 120)).(color.RGBA); int(c.R) < int(c.B)+20 {
		t.Errorf("paper under a bulb is %v", c)
	}
}
