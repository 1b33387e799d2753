package docket

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"yimen/kiosk/inquiry"
	"yimen/kiosk/policy"
)

// granted brings a case to its announcement on 2026-04-21; the thirty days that the pack gives it are 04-22 to 05-21.
func (o *office) granted(n int) string {
	o.t.Helper()
	no := o.toNotice(n)
	o.at = time.Date(2026, 4, 21, 9, 0, 0, 0, china)
	o.takes(no, "APPROVED")
	if err := o.take(no, "IN_BENEFIT", map[string]string{"members": "3", "amount": "748"}); err != nil {
		o.t.Fatal(err)
	}
	return no
}

func TestTheResultIsAnnouncedForAsLongAsThePackSays(t *testing.T) {
	o := open(t, "CN-150102")
	no := o.granted(1)
	news := o.book.News()
	n := news[len(news)-1].Hang
	if len(news) != 2 || n == nil {
		t.Fatalf("news %+v", news)
	}
	if !n.Result || n.No != no+"-N11" || n.Name != "佟子试" || n.Members != 3 || n.Amount != 74800 || n.First != 20260422 || n.Last != 20260521 {
		t.Errorf("announced %+v", n)
	}
	v := o.view(no)
	if v.Notice != no+"-N07" {
		t.Errorf("the notice that the applicant reads of is %q", v.Notice)
	}
	if text := strings.Join(v.Papers[0].Paragraphs, "\n"); !strings.Contains(text, "公布到2026年5月21日为止") || !strings.Contains(text, "748元") {
		t.Errorf("the announcement says\n%s", text)
	}
}

func TestAResultThatNoLongerHoldsIsTakenDown(t *testing.T) {
	o := open(t, "CN-150102")
	no := o.granted(1)
	o.takes(no, "STOPPED")
	news := o.book.News()
	if last := news[len(news)-1]; last.Hang != nil || last.No != no+"-N11" || len(news) != 3 {
		t.Errorf("news %+v", news)
	}
	before := len(o.of(no).Notices)
	o.reopen()
	if c := o.of(no); len(c.Notices) != before || c.Notices[1].Down != 20260421 || c.Notices[0].Down != 0 {
		t.Errorf("the book is another after it was opened anew: %+v", c.Notices)
	}
}

func TestWhatWasGrantedToAMinorIsAnnouncedNowhereAndPaidAllTheSame(t *testing.T) {
	o := open(t, "CN-150102")
	h := o.handed(1, "0101")
	h.Number = "990000200805070029" // made up: 18 on 2026-05-07
	no, err := o.book.File(t.Context(), h)
	if err != nil {
		t.Fatal(err)
	}
	o.takes(no, "ACCEPTED", "VERIFYING", "SURVEYING", "PRELIM")
	if err := o.take(no, "PUBLICITY", nil); !errors.Is(err, ErrMinor) {
		t.Fatalf("of age already: %v", err)
	}
	minor := o.of(no)
	for _, m := range minor.Flow.Moves {
		if got := o.book.PaperOf(minor, m); m.To == "IN_BENEFIT" && got != "" {
			t.Errorf("%s sends %q out", m.ID(), got)
		}
	}
	grown := o.of(o.file(2, "0101"))
	for _, m := range grown.Flow.Moves {
		if got := o.book.PaperOf(grown, m); m.To == "IN_BENEFIT" && got != "N11" {
			t.Errorf("a grown-up's %s sends %q out", m.ID(), got)
		}
	}
}

// settles lays more over the office's pack, which keeps its name and digest.
func (o *office) settles(more string) {
	o.t.Helper()
	dir := o.t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("../../../kiosk/policy/packs")); err != nil {
		o.t.Fatal(err)
	}
	region := filepath.Join(dir, o.pack.ID)
	if err := os.WriteFile(filepath.Join(region, "settled.yaml"), []byte(more), 0o600); err != nil {
		o.t.Fatal(err)
	}
	pack, err := policy.Load(region)
	if err != nil {
		o.t.Fatal(err)
	}
	pack.Digest = o.pack.Digest
	o.pack = pack
}

