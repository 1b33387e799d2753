package lookup

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"yimen/drivers/device"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/apply"
	"yimen/kiosk/journey/journeytest"
	"yimen/kiosk/journey/view"
	"yimen/kiosk/policy"
)

// reader drives a visit that only looks things up, and writes down what is seen.
type reader struct {
	*journeytest.Hands
	lines []string
	pack  *policy.Pack
}

func newReader(t *testing.T, mode policy.Mode) *reader {
	t.Helper()
	pack := journeytest.Pack(t, mode)
	r := &reader{Hands: journeytest.At(t, journeytest.Config(pack, apply.Service{}, Service{})), pack: pack}
	r.Tap(view.DoStart, "")
	r.Tap(view.DoNext, "")
	r.Tap(view.DoChoose, "lookup")
	return r
}

// tap taps, and writes down where that leads.
func (r *reader) tap(do view.Do, value string) view.View {
	r.T.Helper()
	v := r.Tap(do, value)
	line := fmt.Sprintf("%s %s → %s", do, value, v.Screen)
	for _, e := range r.Effects {
		line += fmt.Sprintf(" %T", e)
	}
	r.lines = append(r.lines, line)
	return v
}

func TestALookUpAsATranscript(t *testing.T) {
	r := newReader(t, policy.Demo)
	r.tap(view.DoChoose, "situation:income")
	r.tap(view.DoChoose, "item:0101")
	r.tap(view.DoWhy, "")
	r.tap(view.DoBack, "")
	r.tap(view.DoBack, "")
	r.tap(view.DoChoose, "item:0904")
	r.tap(view.DoBack, "")
	r.tap(view.DoBack, "")
	r.tap(view.DoChoose, "standards:")
	r.tap(view.DoBack, "")
	r.tap(view.DoChoose, "item:0101") // is not on this page
	r.tap(view.DoChoose, "forms:")
	r.tap(view.DoChoose, "forms:01")
	r.tap(view.DoChoose, "form:0101")
	r.tap(view.DoBack, "")
	r.tap(view.DoBack, "")
	r.tap(view.DoBack, "")
	r.tap(view.DoBack, "")
	want := strings.TrimSpace(`
choose situation:income → topics
choose item:0101 → policy
why  → form
back  → policy
back  → topics
choose item:0904 → policy
back  → topics
back  → topics
choose standards: → standards
back  → topics
choose item:0101 → topics
choose forms: → topics
choose forms:01 → topics
choose form:0101 → form
back  → topics
back  → topics
back  → topics
back  → menu journey.End`)
	if got := strings.Join(r.lines, "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestEverySituationLeadsToHelpAndEveryItemIsTold(t *testing.T) {
	r := newReader(t, policy.Demo)
	for _, topic := range r.View().Topics.Topics {
		if !strings.HasPrefix(topic.ID, "situation:") {
			continue
		}
		if v := r.tap(view.DoChoose, topic.ID); len(v.Topics.Topics) == 0 {
			t.Errorf("%s leads nowhere", topic.ID)
		}
		r.tap(view.DoBack, "")
	}
	told := 0
	r.each("items:", func(id string, v view.View) {
		told++
		if p := v.Policy; p.Name == nil || p.Plain == nil || p.Deadline == nil || p.Decider == nil {
			t.Errorf("%s is told as %+v", id, p)
		}
	})
	if all := len(r.pack.Items()); told != all {
		t.Errorf("%d of %d items are told", told, all)
	}
}

// each goes to every item of a list, group by group, and comes back to where it began.
func (r *reader) each(list string, look func(id string, v view.View)) {
	r.T.Helper()
	for _, topic := range r.tap(view.DoChoose, list).Topics.Topics {
		if strings.HasPrefix(topic.ID, list) {
			r.each(topic.ID, look)
			continue
		}
		look(topic.ID, r.tap(view.DoChoose, topic.ID))
		r.tap(view.DoBack, "")
	}
	r.tap(view.DoBack, "")
}

func TestALongCatalogueIsNeverMoreThanTwoTouchesAway(t *testing.T) {
	r := newReader(t, policy.Demo)
	items := r.tap(view.DoChoose, "items:").Topics.Topics
	if len(items) != len(r.pack.Groups()) {
		t.Errorf("the catalogue begins with %d tiles for %d groups", len(items), len(r.pack.Groups()))
	}
	for _, topic := range items {
		if strings.HasPrefix(topic.ID, "items:") {
			if v := r.tap(view.DoChoose, topic.ID); v.Topics.Title == nil || len(v.Topics.Topics) < 2 {
				t.Errorf("%s is a page %q of %d", topic.ID, v.Topics.Title.In("zh-CN"), len(v.Topics.Topics))
			}
			r.tap(view.DoBack, "")
		}
	}
}

func TestAnItemLeadsToItsApplication(t *testing.T) {
	r := newReader(t, policy.Demo)
	r.tap(view.DoChoose, "items:")
	r.tap(view.DoChoose, "items:01")
	if p := r.tap(view.DoChoose, "item:0101").Policy; len(p.Materials.Scan) == 0 || p.Source == "" || !p.Here {
		t.Errorf("0101 is told as %+v", p)
	}
	if v := r.tap(view.DoNext, ""); v.Screen != view.ScreenNotice || v.Document.ID != "privacy" {
		t.Fatalf("an application begins on %s", v.Screen)
	}
	if v := r.tap(view.DoBack, ""); v.Screen != view.ScreenItem {
		t.Errorf("back from it lies %s", v.Screen)
	}
}

func TestEachFormIsShownFilledInForEachOfItsPeople(t *testing.T) {
	r := newReader(t, policy.Demo)
	r.each("forms:", func(id string, v view.View) {
		for _, s := range v.Form.Sections {
			for _, l := range s.Lines {
				if l.Value == "" || strings.Contains(l.Value, "还没有填") || len(l.Label) == 0 {
					t.Errorf("%s, %s: %s is %q", id, s.Title.In("zh-CN"), l.Label.In("zh-CN"), l.Value)
				}
			}
		}
	})
	r.tap(view.DoChoose, "forms:")
	r.tap(view.DoChoose, "forms:01")
	text := fmt.Sprint(r.tap(view.DoChoose, "form:0101").Form)
	for _, want := range []string{"收入：李红", "1,100 元/月", "一起生活的家人：王小宝", "990000196805120031", "1968年5月12日"} {
		if !strings.Contains(text, want) {
			t.Errorf("the sample of 0101 does not show %s", want)
		}
	}
}

func TestAnItemWithoutAnEstimateSaysWhy(t *testing.T) {
	r := newReader(t, policy.Demo)
	r.each("items:", func(id string, v view.View) {
		it, _ := r.pack.Item(strings.TrimPrefix(id, "item:"))
		if it.Form != "" && (it.Estimate == "") != (v.Policy.None.In("zh-CN") != "") {
			t.Errorf("%s: estimate %q, and why there is none: %q", id, it.Estimate, v.Policy.None.In("zh-CN"))
		}
	})
}

func TestTheChecklistOnPaperTellsEachPaperAtOnce(t *testing.T) {
	r := newReader(t, policy.Demo)
	r.tap(view.DoChoose, "situation:income")
	r.tap(view.DoChoose, "item:0101")
	if v := r.tap(view.DoPrint, ""); !v.Policy.Printing || slices.Contains(v.Offers, view.DoPrint) {
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
	text := fmt.Sprint(paper.Slip.Rows)
	for _, want := range []string{
		"一次性告知单", "最低生活保障", "0101", "银行卡（存折）账号页：要带。", "医疗费票据或结算单：有就带", "户口簿：部门共享，不用带。从公安部门查", "申请表：本机办理",
		"20个工作日", "街道办事处", "《最低生活保障审核确认办法》（条款：22）", "社会救助窗口", "12349", "2026-11-22",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the checklist does not say %s: %s", want, text)
		}
	}
	r.Event(journey.PrintFault{Err: device.ErrPaperOut})
	if v := r.View(); len(v.Notes) == 0 || v.Notes[0].ID != view.PhrasePrinterPaper || !slices.Contains(v.Offers, view.DoPrint) {
		t.Errorf("out of paper is told as %v, and offered is %v", v.Notes, v.Offers)
	}
}

func TestEveryItemHasAChecklist(t *testing.T) {
	r := newReader(t, policy.Demo)
	r.each("items:", func(id string, _ view.View) {
		r.tap(view.DoPrint, "")
		text := fmt.Sprint(r.Effects)
		if !strings.Contains(text, "一次性告知单") || strings.Contains(text, "依据：}") {
			t.Errorf("%s: %s", id, text)
		}
		r.Event(journey.Printed{Printed: device.Printed{Confirmed: true}})
	})
}

func TestAStandardTellsAmountUnitFirstDayAndDocument(t *testing.T) {
	rows := newReader(t, policy.Demo).tap(view.DoChoose, "standards:").Standards.Rows
	if got := rows[0]; got.Amount != "725" || got.Unit.In("zh-CN") != "元/人·月" || got.From != "2019-04-01" || got.DocTitle == "" || got.Example {
		t.Errorf("the first row is %+v", got)
	}
	for _, row := range newReader(t, policy.Production).tap(view.DoChoose, "standards:").Standards.Rows {
		if row.Example && row.Amount != "" {
			t.Errorf("in production an illustrative figure is told as what is paid: %+v", row)
		}
	}
}
