package dossier

import (
	"strings"
	"testing"
)

func TestAResolutionThatIsNotKnownIsNotClaimed(t *testing.T) {
	d := draft(t)
	d.Pages = d.Pages[:2]
	d.Pages[1].DPI = 0
	if text := read(t, composed(t, d)); !strings.Contains(text, "分辨率150点") || !strings.Contains(text, "分辨率—点") {
		t.Errorf("two pages, one of unknown size:\n%s", text[strings.LastIndex(text, "五、"):])
	}
}
