package docket

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"yimen/kiosk/inquiry"
	"yimen/kiosk/policy/flow"
)

// toNotice brings a case to its public notice on 2026-04-13; its seven days are 04-14 to 04-20 (domain.md E23).
func (o *office) toNotice(n int) string {
	o.t.Helper()
	no := o.file(n, "0101")
	o.takes(no, "ACCEPTED", "VERIFYING", "SURVEYING", "PRELIM")
	o.at = time.Date(2026, 4, 13, 9, 0, 0, 0, china)
	if err := o.take(no, "PUBLICITY", map[string]string{"members": "3", "amount": "748"}); err != nil {
		o.t.Fatal(err)
	}
	return no
}

// objected files an objection to the notice of a case.
func (o *office) objected(n int, notice string) string {
	o.t.Helper()
	h := o.handed(n, "objection")
	h.Kind, h.About, h.Name, h.Number = "objection", notice, "", ""
	no, err := o.book.File(o.t.Context(), h)
	if err != nil {
		o.t.Fatal(err)
	}
	return no
}

func TestANoticeIsPublishedWithWhatIsAllowedAndNothingElse(t *testing.T) {
	o := open(t, "CN-150102")
	no := o.toNotice(1)
	news := o.book.News()
	if len(news) != 1 || news[0].Hang == nil {
		t.Fatalf("news %+v", news)
	}
	n := *news[0].Hang
	if n.No != no+"-N07" || n.Name != "佟子试" || n.Members != 3 || n.Amount != 74800 || n.First != 20260414 || n.Last != 20260420 || n.Item != "0101" || n.Phone != "12349" {
		t.Errorf("notice %+v", n)
	}
	paper := strings.Join(o.of(no).Papers[len(o.of(no).Papers)-1].Paragraphs, "\n")
	for _, want := range []string{"佟子试", "3人", "748元", "2026年4月14日至2026年4月20日"} {
		if !strings.Contains(paper, want) {
			t.Errorf("the notice lacks %q:\n%s", want, paper)
		}
	}
	for _, never := range []string{idNumber, "110", "SJ-"} {
		if strings.Contains(strings.ReplaceAll(paper, no, ""), never) {
			t.Errorf("the notice says %q:\n%s", never, paper)
		}
	}
	if err := o.book.Told(t.Context(), news[0]); err != nil || len(o.book.News()) != 0 {
		t.Errorf("told: %v, %d are left", err, len(o.book.News()))
	}
	o.reopen()
	if len(o.book.News()) != 0 {
		t.Error("it is told again after the book was opened anew")
	}
}

func TestNothingIsDecidedWhileTheNoticeHangsOrAnObjectionIsOpen(t *testing.T) {
	o := open(t, "CN-150102")
	no := o.toNotice(1)
	notice := o.of(no).Notices[0].No
	o.at = time.Date(2026, 4, 20, 23, 59, 0, 0, china)
	if err := o.take(no, "APPROVED", nil); !errors.Is(err, ErrUnlawful) {
		t.Errorf("decided on the last day: %v", err)
	}
	objection := o.objected(2, notice)
	if a := o.of(no).Attached; len(a) != 1 || a[0].Case != objection {
		t.Errorf("the household's case does not know of it: %+v", a)
	}
	o.at = time.Date(2026, 4, 21, 9, 0, 0, 0, china)
	if err := o.take(no, "APPROVED", nil); !errors.Is(err, ErrUnlawful) {
		t.Errorf("decided over an open objection: %v", err)
	}
	o.takes(objection, "EXAMINING")
	if v := o.view(objection); v.Stage.Code != "EXAMINING" || v.Papers[0].Code != "N08-1" {
		t.Errorf("the objector reads %s, %s", v.Stage.Code, v.Papers[0].Code)
	}
	if err := o.take(objection, "ANSWERED", map[string]string{"outcome": "已经核实，家庭人数没有错。"}); err != nil {
		t.Fatal(err)
	}
	v := o.view(objection)
	if !v.Over || !strings.Contains(strings.Join(v.Papers[0].Paragraphs, ""), "家庭人数没有错") {
		t.Errorf("the objector reads %+v", v.Papers[0])
	}
	for _, p := range v.Papers {
		if text := strings.Join(p.Paragraphs, ""); strings.Contains(text, "佟子试") || strings.Contains(text, no) {
			t.Errorf("the objector learns whose case it is: %s", text)
		}
	}
	if list := o.book.Of(inquiry.Proof{Number: idNumber}); len(list) != 1 || len(list[0].Answers) != 0 {
		t.Error("the household learns who objected")
	}
	o.takes(no, "APPROVED")
}

