package reckon

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"yimen/kiosk/journey"
	"yimen/kiosk/journey/view"
	"yimen/kiosk/policy"
)

// tuned is the couple with some answers given otherwise.
func tuned(pairs ...string) map[string]string {
	answers := maps.Clone(couple)
	for i := 0; i < len(pairs); i += 2 {
		answers[pairs[i]] = pairs[i+1]
	}
	return answers
}

func TestANearMissSaysHowFarAndWhatPaperWouldChangeIt(t *testing.T) {
	r := newVisitor(t).toQuestions()
	r.Answer(tuned("member.2.wage", "2000"))
	near := ""
	for _, f := range r.At(view.ScreenResults).Results.Findings {
		if f.ID == "dibao" {
			near = f.Hint.In("zh-CN")
		}
	}
	w := r.Tap(view.DoChoose, "dibao").Estimate
	if w.Verdict != "unlikely" || near == "" || len(w.Changes) < 2 || !w.Changes[0].Distance {
		t.Fatalf("verdict %s, tile %q, changes %v", w.Verdict, near, w.Changes)
	}
	if far := w.Changes[0].Sentence.In("zh-CN"); !strings.Contains(far, "950元") || !strings.Contains(far, "725元") || !strings.Contains(far, "225元") {
		t.Errorf("the distance is told as %q", far)
	}
	if c := w.Changes[1]; c.Distance || c.Proof.In("zh-CN") != "医疗费票据或结算单" || !strings.Contains(c.Sentence.In("zh-CN"), "5,400.01元") {
		t.Errorf("the first way is told as %+v", c)
	}
	for _, c := range w.Changes {
		if strings.Contains(c.Sentence.In("zh-CN"), "少挣") {
			t.Errorf("somebody is told to earn less: %v", c.Sentence)
		}
	}
}

func TestAPressingNeedIsNamedAndWhatHelpsAtOnceStandsFirst(t *testing.T) {
	for urgency, want := range map[string]struct{ colour, first string }{"days": {"yellow", "emergency"}, "month": {"blue", "dibao"}, "other": {"green", "dibao"}} {
		r := newVisitor(t).toQuestions()
		r.Answer(tuned("urgency", urgency))
		v := r.At(view.ScreenResults).Results
		if v.Colour != want.colour || v.Findings[0].ID != want.first || v.Pressing.In("zh-CN") == "" {
			t.Errorf("%s: %s, %q, first %s", urgency, v.Colour, v.Pressing.In("zh-CN"), v.Findings[0].ID)
		}
	}
	r := newVisitor(t).toQuestions()
	r.Tap(view.DoAnswer, "1")
	r.Tap(view.DoNext, "")
	r.Answer(couple)
	if v := r.At(view.ScreenResults).Results; v.Colour != "red" || v.Findings[0].ID != "emergency" {
		t.Errorf("danger: %s, first %s", v.Colour, v.Findings[0].ID)
	}
}

func TestInProductionOnlyEstimatesThatTouchASampleFigureArePaused(t *testing.T) {
	for _, mode := range []policy.Mode{policy.Demo, policy.Production} {
		r := visitorIn(t, mode).toQuestions()
		r.Answer(couple)
		v := r.At(view.ScreenResults).Results
		paused := 0
		for _, f := range v.Findings {
			if strings.Contains(f.Hint.In("zh-CN"), "测算暂停") {
				paused++
				if f.Verdict != "manual" || f.Monthly != "" {
					t.Errorf("%s is paused and says %s %s", f.ID, f.Verdict, f.Monthly)
				}
				if r.Tap(view.DoChoose, f.ID); !slices.Contains(r.View().Offers, view.DoNext) {
					t.Errorf("%s is paused and cannot be applied for", f.ID)
				}
				r.Tap(view.DoBack, "")
			}
			if f.ID == "emergency" && f.Verdict != "unlikely" {
				t.Errorf("an estimate without a sample figure says %s", f.Verdict)
			}
		}
		if (mode == policy.Production) != (paused > 0) || (mode == policy.Demo) != v.Example {
			t.Errorf("mode %d: %d estimates are paused, example %v", mode, paused, v.Example)
		}
	}
}

func TestTheSlipNamesEachMissingAnswerOnce(t *testing.T) {
	r := newVisitor(t)
	r.Tap(view.DoStart, "")
	r.Tap(view.DoLanguage, "en") // the slip stays an office's paper
	r.Tap(view.DoNext, "")
	r.Tap(view.DoChoose, "reckon")
	r.Tap(view.DoNext, "")
	r.Answer(map[string]string{"household_size": "1"})
	r.Tap(view.DoPrint, "")
	text := ""
	for _, e := range r.Effects {
		if p, ok := e.(journey.Print); ok {
			text = fmt.Sprint(p.Slip.Rows)
		}
	}
	_, list, found := strings.Cut(text, "如果再说清楚这些")
	if !found || strings.Count(text, "存款和现金") != 1 || !strings.Contains(list, "收入种类：您本人") || strings.Contains(text, "说清楚“") {
		t.Errorf("missing answers are told as %q", list)
	}
}

func TestWhatIsNotEstimatedIsNamedWhereItMayHelp(t *testing.T) {
	r := newVisitor(t).toQuestions()
	r.Answer(tuned("member.1.disability_grade", "2", "member.1.disability_kind", "limb", "member.1.birth", "19400101", "member.1.self_care_failed", "1", "medical_12m", "800"))
	var got []string
	for _, x := range r.At(view.ScreenResults).Results.Also {
		got = append(got, x.ID)
	}
	if want := "0601 0602 0801 0802 0901 0904 1201"; strings.Join(got, " ") != want {
		t.Errorf("what else may help: %v, want %s", got, want)
	}
	if p := r.Tap(view.DoChoose, "0801"); p.Screen != view.ScreenPolicy || p.Policy.Name.In("zh-CN") != "高龄津贴" {
		t.Fatalf("a tile leads to %s", p.Screen)
	}
	r.Tap(view.DoBack, "")
	r.At(view.ScreenResults)
	r.Tap(view.DoPrint, "")
	if text := fmt.Sprint(r.Effects); !strings.Contains(text, "也可以问问") || !strings.Contains(text, "高龄津贴") {
		t.Error("the slip does not name it")
	}
	r.Event(journey.Printed{})
	r.Tap(view.DoChoose, "0801")
	r.Tap(view.DoNext, "")
	if d := r.At(view.ScreenNotice).Document; d.ID != "privacy_person" {
		t.Errorf("its application begins with %s", d.ID)
	}
	s := newVisitor(t).toQuestions()
	s.Answer(map[string]string{"household_size": "1"})
	if also := s.At(view.ScreenResults).Results.Also; len(also) > 0 {
		t.Errorf("of what is not known is said to help: %v", also)
	}
}
