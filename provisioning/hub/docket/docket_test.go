package docket

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"yimen/drivers/device"
	"yimen/kiosk/inquiry"
	"yimen/kiosk/policy/flow"
	"yimen/kiosk/slip/number"
	"yimen/provisioning/hub/docket/chain"
)

func TestACaseWalksFromTheSlipToThePayment(t *testing.T) {
	o := open(t, "CN-150102")
	no := o.file(1, "0101")
	if no != "150102-2026-00001" {
		t.Errorf("case number %s", no)
	}
	o.takes(no, "ACCEPTED", "VERIFYING", "SURVEYING", "PRELIM", "PUBLICITY")
	o.at = time.Date(2026, 4, 3, 9, 0, 0, 0, china) // the eighth day after
	o.takes(no, "APPROVED", "IN_BENEFIT")
	v := o.view(no)
	var past []string
	for _, s := range v.Past {
		past = append(past, s.Code)
	}
	if strings.Join(past, " ") != "SUBMITTED ACCEPTED VERIFYING SURVEYING PRELIM PUBLICITY APPROVED" || v.Stage.Code != "IN_BENEFIT" || !v.Over {
		t.Errorf("been %v, at %s", past, v.Stage.Code)
	}
	var papers []string
	for _, p := range v.Papers {
		papers = append(papers, p.No)
	}
	if want := []string{no + "-N11", no + "-N09", no + "-N07", no + "-N05", no + "-N03"}; !slices.Equal(papers, want) {
		t.Errorf("papers %v, want %v", papers, want)
	}
	if done := slices.IndexFunc(v.Steps, func(s inquiry.Step) bool { return s.Done == 0 }); len(v.Steps) != 11 || done >= 0 {
		t.Errorf("of a case that is over %d steps are told, one of them open: %v", len(v.Steps), done >= 0)
	}
	for _, s := range o.of(no).Stages[1:] {
		if s.Officer == "" {
			t.Errorf("nobody moved it to %s", s.Code)
		}
	}
}

func TestOnlyWhatTheProcedureAllowsHappens(t *testing.T) {
	o := open(t, "CN-150102")
	no := o.file(1, "0101")
	before := len(o.of(no).Records)
	for _, stage := range []string{"APPROVED", "PUBLICITY", "PRELIM", "IN_BENEFIT", "NOWHERE"} {
		if err := o.take(no, stage, nil); !errors.Is(err, ErrUnlawful) {
			t.Errorf("from SUBMITTED to %s: %v", stage, err)
		}
	}
	if err := o.book.Take(t.Context(), zhao, no, Act{"SUBMITTED-ACCEPTED", nil}); !errors.Is(err, ErrDuty) {
		t.Errorf("who decides accepts: %v", err)
	}
	if err := o.book.Take(t.Context(), li, "150102-2026-00009", Act{"SUBMITTED-ACCEPTED", nil}); !errors.Is(err, ErrNoCase) {
		t.Errorf("a case that is not there: %v", err)
	}
	o.takes(no, "CORRECTION", "SUBMITTED")
	if err := o.take(no, "CORRECTION", nil); !errors.Is(err, ErrUnlawful) {
		t.Errorf("what is missing is told twice: %v", err)
	}
	o.takes(no, "ACCEPTED", "VERIFYING")
	if err := o.take(no, "PRELIM", nil); !errors.Is(err, ErrUnlawful) {
		t.Errorf("an opinion without a visit: %v", err)
	}
	if before == 0 {
		t.Error("nothing was recorded")
	}
}