func TestANoticeThatNoLongerHoldsIsTakenDown(t *testing.T) {
	o := open(t, "CN-150102")
	no := o.toNotice(1)
	o.takes(no, "OBJECTION")
	if news := o.book.News(); len(news) != 1 {
		t.Errorf("it is taken down while the objection is examined: %+v", news)
	}
	o.takes(no, "PRELIM")
	news := o.book.News()
	if len(news) != 2 || news[1].Hang != nil || news[1].No != no+"-N07" {
		t.Fatalf("news %+v", news)
	}
	if v := o.view(no); v.Notice != "" {
		t.Errorf("the applicant reads of notice %s", v.Notice)
	}
	o.takes(no, "PUBLICITY") // published again, under a number of its own
	if got := o.book.News()[2].No; got != no+"-N07-2" {
		t.Errorf("the second notice is %s", got)
	}
	o.takes(no, "WITHDRAWN")
	if news := o.book.News(); len(news) != 4 || news[3].Hang != nil {
		t.Errorf("a withdrawn case stays on the board: %+v", news)
	}
}

func TestAMinorsNameIsNeverPublished(t *testing.T) {
	o := open(t, "CN-150102")
	h := o.handed(1, "0101")
	h.Number = "990000201003070021" // made up: born 2010
	no, err := o.book.File(t.Context(), h)
	if err != nil {
		t.Fatal(err)
	}
	o.takes(no, "ACCEPTED", "VERIFYING", "SURVEYING", "PRELIM")
	if err := o.take(no, "PUBLICITY", map[string]string{"members": "1"}); !errors.Is(err, ErrMinor) {
		t.Errorf("%v", err)
	}
	if c := o.of(no); len(o.book.News()) != 0 || c.Now().Code != "PRELIM" {
		t.Error("something went out")
	}
}

func TestOfAChildNothingIsPublished(t *testing.T) {
	o := open(t, "CN-150102")
	no := o.file(1, "0702")
	o.takes(no, "ACCEPTED", "VERIFYING", "CONFIRMING")
	if slices.ContainsFunc(o.of(no).Flow.Moves, func(m flow.Move) bool { return m.To == "PUBLICITY" || m.Paper == "N07" || m.Paper == "N11" }) {
		t.Error("there is a way to the board")
	}
	o.takes(no, "APPROVED", "IN_BENEFIT")
	if len(o.book.News()) != 0 {
		t.Error("something went out")
	}
}

func TestANoticeWithoutHouseholdOrWithAnEmptyAmountIsNotPut(t *testing.T) {
	o := open(t, "CN-150102")
	no := o.file(1, "0101")
	o.takes(no, "ACCEPTED", "VERIFYING", "SURVEYING", "PRELIM")
	for _, fields := range []map[string]string{{"members": "0"}, {"members": "x"}, {"amount": "748"}, {"members": "3", "amount": "a lot"}, {"members": "3", "amount": "1.234"}} {
		var field *FieldError
		if err := o.take(no, "PUBLICITY", fields); !errors.As(err, &field) {
			t.Errorf("%v: %v", fields, err)
		}
	}
	if len(o.book.News()) != 0 {
		t.Error("something went out")
	}
}
