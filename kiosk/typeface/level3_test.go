package typeface

import (
	"testing"

	"yimen/drivers/device"
)

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
	all := Level3()
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
