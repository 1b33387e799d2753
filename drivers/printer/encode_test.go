package printer

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"testing"

	"yimen/drivers/device"
	"yimen/drivers/wire/wiretest"
)

func TestGoldenSlipIsEncodedByteForByte(t *testing.T) {
	e := newEncoder()
	title, _ := gbk("社会救助受理回执")
	number, _ := gbk("受理编号:SA-20240001")
	e.setAlign(device.Centre)
	e.setSize(2)
	e.setBold(true)
	e.line(title)
	e.setSize(1)
	e.setBold(false)
	e.setAlign(device.Left)
	e.line(number)
	e.raster(device.Bitmap{Width: 16, Height: 2, Bits: []byte{0xFF, 0, 0, 0xFF}})
	e.qr("SA-20240001", 6)
	e.feedLines(3)
	e.cut()
	e.marker()

	rec, err := wiretest.Load("../../firmware-notes/escpos/golden-slip.wire")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(e.out, rec[0].Bytes) {
		t.Errorf("got  % X\nwant % X", e.out, rec[0].Bytes)
	}
	sum := sha256.Sum256(e.out)
	if got := hex.EncodeToString(sum[:]); got != "33650a0b19a133c26faa559729772dbc5e43d065cfca0a783fae5d56d79db7a4" {
		t.Errorf("digest %s", got)
	}
}

func TestOnlyTwoByteCharactersGoAsText(t *testing.T) {
	for text, want := range map[string]bool{
		"回执 No. 7": true, "镕": true, "€": false, "𠮷": false, "䶮": false, "㛃": false, "𬭎": false, "é": true, "ö": false,
	} {
		if b, ok := gbk(text); ok != want {
			t.Errorf("%s: % X, %v", text, b, ok)
		}
	}
}
