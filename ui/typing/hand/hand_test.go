package hand

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"unicode"

	"yimen/ui/typing/ink"
	"yimen/ui/typing/likeness"
	"yimen/ui/typing/penman"
	"yimen/ui/typing/zinnia"
)

// Index is where make build puts what was learned from the fonts, seen from this package.
const index = "../../../bin/handwriting.index"

func reader(t testing.TB) *Reader {
	t.Helper()
	looks, err := likeness.Open(index)
	if err != nil {
		t.Fatalf("%v (make build makes it)", err)
	}
	order, err := zinnia.Open(zinnia.File)
	if err != nil {
		t.Fatalf("%v (make install-test installs it)", err)
	}
	return &Reader{Looks: looks, Order: order}
}

// panel is the side of the field that is written into, in the touch panel's dots.
const panel = 1000

func written(t *testing.T, h penman.Hand, b *penman.Book, character rune, seed uint64) ink.Ink {
	t.Helper()
	strokes, err := h.Write(b, character, seed)
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

// paper is what is written on: the characters that penman can write, those of GB 2312 and the others that are learned.
func paper(t *testing.T, r *Reader) (b *penman.Book, usual, others []rune) {
	t.Helper()
	b, err := penman.Open(filepath.Join("..", "penman", penman.Folder))
	if err != nil {
		t.Fatal(err)
	}
	all, err := b.Characters()
	if err != nil {
		t.Fatal(err)
	}
	chinese, seen := set(r.Order.Characters()), set(r.Looks.Characters())
	for _, c := range all {
		switch {
		case chinese[c]:
			usual = append(usual, c)
		case seen[c] && unicode.Is(unicode.Han, c):
			others = append(others, c)
		}
	}
	return b, usual, others
}

func set(all []rune) map[rune]bool {
	m := make(map[rune]bool, len(all))
	for _, c := range all {
		m[c] = true
	}
	return m
}

// share counts how many came first and how many among the first ten, in percent.
type share struct{ first, ten float64 }

func (s *share) count(offered []rune, want rune, of int) {
	switch at := slices.Index(offered, want); {
	case at == 0:
		s.first += 100 / float64(of)
		fallthrough
	case at > 0 && at < Most:
		s.ten += 100 / float64(of)
	}
}

// goals are what each hand must reach with the seeds of the exam: common characters in a plain field, names outside
// GB 2312 in a name field.
var goals = map[string]struct{ usual, others share }{
	"neat":              {share{92, 98}, share{85, 96}},
	"random order":      {share{88, 97}, share{}},
	"two joined":        {share{75, 95}, share{}},
	"tremor":            {share{70, 92}, share{}},
	"wobble":            {},
	"slant":             {},
	"small in a corner": {share{92, 98}, share{85, 96}},
}

// TestHandsAreRead writes with the seeds of development; YIMEN_EXAM=1 with those of the exam, more of them. Each line of
// its log stands beside what the model of strokes reads alone.
func TestHandsAreRead(t *testing.T) {
	r := reader(t)
	b, usual, others := paper(t, r)
	seed, n, slack, all := penman.DevelopmentSeed, 40, 10.0, true // so few samples waver
	if os.Getenv("YIMEN_EXAM") != "" {
		seed, n, slack = penman.ExamSeed, 1000, 0
	} else if os.Getenv("YIMEN_SOAK") != "" {
		n, slack = 1000, 0
	} else {
		all = false // only what has a goal
	}
	for _, h := range penman.Hands() {
		goal, ok := goals[h.Name]
		if !ok {
			t.Errorf("nothing is said of the hand %q", h.Name)
		}
		for _, part := range []struct {
			name  string
			drawn []rune
			field Field
			goal  share
		}{{"GB 2312", penman.Draw(usual, n, seed), Field{}, goal.usual}, {"others", penman.Draw(others, n, seed), Field{Kind: Name, Before: "王"}, goal.others}} {
			if !all && part.goal == (share{}) {
				continue
			}
			var fused, alone share
			for _, c := range part.drawn {
				raw := written(t, h, b, c, seed)
				fused.count(r.Read(raw, part.field), c, len(part.drawn))
				var only []rune
				for _, z := range r.Order.Classify(ink.Normalise(raw), Most) {
					only = append(only, z.Character)
				}
				alone.count(only, c, len(part.drawn))
			}
			t.Logf("%-8s %-18s first %5.1f %%, among ten %5.1f %%   order of strokes alone %5.1f %%, %5.1f %%",
				part.name, h.Name, fused.first, fused.ten, alone.first, alone.ten)
			if fused.first < part.goal.first-slack || fused.ten < part.goal.ten-slack {
				t.Errorf("%s, %s: %.1f %% first and %.1f %% among ten, less than %v", part.name, h.Name, fused.first, fused.ten, part.goal)
			}
		}
	}
}

func TestFieldSettlesTwins(t *testing.T) {
	for _, c := range []struct {
		field       Field
		more, fewer rune
		because     string
	}{
		{Field{}, '土', '圡', "a common character before a rare one"},
		{Field{Kind: Name}, '张', '涨', "a surname begins a name"},
		{Field{Kind: Address, Before: "中山"}, '路', '珞', "a word of addresses in an address"},
	} {
		if c.field.prior(c.more) <= c.field.prior(c.fewer) {
			t.Errorf("%s: %c is not before %c", c.because, c.more, c.fewer)
		}
	}
	if f := (Field{Kind: Name, Before: "王"}); f.prior('堃') < f.prior('坤') {
		t.Error("within a name a rare character is held back")
	}
}

func TestScribblesAreAnsweredAndBounded(t *testing.T) {
	r := reader(t)
	var scribble, long ink.Stroke
	for i := range 60 {
		scribble = append(scribble, ink.Point{X: float64(i % 2 * panel), Y: float64(i * panel / 60)})
	}
	for i := range 10_000 {
		long = append(long, ink.Point{X: float64(i * 7919 % panel), Y: float64(i * 104729 % panel)})
	}
	many := make(ink.Ink, 2000)
	for i := range many {
		many[i] = scribble
	}
	for name, x := range map[string]ink.Ink{"zig-zag": {scribble}, "ten thousand points": {long}, "thousands of strokes": many} {
		if got := r.Read(x, Field{}); len(got) == 0 || len(got) > Most {
			t.Errorf("%s: %d candidates", name, len(got))
		}
	}
	for name, x := range map[string]ink.Ink{"nothing": nil, "empty strokes": {{}, {}}} {
		if got := r.Read(x, Field{}); len(got) != 0 {
			t.Errorf("%s is %q", name, got)
		}
	}
}

func TestReaderStaysWithinItsMemory(t *testing.T) {
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	r := reader(t)
	runtime.GC()
	runtime.ReadMemStats(&after)
	used := float64(after.HeapAlloc-before.HeapAlloc) / (1 << 20)
	t.Logf("both recognisers hold %.1f MiB", used)
	if used > 40 {
		t.Errorf("%.1f MiB are held, want at most 40", used)
	}
	runtime.KeepAlive(r)
}
