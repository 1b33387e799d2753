package bureau

import (
	"strings"
	"testing"

	"yimen/drivers/device"
)

// TestEveryFlawOfAPageIsSaidInWords: whoever looks at a page that was taken although it is not good reads why.
func TestEveryFlawOfAPageIsSaidInWords(t *testing.T) {
	pages, err := Frame(files, "pages/*.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range device.Flaws() {
		var b strings.Builder
		if err := pages.ExecuteTemplate(&b, "flaw", string(f)); err != nil || b.Len() == 0 || strings.Contains(b.String(), string(f)) {
			t.Errorf("%s: %q, %v", f, b.String(), err)
		}
	}
}
