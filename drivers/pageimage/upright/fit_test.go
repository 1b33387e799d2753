package upright

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// TestFitWeights finds the weights anew from what policy packs say, set in the fonts of this machine on as many pages as
// YIMEN_FIT says, and prints them. What it was not shown is a font of its own: the weights that are printed saw all.
func TestFitWeights(t *testing.T) {
	pages, _ := strconv.Atoi(os.Getenv("YIMEN_FIT"))
	if pages == 0 {
		t.Skip("YIMEN_FIT says how many pages to learn from")
	}
	text := packText(t)
	var lots [][]traits
	for _, f := range printed(t) {
		var lot []traits
		for n := range pages {
			lot = append(lot, standing(f, text, uint64(n))...)
		}
		lots = append(lots, lot)
	}
	var all []traits
	for i, unseen := range lots {
		var others []traits
		for j, l := range lots {
			if j != i {
				others = append(others, l...)
			}
		}
		fmt.Printf("%s: %.3f of %d characters right, learnt from the others\n", fonts[i].path, right(unseen, learn(others)), len(unseen))
		all = append(all, unseen...)
	}
	w := learn(all)
	fmt.Printf("all: %.3f\n", right(all, w))
	for i, v := range w {
		fmt.Printf("%.1f,", v)
		if i%15 == 14 {
			fmt.Println()
		}
	}
}

// fonts are what printed pages are set in, each with its place in a collection.
var fonts = []struct {
	path string
	face int
}{
	{"/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 2},
	{"/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc", 2},
	{"/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc", 2},
	{"/usr/share/fonts/truetype/arphic-gkai00mp/gkai00mp.ttf", 0},
}

func printed(t testing.TB) []*opentype.Font {
	t.Helper()
	var out []*opentype.Font
	for _, f := range fonts {
		b, err := os.ReadFile(f.path)
		if err != nil {
			t.Fatal(err)
		}
		c, err := opentype.ParseCollection(b)
		if err != nil {
			t.Fatal(err)
		}
		one, err := c.Font(f.face)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, one)
	}
	return out
}

// packText is what the national pack says, without its keys.
func packText(t testing.TB) []rune {
	t.Helper()
	files, err := filepath.Glob("../../../kiosk/policy/packs/CN/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal(err, "no pack")
	}
	var text []rune
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(b)) {
			if _, said, ok := strings.Cut(line, ": "); ok && len([]rune(said)) > 8 && len(said) > 2*len([]rune(said)) {
				text = append(text, []rune(strings.Trim(said, "\"'\n{} "))...)
			}
		}
	}
	return text
}

// standing gives the traits of the characters on a page of text. Pages lie upright and upside down by turns, so that
// nothing is learnt of how characters are cut out; of the latter the traits are turned back.
func standing(f *opentype.Font, text []rune, seed uint64) []traits {
	k := inkOf(set(f, text, seed))
	if seed%2 == 1 {
		k = k.turned().turned()
	}
	k.withoutRules()
	var out []traits
	for _, s := range k.characters() {
		t := k.shape(s)
		if seed%2 == 1 {
			t = t.opposite()
		}
		out = append(out, t)
	}
	return out
}

// opposite gives the traits of the same character turned upside down.
func (t *traits) opposite() traits {
	var out traits
	const each = ways + 1
	for b := range blocks * blocks {
		copy(out[(blocks*blocks-1-b)*each:][:each], t[b*each:][:each])
	}
	return out
}

// set gives a page of text in lines and paragraphs, a little blurred and noisy.
func set(f *opentype.Font, text []rune, seed uint64) *image.YCbCr {
	rnd := rand.New(rand.NewPCG(seed, 0xf17))
	size := 9 + 22*rnd.Float64()*rnd.Float64()
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: size, DPI: 72})
	if err != nil {
		panic(err)
	}
	img := image.NewGray(image.Rect(0, 0, 900, 1200))
	draw.Draw(img, img.Rect, image.White, image.Point{}, draw.Src)
	d := font.Drawer{Dst: img, Src: image.NewUniform(color.Gray{uint8(rnd.IntN(90))}), Face: face}
	at := rnd.IntN(len(text))
	x, y := 70.0, 90.0
	for y < 1100 {
		r := text[at%len(text)]
		at++
		d.Dot = fixed.Point26_6{X: fixed.Int26_6(x * 64), Y: fixed.Int26_6(y * 64)}
		d.DrawString(string(r))
		if x = float64(d.Dot.X) / 64; x > 820-size || rnd.IntN(60) == 0 {
			x, y = 70, y+size*(1.45+0.3*rnd.Float64())
			if rnd.IntN(4) == 0 {
				x += 2 * size
			}
		}
	}
	page := image.NewYCbCr(img.Rect, image.YCbCrSubsampleRatio420)
	soft := rnd.Float64()
	for y := 1; y < 1199; y++ {
		for x := 1; x < 899; x++ {
			v := 0.0
			for _, o := range []image.Point{{1, 0}, {-1, 0}, {0, 1}, {0, -1}} {
				v += float64(img.GrayAt(x+o.X, y+o.Y).Y) / 4
			}
			v = 0.9*((1-soft)*float64(img.GrayAt(x, y).Y)+soft*v) + 4*rnd.NormFloat64()
			page.Y[y*page.YStride+x] = uint8(math.Max(0, math.Min(255, v)))
		}
	}
	for i := range page.Cb {
		page.Cb[i], page.Cr[i] = 128, 128
	}
	return page
}

// learn climbs the likelihood that characters are called upright and not upside down.
func learn(all []traits) [count / 2]float64 {
	var w, m, v [count / 2]float64
	differ := make([][count / 2]float64, len(all))
	for i := range all {
		differ[i] = all[i].differ()
	}
	for round := 1; round <= 300; round++ {
		var g [count / 2]float64
		for i := range differ {
			s := 0.0
			for k, d := range differ[i] {
				s += w[k] * d
			}
			p := 1 / (1 + math.Exp(s))
			for k, d := range differ[i] {
				g[k] += p * d
			}
		}
		for k := range w { // Adam
			d := g[k]/float64(len(differ)) - 1e-6*w[k]
			m[k], v[k] = 0.9*m[k]+0.1*d, 0.999*v[k]+0.001*d*d
			w[k] += 0.5 * (m[k] / (1 - math.Pow(0.9, float64(round)))) / (math.Sqrt(v[k]/(1-math.Pow(0.999, float64(round)))) + 1e-8)
		}
	}
	return w
}

func right(all []traits, w [count / 2]float64) float64 {
	n := 0
	for i := range all {
		s := 0.0
		for k, d := range all[i].differ() {
			s += w[k] * d
		}
		if s > 0 {
			n++
		}
	}
	return float64(n) / float64(len(all))
}