// Accepted on 2026-03-26, the notice's days are 04-14 to 04-20, five of them worked: the twenty working days end on 04-24 as R2
// reads, and on 05-06 where the notice's days do not count (domain.md traps 9, E22, E23).
func TestWhereTheNoticesDaysDoNotCountThePromiseMovesOnByThem(t *testing.T) {
	for _, c := range []struct {
		counts   string
		due      int
		lastGood int // of April: the last day with a green light
	}{{"value: 1", 20260424, 20}, {"value: 0", 20260506, 27}, {`pending: {zh-CN: "还没有定"}`, 20260424, 20}} {
		o := open(t, "CN-150102")
		o.settles("params:\n- key: publicity_in_sla\n  name: {zh-CN: \"公示\"}\n  unit: yes/no\n  periods:\n  - {from: 2021-07-01, " + c.counts + ", citation: {illustrative: \"试\"}}\n")
		no := o.toNotice(1)
		if v := o.view(no); int(v.Due) != c.due {
			t.Errorf("%s: due %s, want %d", c.counts, v.Due, c.due)
		}
		for day, want := range map[int]inquiry.Light{c.lastGood: inquiry.LightGreen, c.lastGood + 1: inquiry.LightYellow} {
			o.at = time.Date(2026, 4, day, 9, 0, 0, 0, china)
			if v := o.view(no); v.Light != want {
				t.Errorf("%s: on 04-%d %q, want %q", c.counts, day, v.Light, want)
			}
		}
	}
}

func TestANoticeTakenDownEarlyStopsTheClockNoLonger(t *testing.T) {
	o := open(t, "CN-150102")
	o.settles("params:\n- key: publicity_in_sla\n  name: {zh-CN: \"公示\"}\n  unit: yes/no\n  periods:\n  - {from: 2021-07-01, value: 0, citation: {illustrative: \"试\"}}\n")
	no := o.toNotice(1)
	o.at = time.Date(2026, 4, 16, 9, 0, 0, 0, china)
	o.takes(no, "OBJECTION", "PRELIM") // 04-14 and 04-15 were the notice's
	if v := o.view(no); v.Due != 20260428 {
		t.Errorf("due %s, want 2026-04-28", v.Due)
	}
}

func TestByTheRulesOf2012TheDecisionIsDueAfterTheSecondNotice(t *testing.T) {
	o := open(t, "CN-150102")
	o.pack.Flow = "NAT-2012"
	no := o.file(1, "0101")
	o.takes(no, "ACCEPTED", "SURVEYING", "EVALUATING", "PRELIM", "PUBLICITY")
	o.at = time.Date(2026, 4, 7, 9, 0, 0, 0, china)
	o.takes(no, "CONFIRMING")
	o.at = time.Date(2026, 4, 13, 9, 0, 0, 0, china)
	if err := o.take(no, "PUBLICITY_2", map[string]string{"members": "3", "amount": "748"}); err != nil {
		t.Fatal(err)
	}
	news := o.book.News()
	if n := news[len(news)-1].Hang; len(news) != 2 || n.Result || n.No != no+"-N07-B" || n.Last != 20260420 {
		t.Errorf("the second notice is %+v", n)
	}
	if v := o.view(no); v.Stage.By != 20260423 { // three working days after the 20th
		t.Errorf("the decision is due on %s", v.Stage.By)
	}
	if err := o.take(no, "APPROVED", nil); !errors.Is(err, ErrUnlawful) {
		t.Errorf("granted while the second notice hangs: %v", err)
	}
	o.at = time.Date(2026, 4, 21, 9, 0, 0, 0, china)
	o.takes(no, "APPROVED", "IN_BENEFIT")
}
