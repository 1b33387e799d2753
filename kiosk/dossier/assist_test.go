package dossier

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestWhoHelpedIsNamedInTheManifest(t *testing.T) {
	d := draft(t)
	d.Assist = &Assist{Helper: "帮试忙", Number: "440524188001010014", Confirmed: 12}
	doc, err := Compose(d, fonts(t))
	if err != nil {
		t.Fatal(err)
	}
	var m Manifest
	if err := json.Unmarshal(doc.Bodies[0], &m); err != nil {
		t.Fatal(err)
	}
	if m.Assist == nil || *m.Assist != (Assistance{"帮试忙", "440524188001010014", 12}) {
		t.Errorf("%+v", m.Assist)
	}
	d.Assist = nil
	if doc, err = Compose(d, fonts(t)); err != nil || strings.Contains(string(doc.Bodies[0]), "assist") {
		t.Errorf("where nobody helped: %v, %s", err, doc.Bodies[0])
	}
}
