package dossier

import (
	"encoding/json"
	"strings"
	"testing"
)

// TestWhatIsNotSignedIsNeverCalledSigned: the text goes up as it was shown, and manifest, record, list and print say that the
// signature is missing.
func TestWhatIsNotSignedIsNeverCalledSigned(t *testing.T) {
	d := draft(t)
	left := &d.Signatures[0]
	left.Later, left.Strokes, left.Material = true, nil, "M04"
	doc := composed(t, d)
	bound := doc.Manifest.Signatures[0]
	if !bound.Later || !bound.SignedAt.IsZero() || bound.ShownDigest != left.ShownDigest {
		t.Errorf("the manifest says %+v", bound)
	}
	var record map[string]any
	if err := json.Unmarshal(doc.Bodies[bound.Part], &record); err != nil {
		t.Fatal(err)
	}
	if record["unsigned"] != true || record["signed_at"] != nil || record["shown_at"] == nil || len(record["strokes"].([]any)) != 0 {
		t.Errorf("the record says %v", record)
	}
	for _, m := range doc.Manifest.Materials {
		if m.Code == "M04" && m.State != Unsigned {
			t.Errorf("the list of materials says %s", m.State)
		}
	}
	if text := read(t, doc); !strings.Contains(text, "没有在机器上签名") || !strings.Contains(text, "请到窗口签名") {
		t.Error("the print does not say that it is not signed")
	}
	if other := doc.Manifest.Signatures[1]; other.Later || other.SignedAt.IsZero() {
		t.Errorf("what was signed is %+v", other)
	}
}
