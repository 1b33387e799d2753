package dossier

import (
	"bytes"
	"encoding/json"
	"flag"
	"image"
	"image/color"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"yimen/drivers/device"
	"yimen/drivers/jpeg"
	"yimen/kiosk/estimate"
	"yimen/kiosk/household"
	"yimen/kiosk/policy"
	"yimen/kiosk/typeface"
)

var update = flag.Bool("update", false, "write the golden files anew")

const (
	rareName = "𠮷䶮㛃𬭎"
	number   = "11010519491231002X"
	street   = "测试路 12 号院3号楼Unit 5，靠近 People's Hospital（东门）"
)

func fonts(t testing.TB) *typeface.Faces {
	t.Helper()
	f, err := typeface.Load(typeface.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

func pack(t testing.TB) *policy.Pack {
	t.Helper()
	p, err := policy.Load("../policy/packs/CN-150102")
	if err != nil {
		t.Fatal(err)
	}
	return p.With(policy.Demo)
}

// scanned is a page's picture: black bars on white, no two pages alike.
func scanned(t testing.TB, bars int) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 210, 297))
	for y := range 297 {
		for x := range 210 {
			c := color.RGBA{255, 255, 255, 255}
			if y/10%(bars+2) == 0 && x > 20 && x < 190 {
				c = color.RGBA{0, 0, 0, 255}
			}
			img.SetRGBA(x, y, c)
		}
	}
	data, err := jpeg.EncodeRGBA(img, 80, 25)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// answered gives an answer of its kind to every question that a household of two is asked.
func answered(t testing.TB, p *policy.Pack, form string) household.Answers {
	t.Helper()
	var a household.Answers
	set := func(key string, v household.Answer) {
		k, err := household.ParseKey(key)
		if err != nil {
			t.Fatal(err)
		}
		v.State = household.Given
		a = a.With(k, v)
	}
	set("as_of", household.Answer{Number: 20260302})
	set("household_size", household.Answer{Number: 2})
	set("member.1.name", household.Answer{Text: rareName})
	set("member.1.number", household.Answer{Text: number})
	set("member.2.name", household.Answer{Text: "张测试"})
	for range 5 { // answers bring further questions
		for n, q := range p.Questions(form, a) {
			if a.Get(q.Key).State != household.NotYet {
				continue
			}
			switch key := q.Key.String(); q.Question.Input {
			case policy.InputChoice, policy.InputChoices:
				set(key, household.Answer{Code: q.Question.Options[0].Code})
			case policy.InputYesNo:
				set(key, household.Answer{Number: 1})
			case policy.InputText, policy.InputName:
				set(key, household.Answer{Text: street})
			case policy.InputIDNumber:
				set(key, household.Answer{Text: "440524188001010014"})
			case policy.InputPhone, policy.InputAccount:
				set(key, household.Answer{Text: "13800000000"})
			case policy.InputDate:
				set(key, household.Answer{Number: 19490101})
			case policy.InputCount:
				set(key, household.Answer{Number: 1})
			default:
				set(key, household.Answer{Number: int64(100 + n)})
			}
		}
	}
	unknown, err := household.ParseKey("hukou_here")
	if err != nil {
		t.Fatal(err)
	}
	return a.With(unknown, household.Answer{State: household.Unknown})
}

