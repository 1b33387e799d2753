package typeface

import (
	"bytes"
	"image"
	"testing"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// cover fills a glyph of any font at 200 dots an em.
func cover(t *testing.T, f *sfnt.Font, i sfnt.GlyphIndex) *image.Alpha {
	t.Helper()
	var buf sfnt.Buffer
	segments, err := f.LoadGlyph(&buf, i, fixed.I(200), nil)
	if err != nil {
		t.Fatal(err)
	}
	z := vector.NewRasterizer(260, 260)
	at := func(p fixed.Point26_6) (float32, float32) { return float32(p.X)/64 + 20, float32(p.Y)/64 + 200 }
	for _, s := range segments {
		ax, ay := at(s.Args[0])
		bx, by := at(s.Args[1])
		cx, cy := at(s.Args[2])
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			z.ClosePath()
			z.MoveTo(ax, ay)
		case sfnt.SegmentOpLineTo:
			z.LineTo(ax, ay)
		case sfnt.SegmentOpQuadTo:
			z.QuadTo(ax, ay, bx, by)
		case sfnt.SegmentOpCubeTo:
			z.CubeTo(ax, ay, bx, by, cx, cy)
		}
	}
	z.ClosePath()
	img := image.NewAlpha(image.Rect(0, 0, 260, 260))
	z.Draw(img, img.Rect, image.Opaque, image.Point{})
	return img
}

func TestAMadeFontDrawsWhatItsSourceDraws(t *testing.T) {
	f := load(t)
	codes := map[uint16]rune{'A': 'A', 'g': 'g', ' ': ' ', '申': '申', '。': '。', '龘': '龘', 0xE000: '𠮷', 0xE001: '𪚥', 0xE002: '\U000F0000'}
	for _, style := range []Style{Serif, SerifBold, Sans} {
		data, err := f.TrueType(style, codes)
		if err != nil {
			t.Fatal(err)
		}
		again, err := f.TrueType(style, codes)
		if err != nil || !bytes.Equal(data, again) {
			t.Errorf("another font the second time, %v", err)
		}
		made, err := sfnt.Parse(data)
		if err != nil {
			t.Fatal(err)
		}
		var buf sfnt.Buffer
		for code, r := range codes {
			i, err := made.GlyphIndex(&buf, rune(code))
			if err != nil || i == 0 {
				t.Fatalf("%c is not under %04X: %v", r, code, err)
			}
			advance, err := made.GlyphAdvance(&buf, i, unitsPerEm, font.HintingNone)
			if err != nil {
				t.Fatal(err)
			}
			if want, err := f.Advance(style, r); err != nil || int(advance) != units(want) {
				t.Errorf("%c is %d wide, want %.3f: %v", r, advance, want, err)
			}
			face, index, ok := f.find(&buf, style, r)
			if !ok {
				continue
			}
			got, want := cover(t, made, i), cover(t, face.font, index)
			differ := 0
			for k := range want.Pix {
				if d := int(got.Pix[k]) - int(want.Pix[k]); d > 90 || d < -90 {
					differ++
				}
			}
			if differ > 0 {
				t.Errorf("%c of style %d: %d dots differ", r, style, differ)
			}
		}
		if i, err := made.GlyphIndex(&buf, '他'); err != nil || i != 0 {
			t.Errorf("a character that was not asked for is glyph %d, %v", i, err)
		}
	}
}

func TestSelectorsAndJoinersDrawNothing(t *testing.T) {
	f := load(t)
	for _, r := range []rune{0x200D, 0xFE00, 0xE0101, 0xFEFF} {
		o, err := f.Outline(Serif, r)
		if err != nil || len(o.Segments) != 0 || o.Advance != 0 || len(f.Missing(Serif, string(r))) != 0 {
			t.Errorf("%U: %v, %v", r, o, err)
		}
	}
}

func BenchmarkTrueTypeOfFiveHundred(b *testing.B) {
	f := load(b)
	codes := map[uint16]rune{}
	for r := rune('一'); len(codes) < 500; r += 7 {
		codes[uint16(r)] = r
	}
	for b.Loop() {
		if _, err := f.TrueType(Serif, codes); err != nil {
			b.Fatal(err)
		}
	}
}
