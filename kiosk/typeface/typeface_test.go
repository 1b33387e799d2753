package typeface

import (
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"yimen/drivers/device"
)

func load(t testing.TB) *Faces {
	t.Helper()
	f, err := Load(Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
	return f
}

func black(b device.Bitmap, x, y int) bool { return b.Bits[y*b.Stride()+x/8]&(0x80>>(x%8)) != 0 }

// levelStrokes counts the bands of rows that hold an unbroken line of at least least dots.
func levelStrokes(b device.Bitmap, least int) int {
	strokes, within := 0, false
	for y := range b.Height {
		run, longest := 0, 0
		for x := range b.Width {
			if run++; !black(b, x, y) {
				run = 0
			}
			longest = max(longest, run)
		}
		if longest >= least && !within {
			strokes++
		}
		within = longest >= least
	}
	return strokes
}

func TestThermalLinesKeepEveryLevelStroke(t *testing.T) {
	f := load(t)
	rare := load(t) // as if Noto had none of these: HanaMin's hairlines are the ones in danger
	rare.chains[Thermal] = rare.chains[Thermal][1:]
	rare.chains[ThermalBold] = rare.chains[ThermalBold][2:]
	for dots := 24; dots <= 96; dots++ {
		for text, want := range map[string]int{"王": 3, "田": 3, "十": 1, "土": 2, "三": 3, "工": 2, "曰": 3} {
			for who, faces := range map[string]*Faces{"noto": f, "hanamin": rare} {
				for _, bold := range []bool{false, true} {
					b, err := faces.RasterLine(text, dots, bold)
					if err != nil {
						t.Fatal(err)
					}
					if got := levelStrokes(b, dots*2/5); got != want {
						t.Errorf("%s of %s at %d dots, bold %v: %d level strokes, want %d", text, who, dots, bold, got, want)
					}
				}
			}
		}
	}
}

func TestLatinLettersAreExactlyHalfAsWide(t *testing.T) {
	f := load(t)
	for _, dots := range []int{24, 28, 48, 72} {
		for text, want := range map[string]int{"收件": 2 * dots, "AB": dots, "收i件W": 3 * dots, "": 0, "𪚥": dots} {
			b, err := f.RasterLine(text, dots, false)
			if err != nil {
				t.Fatal(err)
			}
			if b.Width != want || b.Height != (dots*5+3)/4 || len(b.Bits) != b.Stride()*b.Height {
				t.Errorf("%q at %d dots: %d×%d with %d bytes, want width %d", text, dots, b.Width, b.Height, len(b.Bits), want)
			}
		}
	}
}

func TestNothingIsCutOffAtTheLinesEdge(t *testing.T) {
	f := load(t)
	for _, style := range []Style{Thermal, ThermalBold} {
		for _, r := range "gyjpqÉÇ𪚥龘()[]国" {
			o, err := f.Outline(style, r)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range o.Segments {
				if above := baseline - s.P[0].Y; above < -1./24 || above > linePitch+1./24 {
					t.Errorf("%c reaches %.3f em below the line's top, of %.2f", r, above, linePitch)
				}
			}
		}
	}
}

func TestNamesWithRareCharactersAreDrawn(t *testing.T) {
	f := load(t)
	const names = "张三𠮷䶮㛃𬭎𫖯翀堃喆頔玥𪚥𠔻𰻝·ABC0123，。：（）《》“”—…①㎡￥℃"
	for style := range styles {
		if missing := f.Missing(style, names); len(missing) > 0 {
			t.Errorf("style %d: no glyph for %q", style, missing)
		}
	}
}

func TestACharacterWithoutGlyphIsAVisibleBox(t *testing.T) {
	f := load(t)
	const odd = '\U000F0000'
	if got := f.Missing(Serif, "张"+string(odd)+"三"+string(odd)); !slices.Equal(got, []rune{odd}) {
		t.Errorf("Missing = %q", got)
	}
	b, err := f.RasterLine(string(odd), 24, false)
	if err != nil {
		t.Fatal(err)
	}
	if b.Width != 24 || levelStrokes(b, 18) != 2 {
		t.Errorf("no frame: %d dots wide, %d level strokes", b.Width, levelStrokes(b, 18))
	}
	o, err := f.Outline(Serif, odd)
	if err != nil || len(o.Segments) == 0 || o.Advance != 1 {
		t.Errorf("outline %v, %v", o, err)
	}
}

func TestAMissingFontIsNamedWithItsPackage(t *testing.T) {
	gone := filepath.Join(t.TempDir(), "gone.ttc")
	_, err := Load(Config{Sans: gone, HanaMinB: gone})
	if err == nil || !strings.Contains(err.Error(), gone) ||
		!strings.Contains(err.Error(), "fonts-noto-cjk") || !strings.Contains(err.Error(), "fonts-hanazono") {
		t.Errorf("error = %v", err)
	}
}

func TestManyMayDrawAtOnce(t *testing.T) {
	f := load(t)
	want, err := f.RasterLine("收件回执𪚥", 24, false)
	if err != nil {
		t.Fatal(err)
	}
	other := load(t)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			got, err := other.RasterLine("收件回执𪚥", 24, false)
			if err != nil || !slices.Equal(got.Bits, want.Bits) {
				t.Errorf("another picture, %v", err)
			}
		})
	}
	wg.Wait()
}

func TestStampedLineIsItsGlyphsDotByDot(t *testing.T) {
	f := load(t)
	const text = "收fj件W1回执𪚥Ä，lf"
	for _, dots := range []int{16, 21, 24, 27, 33, 48} {
		got, err := f.RasterLine(text, dots, false)
		if err != nil {
			t.Fatal(err)
		}
		want := device.Bitmap{Width: got.Width, Height: got.Height, Bits: make([]byte, len(got.Bits))}
		pen := 0
		for _, r := range text {
			g, err := f.dotGlyph(dotKey{r, dots, false})
			if err != nil {
				t.Fatal(err)
			}
			for y := range want.Height {
				for x := range g.bits.Width {
					if at := pen - g.margin + x; black(g.bits, x, y) && at >= 0 && at < want.Width {
						want.Bits[y*want.Stride()+at/8] |= 0x80 >> (at % 8)
					}
				}
			}
			pen += g.advance
		}
		if !slices.Equal(got.Bits, want.Bits) {
			t.Errorf("%d dots: another picture", dots)
		}
	}
}

func TestNothingIsDrawnBesideTheLine(t *testing.T) {
	g := dotGlyph{advance: 11, margin: 3, bits: device.Bitmap{Width: 17, Height: 2, Bits: []byte{0xFF, 0xFF, 0x80, 0xFF, 0xFF, 0x80}}}
	line := device.Bitmap{Width: 11, Height: 2, Bits: make([]byte, 4)}
	stamp(line, g, 0)
	trim(line)
	if want := []byte{0xFF, 0xE0, 0xFF, 0xE0}; !slices.Equal(line.Bits, want) {
		t.Errorf("dots % X, want % X", line.Bits, want)
	}
}