// draft is a whole visit.
func draft(t testing.TB) Draft {
	t.Helper()
	p := pack(t)
	item, ok := p.Item("0101")
	if !ok {
		t.Fatal("no item 0101")
	}
	at := time.Date(2026, 3, 2, 9, 30, 5, 123456, time.FixedZone("hall", 8*3600))
	answers := answered(t, p, item.Form)
	r, err := estimate.Compute(p, item.Estimate, answers, 20260302)
	if err != nil {
		t.Fatal(err)
	}
	d := Draft{
		ID: "01j0000000000000000000test", SlipNo: "SJ-150102-0001-20260302-00001-A", SubmittedAt: at, Kind: "application",
		Terminal: "150102-0001", Hall: "测试街道便民服务大厅", Lang: "zh-CN", Pack: p, Item: item, Answers: answers, Estimate: &r, Later: []string{"M07"},
		Card: device.Card{Kind: device.CitizenCard, Name: rareName, Number: number, Sex: "2", Ethnic: "01", Birth: "19491231",
			Address: "测试市测试区测试路1号", Issuer: "测试市公安局", ValidFrom: "20200101", LongTerm: true, ReadAt: at.Add(-20 * time.Minute)},
	}
	for i, code := range []string{"M09", "M09", "M10"} {
		d.Pages = append(d.Pages, Page{ID: "p", Material: code, No: i%2 + 1, Original: scanned(t, 10+i), Derived: scanned(t, i), DPI: 150, Shots: 1,
			Quad: device.Quad{{X: .1, Y: .1}, {X: .9, Y: .1}, {X: .9, Y: .9}, {X: .1, Y: .9}}, TakenAt: at.Add(-10 * time.Minute), Device: device.DocCam})
	}
	for _, id := range item.Documents {
		doc, ok := p.Document(id)
		if !ok {
			t.Fatalf("no document %s", id)
		}
		shown, sum := policy.DocumentDigest(doc, "zh-CN", map[string]string{"name": rareName, "number": number, "item": "最低生活保障", "household_size": "2", "date": "2026年3月2日"})
		d.Signatures = append(d.Signatures, Signature{
			Document: id, Version: shown.Version, Lang: shown.Lang, Title: shown.Title, Paragraphs: shown.Paragraphs, ShownDigest: sum,
			Signer: rareName, Number: number, Width: 150, Height: 60, At: at.Add(-time.Minute),
			Strokes: [][]device.Sample{{{X: 20, Y: 20, T: 0}, {X: 60, Y: 15, T: 40}, {X: 90, Y: 40, T: 90}}, {{X: 100, Y: 20, T: 300}}},
		})
	}
	return d
}

func composed(t testing.TB, d Draft) Document {
	t.Helper()
	doc, err := Compose(d, fonts(t))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func (doc Document) body(t testing.TB, name string) []byte {
	t.Helper()
	for _, p := range doc.Manifest.Parts {
		if p.Name == name {
			return doc.Bodies[p.No]
		}
	}
	t.Fatalf("no part %s", name)
	return nil
}

func squeeze(s string) string { return strings.Join(strings.Fields(s), "") }

// read gives the text of the PDF as another program finds it, without blanks, after a third one has checked it.
func read(t testing.TB, doc Document) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "dossier.pdf")
	if err := os.WriteFile(name, doc.body(t, "dossier.pdf"), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("qpdf", "--check", name).CombinedOutput(); err != nil {
		t.Errorf("qpdf: %v\n%s", err, out)
	}
	out, err := exec.Command("pdftotext", "-raw", name, "-").Output()
	if err != nil {
		t.Fatalf("pdftotext (poppler-utils): %v", err)
	}
	return squeeze(string(out))
}

func TestThePDFSaysAllThatWasStatedAndSigned(t *testing.T) {
	d := draft(t)
	text := read(t, composed(t, d))
	want := []string{rareName, number, d.SlipNo, d.Hall, d.Terminal, "最低生活保障申请材料", "测试市测试区测试路1号", "2020年1月1日至长期", "示例数据", "2026-03-0209:30:05"}
	asked := d.Pack.Questions(d.Item.Form, d.Answers)
	if len(asked) < 15 {
		t.Fatalf("only %d questions", len(asked))
	}
	for _, q := range asked {
		want = append(want, q.Question.Label.In("zh-CN"), d.Pack.Show(q, d.Answers.Get(q.Key), "zh-CN"))
	}
	for _, l := range append(d.Estimate.Lines, d.Estimate.Flags...) {
		want = append(want, l.Sentence.In("zh-CN"))
		if l.Citation.Article != "" {
			want = append(want, "第"+l.Citation.Article+"条")
		}
	}
	for _, s := range d.Signatures {
		want = append(append(want, s.Title, s.ShownDigest), s.Paragraphs...)
	}
	for _, m := range d.Item.Materials {
		if m.Need == policy.NeedScan || m.Need == policy.NeedShare {
			want = append(want, m.Name.In("zh-CN"))
		}
	}
	for _, w := range want {
		if !strings.Contains(text, squeeze(w)) {
			t.Errorf("the PDF does not say %s", w)
		}
	}
	if strings.ContainsAny(text, "{}") {
		t.Errorf("a placeholder was left in %s", text)
	}
}

func TestEveryCharacterOfTheDossierHasAGlyph(t *testing.T) {
	text := read(t, composed(t, draft(t)))
	if missing := fonts(t).Missing(typeface.Serif, text); len(missing) > 0 {
		t.Errorf("boxes stand for %q", missing)
	}
}

