package idcard

import (
	"io"
	"path/filepath"
	"testing"

	"yimen/drivers/wire/wiretest"
)

func TestRecordingsAreAnsweredAsRecorded(t *testing.T) {
	newer := golden[0].card
	newer.NewestAddress = "北京市西城区测试新址9号"
	bare := newer
	bare.NoFingerprint = true
	cards := map[string]Card{
		"citizen.wire": newer, "citizen-fingerprint.wire": newer, "citizen-no-fingerprint.wire": bare, "citizen-long-term.wire": golden[1].card, "foreigner-2017.wire": golden[2].card,
		"hmt-residence.wire": golden[3].card, "foreigner-2023.wire": golden[4].card,
	}
	files, err := filepath.Glob("../../../firmware-notes/sam-v/*.wire")
	if err != nil || len(files) == 0 {
		t.Fatalf("no recordings: %v", err)
	}
	for _, f := range files {
		name := filepath.Base(f)
		t.Run(name, func(t *testing.T) {
			c, ok := cards[name]
			if !ok {
				t.Fatal("nobody says which card this recording is of")
			}
			rec, err := wiretest.Load(f)
			if err != nil {
				t.Fatal(err)
			}
			r := NewReader()
			r.ByteTime = 0
			r.Lay(c)
			if err := rec.PlayHost(plugged(t, func(l io.ReadWriter) error { return r.Serve(t.Context(), l) })); err != nil {
				t.Error(err)
			}
		})
	}
}
