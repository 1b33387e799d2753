package zinnia

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"runtime"
	"testing"

	"yimen/ui/typing/ink"
)

// class is a character of a model made for a test.
type class struct {
	name     string
	bias     float32
	features []uint32 // each weighs 1
}

// modelFile writes a model as Zinnia's trainer does.
func modelFile(classes ...class) []byte {
	le := binary.LittleEndian
	body := le.AppendUint32(nil, version)
	body = le.AppendUint32(body, uint32(len(classes)))
	for _, c := range classes {
		var name [nameBytes]byte
		copy(name[:], c.name)
		body = le.AppendUint32(append(body, name[:]...), math.Float32bits(c.bias))
		for _, feature := range c.features {
			body = le.AppendUint32(le.AppendUint32(body, feature), math.Float32bits(1))
		}
		body = le.AppendUint32(le.AppendUint32(body, endOfNumbers), 0)
	}
	return append(le.AppendUint32(nil, uint32(len(body)+4)^lengthMask), body...)
}

func read(data []byte) (*Model, error) { return Read(bytes.NewReader(data), int64(len(data))) }

// counting knows characters by the number of their strokes alone.
func counting(t testing.TB) *Model {
	t.Helper()
	m, err := read(modelFile(
		class{"一", 0, []uint32{ofCount + 1}}, class{"二", 0, []uint32{ofCount + 2}}, class{"三", 0, []uint32{ofCount + 3}},
	))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestCandidatesComeInOrderOfTheirScores(t *testing.T) {
	stroke := ink.Stroke{{X: 0.1, Y: 0.5}, {X: 0.9, Y: 0.5}}
	for n, want := range []rune{0, '一', '二', '三'} {
		x := make(ink.Ink, n)
		for i := range x {
			x[i] = stroke
		}
		candidates := counting(t).Classify(x, 2)
		if n == 0 {
			if candidates != nil {
				t.Errorf("no ink is %v", candidates)
			}
			continue
		}
		if len(candidates) != 2 || candidates[0].Character != want || candidates[0].Score != countWeight || candidates[1].Score != 0 {
			t.Errorf("%d strokes: %v", n, candidates)
		}
	}
}

func TestHostileModelsAreRefused(t *testing.T) {
	good := modelFile(class{"一", 0, []uint32{1, 2}}, class{"二", 0, []uint32{1}})
	if _, err := read(good); err != nil {
		t.Fatal(err)
	}
	changed := func(at int, word uint32) []byte {
		b := bytes.Clone(good)
		binary.LittleEndian.PutUint32(b[at:], word)
		return b
	}
	const bias, firstNumber, firstWeight = headerBytes + nameBytes, headerBytes + nameBytes + 4, headerBytes + nameBytes + 8
	var every []class // features that are more than columns can name
	for i := range 70 {
		c := class{name: string(rune('一' + i))}
		for k := range 1000 {
			c.features = append(c.features, uint32(1000*i+k))
		}
		every = append(every, c)
	}
	for name, data := range map[string][]byte{
		"nothing":               nil,
		"header cut off":        good[:8],
		"other length":          changed(0, uint32(len(good)+4)^lengthMask),
		"other version":         changed(4, 2),
		"no characters":         changed(8, 0),
		"more characters":       changed(8, 3),
		"fewer characters":      changed(8, 1),
		"countless characters":  changed(8, math.MaxUint32),
		"bias is no number":     changed(bias, math.Float32bits(float32(math.NaN()))),
		"infinite weight":       changed(firstWeight, math.Float32bits(float32(math.Inf(1)))),
		"number comes twice":    changed(firstNumber, 2),
		"number beyond an int":  changed(firstNumber+8, 1<<31),
		"character without end": changed(len(good)-8, 3),
		"no name":               modelFile(class{"", 0, nil}),
		"two characters a name": modelFile(class{"一二", 0, nil}),
		"name is no UTF-8":      modelFile(class{"\xe4\xb8", 0, nil}),
		"name is a control":     modelFile(class{"\x07", 0, nil}),
		"character comes twice": modelFile(class{"一", 0, nil}, class{"一", 1, nil}),
		"too many features":     modelFile(every...),
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := read(data); !errors.Is(err, ErrModel) {
				t.Errorf("got %v", err)
			}
		})
	}
	if _, err := Read(bytes.NewReader(good), mostBytes+1); !errors.Is(err, ErrModel) {
		t.Errorf("a model larger than any: %v", err)
	}
	if _, err := Read(bytes.NewReader(good[:len(good)-4]), int64(len(good))); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("a file that shrank: %v", err)
	}
}