func TestACharacterWithoutGlyphIsNamedOnTheCover(t *testing.T) {
	d := draft(t)
	d.Card.Name = "张\U000F0001"
	if text := read(t, composed(t, d)); !strings.Contains(text, "U+F0001") {
		t.Error("the cover says nothing of it")
	}
}

func TestEqualDraftsGiveEqualBytes(t *testing.T) {
	one, other := composed(t, draft(t)), composed(t, draft(t))
	for i := range one.Bodies {
		if !bytes.Equal(one.Bodies[i], other.Bodies[i]) {
			t.Errorf("part %d differs", i)
		}
	}
}

func TestTheManifestNamesEveryBody(t *testing.T) {
	doc := composed(t, draft(t))
	var m Manifest
	if err := json.Unmarshal(doc.Bodies[0], &m); err != nil {
		t.Fatal(err)
	}
	if len(m.Parts) != len(doc.Bodies)-1 {
		t.Fatalf("%d parts for %d bodies", len(m.Parts), len(doc.Bodies))
	}
	for i, p := range m.Parts {
		body := doc.Bodies[i+1]
		if p.No != i+1 || p.Size != len(body) || p.Digest != digest(body) || len(body) == 0 {
			t.Errorf("%s: no %d, size %d, %s", p.Name, p.No, p.Size, p.Digest)
		}
	}
	golden(t, "manifest.json", steady(doc.Bodies[0]))
}

// steady leaves out of a manifest what changes with every edition of the pack and every byte of the PDF.
func steady(manifest []byte) []byte {
	manifest = regexp.MustCompile(`(sm3|sha256):[0-9a-f]{64}`).ReplaceAll(manifest, []byte("$1:…"))
	manifest = regexp.MustCompile(`"size": \d+`).ReplaceAll(manifest, []byte(`"size": 0`))
	return regexp.MustCompile(`"edition": "[^"]+"`).ReplaceAll(manifest, []byte(`"edition": "…"`))
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is not as agreed (-update writes it anew):\n%s", name, got)
	}
}

func TestASignatureIsBoundToWhatWasShown(t *testing.T) {
	d := draft(t)
	doc := composed(t, d)
	if len(doc.Manifest.Signatures) != len(d.Signatures) || len(d.Signatures) < 2 {
		t.Fatalf("%d signatures", len(doc.Manifest.Signatures))
	}
	text := read(t, doc)
	for i, bound := range doc.Manifest.Signatures {
		var s signedRecord
		if err := json.Unmarshal(doc.Bodies[bound.Part], &s); err != nil {
			t.Fatal(err)
		}
		shown := policy.Shown{ID: s.Document, Version: s.Version, Lang: s.Lang, Title: s.Title, Paragraphs: s.Paragraphs}
		if bound.PartDigest != digest(doc.Bodies[bound.Part]) || shown.Digest() != bound.ShownDigest {
			t.Errorf("%s is bound to other words: %s, %s", bound.Document, shown.Digest(), bound.ShownDigest)
		}
		if len(s.Strokes) != len(d.Signatures[i].Strokes) || s.Strokes[0][2] != d.Signatures[i].Strokes[0][2] || s.Signer != rareName {
			t.Errorf("%s has other strokes", bound.Document)
		}
		if !strings.Contains(text, bound.PartDigest) {
			t.Errorf("the PDF does not carry the digest of %s", bound.Document)
		}
	}
}

func TestThePicturesGoUpAsTheyAre(t *testing.T) {
	d := draft(t)
	doc := composed(t, d)
	pages, frames := 0, 0
	for _, p := range doc.Manifest.Parts {
		if p.Scan == nil {
			continue
		}
		want := d.Pages[pages%len(d.Pages)].Derived
		if p.Scan.Of == "frame" {
			want = d.Pages[frames].Original
			frames++
		} else {
			pages++
		}
		if !bytes.Equal(doc.Bodies[p.No], want) {
			t.Errorf("%s is another picture", p.Name)
		}
	}
	if pages != len(d.Pages) || frames != len(d.Pages) {
		t.Errorf("%d pages and %d frames", pages, frames)
	}
}

