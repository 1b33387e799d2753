package reckon

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"yimen/drivers/device"
	"yimen/kiosk/household"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/apply"
	"yimen/kiosk/journey/journeytest"
	"yimen/kiosk/journey/view"
	"yimen/kiosk/policy"
)

// visitor walks through the estimate as a desk and a pair of hands would.
type visitor struct{ *journeytest.Hands }

func newVisitor(t *testing.T) *visitor { return visitorIn(t, policy.Demo) }

func visitorIn(t *testing.T, mode policy.Mode) *visitor {
	t.Helper()
	cfg := journeytest.Config(journeytest.Pack(t, mode), apply.Service{}, Service{})
	cfg.Languages = []string{"zh-CN", "en"}
	return &visitor{journeytest.At(t, cfg)}
}

// toQuestions goes through the door to the first question.
func (r *visitor) toQuestions() *visitor {
	r.T.Helper()
	r.Tap(view.DoStart, "")
	r.Tap(view.DoNext, "")
	r.At(view.ScreenMenu)
	r.Tap(view.DoChoose, "reckon")
	r.At(view.ScreenNotice)
	r.Tap(view.DoNext, "")
	r.At(view.ScreenQuestion)
	return r
}

// couple is a household of two with one small wage.
var couple = map[string]string{
	"member.1.sex": "male", "member.1.birth": "19700101", "household_size": "2", "member.2.relation": "spouse", "member.2.birth": "19720101", "member.2.sex": "female",
	"member.2.away": "none", "member.1.health": "healthy", "member.1.disability_grade": "none", "member.1.work": "unable", "member.2.health": "healthy",
	"member.2.disability_grade": "none", "member.2.work": "odd_jobs", "member.1.income_kinds": "none", "member.2.income_kinds": "wage",
	"member.2.wage": "1100", "member.2.job_cost": "100", "member.1.exempt_kinds": "none", "member.2.exempt_kinds": "none", "supporter_count": "0",
	"deposits": "3000", "vehicle": "none", "houses": "1", "rented": "0", "shop": "0", "company": "none", "recent_building": "none",
	"urgent": "0", "urgency": "month", "medical_own_part": "12000", "medical_12m": "0", "pension_paid_12m": "0", "hukou_here": "1", "gave_up_property": "0", "idle_land": "0", "costly_spending": "0", "refused_check": "0",
}

func TestNothingThatNamesAPersonIsAsked(t *testing.T) {
	r := newVisitor(t).toQuestions()
	given := map[string]string{"household_size": "3", "supporter_count": "2"}
	for _, q := range r.Answer(given) {
		if slices.Contains(naming, q.Input) {
			t.Errorf("%s asks for %s", q.Key, q.Input)
		}
		for _, title := range q.Title {
			if strings.Contains(title, "{") {
				t.Errorf("%s is asked as %q", q.Key, title)
			}
		}
	}
	r.At(view.ScreenResults)
	for _, e := range r.All {
		if s := fmt.Sprintf("%T", e); s != "journey.Light" {
			t.Errorf("an anonymous estimate wants %s", s)
		}
	}
}

func TestOneInterviewReckonsEveryProgrammeTheLikeliestFirst(t *testing.T) {
	r := newVisitor(t).toQuestions()
	r.Answer(couple)
	v := r.At(view.ScreenResults)
	var got []string
	for _, f := range v.Results.Findings {
		got = append(got, f.ID+" "+f.Verdict)
	}
	if len(got) != 7 || got[0] != "dibao likely" {
		t.Fatalf("findings: %v", got)
	}
	last := 0
	for _, f := range v.Results.Findings {
		rank := map[string]int{"likely": 0, "manual": 1, "unlikely": 2}[f.Verdict]
		if rank < last {
			t.Errorf("the likeliest are not first: %v", got)
		}
		last = rank
	}
	r.Tap(view.DoChoose, "dibao")
	w := r.At(view.ScreenEstimate).Estimate
	if len(w.Sentences) == 0 || w.Programme.In("zh-CN") != "最低生活保障" {
		t.Errorf("the working of %v has %d lines", w.Programme, len(w.Sentences))
	}
	if w = r.Tap(view.DoWhy, "1").Estimate; w.Open != 1 {
		t.Errorf("line %d is open", w.Open)
	}
	figures := ""
	for _, l := range w.Sentences {
		figures += fmt.Sprint(l.Inputs)
	}
	for _, want := range []string{"工资性收入", "1,100 元/月", "最低生活保障标准", "725 元/人·月", "12,000 元/年", "2 人"} {
		if !strings.Contains(figures, want) {
			t.Errorf("no line was worked from %s: %s", want, figures)
		}
	}
	if w = r.Tap(view.DoWhy, "").Estimate; w.Open != -1 {
		t.Errorf("line %d is still open", w.Open)
	}
	r.Tap(view.DoDisagree, "")
	if d := r.At(view.ScreenNotice).Document; d.ID != "disagree" || len(d.Paragraphs) == 0 {
		t.Errorf("whoever disagrees reads %q", d.ID)
	}
	r.Tap(view.DoBack, "")
	r.At(view.ScreenEstimate)
	r.Tap(view.DoBack, "")
	r.At(view.ScreenResults)
	r.Tap(view.DoChoose, "nonsense")
	r.At(view.ScreenResults)
	r.Tap(view.DoBack, "")
	r.At(view.ScreenQuestion)
}