func TestModelOfDebianIsWholeAndSmall(t *testing.T) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	m := chinese(t)
	runtime.GC()
	runtime.ReadMemStats(&after)
	if n := len(m.Characters()); n != 6763 {
		t.Errorf("%d characters, and GB 2312 has 6763", n)
	}
	if kept := int64(after.HeapAlloc) - int64(before.HeapAlloc); kept > 25<<20 {
		t.Errorf("the model takes %d bytes", kept)
	}
	runtime.KeepAlive(m)
}

// scribble is the kind of stroke that ends Zinnia's library: it is cut into ever smaller parts.
func scribble(points int) ink.Stroke {
	var s ink.Stroke
	for i := range points {
		s = append(s, ink.Point{X: float64(i) / float64(points), Y: float64(i % 2)})
	}
	return s
}

func TestHostileInkIsAnswered(t *testing.T) {
	m := chinese(t)
	many := make(ink.Ink, 10_000)
	for i := range many {
		many[i] = scribble(3)
	}
	nan := math.NaN()
	for name, x := range map[string]ink.Ink{
		"scribble":       {scribble(60)},
		"long scribble":  {scribble(10_000)},
		"many strokes":   many,
		"dot":            {{{X: 0.5, Y: 0.5}}},
		"closed ring":    {{{X: 0, Y: 0}, {X: 1, Y: 0}, {X: 1, Y: 1}, {X: 0, Y: 0}}},
		"no number":      {{{X: nan, Y: 0}, {X: 1, Y: math.Inf(1)}}},
		"an empty among": {{}, scribble(5), nil},
	} {
		t.Run(name, func(t *testing.T) {
			if n := len(m.Classify(x, 10)); n != 10 {
				t.Errorf("bare: %d candidates", n)
			}
			if n := len(m.Classify(ink.Normalise(x), 10)); n != 10 && name != "no number" {
				t.Errorf("normalised: %d candidates", n)
			}
		})
	}
}

func TestScribblesKeepToTheNumbersOfTheirStroke(t *testing.T) {
	for number := range featuresOf(ink.Ink{scribble(60)}) {
		if number > ofPart*lastPart+12 && number != ofCount && number != ofCount+1 {
			t.Errorf("a single stroke has feature %d", number)
		}
	}
	many := make(ink.Ink, 10_000)
	for i := range many {
		many[i] = scribble(3)
	}
	if n := featuresOf(many)[ofCount]; n != ink.MostStrokes {
		t.Errorf("%v strokes were measured", n)
	}
}

func FuzzModel(f *testing.F) {
	f.Add(modelFile(class{"一", 0.5, []uint32{0, 1, ofCount}}, class{"二", 0, []uint32{1, 7}}))
	f.Add(modelFile(class{"一", 0, nil})[:20])
	x := ink.Ink{scribble(60), scribble(2)}
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := read(data)
		if err != nil {
			return
		}
		for _, c := range m.Classify(x, 10) {
			if math.IsNaN(c.Score) || math.IsInf(c.Score, 0) {
				t.Errorf("%c scores %v", c.Character, c.Score)
			}
		}
	})
}

func FuzzInk(f *testing.F) {
	m := counting(f)
	f.Add([]byte{10, 10, 200, 10, 0, 0, 10, 100, 200, 100})
	f.Add(bytes.Repeat([]byte{1, 2, 3, 255, 254, 9, 7}, 300))
	f.Fuzz(func(t *testing.T, data []byte) {
		x := ink.Ink{{}}
		for ; len(data) >= 2; data = data[2:] {
			if data[0] == 0 { // the finger is lifted
				x = append(x, nil)
				continue
			}
			x[len(x)-1] = append(x[len(x)-1], ink.Point{X: float64(data[0]) / 255, Y: float64(data[1]) / 255})
		}
		normal := ink.Normalise(x)
		if got := m.Classify(normal, 10); (len(got) == 3) != (len(normal) > 0) {
			t.Errorf("%d candidates for %d strokes", len(got), len(normal))
		}
		if n := len(featuresOf(x)); n > 3+12*(lastPart+2)*ink.MostStrokes {
			t.Errorf("%d features", n)
		}
	})
}
