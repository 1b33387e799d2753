package casework

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"yimen/kiosk/noticeboard"
)

func TestTheSupervisorIsToldWhatIsOverdueAndSignsForIt(t *testing.T) {
	s := newSite(t)
	s.applies("SJ-1")
	s.round()
	no := s.clerk.Book.Cases()[0].No
	li, wang, sun := s.browser("01"), s.browser("02"), s.browser("09")
	li.acts(no, "SUBMITTED-ACCEPTED")
	wang.acts(no, "ACCEPTED-VERIFYING")
	if _, page := sun.get("/cases/overdue"); !strings.Contains(page, "没有要签收的") || strings.Contains(page, no) {
		t.Errorf("told of a case in time\n%s", page)
	}
	s.at = time.Date(2026, 4, 28, 9, 0, 0, 0, china) // promised for the 24th, a Friday
	s.round()
	sun = s.browser("09") // a night has passed
	_, page := sun.get("/cases/overdue")
	for _, want := range []string{no + "-CS-1", "2026-04-24", "承诺办结日", "<b>2</b> 个工作日", "核对中", "王审核 办到这一步", `督办 <b class="count">1</b>`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q\n%s", want, page)
		}
	}
	if strings.Contains(page, "佟子试") {
		t.Error("a list of the overdue names residents")
	}
	path := "/cases/overdue/" + no + "/" + strconv.FormatInt(s.clerk.Book.Cases()[0].Overruns[0].Record, 10)
	if status, page := sun.post(path, "words", "  "); status != 422 || !strings.Contains(page, "督办意见要填") {
		t.Errorf("signed with no word: %d", status)
	}
	long := strings.Repeat("长", 1300)
	if status, page := sun.post(path, "words", long); status != 422 || !strings.Contains(page, long) {
		t.Errorf("a novel: %d, or what was typed is lost", status)
	}
	if status, _ := sun.postFrom("cross-site", path, "words", "别的网页"); status != 403 {
		t.Errorf("from elsewhere: %d", status)
	}
	if _, page := sun.post(path, "words", "请王审核<b>4月30日</b>前办结"); !strings.Contains(page, "没有要签收的") || !strings.Contains(page, "签收过的") || strings.Contains(page, "<b>4月30日</b>") {
		t.Errorf("signed\n%s", page)
	}
	if status, _ := sun.post(path, "words", "再签"); status != 409 {
		t.Errorf("signed twice: %d", status)
	}
	wang = s.browser("02")
	if _, page := wang.get("/cases/case/" + no); !strings.Contains(page, "请王审核") || !strings.Contains(page, "督办：孙督办") || !strings.Contains(page, "过了承诺办结日") {
		t.Errorf("who works on it does not read what is ordered\n%s", page)
	}
}

func TestNobodyButASupervisorReadsOrSignsTheList(t *testing.T) {
	s := newSite(t)
	s.applies("SJ-1")
	s.round()
	no := s.clerk.Book.Cases()[0].No
	s.takes(no, "ACCEPTED")
	s.at = time.Date(2026, 4, 28, 9, 0, 0, 0, china)
	s.round()
	record := strconv.FormatInt(s.clerk.Book.Cases()[0].Overruns[0].Record, 10)
	zhao, nobody := s.browser("03"), s.browser("")
	if status, page := zhao.get("/cases/overdue"); status != 403 || strings.Contains(page, no) || strings.Contains(page, "/cases/overdue") {
		t.Errorf("who decides reads it: %d\n%s", status, page)
	}
	if status, _ := zhao.post("/cases/overdue/"+no+"/"+record, "words", "请办"); status != 403 {
		t.Errorf("who decides signs: %d", status)
	}
	for _, path := range []string{"/cases/overdue/" + no + "/x", "/cases/overdue/" + no + "/999999"} {
		if status, _ := s.browser("09").post(path, "words", "请办"); status != 404 && status != 409 {
			t.Errorf("%s: %d", path, status)
		}
	}
	if _, page := nobody.get("/cases/overdue"); strings.Contains(page, no) {
		t.Error("anybody reads it")
	}
}

func TestTheResultIsSaidToTheTerminalsUntilItsLastDay(t *testing.T) {
	s := newSite(t)
	s.applies("SJ-1")
	s.round()
	no := s.clerk.Book.Cases()[0].No
	s.takes(no, "ACCEPTED", "VERIFYING", "SURVEYING", "PRELIM", "PUBLICITY")
	s.round()
	s.at = time.Date(2026, 4, 3, 9, 0, 0, 0, china)
	s.takes(no, "APPROVED")
	s.round()
	zhao := s.browser("03")
	_, form := zhao.get("/cases/case/" + no + "/act/APPROVED-IN_BENEFIT")
	if !strings.Contains(form, "家庭人数") {
		t.Errorf("the form is\n%s", form)
	}
	page := zhao.acts(no, "APPROVED-IN_BENEFIT", "members", "3", "amount", "748")
	for _, want := range []string{"公布期", "2026-04-04 至 2026-05-03", "还有 <b>30</b> 天", "公示期", "已结束"} {
		if !strings.Contains(page, want) {
			t.Errorf("the case page lacks %q\n%s", want, page)
		}
	}
	s.round()
	said := s.said[len(s.said)-1]
	if n, err := noticeboard.Parse(said.Body); err != nil || !n.Result || n.No != no+"-N11" || !n.Hangs(20260503) || n.Hangs(20260504) {
		t.Errorf("a terminal reads %+v, %v", n, err)
	}
	if len(s.said) != 2 || !strings.Contains(string(said.Body), `"result":true`) || !said.Until.Equal(time.Date(2026, 5, 4, 0, 0, 0, 0, china)) || said.For != "150102" {
		t.Errorf("%d are said, the last %s until %s", len(s.said), said.Body, said.Until)
	}
}
