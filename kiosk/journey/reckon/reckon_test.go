package reckon

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"yimen/drivers/device"
	"yimen/kiosk/household"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/apply"
	"yimen/kiosk/journey/view"
	"yimen/kiosk/policy"
)

// visitor walks through the estimate as a desk and a pair of hands would.
type visitor struct {
	t       *testing.T
	s       journey.State
	now     time.Time
	effects []journey.Effect // of the last event
	all     []journey.Effect
}

func newVisitor(t *testing.T) *visitor { return visitorIn(t, policy.Demo) }

func visitorIn(t *testing.T, mode policy.Mode) *visitor {
	t.Helper()
	pack, err := policy.Load("../../policy/packs/CN-150102")
	if err != nil {
		t.Fatal(err)
	}
	cfg := &journey.Config{
		Pack: pack.With(mode), Services: []journey.Service{apply.Service{}, Service{}}, Terminal: "150102-0001",
		Hall: view.Hall{Name: "示例大厅", Hotline: "12349"}, Languages: []string{"zh-CN", "en"},
		Zone: time.FixedZone("CST", 8*3600), Idle: journey.DefaultIdle(),
	}
	now := time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC)
	return &visitor{t: t, s: journey.New(cfg, now), now: now}
}

func (r *visitor) event(h journey.Happening) view.View {
	r.t.Helper()
	r.now = r.now.Add(time.Second)
	r.s, r.effects = journey.Step(r.s, journey.Event{At: r.now, ID: "visit", Is: h})
	r.all = append(r.all, r.effects...)
	return r.s.View()
}

func (r *visitor) tap(do view.Do, value string) view.View {
	r.t.Helper()
	v := r.s.View()
	if !slices.Contains(v.Offers, do) {
		r.t.Fatalf("%s offers %v, not %s", v.Screen, v.Offers, do)
	}
	return r.event(journey.Touch{Visit: v.Visit, Seq: v.Seq, Do: do, Value: value})
}

func (r *visitor) at(want view.Screen) view.View {
	r.t.Helper()
	v := r.s.View()
	if v.Screen != want {
		r.t.Fatalf("at %s, want %s; notes %v", v.Screen, want, v.Notes)
	}
	return v
}

// toQuestions goes through the door to the first question.
func (r *visitor) toQuestions() *visitor {
	r.t.Helper()
	r.tap(view.DoStart, "")
	r.tap(view.DoNext, "")
	r.at(view.ScreenMenu)
	r.tap(view.DoChoose, "reckon")
	r.at(view.ScreenNotice)
	r.tap(view.DoNext, "")
	r.at(view.ScreenQuestion)
	return r
}

// answers goes through the interview and gives the questions asked: what is in given, 不清楚 otherwise, or the first option.
func (r *visitor) answers(given map[string]string) (asked []*view.Question) {
	r.t.Helper()
	for range 200 {
		v := r.s.View()
		if v.Screen != view.ScreenQuestion {
			return asked
		}
		q := v.Question
		asked = append(asked, q)
		switch value, ok := given[q.Key]; {
		case ok:
			r.tap(view.DoAnswer, value)
		case !q.Must:
			r.tap(view.DoUnknown, "")
		default:
			r.tap(view.DoAnswer, q.Options[0].Code)
		}
		if w := r.s.View(); w.Screen == view.ScreenQuestion && w.Question.Key == q.Key {
			r.t.Fatalf("stuck at %s: %v", q.Key, w.Notes)
		}
	}
	r.t.Fatal("the interview does not end")
	return nil
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
	for _, q := range r.answers(given) {
		if slices.Contains(naming, q.Input) {
			t.Errorf("%s asks for %s", q.Key, q.Input)
		}
		for _, title := range q.Title {
			if strings.Contains(title, "{") {
				t.Errorf("%s is asked as %q", q.Key, title)
			}
		}
	}
	r.at(view.ScreenResults)
	for _, e := range r.all {
		if s := fmt.Sprintf("%T", e); s != "journey.Light" {
			t.Errorf("an anonymous estimate wants %s", s)
		}
	}
}

func TestOneInterviewReckonsEveryProgrammeTheLikeliestFirst(t *testing.T) {
	r := newVisitor(t).toQuestions()
	r.answers(couple)
	v := r.at(view.ScreenResults)
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
	r.tap(view.DoChoose, "dibao")
	w := r.at(view.ScreenEstimate).Estimate
	if len(w.Sentences) == 0 || w.Programme.In("zh-CN") != "最低生活保障" {
		t.Errorf("the working of %v has %d lines", w.Programme, len(w.Sentences))
	}
	if w = r.tap(view.DoWhy, "1").Estimate; w.Open != 1 {
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
	if w = r.tap(view.DoWhy, "").Estimate; w.Open != -1 {
		t.Errorf("line %d is still open", w.Open)
	}
	r.tap(view.DoDisagree, "")
	if d := r.at(view.ScreenNotice).Document; d.ID != "disagree" || len(d.Paragraphs) == 0 {
		t.Errorf("whoever disagrees reads %q", d.ID)
	}
	r.tap(view.DoBack, "")
	r.at(view.ScreenEstimate)
	r.tap(view.DoBack, "")
	r.at(view.ScreenResults)
	r.tap(view.DoChoose, "nonsense")
	r.at(view.ScreenResults)
	r.tap(view.DoBack, "")
	r.at(view.ScreenQuestion)
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
		for _, q := range r.answers(household) {
			if _, given := household[q.Key]; !given {
				t.Errorf("%s: nobody answers %s", name, q.Key)
			}
		}
		for _, f := range r.at(view.ScreenResults).Results.Findings {
			if w := r.tap(view.DoChoose, f.ID).Estimate; len(w.Missing) > 0 {
				t.Errorf("%s: %s lacks %v", name, f.ID, w.Missing)
			}
			r.tap(view.DoBack, "")
		}
	}
}

