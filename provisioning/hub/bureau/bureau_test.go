package bureau

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"yimen/kiosk/envelope"
)

func TestADossierIsShownWhole(t *testing.T) {
	h := newHall(t)
	bodies := application(t)
	h.take(t, 1, bodies)
	b := h.browse(t)
	if page := b.get("/").Body.String(); !strings.Contains(page, "SJ-150102-0001-20261122-00001-K") || !strings.Contains(page, "最低生活保障") || !strings.Contains(page, name) {
		t.Errorf("list page is\n%s", page)
	}
	w := b.get("/dossiers/" + id(1))
	page := w.Body.String()
	for _, want := range []string{
		name, number, "2026-11-22 16:30:00", "可能符合", "725.00 元/月", "示例数据", "共同生活的家庭成员 3 人", "依据 R2 第 9 条",
		"诊断证明", "pages/01-M09-1.jpg", "frames/01-M09-1.jpg", "dossier.pdf#navpanes=0", "佟子&lt;b&gt;试", "不清楚", "150102-001",
		"已扫描 1 页", "申请人待交", "待窗口签名", "没有签名：请本人到窗口", "看过全文 2026-11-22 09:29:30", "拍了 3 次仍不合要求：不清晰、有阴影。", "方向未能确定", "我承诺属实。", "有人帮办", "帮试忙", "440524188001010014", "确认 12 次", `d="M20.00 20.00L60.50 15.00M100.00 20.00h0"`, "附注",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if w.Code != 200 || strings.Contains(page, "佟子<b>") || strings.Contains(page, "ZgotmplZ") {
		t.Errorf("status %d, or an answer became markup", w.Code)
	}
	for _, part := range bodies {
		got := b.get("/api/dossiers/" + id(1) + "/parts/" + part.name)
		if got.Code != 200 || !bytes.Equal(got.Body.Bytes(), part.bytes) || got.Header().Get("Content-Type") != part.media {
			t.Errorf("%s: %d %s, %d bytes", part.name, got.Code, got.Header().Get("Content-Type"), got.Body.Len())
		}
	}
}

func TestTheAPIGivesListManifestAndReceipt(t *testing.T) {
	h := newHall(t)
	h.take(t, 1, application(t))
	h.take(t, 2, application(t))
	b := h.browse(t)
	var list struct {
		Dossiers []struct {
			ID     string
			SlipNo string `json:"slip_no"`
		}
	}
	if err := json.Unmarshal(b.get("/api/dossiers").Body.Bytes(), &list); err != nil || len(list.Dossiers) != 2 || list.Dossiers[0].ID != id(2) {
		t.Errorf("the newest is not first: %+v, %v", list, err)
	}
	var m Manifest
	if err := json.Unmarshal(b.get("/api/dossiers/"+id(1)).Body.Bytes(), &m); err != nil || m.Dossier != id(1) || len(m.Parts) != 9 {
		t.Errorf("manifest %+v, %v", m, err)
	}
	if got := b.get("/api/dossiers/" + id(1) + "/receipt").Body.String(); got != string(h.kept[id(1)].Receipt) {
		t.Errorf("receipt %s", got)
	}
}

func TestWhatIsWrongIsNeverShown(t *testing.T) {
	at := time.Date(2026, 11, 22, 9, 30, 0, 0, china)
	for trouble, spoil := range map[string]func(*testing.T, *hall){
		"signature": func(t *testing.T, h *hall) {
			stranger, err := envelope.GenerateSigner(bytes.NewReader(bytes.Repeat([]byte{7, 3, 9}, 99)))
			if err != nil {
				t.Fatal(err)
			}
			h.seal(t, 1, "application", at, [][]byte{[]byte(`{"parts":[]}`)}, stranger)
		},
		"receipt": func(t *testing.T, h *hall) {
			h.take(t, 1, application(t))
			h.take(t, 3, application(t))
			kept := h.kept[id(1)]
			kept.Receipt = h.kept[id(3)].Receipt
			h.kept[id(1)] = kept
		},
		"sealed": func(t *testing.T, h *hall) {
			h.take(t, 1, application(t))
			p := h.parts[id(1)]
			p[0][len(p[0])-1] ^= 1
			p[5], p[6] = p[6], p[5]
		},
		"elsewhere": func(t *testing.T, h *hall) {
			h.take(t, 1, application(t))
			var err error
			if h.keys.Opening, err = envelope.GenerateOpener(rand.Reader); err != nil {
				t.Fatal(err)
			}
		},
		"manifest": func(t *testing.T, h *hall) {
			h.seal(t, 1, "application", at, [][]byte{[]byte(`{"parts":[{"no":1,"name":"a","size":3,"digest":"sm3:00"}]}`), []byte("abc")}, h.terminal)
		},
	} {
		t.Run(trouble, func(t *testing.T) {
			h := newHall(t)
			spoil(t, h)
			h.take(t, 2, application(t))
			b := h.browse(t)
			if w := b.get("/"); w.Code != 200 || !strings.Contains(w.Body.String(), "/dossiers/"+id(2)) {
				t.Errorf("a wrong envelope hides the others: %d", w.Code)
			}
			w := b.get("/dossiers/" + id(1))
			if w.Code != 422 || strings.Contains(w.Body.String(), name) {
				t.Errorf("shown: %d", w.Code)
			}
			if w := b.get("/api/dossiers/" + id(1)); w.Code != 422 || !strings.Contains(w.Body.String(), trouble) {
				t.Errorf("the API says %d %s", w.Code, w.Body)
			}
		})
	}
}

func TestAPartSwappedAfterTheListIsFoundWhenTheDossierIsOpened(t *testing.T) {
	h := newHall(t)
	h.take(t, 1, application(t))
	p := h.parts[id(1)]
	p[5], p[6] = p[6], p[5]
	if w := h.browse(t).get("/dossiers/" + id(1)); w.Code != 422 {
		t.Errorf("shown: %d", w.Code)
	}
}

func TestTheListStaysWhileTheIntakeIsAway(t *testing.T) {
	h := newHall(t)
	h.take(t, 1, application(t))
	b := h.browse(t)
	b.get("/")
	h.away = errAway
	w := b.get("/")
	if page := w.Body.String(); w.Code != 200 || !strings.Contains(page, "00001-K") || !strings.Contains(page, "连不上中心") {
		t.Errorf("%d\n%s", w.Code, page)
	}
	if w := b.get("/dossiers/" + id(1)); w.Code != 502 {
		t.Errorf("a dossier never opened: %d", w.Code)
	}
	h.away = nil
	if w := b.get("/dossiers/" + id(1)); w.Code != 200 {
		t.Errorf("when the intake is back: %d", w.Code)
	}
	if w := b.get("/dossiers/" + id(9)); w.Code != 404 {
		t.Errorf("a dossier that is not there: %d", w.Code)
	}
}

func TestALongListIsShownPageByPage(t *testing.T) {
	h := newHall(t)
	b := h.browse(t)
	for i := range pageSize + 5 {
		b.desk.rows = append(b.desk.rows, Row{ID: id(i), Manifest: Manifest{SlipNo: "SJ-" + strconv.Itoa(i) + "-"}})
	}
	first, second := b.get("/").Body.String(), b.get("/?page=2").Body.String()
	if strings.Count(first, ">SJ-") != pageSize || !strings.Contains(first, "SJ-104-") || !strings.Contains(first, "/?page=2") {
		t.Errorf("first page has %d rows", strings.Count(first, ">SJ-"))
	}
	if strings.Count(second, ">SJ-") != 5 || !strings.Contains(second, "SJ-0-") || !strings.Contains(second, "/?page=1") {
		t.Errorf("second page has %d rows", strings.Count(second, ">SJ-"))
	}
	for _, odd := range []string{"0", "-1", "3", "x", "9999999999999999999"} {
		if w := b.get("/?page=" + odd); w.Code != 200 || !strings.Contains(w.Body.String(), "SJ-104-") {
			t.Errorf("page %s: %d", odd, w.Code)
		}
	}
}

func TestNobodyReachesTheDeskUnderAnotherName(t *testing.T) {
	h := newHall(t)
	h.take(t, 1, application(t))
	b := h.browse(t)
	for _, headers := range [][]string{
		{"Host", "evil.example:8482"}, {"Host", "127.0.0.1"}, {"Host", "127.0.0.1:1"}, {"Host", ""},
		{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"},
	} {
		if w := b.get("/api/dossiers", headers...); w.Code != 403 || strings.Contains(w.Body.String(), "SJ-") {
			t.Errorf("%q: %d %s", headers, w.Code, w.Body)
		}
	}
	w := b.get("/dossiers/"+id(1), "Host", "localhost:8482", "Sec-Fetch-Site", "same-origin")
	if w.Code != 200 || w.Header().Get("Cache-Control") != "no-store" || !strings.Contains(w.Header().Get("Content-Security-Policy"), "default-src 'none'") {
		t.Errorf("%d %v", w.Code, w.Header())
	}
}

func TestAPartIsNeverAPage(t *testing.T) {
	h := newHall(t)
	h.take(t, 1, append(application(t), body{"x.html", "text/html", "", nil, []byte("<script>")}))
	w := h.browse(t).get("/api/dossiers/" + id(1) + "/parts/x.html")
	if w.Code != 200 || w.Header().Get("Content-Type") != "application/octet-stream" || w.Header().Get("Content-Disposition") != "attachment" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	if w := h.browse(t).get("/api/dossiers/" + id(1) + "/parts/" + url.PathEscape("../../x")); w.Code != 404 {
		t.Errorf("a part that is not there: %d", w.Code)
	}
}

func TestOpenedDossiersStayInBoundedMemory(t *testing.T) {
	h := newHall(t)
	big := body{"scan.jpg", "image/jpeg", "", nil, bytes.Repeat([]byte{1}, 40<<10)}
	for i := range 4 {
		h.take(t, i, []body{big})
	}
	b := h.browse(t)
	b.desk.room = 96 << 10
	for i := range 4 {
		if w := b.get("/dossiers/" + id(i)); w.Code != 200 {
			t.Fatalf("dossier %d: %d", i, w.Code)
		}
	}
	if n := len(b.desk.opened); n != 2 || b.desk.opened[1].ID != id(3) {
		t.Errorf("%d dossiers of 40 KB are held in 96 KB", n)
	}
}

func TestOpeningLeavesNothingOnDisk(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	t.Chdir(dir)
	h := newHall(t)
	h.take(t, 1, application(t))
	b := h.browse(t)
	b.get("/")
	b.get("/dossiers/" + id(1))
	files, err := os.ReadDir(dir)
	if err != nil || len(files) > 0 {
		t.Errorf("%v, %v", files, err)
	}
}

func TestAnUnknownFormOfAnswersIsStillShown(t *testing.T) {
	h := newHall(t)
	h.take(t, 1, []body{
		{"answers.json", "application/json", "", nil, []byte(`[{"问题":"几口人","答":{"数":3}}]`)},
		{"estimate.json", "application/json", "", nil, []byte(`{"结论":"待核"}`)},
	})
	page := h.browse(t).get("/dossiers/" + id(1)).Body.String()
	for _, want := range []string{"几口人", "数", "待核"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

// FuzzBodies puts any bytes where answers, estimate and a signature stand: the page is shown all the same.
func FuzzBodies(f *testing.F) {
	f.Add([]byte(`{"a":[1,{"b":null}],"c":true}`))
	f.Add([]byte(`{"answers":[{"key":"member.1.name","label":"姓名","state":"given","shown":"佟试"},{"key":"..","label":"<"}]}`))
	f.Add([]byte(`{"verdict":"likely","monthly":-1,"lines":[{"sentence":null}]}`))
	f.Add([]byte(`{"pad_width_mm":1e308,"pad_height_mm":1,"strokes":[[],[{"x":-1e300}]]}`))
	f.Add([]byte(`"x"`))
	f.Add([]byte(`{"a":`))
	f.Add(bytes.Repeat([]byte(`[`), 100))
	pages, err := New(newHall(f).keys, nil, nil, port, slog.New(slog.DiscardHandler))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if lines := outline(body); lines != nil && !json.Valid(body) {
			t.Errorf("%q is no JSON and has %d lines", body, len(lines))
		}
		o := &Dossier{bodies: map[string][]byte{}}
		for _, name := range []string{answersName, estimateName, signaturesName + "x.json"} {
			o.Manifest.Parts = append(o.Manifest.Parts, Part{Name: name})
			o.bodies[name] = body
		}
		if err := pages.pages.ExecuteTemplate(io.Discard, "dossier.html", viewOf(o)); err != nil {
			t.Errorf("%q: %v", body, err)
		}
	})
}

func TestWhereCasesAreWorkedTheDeskLeadsThere(t *testing.T) {
	h := newHall(t)
	h.take(t, 1, application(t))
	b := h.browse(t)
	if page := b.get("/dossiers/" + id(1)).Body.String(); strings.Contains(page, "办这个案") {
		t.Error("it leads to cases that nobody works")
	}
	b.Mount("/cases/", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.Write([]byte(r.URL.Path)) }))
	for from, to := range map[string]string{"/": "/cases/", "/dossiers/" + id(1): "/cases/of/" + id(1)} {
		if page := b.get(from).Body.String(); !strings.Contains(page, `href="`+to+`"`) {
			t.Errorf("%s does not lead to %s", from, to)
		}
	}
	if got := b.get("/cases/of/x").Body.String(); got != "/cases/of/x" {
		t.Errorf("the room is asked for %q", got)
	}
	if w := b.get("/cases/", "Host", "evil.example:8482"); w.Code != 403 {
		t.Errorf("the room is open under another name: %d", w.Code)
	}
}

func TestALookOpensTheNamedPartAloneAndChecksIt(t *testing.T) {
	h := newHall(t)
	h.take(t, 1, application(t))
	b := h.browse(t)
	no := 0
	m, bodies, err := b.desk.Look(t.Context(), id(1), answersName, "nothing")
	if err != nil || len(bodies) != 1 || len(bodies[answersName]) == 0 {
		t.Fatalf("%d bodies, %v", len(bodies), err)
	}
	for _, p := range m.Parts {
		if p.Name == answersName {
			no = p.No
		}
	}
	part := h.parts[id(1)][no]
	part[len(part)-1] ^= 1
	if _, _, err := b.desk.Look(t.Context(), id(1), answersName); !errors.Is(err, ErrSealed) {
		t.Errorf("a part that was changed: %v", err)
	}
	if _, _, err := b.desk.Look(t.Context(), id(1), estimateName); err != nil {
		t.Errorf("another part is looked into: %v", err)
	}
}
