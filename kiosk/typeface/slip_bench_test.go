package typeface

import (
	"image"
	"os"
	"testing"
	"time"
	"unicode"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// slipLines are 40 lines of 24 characters of text as it stands on papers: with as many different characters, and as often.
func slipLines(b *testing.B) (lines []string) {
	b.Helper()
	var text []rune
	for _, file := range []string{"texts-dossier.yaml", "items.yaml"} {
		data, err := os.ReadFile("../policy/packs/CN/" + file)
		if err != nil {
			b.Fatal(err)
		}
		for _, r := range string(data) {
			if unicode.Is(unicode.Han, r) {
				text = append(text, r)
			}
		}
	}
	for range 40 {
		lines, text = append(lines, string(text[:24])), text[24:]
	}
	return lines
}

// drawer is x/image's own way to draw a line, with the same font.
func drawer(b *testing.B) *font.Drawer {
	b.Helper()
	file, err := os.Open(sources(Config{})[0].path)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { file.Close() })
	collection, err := opentype.ParseCollectionReaderAt(file)
	if err != nil {
		b.Fatal(err)
	}
	f, err := collection.Font(2)
	if err != nil {
		b.Fatal(err)
	}
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: 24, DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		b.Fatal(err)
	}
	return &font.Drawer{Dst: image.NewGray(image.Rect(0, 0, 576, 30)), Src: image.Black, Face: face}
}

// BenchmarkSlipAgainstDrawer draws a slip of 40 lines and prints the time as a part of what x/image's opentype Drawer takes
// for the same lines: cold is the first slip after the start, warm any later one.
func BenchmarkSlipAgainstDrawer(b *testing.B) {
	lines, peer := slipLines(b), drawer(b)
	var cold, warm, theirs time.Duration
	for b.Loop() {
		f := load(b)
		for _, spent := range []*time.Duration{&cold, &warm} {
			begin := time.Now()
			for _, line := range lines {
				if _, err := f.RasterLine(line, 24, false); err != nil {
					b.Fatal(err)
				}
			}
			*spent += time.Since(begin)
		}
		begin := time.Now()
		for _, line := range lines {
			peer.Dot = fixed.P(0, 24)
			peer.DrawString(line)
		}
		theirs += time.Since(begin)
	}
	b.ReportMetric(float64(cold)/float64(theirs), "cold×Drawer")
	b.ReportMetric(float64(warm)/float64(theirs), "warm×Drawer")
	b.ReportMetric(float64(warm.Microseconds())/float64(b.N), "warm-µs/slip")
}
