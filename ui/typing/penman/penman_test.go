package penman

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
)

func book(t testing.TB) *Book {
	t.Helper()
	b, err := Open(Folder)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func hand(t *testing.T, name string) Hand {
	t.Helper()
	i := slices.IndexFunc(Hands(), func(h Hand) bool { return h.Name == name })
	if i < 0 {
		t.Fatalf("no hand is called %q", name)
	}
	return Hands()[i]
}

func write(t *testing.T, h Hand, character rune, seed uint64) []Stroke {
	t.Helper()
	strokes, err := h.Write(book(t), character, seed)
	if err != nil {
		t.Fatal(err)
	}
	return strokes
}

func TestEveryCharacterOfTheBookCanBeWrittenByEveryHand(t *testing.T) {
	all, err := book(t).Characters()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 9574 {
		t.Errorf("the book has %d characters, not 9574", len(all))
	}
	if os.Getenv("YIMEN_SOAK") == "" {
		all = Draw(all, 300, DevelopmentSeed)
	}
	for _, h := range Hands() {
		for _, r := range all {
			for _, s := range write(t, h, r, DevelopmentSeed) {
				for _, p := range s {
					if !(p.X >= 0 && p.X <= 1 && p.Y >= 0 && p.Y <= 1) {
						t.Fatalf("%s, %c: %v lies outside the box", h.Name, r, p)
					}
				}
			}
		}
	}
}

func TestStrokesComeInTheOrderOfSchool(t *testing.T) {
	strokes := write(t, hand(t, "neat"), '三', DevelopmentSeed)
	if len(strokes) != 3 {
		t.Fatalf("三 has %d strokes", len(strokes))
	}
	for i, s := range strokes {
		first, last := s[0], s[len(s)-1]
		if last.X-first.X < 0.3 {
			t.Errorf("stroke %d of 三 does not run right: %v to %v", i, first, last)
		}
		if i > 0 && first.Y <= strokes[i-1][0].Y {
			t.Errorf("stroke %d of 三 is not below the one before", i)
		}
	}
}

func TestSameSeedWritesTheSameAndAnotherDoesNot(t *testing.T) {
	for _, h := range Hands() {
		once, again := write(t, h, '河', DevelopmentSeed), write(t, h, '河', DevelopmentSeed)
		if !reflect.DeepEqual(once, again) {
			t.Errorf("%s: one seed wrote two things", h.Name)
		}
		if reflect.DeepEqual(once, write(t, h, '河', ExamSeed)) {
			t.Errorf("%s: the exam's seed writes what development saw", h.Name)
		}
	}
}

func TestHandsDifferAsTheirNamesSay(t *testing.T) {
	neat := write(t, hand(t, "neat"), '赵', DevelopmentSeed)
	starts := func(strokes []Stroke) (all []int) {
		for _, s := range strokes {
			all = append(all, int(math.Round(10*s[0].X))*100+int(math.Round(10*s[0].Y)))
		}
		return all
	}
	shuffled := write(t, hand(t, "random order"), '赵', DevelopmentSeed)
	if slices.Equal(starts(neat), starts(shuffled)) {
		t.Error("random order is the order of school")
	}
	if joined := write(t, hand(t, "two joined"), '赵', DevelopmentSeed); len(joined) != len(neat)-1 {
		t.Errorf("two joined: %d strokes, and neat has %d", len(joined), len(neat))
	}
	if calm, shaken := roughness(neat), roughness(write(t, hand(t, "tremor"), '赵', DevelopmentSeed)); shaken < 3*calm {
		t.Errorf("tremor is %.4f rough, and neat %.4f", shaken, calm)
	}
	if all, small := width(neat), width(write(t, hand(t, "small in a corner"), '赵', DevelopmentSeed)); small > 0.6*all {
		t.Errorf("small is %.2f wide, and neat %.2f", small, all)
	}
}

// roughness is how far points lie from the middle of their neighbours, on average.
func roughness(strokes []Stroke) float64 {
	sum, n := 0.0, 0
	for _, s := range strokes {
		for i := 1; i+1 < len(s); i++ {
			sum += math.Hypot(s[i].X-(s[i-1].X+s[i+1].X)/2, s[i].Y-(s[i-1].Y+s[i+1].Y)/2)
			n++
		}
	}
	return sum / float64(n)
}

func width(strokes []Stroke) float64 {
	left, right := 1.0, 0.0
	for _, s := range strokes {
		for _, p := range s {
			left, right = min(left, p.X), max(right, p.X)
		}
	}
	return right - left
}

func TestJoinedStrokesHaveNoGapBetweenThem(t *testing.T) {
	h := Hand{Joins: 2, Size: 1}
	strokes := write(t, h, '三', DevelopmentSeed)
	if len(strokes) != 1 {
		t.Fatalf("三 joined twice has %d strokes", len(strokes))
	}
	for i := 1; i < len(strokes[0]); i++ {
		if p, q := strokes[0][i-1], strokes[0][i]; math.Hypot(p.X-q.X, p.Y-q.Y) > 1.001*reach {
			t.Errorf("the finger jumps from %v to %v", p, q)
		}
	}
}

func TestDrawnCharactersAreEachDrawnOnce(t *testing.T) {
	from := []rune("一二三四五六七八九十")
	drawn := Draw(from, 4, DevelopmentSeed)
	slices.Sort(drawn)
	if len(slices.Compact(drawn)) != 4 {
		t.Errorf("drew %q", drawn)
	}
	if all := Draw(from, 100, DevelopmentSeed); len(all) != len(from) {
		t.Errorf("drew %d of %d", len(all), len(from))
	}
}

func TestUnknownCharacterIsNamedAsSuch(t *testing.T) {
	if _, err := hand(t, "neat").Write(book(t), 'A', DevelopmentSeed); !errors.Is(err, ErrNoStrokes) {
		t.Errorf("got %v", err)
	}
	if _, err := Open(t.TempDir()); err == nil {
		t.Error("an empty folder was taken for a book")
	}
}

func TestBrokenStrokesAreRefused(t *testing.T) {
	for _, data := range []string{
		``, `{}`, `{"medians":[]}`, `{"medians":[[]]}`, `{"medians":[[[1e300,0]]]}`, `{"medians":[[[0,-9000]]]}`,
	} {
		if strokes, err := parse([]byte(data)); err == nil {
			t.Errorf("%s was read as %v", data, strokes)
		}
	}
}

func FuzzStrokes(f *testing.F) {
	if data, err := os.ReadFile(filepath.Join(Folder, "三.json")); err == nil {
		f.Add(data)
	}
	f.Add([]byte(`{"medians":[[[316,655],[722,692]]]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		strokes, err := parse(data)
		if err != nil {
			return
		}
		for _, s := range strokes {
			if len(s) == 0 || len(resample(s)) > mostPoints*4*int(1/reach)+1 {
				t.Errorf("a stroke of %d points", len(s))
			}
		}
	})
}
