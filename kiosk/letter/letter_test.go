package letter

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/emmansun/gmsm/sm3"

	"yimen/drivers/device"
	"yimen/kiosk/dossier"
	"yimen/kiosk/policy"
)

const (
	name   = "佟子试"
	number = "11010519491231002X"
)

func sample(t testing.TB) Letter {
	t.Helper()
	pack, err := policy.Load("../policy/packs/CN-150102")
	if err != nil {
		t.Fatal(err)
	}
	item, ok := pack.Item("0101")
	if !ok {
		t.Fatal("no item 0101")
	}
	at := time.Date(2026, 11, 22, 16, 30, 0, 0, time.FixedZone("CST", 8*3600))
	return Letter{
		ID: "01k9zqv8w3m5n7p2r4s6t8v0xy", SlipNo: "SJ-150102-0001-20261122-00002-A", QueryCheck: "check", SubmittedAt: at,
		Terminal: "150102-0001", Hall: "示例大厅", Lang: "zh-CN", Pack: pack, Item: item, About: "SJ-150102-0001-20261101-00001-K",
		From:   Party{Name: name, Number: number, Proof: ByCard},
		Record: Supplied{Papers: []SuppliedPaper{{Code: "M07", Pages: 1}, {Code: "M09", Later: true}}},
		Pages:  []dossier.Page{{ID: "p", Material: "M07", No: 1, Original: []byte("frame"), Derived: []byte("page"), TakenAt: at, Device: device.DocCam}},
	}
}

func TestEveryPartOfALetterIsNamedWithItsDigest(t *testing.T) {
	doc, err := Compose(sample(t))
	if err != nil {
		t.Fatal(err)
	}
	var m Manifest
	if err := json.Unmarshal(doc.Bodies[0], &m); err != nil {
		t.Fatal(err)
	}
	if len(m.Parts) != 3 || len(doc.Bodies) != 4 {
		t.Fatalf("%d parts named, %d bodies", len(m.Parts), len(doc.Bodies))
	}
	for i, p := range m.Parts {
		body := doc.Bodies[i+1]
		if want := fmt.Sprintf("sm3:%x", sm3.Sum(body)); p.No != i+1 || p.Size != len(body) || p.Digest != want {
			t.Errorf("part %d is named %+v", i+1, p)
		}
	}
	if m.Kind != Supplement || m.About != sample(t).About || m.Applicant != name || m.From.Number != number || m.From.Proof != ByCard || m.For != nil {
		t.Errorf("manifest %s", doc.Bodies[0])
	}
	if !strings.Contains(m.Parts[1].Title, "银行") { // M07 by the item's own name
		t.Errorf("the page is called %q", m.Parts[1].Title)
	}
}

func TestWhatWasWrittenIsRead(t *testing.T) {
	doc, err := Compose(sample(t))
	if err != nil {
		t.Fatal(err)
	}
	r, err := Read[Supplied](doc.Bodies[1])
	if err != nil || len(r.Papers) != 2 || r.Papers[0].Pages != 1 || !r.Papers[1].Later {
		t.Errorf("read %+v, %v", r, err)
	}
	other := bytes.Replace(doc.Bodies[1], []byte(`"version": 1`), []byte(`"version": 2`), 1)
	for _, body := range [][]byte{other, []byte("{"), []byte(`{"kind":"objection","version":1,"record":{}}`)} {
		if _, err := Read[Supplied](body); !errors.Is(err, ErrRecord) {
			t.Errorf("%s is read: %v", body, err)
		}
	}
}

func TestEqualLettersGiveEqualBytes(t *testing.T) {
	a, err := Compose(sample(t))
	if err != nil {
		t.Fatal(err)
	}
	b, err := Compose(sample(t))
	if err != nil {
		t.Fatal(err)
	}
	for i := range a.Bodies {
		if !bytes.Equal(a.Bodies[i], b.Bodies[i]) {
			t.Errorf("body %d differs", i)
		}
	}
}

func TestANamelessLetterNamesNobody(t *testing.T) {
	l := sample(t)
	l.From = Party{}
	doc, err := Compose(l)
	if err != nil {
		t.Fatal(err)
	}
	for i, body := range doc.Bodies {
		if bytes.Contains(body, []byte(name)) || bytes.Contains(body, []byte(number)) || bytes.Contains(body, []byte(`"from"`)) {
			t.Errorf("body %d names a person", i)
		}
	}
}

func TestWhatAPersonSaidIsNotLogged(t *testing.T) {
	said := Text(name)
	var b bytes.Buffer
	slog.New(slog.NewJSONHandler(&b, nil)).Info("said", "text", said)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		fmt.Fprintf(&b, verb, said)
	}
	if strings.Contains(b.String(), name) || strings.Contains(b.String(), fmt.Sprintf("%x", name)) {
		t.Errorf("printed %s", b.String())
	}
	if out, err := json.Marshal(struct{ Said Text }{said}); err != nil || !bytes.Contains(out, []byte(name)) {
		t.Errorf("a sealed record would hold %s, %v", out, err)
	}
}

func FuzzRead(f *testing.F) {
	doc, err := Compose(sample(f))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(doc.Bodies[1])
	f.Add([]byte(`{"kind":"supplement","version":1,"record":null}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		if _, err := Read[Supplied](body); err != nil && !errors.Is(err, ErrRecord) {
			t.Errorf("error %v", err)
		}
	})
}
