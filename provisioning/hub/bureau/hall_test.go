package bureau

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"log/slog"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"yimen/kiosk/central"
	"yimen/kiosk/envelope"
	"yimen/kiosk/estimate"
	"yimen/kiosk/policy"
	"yimen/provisioning/identity"
)

// The personal data of these tests: an invented name and the specimen number of GB 11643-1999.
const (
	name   = "佟𬭎试"
	number = "11010519491231002X"
)

// hall is an intake in memory with the keys of everybody around it.
type hall struct {
	editions Editions // nil: no estimate can be reckoned again
	keys     *identity.Bureau
	terminal *envelope.Signer
	hub      *envelope.Signer
	order    []string
	kept     map[string]central.Kept
	parts    map[string][][]byte
	away     error // what the intake answers instead
}

func newHall(t testing.TB) *hall {
	t.Helper()
	terminal, err1 := envelope.GenerateSigner(rand.Reader)
	hub, err2 := envelope.GenerateSigner(rand.Reader)
	opening, err3 := envelope.GenerateOpener(rand.Reader)
	if err := errors.Join(err1, err2, err3); err != nil {
		t.Fatal(err)
	}
	return &hall{
		keys: &identity.Bureau{Opening: opening, Receipts: hub.Verifier(),
			Terminals: envelope.NewSignatories(map[string]*envelope.Verifier{"150102-001": terminal.Verifier()})},
		terminal: terminal, hub: hub, kept: map[string]central.Kept{}, parts: map[string][][]byte{},
	}
}

var errAway = errors.New("no route to host")

func (h *hall) Envelopes(_ context.Context, after string, limit int) (central.Page, error) {
	if h.away != nil {
		return central.Page{}, h.away
	}
	from, _ := strconv.Atoi(after)
	page := central.Page{Next: strconv.Itoa(from)}
	for i := from; i < len(h.order) && len(page.Envelopes) < limit; i++ {
		list, err := envelope.ParseList(h.kept[h.order[i]].List)
		if err != nil {
			return central.Page{}, err
		}
		page.Envelopes = append(page.Envelopes, central.Summary{Envelope: h.order[i], Kind: list.Kind, Terminal: list.Terminal,
			SealedAt: list.SealedAt, ReceivedAt: list.SealedAt.Add(4 * time.Second)})
		page.Next = strconv.Itoa(i + 1)
	}
	return page, nil
}

func (h *hall) Envelope(_ context.Context, id string) (central.Kept, error) {
	if h.away != nil {
		return central.Kept{}, h.away
	}
	kept, ok := h.kept[id]
	if !ok {
		return central.Kept{}, &central.Problem{Code: central.CodeNotFound}
	}
	return kept, nil
}

func (h *hall) Part(_ context.Context, id string, no int) ([]byte, error) {
	if h.away != nil {
		return nil, h.away
	}
	return bytes.Clone(h.parts[id][no]), nil
}

// body is one part of a dossier to be sealed.
type body struct {
	name, media, title string
	scan               map[string]any
	bytes              []byte
}

// id makes the i-th envelope's id.
func id(i int) string { return "01k9zqv8w3m5n7p2r4s6t8v0" + strconv.Itoa(10+i) }

// take seals a dossier and puts it into the intake, signed and acknowledged.
func (h *hall) take(t testing.TB, i int, bodies []body) {
	t.Helper()
	at := time.Date(2026, 11, 22, 9, 30, 0, 0, china).Add(time.Duration(i) * 7 * time.Hour)
	manifest := map[string]any{"format": 1, "dossier": id(i), "kind": "application", "item": "0101", "item_name": "最低生活保障", "applicant": name, "slip_no": "SJ-150102-0001-20261122-0000" + strconv.Itoa(i) + "-K",
		"terminal": "150102-001", "region": "150102", "submitted_at": at, "pack": map[string]string{"id": "CN-150102", "edition": "2026.11-1", "digest": envelope.Digest(nil)}}
	manifest["materials"] = []map[string]any{{"code": "M09", "name": "诊断证明或病历", "state": "scanned", "pages": 1, "needs_check": true}, {"code": "M12", "name": "收入证明或工资流水", "state": "later"}, {"code": "M05", "name": "核对授权书", "state": "unsigned"}}
	manifest["assist"] = map[string]any{"helper": "帮试忙", "number": "440524188001010014", "confirmed": 12}
	var parts []any
	plain := [][]byte{nil}
	for no, b := range bodies {
		parts = append(parts, map[string]any{"no": no + 1, "name": b.name, "media_type": b.media, "size": len(b.bytes),
			"digest": envelope.Digest(b.bytes), "title": b.title, "scan": b.scan})
		plain = append(plain, b.bytes)
	}
	manifest["parts"] = parts
	var err error
	if plain[0], err = json.Marshal(manifest); err != nil {
		t.Fatal(err)
	}
	h.seal(t, i, "application", at, plain, h.terminal)
}

