package zinnia

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"yimen/ui/typing/ink"
	"yimen/ui/typing/penman"
)

func chinese(t *testing.T) *Model {
	t.Helper()
	m, err := Open(File)
	if err != nil {
		t.Fatalf("%v (make install-test installs it)", err)
	}
	return m
}

// panel is the side of the field that is written into, in the touch panel's dots.
const panel = 1000

// written is what a hand wrote, as the touch panel reports it.
func written(t *testing.T, h penman.Hand, b *penman.Book, character rune) ink.Ink {
	t.Helper()
	strokes, err := h.Write(b, character, penman.DevelopmentSeed)
	if err != nil {
		t.Fatal(err)
	}
	x := make(ink.Ink, len(strokes))
	for i, s := range strokes {
		for _, p := range s {
			x[i] = append(x[i], ink.Point{X: float64(int(panel * p.X)), Y: float64(int(panel * p.Y))})
		}
	}
	return x
}

// writable are the model's characters that the penman can write.
func writable(t *testing.T, m *Model) (*penman.Book, []rune) {
	t.Helper()
	b, err := penman.Open(filepath.Join("..", "penman", penman.Folder))
	if err != nil {
		t.Fatal(err)
	}
	all, err := b.Characters()
	if err != nil {
		t.Fatal(err)
	}
	known := m.Characters()
	return b, slices.DeleteFunc(all, func(r rune) bool { return !slices.Contains(known, r) })
}

// recognised is how many of the characters come first, and how many are among the first ten, each in percent.
func recognised(t *testing.T, m *Model, h penman.Hand, see func(ink.Ink) ink.Ink, b *penman.Book, characters []rune) (first, ten float64) {
	t.Helper()
	for _, r := range characters {
		candidates := m.Classify(see(written(t, h, b, r)), 10)
		switch at := slices.IndexFunc(candidates, func(c Candidate) bool { return c.Character == r }); {
		case at == 0:
			first++
			fallthrough
		case at > 0:
			ten++
		}
	}
	percent := 100 / float64(len(characters))
	return first * percent, ten * percent
}

// asWritten is the ink neither moved nor smoothed: what Zinnia is given by those who give it the panel's reports.
func asWritten(raw ink.Ink) ink.Ink {
	for _, s := range raw {
		for i, p := range s {
			s[i] = ink.Point{X: p.X / panel, Y: p.Y / panel}
		}
	}
	return raw
}

// TestHandsThatWriteInSchoolOrderAreRecognised holds what was reached while developing, some percents lower. In any order,
// and with strokes joined, the model recognises little, and nothing is asked of it.
func TestHandsThatWriteInSchoolOrderAreRecognised(t *testing.T) {
	least := map[string]struct{ first, ten float64 }{
		"neat":              {66, 82},
		"tremor":            {60, 78},
		"wobble":            {60, 78},
		"slant":             {66, 82},
		"small in a corner": {66, 82},
		"random order":      {},
		"two joined":        {},
	}
	m := chinese(t)
	b, all := writable(t, m)
	n := 120
	if os.Getenv("YIMEN_SOAK") != "" {
		n = 2000
	}
	drawn := penman.Draw(all, n, penman.DevelopmentSeed)
	for _, h := range penman.Hands() {
		want, ok := least[h.Name]
		if !ok {
			t.Errorf("nothing is said of the hand %q", h.Name)
		}
		first, ten := recognised(t, m, h, ink.Normalise, b, drawn)
		t.Logf("%-18s first %5.1f %%, among ten %5.1f %%", h.Name, first, ten)
		if first < want.first || ten < want.ten {
			t.Errorf("%s: %.1f %% first and %.1f %% among ten, less than %v", h.Name, first, ten, want)
		}
	}
}

func TestNormalisedInkIsRecognisedWhereTheBareModelFails(t *testing.T) {
	m := chinese(t)
	b, all := writable(t, m)
	drawn := penman.Draw(all, 100, penman.DevelopmentSeed)
	for _, h := range penman.Hands() {
		if h.Name != "tremor" && h.Name != "small in a corner" {
			continue
		}
		first, _ := recognised(t, m, h, ink.Normalise, b, drawn)
		bare, _ := recognised(t, m, h, asWritten, b, drawn)
		t.Logf("%-18s first %.1f %%, bare %.1f %%", h.Name, first, bare)
		if first < bare+8 {
			t.Errorf("%s: %.1f %% first, and the bare model %.1f %%", h.Name, first, bare)
		}
	}
}