func TestWhatIsFilledInWronglyGoesOutToNobody(t *testing.T) {
	o := open(t, "CN-150102")
	no := o.file(1, "0101")
	for name, c := range map[string]struct {
		fields map[string]string
		want   Reason
	}{
		"nothing":         {map[string]string{}, ReasonEmpty},
		"no day":          {map[string]string{"materials": "M09", "by": "soon"}, ReasonForm},
		"yesterday":       {map[string]string{"materials": "M09", "by": "2026-03-25"}, ReasonPast},
		"no such paper":   {map[string]string{"materials": "M99", "by": "2026-04-25"}, ReasonChoice},
		"the form itself": {map[string]string{"materials": "M03", "by": "2026-04-25"}, ReasonChoice},
		"twice":           {map[string]string{"materials": "M09,M09", "by": "2026-04-25"}, ReasonChoice},
		"a novel":         {map[string]string{"materials": "M09", "by": "2026-04-25", "note": strings.Repeat("长", 1201)}, ReasonLong},
	} {
		var field *FieldError
		if err := o.take(no, "CORRECTION", c.fields); !errors.As(err, &field) || field.Reason != c.want {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
	if c := o.of(no); len(c.Records) != 1 || c.Now().Code != flow.Submitted {
		t.Errorf("something was recorded: %d records, at %s", len(c.Records), c.Now().Code)
	}
}

// Accepted on Thursday 2026-03-26: the twenty working days end on 04-24, as extended the forty-five on 06-02 (domain.md E22).
func TestTheLightFollowsTheWorkingDays(t *testing.T) {
	o := open(t, "CN-150102")
	no := o.file(1, "0101")
	if v := o.view(no); v.Light == inquiry.LightRed || v.Due != 0 {
		t.Errorf("a clock runs before acceptance: %s %s", v.Light, v.Due)
	}
	o.takes(no, "ACCEPTED", "VERIFYING", "SURVEYING", "PRELIM")
	for day, want := range map[int]inquiry.Light{20: inquiry.LightGreen, 21: inquiry.LightYellow, 24: inquiry.LightYellow, 25: inquiry.LightRed} {
		o.at = time.Date(2026, 4, day, 23, 0, 0, 0, china)
		if v := o.view(no); v.Due != 20260424 || v.Light != want {
			t.Errorf("04-%d: due %s, %q, want %q", day, v.Due, v.Light, want)
		}
	}
	err := o.book.Take(t.Context(), wang, no, Act{Extend, map[string]string{"reason": "人户分离，外地核对还没有回来"}})
	if v := o.view(no); err != nil || v.Due != 20260602 || v.Light != inquiry.LightGreen || v.Papers[0].Code != "N15" || !strings.Contains(strings.Join(v.Papers[0].Paragraphs, ""), "最迟2026年6月2日办结") {
		t.Errorf("extended: %v, due %s, %s %v", err, v.Due, v.Light, v.Papers[0])
	}
	if err := o.book.Take(t.Context(), wang, no, Act{Extend, map[string]string{"reason": "再延"}}); !errors.Is(err, ErrUnlawful) {
		t.Errorf("extended twice: %v", err)
	}
}

// A stop of payments is a documented step too: nobody who waits for a decision reads that it is still to come.
func TestTheApplicantReadsTheStepsToADecisionAndOfOthersWhatWasDone(t *testing.T) {
	o := open(t, "CN-150102")
	no := o.file(1, "0101")
	o.takes(no, "ACCEPTED", "VERIFYING")
	steps := o.view(no).Steps
	var done []string
	for _, s := range steps {
		if s.Done != 0 {
			done = append(done, s.Name["zh-CN"])
		}
		if s.Name["zh-CN"] == "停发" || s.Name["zh-CN"] == "资金核查追缴" {
			t.Errorf("%s is to come", s.Name["zh-CN"])
		}
	}
	if want := []string{"政策告知", "受理或不予受理", "核对授权", "经济状况核对"}; len(steps) != 3+8+4 || !slices.Equal(done, want) {
		t.Errorf("%d steps, done %v", len(steps), done)
	}
	if err := o.book.Done(t.Context(), wang, no, "W4"); err != nil {
		t.Fatal(err)
	}
	if steps = o.view(no).Steps; len(steps) != 16 || steps[15].Name["zh-CN"] != "举报抽查" || steps[15].Done != 20260326 {
		t.Errorf("what was done is not told: %+v", steps[15:])
	}
}

// Accepted on 2026-03-26: the survey begins by 03-31, the whole is promised for 04-24. The one is late weeks before the other.
func TestALateStepIsNotToldAsABrokenPromise(t *testing.T) {
	o := open(t, "CN-150102")
	no := o.file(1, "0101")
	o.takes(no, "ACCEPTED")
	o.at = time.Date(2026, 3, 31, 23, 0, 0, 0, china)
	if v := o.view(no); v.Stage.By != 20260331 || v.Stage.Late {
		t.Errorf("on the last day: by %s, late %v", v.Stage.By, v.Stage.Late)
	}
	o.at = time.Date(2026, 4, 1, 1, 0, 0, 0, china)
	if v := o.view(no); !v.Stage.Late || v.Light != inquiry.LightGreen {
		t.Errorf("late %v, and of the promise %q", v.Stage.Late, v.Light)
	}
	if _, _, light := o.book.Lights(o.of(no)); light != inquiry.LightRed {
		t.Errorf("the office sees %q", light)
	}
	wait := o.file(2, "0101")
	o.takes(wait, "CORRECTION")
	o.at = o.at.AddDate(0, 2, 0)
	if v := o.view(wait); v.Stage.By == 0 || v.Stage.Late {
		t.Errorf("the resident's own day is told as the office's: %+v", v.Stage)
	}
}

func TestAYearWithoutCalendarPromisesNothing(t *testing.T) {
	o := open(t, "CN-150102")
	o.at = time.Date(2027, 12, 24, 9, 0, 0, 0, china)
	no := o.file(1, "0101")
	o.takes(no, "ACCEPTED")
	v := o.view(no)
	if v.Due != 0 || strings.Contains(strings.Join(v.Papers[0].Paragraphs, ""), "以前办结") {
		t.Errorf("a day of 2028 is promised: %s, %v", v.Due, v.Papers[0].Paragraphs)
	}
}

// Served on 2026-05-08: reconsideration until 07-07; lawsuit until 11-08, a Sunday, so 11-09 (domain.md E24).
func TestARefusalNamesBothRemediesWithTheirDays(t *testing.T) {
	o := open(t, "CN-150102")
	no := o.file(1, "0101")
	o.takes(no, "ACCEPTED", "VERIFYING", "VERIFY_FAILED")
	o.at = time.Date(2026, 5, 8, 9, 0, 0, 0, china)
	if v := o.view(no); v.Remedy != nil {
		t.Error("remedies before a decision")
	}
	o.takes(no, "REJECTED")
	v := o.view(no)
	if v.Until != (inquiry.Until{Reconsideration: 20260707, Lawsuit: 20261109}) {
		t.Errorf("until %+v", v.Until)
	}
	paper := strings.Join(v.Papers[0].Paragraphs, "\n")
	for _, want := range []string{"2026年7月7日以前", "新城区人民政府", "行政复议", "2026年11月9日以前", "人民法院", no} {
		if !strings.Contains(paper, want) {
			t.Errorf("the refusal lacks %q:\n%s", want, paper)
		}
	}
	if !strings.Contains(v.Remedy["zh-CN"], "新城区人民政府") || v.Remedy["en"] == "" || strings.Contains(paper, "{") || strings.Contains(paper, idNumber) {
		t.Errorf("remedy %v, or a hole or a whole number in\n%s", v.Remedy, paper)
	}
}

func TestWhatIsMissingIsToldAtOnceAndTickedOffAsItComes(t *testing.T) {
	o := open(t, "CN-150102")
	no := o.file(1, "0101")
	if v := o.view(no); len(v.Missing) != 0 {
		t.Error("something is missing before anybody looked")
	}
	if err := o.take(no, "CORRECTION", map[string]string{"materials": "M10,M09", "by": "2026-04-25"}); err != nil {
		t.Fatal(err)
	}
	v := o.view(no)
	if len(v.Missing) != 2 || v.MissingBy != 20260425 || v.Missing[0].Sent {
		t.Errorf("missing %+v by %s", v.Missing, v.MissingBy)
	}
	if p := strings.Join(v.Papers[0].Paragraphs, "\n"); !strings.Contains(p, "1．医疗费票据或结算单；2．诊断证明或病历") || strings.Contains(p, "{note}") {
		t.Errorf("the sheet says\n%s", p)
	}
	o.at = o.at.Add(time.Hour)
	const slipNo = "SJ-150102-0001-20260326-00099-K"
	check, err := number.Check(slipNo, "87654321")
	if err != nil {
		t.Fatal(err)
	}
	a := Attached{Envelope: "supplement-1", Kind: "supplement", SlipNo: slipNo, QueryCheck: check, Submitted: o.at, Materials: []string{"M09"}}
	for range 2 { // it may come twice
		if err := o.book.Attach(t.Context(), o.of(no).SlipNo, a); err != nil {
			t.Fatal(err)
		}
	}
	v = o.view(no)
	for _, m := range v.Missing {
		if m.Sent != (m.Code == "M09") {
			t.Errorf("%s sent: %v", m.Code, m.Sent)
		}
	}
	if n := len(o.of(no).Attached); n != 1 {
		t.Errorf("%d supplements", n)
	}
	for code, want := range map[device.Personal]int{"87654321": 1, "12345678": 0, "": 0} { // its slip tells the case, with its own code
		if list := o.book.Of(inquiry.Proof{SlipNo: slipNo, Code: code}); len(list) != want || want > 0 && list[0].ID != no {
			t.Errorf("with code %q the supplement's slip tells %d cases", code.Reveal(), len(list))
		}
	}
	if err := o.book.Attach(t.Context(), "SJ-nobody", Attached{Envelope: "x"}); !errors.Is(err, ErrNoCase) {
		t.Errorf("attached to nothing: %v", err)
	}
	o.takes(no, "SUBMITTED")
	if v := o.view(no); len(v.Missing) != 0 {
		t.Error("still missing after it came")
	}
}

func TestNobodyLearnsOfAnothersCase(t *testing.T) {
	o := open(t, "CN-150102")
	no := o.file(1, "0101")
	o.file(2, "0301")
	slipNo := o.of(no).SlipNo
	for name, p := range map[string]inquiry.Proof{
		"nothing":                 {},
		"wrong code":              {SlipNo: slipNo, Code: "87654321"},
		"no code":                 {SlipNo: slipNo},
		"code of another slip":    {SlipNo: "SJ-150102-0001-20260326-00003-K", Code: "12345678"},
		"another person":          {Number: device.Personal("440524188001010014")},
		"card beside a wrong one": {SlipNo: slipNo, Code: "0", Number: idNumber},
	} {
		if list := o.book.Of(p); len(list) != 0 {
			t.Errorf("%s: %d cases", name, len(list))
		}
	}
	if list := o.book.Of(inquiry.Proof{Number: idNumber}); len(list) != 2 || list[0].Item != "0301" {
		t.Errorf("by card: %d cases, or not the newest first", len(list))
	}
}

func TestTheBookIsTheSameAfterItWasClosed(t *testing.T) {
	o := open(t, "CN-150102")
	no := o.file(1, "0101")
	o.takes(no, "ACCEPTED", "VERIFYING", "SURVEYING", "PRELIM", "PUBLICITY")
	before, view := fmt.Sprintf("%#v", o.of(no).Stages), o.view(no)
	news := o.book.News()
	o.reopen()
	if got := fmt.Sprintf("%#v", o.of(no).Stages); got != before || fmt.Sprint(o.view(no)) != fmt.Sprint(view) || len(o.book.News()) != len(news) {
		t.Errorf("stages\n%s\nnot\n%s", got, before)
	}
	again, err := o.book.File(t.Context(), o.handed(1, "0101"))
	if err != nil || again != no {
		t.Errorf("filed again: %s, %v", again, err)
	}
	if _, err := Open(t.Context(), o.dir, o, time.Now, china, slog.New(slog.DiscardHandler)); !errors.Is(err, chain.ErrInUse) {
		t.Errorf("opened twice: %v", err)
	}
	o.missing = true
	if _, err := o.book.File(t.Context(), o.handed(2, "0101")); err == nil {
		t.Error("a case without its edition is opened")
	}
}

func TestManyOfficersAtOnceTakeAStepOnce(t *testing.T) {
	o := open(t, "CN-150102")
	no := o.file(1, "0101")
	var wait sync.WaitGroup
	var mu sync.Mutex
	taken := 0
	for range 8 {
		wait.Go(func() {
			if err := o.book.Take(t.Context(), li, no, Act{"SUBMITTED-ACCEPTED", nil}); err == nil {
				mu.Lock()
				defer mu.Unlock()
				taken++
			}
			o.book.Cases()
			o.book.Of(inquiry.Proof{Number: idNumber})
		})
	}
	wait.Wait()
	if taken != 1 || len(o.of(no).Papers) != 1 {
		t.Errorf("accepted %d times, %d documents", taken, len(o.of(no).Papers))
	}
}

func TestADocumentIsSeenBeforeItGoesOut(t *testing.T) {
	o := open(t, "CN-150102")
	no := o.file(1, "0101")
	p, err := o.book.Preview(li, no, Act{"SUBMITTED-ACCEPTED", nil})
	if err != nil || p == nil || p.Code != "N03" || len(o.of(no).Papers) != 0 {
		t.Fatalf("%+v, %v", p, err)
	}
	o.takes(no, "ACCEPTED")
	if got := o.of(no).Papers[0]; fmt.Sprint(got.Paragraphs) != fmt.Sprint(p.Paragraphs) {
		t.Errorf("shown %v, issued %v", p.Paragraphs, got.Paragraphs)
	}
}

// One edition that is gone must not keep the others' cases from being worked, nor may its cases be forgotten or doubled.
func TestACaseWithoutItsEditionIsPutAsideAndComesBack(t *testing.T) {
	o := open(t, "CN-150102")
	no := o.file(1, "0101")
	o.takes(no, "ACCEPTED")
	o.missing = true
	o.reopen()
	if got := o.book.Aside(); !slices.Equal(got, []string{no}) || len(o.book.Cases()) != 0 || !o.book.Filed("envelope-1") {
		t.Errorf("aside are %v, %d cases", got, len(o.book.Cases()))
	}
	o.missing = false
	if second := o.file(2, "0301"); second != "150102-2026-00002" {
		t.Errorf("the next case takes number %s", second)
	}
	o.reopen()
	if c := o.of(no); len(o.book.Aside()) != 0 || c.Now().Code != "ACCEPTED" || len(o.book.Cases()) != 2 {
		t.Errorf("it did not come back whole: %s", c.Now().Code)
	}
}