// seal puts any bodies into the intake under any signature.
func (h *hall) seal(t testing.TB, i int, kind string, at time.Time, plain [][]byte, by *envelope.Signer) {
	t.Helper()
	head := envelope.Head{ID: id(i), Kind: kind, Terminal: "150102-001", SealedAt: at}
	sealed, err := envelope.Seal(head, plain, []envelope.Recipient{h.keys.Opening.Recipient()}, by, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	list, err := envelope.ParseList(sealed.List)
	if err != nil {
		t.Fatal(err)
	}
	receipt := central.Receipt{Envelope: id(i), ListDigest: envelope.Digest(sealed.List), ReceivedAt: at.Add(4 * time.Second), Hub: "hub"}
	for _, p := range list.Parts {
		receipt.Parts = append(receipt.Parts, central.ReceiptPart(p))
	}
	signed, err := central.SignReceipt(receipt, list.Suite, h.hub, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	h.order = append(h.order, id(i))
	h.kept[id(i)] = central.Kept{List: sealed.List, Signature: sealed.Signature, Receipt: signed}
	h.parts[id(i)] = sealed.Parts
}

// application is the bodies of a small but complete dossier.
func application(t testing.TB) []body {
	t.Helper()
	result := estimate.Result{Programme: "dibao", Verdict: estimate.Likely, Monthly: 72500, HasMonthly: true, Example: true, Counted: 3,
		Lines: []estimate.Line{
			{Rule: "counted", Outcome: estimate.Figure, Sentence: estimate.Spoken(policy.Text{"zh-CN": "共同生活的家庭成员 3 人"}), Citation: policy.Citation{Source: "R2", Article: "9"}},
			{Rule: "income", Outcome: estimate.Figure, Sentence: estimate.Spoken(policy.Text{"zh-CN": "家庭月收入 1200.00 元，人均 400.00 元"}), Example: true},
			{Rule: "standard", Outcome: estimate.Met, Sentence: estimate.Spoken(policy.Text{"zh-CN": "人均收入低于当地标准"})},
		}}
	answers := []byte(`{"format":1,"answers":[
		{"key":"member.1.name","label":"姓名","state":"given","shown":"` + name + `"},
		{"key":"member.1.number","label":"身份证号","state":"given","shown":"` + number + `"},
		{"key":"deposits","label":"存款和现金","state":"unknown","shown":"不清楚"},
		{"key":"member.2.name","label":"姓名","state":"given","shown":"佟子<b>试"}]}`)
	signed := []byte(`{"title":"诚信承诺书","version":"1","paragraphs":["我承诺属实。"],"signer":"` + name + `","signed_at":"2026-11-22T09:29:00+08:00",
		"pad_width_mm":150,"pad_height_mm":60,"strokes":[[{"x":20,"y":20,"t":0},{"x":60.5,"y":15,"t":90}],[{"x":100,"y":20,"t":300}]]}`)
	scan := func(material, of string) map[string]any {
		return map[string]any{"material": material, "page": 1, "of": of}
	}
	doubtful := scan("M09", "page")
	doubtful["way_up"] = "as_laid"
	doubtful["verdict"] = map[string]any{"needs_check": true, "flaws": []string{"blurred", "shadow"}, "shots": 3}
	return []body{
		{"dossier.pdf", "application/pdf", "申请材料", nil, []byte("%PDF-1.4\n%%EOF\n")},
		{"answers.json", "application/json", "申请表", nil, answers},
		{"estimate.json", "application/json", "初审测算", nil, estimate.Canonical(result)},
		{"signatures/undertaking.json", "application/json", "诚信承诺书", nil, signed},
		{"pages/01-M09-1.jpg", "image/jpeg", "诊断证明　第1页", doubtful, picture(t, 0)},
		{"pages/02-M07-1.jpg", "image/jpeg", "账号页　第1页", scan("M07", "page"), picture(t, 1)},
		{"frames/01-M09-1.jpg", "image/jpeg", "诊断证明　第1页（原始拍摄）", scan("M09", "frame"), picture(t, 2)},
		{"notes.txt", "text/plain", "附注", nil, []byte("x")},
		{"signatures/authorisation.json", "application/json", "核对授权书", nil, []byte(`{"title":"核对授权书","version":"1","paragraphs":["我授权核对。"],"signer":"` + name + `","unsigned":true,"shown_at":"2026-11-22T09:29:30+08:00",
		"pad_width_mm":150,"pad_height_mm":60,"strokes":[]}`)},
	}
}

func picture(t testing.TB, tint int) []byte {
	t.Helper()
	page := image.NewGray(image.Rect(0, 0, 248, 351))
	for y := range 351 {
		for x := range 248 {
			shade := uint8(250)
			if y%18 < 3 && x > 30 && x < 210-(y*7+tint*40)%60 {
				shade = 70
			}
			page.SetGray(x, y, color.Gray{Y: shade})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, page, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// browse serves the desk to a test's browser.
type browse struct {
	*Pages
	t testing.TB
}

const port = 8482

func (h *hall) browse(t testing.TB) browse {
	t.Helper()
	pages, err := New(h.keys, h, h.editions, port, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return browse{pages, t}
}

// get asks for a path as a browser on this machine does; headers come as name, value pairs.
func (b browse) get(path string, headers ...string) *httptest.ResponseRecorder {
	b.t.Helper()
	r := httptest.NewRequest("GET", path, nil)
	r.Host = "127.0.0.1:" + strconv.Itoa(port)
	for i := 0; i < len(headers); i += 2 {
		if strings.EqualFold(headers[i], "Host") {
			r.Host = headers[i+1]
		}
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	b.ServeHTTP(w, r)
	return w
}
