package exam

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"yimen/drivers/pageimage"
	"yimen/drivers/pageimage/scene"
	"yimen/drivers/pageimage/scene/paper"
)

// read has Tesseract read a picture, and gives what it read without spaces.
func read(t *testing.T, img image.Image) []rune {
	t.Helper()
	r := img.Bounds()
	pgm := fmt.Appendf(nil, "P5 %d %d 255\n", r.Dx(), r.Dy())
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			pgm = append(pgm, color.GrayModel.Convert(img.At(x, y)).(color.Gray).Y)
		}
	}
	name := filepath.Join(t.TempDir(), "page.pgm")
	if err := os.WriteFile(name, pgm, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "tesseract", name, "-", "-l", "chi_sim", "--psm", "6")
	cmd.Env = append(os.Environ(), "OMP_THREAD_LIMIT=1")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("tesseract (Debian packages tesseract-ocr and tesseract-ocr-chi-sim): %v", err)
	}
	return []rune(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, string(out)))
}

// common gives the characters that two texts have in common, in order.
func common(a, b []rune) []rune {
	long := make([][]int16, len(a)+1) // of the rest of a and the rest of b
	for i := range long {
		long[i] = make([]int16, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				long[i][j] = long[i+1][j+1] + 1
			} else {
				long[i][j] = max(long[i+1][j], long[i][j+1])
			}
		}
	}
	var out []rune
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			out = append(out, a[i])
			i, j = i+1, j+1
		case long[i+1][j] >= long[i][j+1]:
			i++
		default:
			j++
		}
	}
	return out
}

// upright turns a straightened page back by quarter turns.
func upright(img image.Image, quarters int) image.Image {
	for range quarters {
		r := img.Bounds()
		out := image.NewRGBA(image.Rect(0, 0, r.Dy(), r.Dx()))
		for y := range r.Dy() {
			for x := range r.Dx() {
				out.Set(y, r.Dx()-1-x, img.At(r.Min.X+x, r.Min.Y+y)) // counterclockwise
			}
		}
		img = out
	}
	return img
}

// legible gives how many characters Tesseract reads right on a scene's page as it is, and how many of these it reads on
// the page that pageimage makes of the scene's frame.
func legible(t *testing.T, sc scene.Scene) (asItIs, ours int) {
	t.Helper()
	picture, err := pageimage.Decode(sc.Frame)
	if err != nil {
		t.Fatal(err)
	}
	page, err := picture.Capture(pageimage.A4, pageimage.DefaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	img, err := jpeg.Decode(bytes.NewReader(page.JPEG))
	if err != nil {
		t.Fatalf("%v: %v", page.Flaws, err)
	}
	right := common(read(t, sc.Page.Picture), []rune(sc.Page.Text))
	quarters := sc.Truth.Upright()
	if page.Turned {
		quarters = 0
	}
	return len(right), len(common(right, read(t, upright(img, quarters))))
}

// leastLegible is the part of the characters that must still be read.
const leastLegible = 0.99

// TestStraightenedPagesReadAsWellAsTheOriginals has one page read of each ground, in the soak ten of each.
func TestStraightenedPagesReadAsWellAsTheOriginals(t *testing.T) {
	first, frames := uint64(scene.DevelopmentSeeds), uint64(1)
	if os.Getenv("YIMEN_SOAK") != "" {
		first, frames = scene.ExamSeeds, 10
	}
	s, err := scene.Open()
	if err != nil {
		t.Fatal(err)
	}
	var asItIs, ours int
	for seed, n := first, uint64(0); n < 4*frames; seed++ {
		o := scene.Deal(seed, scene.EightMega)
		o.Paper, o.State, o.Trouble = paper.Print, scene.Flat, scene.Nothing
		if o.Ground != scene.Grounds()[n/frames] {
			continue
		}
		sc, err := s.Make(o)
		if err != nil {
			t.Fatal(err)
		}
		if sc.Truth.DPI < 250 || sc.Truth.Verdict() != scene.Keep {
			continue
		}
		n++
		a, b := legible(t, sc)
		asItIs, ours = asItIs+a, ours+b
		t.Logf("seed %d, %s, %.0f dpi: of %d characters, %d are read right as they are, and %d of these on our page",
			seed, o.Ground, sc.Truth.DPI, len([]rune(sc.Page.Text)), a, b)
	}
	if float64(ours) < leastLegible*float64(asItIs) {
		t.Errorf("of %d characters that are read on the pages as they are, %d are read on ours", asItIs, ours)
	}
}