func TestOfAFullInterviewNoProgrammeLacksAnAnswer(t *testing.T) {
	old := map[string]string{"member.1.birth": "19500101", "member.1.self_care_failed": "2", "household_size": "1"}
	for key, value := range couple {
		if _, own := old[key]; !own {
			old[key] = value
		}
	}
	for name, household := range map[string]map[string]string{"couple": couple, "one old person": old} {
		r := newVisitor(t).toQuestions()
		for _, q := range r.Answer(household) {
			if _, given := household[q.Key]; !given {
				t.Errorf("%s: nobody answers %s", name, q.Key)
			}
		}
		for _, f := range r.At(view.ScreenResults).Results.Findings {
			if w := r.Tap(view.DoChoose, f.ID).Estimate; len(w.Missing) > 0 {
				t.Errorf("%s: %s lacks %v", name, f.ID, w.Missing)
			}
			r.Tap(view.DoBack, "")
		}
	}
}

func TestWhoIsInDangerIsToldWhomToCallBeforeAnythingIsReckoned(t *testing.T) {
	r := newVisitor(t).toQuestions()
	if q := r.View().Question; q.Key != "urgent" {
		t.Fatalf("first of all is asked %s", q.Key)
	}
	r.Tap(view.DoAnswer, "1")
	if d := r.At(view.ScreenDanger).Document; !strings.Contains(strings.Join(d.Paragraphs, ""), "120") {
		t.Errorf("it is told %v", d.Paragraphs)
	}
	r.Tap(view.DoBack, "")
	if q := r.At(view.ScreenQuestion).Question; q.Value != "1" {
		t.Errorf("the answer stands as %q", q.Value)
	}
	r.Tap(view.DoAnswer, "1")
	r.Tap(view.DoNext, "")
	if q := r.At(view.ScreenQuestion).Question; q.Key != "member.1.sex" {
		t.Errorf("the interview goes on with %s", q.Key)
	}
	r.Tap(view.DoBack, "")
	r.Tap(view.DoAnswer, "1")
	r.Tap(view.DoChoose, "")
	if d := r.At(view.ScreenNotice).Document; d.ID != "privacy_person" {
		t.Errorf("the application for emergency help begins with %s", d.ID)
	}
}

func TestTheSlipTellsEachVerdictAndNobodysName(t *testing.T) {
	r := newVisitor(t).toQuestions()
	r.Answer(couple)
	v := r.Tap(view.DoPrint, "")
	if !v.Results.Printing || slices.Contains(v.Offers, view.DoPrint) {
		t.Error("a second print is offered while the first is on its way")
	}
	var paper *journey.Print
	for _, e := range r.Effects {
		if p, ok := e.(journey.Print); ok {
			paper = &p
		}
	}
	if paper == nil {
		t.Fatalf("nothing is printed: %v", r.Effects)
	}
	text, seen := fmt.Sprint(paper.Slip.Rows), map[string]int{}
	for _, want := range []string{"测算结果单", "仅供参考，不作为审批依据", "示例数据", "最低生活保障", "可能符合，每月约", "特困人员供养", "2019.04-1", "2026-11-22", "测算不留您的姓名和身份证号", "12349"} {
		if !strings.Contains(text, want) {
			t.Errorf("the slip does not say %s", want)
		}
	}
	for _, row := range paper.Slip.Rows {
		if line, ok := row.(device.Text); ok && strings.HasPrefix(line.Text, "· ") {
			if seen[line.Text]++; seen[line.Text] > 1 {
				t.Errorf("the slip says twice: %s", line.Text)
			}
		}
	}
	if len(seen) < 5 {
		t.Errorf("the slip gives %d lines of working", len(seen))
	}
	if digests := regexp.MustCompile(`[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}`).FindAllString(text, -1); len(digests) != len(v.Results.Findings) {
		t.Errorf("the slip gives the digests %v of %d estimates", digests, len(v.Results.Findings))
	}
	if v = r.Event(journey.PrintFault{Err: errors.Join(device.ErrPaperOut)}); v.Notes[0].ID != view.PhrasePrinterPaper {
		t.Errorf("out of paper is told as %v", v.Notes)
	}
	r.Tap(view.DoPrint, "")
	if v = r.Event(journey.Printed{Printed: device.Printed{}}); v.Notes[0].ID != view.PhrasePrintUnconfirmed {
		t.Errorf("an unconfirmed slip is told as %v", v.Notes)
	}
	r.Tap(view.DoPrint, "")
	if v = r.Event(journey.Printed{Printed: device.Printed{Confirmed: true}}); v.Notes[0].ID != view.PhrasePrintDone {
		t.Errorf("a printed slip is told as %v", v.Notes)
	}
}

