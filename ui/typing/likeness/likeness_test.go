package likeness

import (
	"bytes"
	"context"
	"errors"
	"reflect"
	"sync"
	"testing"

	"yimen/kiosk/typeface"
	"yimen/ui/typing/ink"
	"yimen/ui/typing/shape"
	"yimen/ui/typing/skeleton"
)

// taught are the characters of the tests' index.
const taught = "一二三十土士王田口日目中国人民大小山水火木本末未天夫天上下左右东西南北春夏秋冬风雨雪云花草树鸟鱼虫马牛羊车门"

// small is an index of few characters, learned once for all tests.
var small = sync.OnceValues(func() (*Index, error) {
	faces, err := typeface.Load(typeface.Config{})
	if err != nil {
		return nil, err
	}
	defer faces.Close()
	once := map[rune]bool{}
	var characters []rune
	for _, r := range taught {
		if !once[r] {
			once[r], characters = true, append(characters, r)
		}
	}
	return Train(context.Background(), characters, drawings(faces), func(int) {})
})

func drawings(faces *typeface.Faces) Drawn {
	return func(r rune) ([][]shape.Dot, error) {
		var all [][]shape.Dot
		for _, s := range []typeface.Style{typeface.Sans, typeface.Serif} {
			o, err := faces.Outline(s, r)
			if err != nil {
				return nil, err
			}
			all = append(all, skeleton.Dots(o))
		}
		return all, nil
	}
}

func index(t testing.TB) *Index {
	t.Helper()
	x, err := small()
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func line(x0, y0, x1, y1 float64) ink.Stroke { return ink.Stroke{{X: x0, Y: y0}, {X: x1, Y: y1}} }

// king is 王, written from below.
func king() ink.Ink {
	return ink.Normalise(ink.Ink{line(10, 90, 90, 90), line(50, 90, 50, 10), line(80, 48, 20, 48), line(15, 10, 85, 10)})
}

func TestWritingIsKnownWhateverTheOrderOfStrokes(t *testing.T) {
	candidates := index(t).Classify(king(), 10)
	if len(candidates) != 10 || candidates[0].Character != '王' {
		t.Fatalf("%+v", candidates)
	}
	seen := map[rune]bool{}
	for i, c := range candidates {
		if seen[c.Character] || i > 0 && c.Distance < candidates[i-1].Distance {
			t.Errorf("%c stands twice or out of order", c.Character)
		}
		seen[c.Character] = true
	}
}

func TestNothingDrawnIsNobodysCharacter(t *testing.T) {
	for _, x := range []ink.Ink{nil, ink.Normalise(ink.Ink{{{X: 5, Y: 5}}})} {
		if c := index(t).Classify(x, 10); len(c) != 0 {
			t.Errorf("%v for %v", c, x)
		}
	}
	if c := index(t).Classify(king(), 0); len(c) != 0 {
		t.Errorf("%v where none was asked for", c)
	}
}

func TestReadGivesWhatWasWritten(t *testing.T) {
	var file bytes.Buffer
	if err := index(t).Write(&file); err != nil {
		t.Fatal(err)
	}
	again, err := Read(bytes.NewReader(file.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(again, index(t)) {
		t.Error("another index came back")
	}
}

func TestEqualDrawingsTeachTheSame(t *testing.T) {
	faces, err := typeface.Load(typeface.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer faces.Close()
	var files [2]bytes.Buffer
	for i := range files {
		x, err := Train(t.Context(), []rune("一二三十土士王"), drawings(faces), func(int) {})
		if err != nil {
			t.Fatal(err)
		}
		if err := x.Write(&files[i]); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(files[0].Bytes(), files[1].Bytes()) {
		t.Error("two runs learned different things")
	}
}

func TestLearningEndsWithItsContextAndItsFonts(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Train(ctx, []rune("一二三"), func(rune) ([][]shape.Dot, error) { return nil, nil }, func(int) {}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	torn := errors.New("torn")
	if _, err := Train(t.Context(), []rune("一二三"), func(rune) ([][]shape.Dot, error) { return nil, torn }, func(int) {}); !errors.Is(err, torn) {
		t.Errorf("a font that cannot be read: %v", err)
	}
	if _, err := Train(t.Context(), []rune("一二三"), func(rune) ([][]shape.Dot, error) { return nil, nil }, func(int) {}); !errors.Is(err, ErrNothing) {
		t.Errorf("fonts without characters: %v", err)
	}
}

func TestBrokenIndexIsRefused(t *testing.T) {
	var file bytes.Buffer
	if err := index(t).Write(&file); err != nil {
		t.Fatal(err)
	}
	whole := file.Bytes()
	change := func(at int, b ...byte) []byte {
		c := bytes.Clone(whole)
		copy(c[at:], b)
		return c
	}
	n := len(magic)
	for name, data := range map[string][]byte{
		"empty": nil, "another file": []byte("nothing of the kind, but long enough to have a head"),
		"cut off": whole[:len(whole)-1], "something follows": append(bytes.Clone(whole), 0),
		"no drawings": change(n, 0, 0, 0, 0), "too many drawings": change(n, 0xFF, 0xFF, 0xFF, 0x7F),
		"says more than it has": change(n, 0xFF, 0xFF, 3, 0), "unit of nothing": change(n+4, 0, 0, 0, 0),
		"axis without number": change(n+8, 0, 0, 0xC0, 0x7F), "no character": change(n+8+4*len(index(t).axes), 0xFF, 0xFF, 0xFF, 0x7F),
	} {
		if _, err := Read(bytes.NewReader(data)); !errors.Is(err, ErrIndex) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	var file bytes.Buffer
	if err := index(f).Write(&file); err != nil {
		f.Fatal(err)
	}
	whole := file.Bytes()
	f.Add(whole[:200], uint16(0))
	f.Add([]byte{1, 0, 0, 0}, uint16(len(magic)))
	f.Fuzz(func(t *testing.T, change []byte, at uint16) {
		data := bytes.Clone(whole)
		copy(data[min(int(at), len(data)):], change)
		x, err := Read(bytes.NewReader(data))
		if err != nil {
			return
		}
		x.Classify(king(), 10)
	})
}