func TestAnswersAreReadableByPrograms(t *testing.T) {
	d := draft(t)
	var r answersRecord
	if err := json.Unmarshal(composed(t, d).body(t, "answers.json"), &r); err != nil {
		t.Fatal(err)
	}
	byKey := map[string]answerRecord{}
	for _, a := range r.Answers {
		byKey[a.Key] = a
	}
	if a := byKey["household_size"]; a.State != "given" || a.Number == nil || *a.Number != 2 {
		t.Errorf("%+v", a)
	}
	if a := byKey["hukou_here"]; a.State != "unknown" || a.Number != nil || a.Shown != "不清楚" {
		t.Errorf("%+v", a)
	}
	if a := byKey["member.1.name"]; a.Text != rareName || a.Shown != rareName || r.Card.Name != rareName || r.Card.Number != number {
		t.Errorf("%+v", a)
	}
}

func TestAThinDraftIsADossierToo(t *testing.T) {
	d := draft(t)
	d.Estimate, d.Pages, d.Signatures, d.Later, d.Answers = nil, nil, nil, nil, household.Answers{}
	d.Card.Name, d.Card.Latin, d.Card.Address, d.Card.Issuer = "", "JOHN Ö. SMITH", "", ""
	if text := read(t, composed(t, d)); !strings.Contains(text, "JOHNÖ.SMITH") {
		t.Errorf("%s", text)
	}
}

func TestMaterialsAreAccountedForOneByOne(t *testing.T) {
	got := map[string]State{}
	for _, m := range composed(t, draft(t)).Manifest.Materials {
		got[m.Code] = m.State
	}
	for code, want := range map[string]State{"M09": Scanned, "M10": Scanned, "M07": Later, "M02": Shared, "M03": Here} {
		if got[code] != want {
			t.Errorf("%s is %q, want %s", code, got[code], want)
		}
	}
}

// TestTheManifestSaysHowAPageWasTaken: scores, limits and tries, and that a person is to look, also on paper.
func TestTheManifestSaysHowAPageWasTaken(t *testing.T) {
	d := draft(t)
	p := &d.Pages[2]
	p.Shots, p.Check, p.Flaws = 3, true, []device.Flaw{"blurred", device.Coarse}
	p.Scores, p.Limits = device.PageScores{Spread: 0.4, Resolution: 150}, device.PageLimits{Spread: 0.22, Resolution: 200}
	m := composed(t, d).Manifest
	for _, part := range m.Parts {
		if part.Scan == nil {
			continue
		}
		v := part.Scan.Verdict
		if (v != nil) != (part.Scan.Of == "page") {
			t.Fatalf("%s: verdict %v", part.Name, v)
		}
		if v == nil {
			continue
		}
		if this := part.Scan.Material == p.Material && part.Scan.Page == p.No; v.Check != this || this && (v.Shots != 3 || len(v.Flaws) != 2 || v.Scores != p.Scores || v.Limits != p.Limits) {
			t.Errorf("%s: verdict %+v", part.Name, v)
		}
	}
	for _, m := range m.Materials {
		if m.Check != (m.Code == p.Material) {
			t.Errorf("%s: needs a check: %t", m.Code, m.Check)
		}
	}
}

func TestAPageThatIsNoPictureIsAnError(t *testing.T) {
	d := draft(t)
	d.Pages[1].Derived = []byte("no")
	if _, err := Compose(d, fonts(t)); err == nil || !strings.Contains(err.Error(), "M09") {
		t.Errorf("%v", err)
	}
}

func TestAPackWithoutTheDocumentsWordsIsAnError(t *testing.T) {
	files := fstest.MapFS{}
	packs := os.DirFS("../policy/packs")
	names, err := fs.Glob(packs, "CN/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		data, err := fs.ReadFile(packs, name)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(name, "texts-dossier.yaml") {
			files[name] = &fstest.MapFile{Data: data}
		}
	}
	bare, err := policy.LoadFS(files, "CN")
	if err != nil {
		t.Fatal(err)
	}
	d := draft(t)
	d.Pack = bare
	if _, err := Compose(d, fonts(t)); err == nil || !strings.Contains(err.Error(), "dossier.cover") {
		t.Errorf("%v", err)
	}
}

func BenchmarkCompose(b *testing.B) {
	d, f := draft(b), fonts(b)
	for b.Loop() {
		if _, err := Compose(d, f); err != nil {
			b.Fatal(err)
		}
	}
}
