package typeface

import (
	"testing"

	"yimen/drivers/device"
)

// level3 are the Chinese characters of GB 18030-2022, implementation level 3: the unified blocks as far as Unicode 11 had
// filled them, and twelve that stand among the compatibility forms.
func level3() []rune {
	var all []rune
	for _, block := range [][2]rune{
		{0x4E00, 0x9FEF}, {0x3400, 0x4DB5}, {0x20000, 0x2A6D6}, {0x2A700, 0x2B734}, {0x2B740, 0x2B81D}, {0x2B820, 0x2CEA1}, {0x2CEB0, 0x2EBE0},
	} {
		for r := block[0]; r <= block[1]; r++ {
			all = append(all, r)
		}
	}
	return append(all, 0xFA0E, 0xFA0F, 0xFA11, 0xFA13, 0xFA14, 0xFA1F, 0xFA21, 0xFA23, 0xFA24, 0xFA27, 0xFA28, 0xFA29)
}

func blank(b device.Bitmap) bool {
	for _, v := range b.Bits {
		if v != 0 {
			return false
		}
	}
	return true
}

// TestEachOf87887CharactersIsDrawn walks them: an outline in the styles of screen and documents, and dots on a slip. A
// document's font is made of the outlines; of every fiftieth it is made and read again (truetype_test).
func TestEachOf87887CharactersIsDrawn(t *testing.T) {
	all := level3()
	if len(all) != 87_887 {
		t.Fatalf("%d characters", len(all))
	}
	f := load(t)
	for _, style := range []Style{Sans, SansBold, Serif, SerifBold, Thermal, ThermalBold} {
		for _, r := range all {
			o, err := f.Outline(style, r)
			if err != nil || o.Font == "" || len(o.Segments) == 0 {
				t.Fatalf("%U has no outline in style %d: %v", r, style, err)
			}
		}
	}
	for _, r := range all {
		line, err := f.RasterLine(string(r), 28, false)
		if err != nil || blank(line) {
			t.Fatalf("%U leaves no dot on a slip: %v", r, err)
		}
	}
	for i := 0; i+50 <= len(all); i += 50 {
		if _, err := f.TrueType(Serif, map[uint16]rune{'A': all[i]}); err != nil {
			t.Fatalf("%U cannot stand in a document: %v", all[i], err)
		}
	}
}
