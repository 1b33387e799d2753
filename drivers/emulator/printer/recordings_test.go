package printer

import (
	"testing"

	"yimen/drivers/wire/wiretest"
)

func TestRecordingsAreAnsweredAsRecorded(t *testing.T) {
	r, err := wiretest.Load("../../../firmware-notes/escpos/golden-slip.wire")
	if err != nil {
		t.Fatal(err)
	}
	if err := r.PlayHost(plugged(t, newPrinter(t))); err != nil {
		t.Error(err)
	}
}
