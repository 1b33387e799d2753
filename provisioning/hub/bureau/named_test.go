package bureau

import (
	"encoding/json"
	"testing"
)

func TestGroundsAreCalledByTheirTitles(t *testing.T) {
	var m Manifest
	if err := json.Unmarshal([]byte(`{"sources":[{"id":"R2","title":"最低生活保障审核确认办法"}]}`), &m); err != nil {
		t.Fatal(err)
	}
	e := estimateIn([]byte(`{"Verdict":"likely","Lines":[{"Citation":{"Source":"R2","Article":"4"}},{"Citation":{"Source":"R9"}}]}`))
	e.named(m)
	if got := e.Lines[0].Citation.Source; got != "最低生活保障审核确认办法" {
		t.Errorf("the ground reads %q", got)
	}
	if got := e.Lines[1].Citation.Source; got != "R9" {
		t.Errorf("a source without a title reads %q", got)
	}
}