func TestWhoIsInDangerIsToldWhomToCallBeforeAnythingIsReckoned(t *testing.T) {
	r := newVisitor(t).toQuestions()
	if q := r.s.View().Question; q.Key != "urgent" {
		t.Fatalf("first of all is asked %s", q.Key)
	}
	r.tap(view.DoAnswer, "1")
	if d := r.at(view.ScreenDanger).Document; !strings.Contains(strings.Join(d.Paragraphs, ""), "120") {
		t.Errorf("it is told %v", d.Paragraphs)
	}
	r.tap(view.DoBack, "")
	if q := r.at(view.ScreenQuestion).Question; q.Value != "1" {
		t.Errorf("the answer stands as %q", q.Value)
	}
	r.tap(view.DoAnswer, "1")
	r.tap(view.DoNext, "")
	if q := r.at(view.ScreenQuestion).Question; q.Key != "member.1.sex" {
		t.Errorf("the interview goes on with %s", q.Key)
	}
	r.tap(view.DoBack, "")
	r.tap(view.DoAnswer, "1")
	r.tap(view.DoChoose, "")
	if d := r.at(view.ScreenNotice).Document; d.ID != "privacy_person" {
		t.Errorf("the application for emergency help begins with %s", d.ID)
	}
}

func TestTheSlipTellsEachVerdictAndNobodysName(t *testing.T) {
	r := newVisitor(t).toQuestions()
	r.answers(couple)
	v := r.tap(view.DoPrint, "")
	if !v.Results.Printing || slices.Contains(v.Offers, view.DoPrint) {
		t.Error("a second print is offered while the first is on its way")
	}
	var paper *journey.Print
	for _, e := range r.effects {
		if p, ok := e.(journey.Print); ok {
			paper = &p
		}
	}
	if paper == nil {
		t.Fatalf("nothing is printed: %v", r.effects)
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
	if v = r.event(journey.PrintFault{Err: errors.Join(device.ErrPaperOut)}); v.Notes[0].ID != view.PhrasePrinterPaper {
		t.Errorf("out of paper is told as %v", v.Notes)
	}
	r.tap(view.DoPrint, "")
	if v = r.event(journey.Printed{Printed: device.Printed{}}); v.Notes[0].ID != view.PhrasePrintUnconfirmed {
		t.Errorf("an unconfirmed slip is told as %v", v.Notes)
	}
	r.tap(view.DoPrint, "")
	if v = r.event(journey.Printed{Printed: device.Printed{Confirmed: true}}); v.Notes[0].ID != view.PhrasePrintDone {
		t.Errorf("a printed slip is told as %v", v.Notes)
	}
}

func TestTheAnswersGoAlongToTheApplication(t *testing.T) {
	r := newVisitor(t).toQuestions()
	r.answers(couple)
	r.tap(view.DoChoose, "dibao")
	r.tap(view.DoNext, "")
	if d := r.at(view.ScreenNotice).Document; d.ID != "privacy" {
		t.Fatalf("an application begins with %s", d.ID)
	}
	r.tap(view.DoNext, "")
	r.at(view.ScreenCard)
	r.event(journey.CardRead{Card: device.Card{Kind: device.CitizenCard, Name: "王𠮷䶮", Sex: "2", Birth: "19491231", Number: "11010519491231002X", ValidFrom: "20200101", ValidTo: "20400101"}})
	r.at(view.ScreenConfirm)
	r.tap(view.DoNext, "")
	kept := map[string]string{}
	for range 60 {
		v := r.s.View()
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
			r.tap(view.DoAnswer, value)
		} else {
			r.tap(view.DoUnknown, "")
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
	r.answers(couple)
	r.tap(view.DoFinish, "")
	r.at(view.ScreenAttract)
	r.toQuestions()
	if q := r.s.View().Question; q.Value != "" || q.Known != "" {
		t.Errorf("the next resident sees %q", q.Value)
	}
}

func TestAnAbandonedEstimateIsCoveredAndThenWiped(t *testing.T) {
	r := newVisitor(t).toQuestions()
	r.answers(couple)
	r.now = r.now.Add(journey.DefaultIdle().Cover)
	if v := r.event(journey.Tick{}); v.Screen != view.ScreenCovered {
		t.Errorf("after a minute the screen shows %s", v.Screen)
	}
	r.now = r.now.Add(journey.DefaultIdle().Ask + journey.DefaultIdle().Answer)
	if v := r.event(journey.Tick{}); v.Screen != view.ScreenWiped {
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