func TestTheAnswersGoAlongToTheApplication(t *testing.T) {
	r := newVisitor(t).toQuestions()
	r.Answer(couple)
	r.Tap(view.DoChoose, "dibao")
	r.Tap(view.DoNext, "")
	if d := r.At(view.ScreenNotice).Document; d.ID != "privacy" {
		t.Fatalf("an application begins with %s", d.ID)
	}
	r.Tap(view.DoNext, "")
	r.At(view.ScreenCard)
	r.Event(journey.CardRead{Card: device.Card{Kind: device.CitizenCard, Name: "王𠮷䶮", Sex: "2", Birth: "19491231", Number: "11010519491231002X", ValidFrom: "20200101", ValidTo: "20400101"}})
	r.At(view.ScreenConfirm)
	r.Tap(view.DoNext, "")
	kept := map[string]string{}
	for range 60 {
		v := r.View()
		if v.Screen != view.ScreenQuestion {
			break
		}
		q := v.Question
		kept[q.Key] = q.Value
		value := q.Value
		if value == "" {
			value = map[policy.Input]string{policy.InputName: "李明"}[q.Input]
		}
		if value != "" {
			r.Tap(view.DoAnswer, value)
		} else {
			r.Tap(view.DoUnknown, "")
		}
	}
	if _, asked := kept["member.1.birth"]; asked {
		t.Error("what the card tells is asked")
	}
	if kept["deposits"] != "3000" || kept["household_size"] != "2" || kept["member.2.name"] != "" {
		t.Errorf("of the answers there is left: %v", kept)
	}
}

func TestLeavingAnEstimateWipesIt(t *testing.T) {
	r := newVisitor(t).toQuestions()
	r.Answer(couple)
	r.Tap(view.DoFinish, "")
	r.At(view.ScreenAttract)
	r.toQuestions()
	if q := r.View().Question; q.Value != "" || q.Known != "" {
		t.Errorf("the next resident sees %q", q.Value)
	}
}

func TestAnAbandonedEstimateIsCoveredAndThenWiped(t *testing.T) {
	r := newVisitor(t).toQuestions()
	r.Answer(couple)
	r.Now = r.Now.Add(journey.DefaultIdle().Cover)
	if v := r.Event(journey.Tick{}); v.Screen != view.ScreenCovered {
		t.Errorf("after a minute the screen shows %s", v.Screen)
	}
	r.Now = r.Now.Add(journey.DefaultIdle().Ask + journey.DefaultIdle().Answer)
	if v := r.Event(journey.Tick{}); v.Screen != view.ScreenWiped {
		t.Errorf("after the question nobody answered the screen shows %s", v.Screen)
	}
}

func TestADayWithoutFiguresIsLeftToAPerson(t *testing.T) {
	pack, err := policy.Load("../../policy/packs/CN-150102")
	if err != nil {
		t.Fatal(err)
	}
	c := &journey.Course{Config: &journey.Config{Pack: pack}}
	c.Draft.Answers = household.Answers{}
	for _, f := range all(c, 20100101) {
		if f.verdict() == "likely" || f.verdict() == "unlikely" {
			t.Errorf("%s: %s on a day of which the pack knows nothing", f.ID, f.verdict())
		}
	}
}
