package casework

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"yimen/kiosk/letter"
	"yimen/kiosk/policy/flow"
	"yimen/provisioning/hub/docket"
	"yimen/provisioning/hub/officer"
)

const password = "twelve geese"

// site serves a hall's pages to browsers.
type site struct {
	*hall
	url string
}

func newSite(t *testing.T) *site {
	t.Helper()
	h := newHall(t)
	file := filepath.Join(t.TempDir(), "officers.json")
	for id, o := range map[string]docket.Officer{
		"01": {Name: "李受理", Roles: []flow.Role{flow.Accept}}, "02": {Name: "王审核", Roles: []flow.Role{flow.Review}}, "03": {Name: "赵审批", Roles: []flow.Role{flow.Decide}},
		"09": {Name: "孙督办", Roles: []flow.Role{flow.Supervise}},
	} {
		o.ID = id
		if err := officer.Add(file, o, password); err != nil {
			t.Fatal(err)
		}
	}
	roster, err := officer.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	pages, err := NewPages(h.clerk, officer.NewSessions(roster, h.now), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(pages)
	t.Cleanup(server.Close)
	return &site{h, server.URL}
}

// browser is one officer at the desk.
type browser struct {
	t      *testing.T
	site   string
	client *http.Client
}

func (s *site) browser(id string) *browser {
	s.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	b := &browser{s.t, s.url, &http.Client{Jar: jar}}
	if id != "" {
		if status, page := b.post("/cases/sign-in", "id", id, "password", password); status != 200 || !strings.Contains(page, "案件") {
			s.t.Fatalf("%s does not get in: %d", id, status)
		}
	}
	return b
}

func (b *browser) do(r *http.Request) (int, string) {
	b.t.Helper()
	answer, err := b.client.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	if strings.Contains(string(body), "ZgotmplZ") || strings.Contains(string(body), "<no value>") {
		b.t.Errorf("%s has a hole", r.URL)
	}
	return answer.StatusCode, string(body)
}

func (b *browser) get(path string) (int, string) {
	b.t.Helper()
	r, err := http.NewRequest(http.MethodGet, b.site+path, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	return b.do(r)
}

func (b *browser) post(path string, pairs ...string) (int, string) {
	b.t.Helper()
	return b.postFrom("same-origin", path, pairs...)
}

func (b *browser) postFrom(site, path string, pairs ...string) (int, string) {
	b.t.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	r, err := http.NewRequest(http.MethodPost, b.site+path, strings.NewReader(form.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", site)
	return b.do(r)
}

// acts looks at a step's document and sends it.
func (b *browser) acts(no, move string, pairs ...string) string {
	b.t.Helper()
	path := "/cases/case/" + no + "/act/" + move
	status, page := b.post(path, append([]string{"word", "look"}, pairs...)...)
	if status != 200 || !strings.Contains(page, `value="send"`) {
		b.t.Fatalf("%s cannot be looked at: %d\n%s", move, status, page)
	}
	status, page = b.post(path, append([]string{"word", "send"}, pairs...)...)
	if status != 200 || !strings.Contains(page, no) {
		b.t.Fatalf("%s is not taken: %d\n%s", move, status, page)
	}
	return page
}

func TestOfficersWorkACaseFromTheListToTheNotice(t *testing.T) {
	s := newSite(t)
	s.applies("SJ-150102-0001-20260326-00001-K")
	s.round()
	li, wang := s.browser("01"), s.browser("02")
	if _, page := li.get("/cases/"); !strings.Contains(page, "150102-2026-00001") || !strings.Contains(page, "最低生活保障") || !strings.Contains(page, "佟子试") {
		t.Errorf("the list is\n%s", page)
	}
	no := "150102-2026-00001"
	if _, page := li.get("/cases/case/" + no + "/act/SUBMITTED-CORRECTION"); !strings.Contains(page, "诊断证明") || strings.Contains(page, "诚信承诺书") || !strings.Contains(page, "autofocus") {
		t.Errorf("the form is\n%s", page)
	}
	li.acts(no, "SUBMITTED-CORRECTION", "materials", "M09", "materials", "M10", "by", "2026-04-25", "note", "复印件也行")
	if _, page := li.get("/cases/case/" + no); !strings.Contains(page, "还没来") || !strings.Contains(page, "复印件也行") || !strings.Contains(page, "2026-04-25") {
		t.Errorf("what is missing is not shown\n%s", page)
	}
	li.acts(no, "CORRECTION-SUBMITTED")
	li.acts(no, "SUBMITTED-ACCEPTED")
	wang.acts(no, "ACCEPTED-VERIFYING")
	wang.acts(no, "ACCEPTED-SURVEYING", "day", "2026-04-01", "visitors", "甲、乙")
	wang.acts(no, "SURVEYING-PRELIM")
	page := wang.acts(no, "PRELIM-PUBLICITY", "members", "3", "amount", "748")
	for _, want := range []string{"公示中", "还有 <b>7</b> 天", "748.00", "李受理", "王审核", "✓ 公示", "N07"} {
		if !strings.Contains(page, want) {
			t.Errorf("the case page lacks %q", want)
		}
	}
	if strings.Contains(page, idNumber) {
		t.Error("the page shows a whole number of a card")
	}
	s.round()
	if len(s.said) != 1 {
		t.Errorf("%d notices are said", len(s.said))
	}
}

func TestAnObjectionIsAnsweredAtTheDesk(t *testing.T) {
	s := newSite(t)
	s.applies("SJ-1")
	s.round()
	no := s.clerk.Book.Cases()[0].No
	s.takes(no, "ACCEPTED", "VERIFYING", "SURVEYING", "PRELIM", "PUBLICITY")
	s.comes("objection", "SJ-2", "", "", "record.json", recordBody(letter.Objected{Notice: no + "-N07", Shown: []string{"家里人数不对"}, Words: "他家只有<两>口人", Phone: "13800000000"}))
	s.round()
	raised, _ := s.clerk.Book.BySlip("SJ-2")
	wang, zhao := s.browser("02"), s.browser("03")
	if _, page := wang.get("/cases/?shelf=objection"); !strings.Contains(page, raised.No) || !strings.Contains(page, "不写名字") {
		t.Errorf("the objections are\n%s", page)
	}
	if _, page := wang.get("/cases/case/" + no); !strings.Contains(page, raised.No) || !strings.Contains(page, "没答复") {
		t.Error("the household's case does not show it")
	}
	if _, page := wang.get("/cases/case/" + raised.No); !strings.Contains(page, "家里人数不对") || !strings.Contains(page, "他家只有&lt;两&gt;口人") || !strings.Contains(page, "13800000000") {
		t.Error("what was said is not shown")
	}
	wang.acts(raised.No, "RAISED-EXAMINING", "doing", "再入户一次")
	page := zhao.acts(raised.No, "RAISED-ANSWERED", "outcome", "人数没有错")
	if !strings.Contains(page, "已答复") || !strings.Contains(page, "人数没有错") {
		t.Errorf("the answer is not there\n%s", page)
	}
}

func TestWhoIsNotSignedInSeesTheWayInAndNothingElse(t *testing.T) {
	s := newSite(t)
	s.applies("SJ-1")
	s.round()
	nobody := s.browser("")
	for _, path := range []string{"/cases/", "/cases/inbox", "/cases/case/150102-2026-00001", "/cases/case/150102-2026-00001/act/SUBMITTED-ACCEPTED"} {
		if _, page := nobody.get(path); strings.Contains(page, "佟子试") || !strings.Contains(page, "密码") {
			t.Errorf("%s is shown to anybody", path)
		}
	}
	nobody.post("/cases/case/150102-2026-00001/act/SUBMITTED-ACCEPTED", "word", "send")
	if status, page := nobody.post("/cases/sign-in", "id", "01", "password", "no such"); status != 403 || !strings.Contains(page, "对不上") {
		t.Errorf("a wrong password: %d", status)
	}
	if _, page := nobody.post("/cases/sign-in?to=https://evil.example/cases/", "id", "01", "password", password); !strings.Contains(page, "案件") {
		t.Error("signing in does not lead to the cases")
	}
	nobody.post("/cases/sign-out")
	if _, page := nobody.get("/cases/"); strings.Contains(page, "佟子试") {
		t.Error("signed out, and still in")
	}
	c, _ := s.clerk.Book.BySlip("SJ-1")
	if c.Now().Code != "SUBMITTED" {
		t.Errorf("nobody has moved it to %s", c.Now().Code)
	}
}

func TestAFormFromElsewhereDoesNothing(t *testing.T) {
	s := newSite(t)
	s.applies("SJ-1")
	s.round()
	li := s.browser("01")
	path := "/cases/case/150102-2026-00001/act/SUBMITTED-ACCEPTED"
	for _, from := range []string{"cross-site", "same-site"} {
		if status, _ := li.postFrom(from, path, "word", "send"); status != 403 {
			t.Errorf("%s: %d", from, status)
		}
	}
	if _, page := li.get(path); !strings.Contains(page, "受理通知书") {
		t.Error("looking at it shows no document")
	}
	if c, _ := s.clerk.Book.BySlip("SJ-1"); c.Now().Code != "SUBMITTED" {
		t.Error("a form from elsewhere, or only looking, has moved the case")
	}
	if status, _ := li.post(path, "word", "send", "note", strings.Repeat("x", mostForm)); status != 400 && status != 413 {
		t.Errorf("a huge form: %d", status)
	}
	li.post(path, "word", "send")
	if c, _ := s.clerk.Book.BySlip("SJ-1"); c.Now().Code != "ACCEPTED" {
		t.Error("our own form does nothing")
	}
}

func TestWhatIsWrongIsSaidFirstAndInWords(t *testing.T) {
	s := newSite(t)
	s.applies("SJ-1")
	s.round()
	li := s.browser("01")
	status, page := li.post("/cases/case/150102-2026-00001/act/SUBMITTED-CORRECTION", "word", "look", "materials", "M09", "by", "2026-01-01", "note", "<b>粗</b>")
	if status != 422 || !strings.Contains(page, "补正期限：这一天已经过了") || !strings.Contains(page, `value="M09" checked`) || strings.Contains(page, "<b>粗</b>") {
		t.Errorf("%d\n%s", status, page)
	}
	if at := regexp.MustCompile(`autofocus`).FindAllString(page, -1); len(at) != 1 {
		t.Errorf("the keyboard begins at %d places", len(at))
	}
	for path, want := range map[string]int{
		"/cases/case/150102-2026-00001/act/SUBMITTED-APPROVED": 409, "/cases/case/150102-2026-00009/act/SUBMITTED-ACCEPTED": 404,
		"/cases/case/150102-2026-00009": 404, "/cases/of/nothing": 404,
	} {
		if status, _ := li.get(path); status != want {
			t.Errorf("%s: %d, want %d", path, status, want)
		}
	}
	if status, page := s.browser("03").get("/cases/case/150102-2026-00001/act/SUBMITTED-ACCEPTED"); status != 403 || !strings.Contains(page, "不归您办") {
		t.Errorf("another's duty: %d", status)
	}
}

func TestTheInboxTellsByKindWhereEverythingWent(t *testing.T) {
	s := newSite(t)
	filed := s.applies("SJ-1")
	s.comes("checkin", "SJ-3", "", other, "record.json", recordBody(letter.CheckedIn{}))
	s.comes("draft", "SJ-5", "", idNumber, "record.json", nil)
	s.comes("objection", "SJ-9", "", "", "record.json", "no record")
	_ = s.clerk.Round(t.Context())
	li := s.browser("01")
	_, page := li.get("/cases/inbox")
	for _, want := range []string{"SJ-1", "150102-2026-00001", "SJ-3", "没有对应的案", "SJ-9", "开不了案", "kind=checkin"} {
		if !strings.Contains(page, want) {
			t.Errorf("the inbox lacks %q", want)
		}
	}
	if strings.Contains(page, "SJ-5") {
		t.Error("a parked draft is shown")
	}
	if _, page := li.get("/cases/inbox?kind=checkin"); strings.Contains(page, "SJ-1<") || !strings.Contains(page, "SJ-3") {
		t.Error("one kind is not shown apart")
	}
	if _, page := li.get("/cases/of/" + filed); !strings.Contains(page, "150102-2026-00001") {
		t.Error("what came in does not lead to its case")
	}
	if _, page := li.get("/cases/"); !strings.Contains(page, "有 1 份收到的材料开不了案") {
		t.Error("nobody is told of what could not be filed")
	}
}
