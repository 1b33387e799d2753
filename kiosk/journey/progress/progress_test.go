package progress

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"yimen/drivers/device"
	"yimen/kiosk/household"
	"yimen/kiosk/inquiry"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/journeytest"
	"yimen/kiosk/journey/view"
	"yimen/kiosk/policy"
)

const (
	slipNo = "SJ-150102-0001-20261122-00001-3"
	code   = "40718253"
	secret = "11010519491231002X"
)

var card = device.Card{Kind: device.CitizenCard, Name: "王𠮷䶮", Number: secret, Birth: "19491231"}

// resident walks as a desk and a pair of hands would.
type resident struct{ *journeytest.Hands }

func newResident(t *testing.T) *resident {
	t.Helper()
	return &resident{journeytest.At(t, journeytest.Config(journeytest.Pack(t, policy.Demo), Service{}, other{}))}
}

// other is a second door, so that there is a menu.
type other struct{}

func (other) Door() view.Door                                   { return view.Door{ID: "other"} }
func (other) Offers(*policy.Pack) []view.Offer                  { return nil }
func (other) Begin(string, *journey.Course) (s []journey.Stage) { return nil }

// begin goes from the first screen to the choice of a proof.
func (r *resident) begin() *resident {
	r.T.Helper()
	r.Tap(view.DoStart, "")
	r.Tap(view.DoNext, "")
	r.At(view.ScreenMenu)
	r.Tap(view.DoChoose, "progress")
	r.At(view.ScreenNotice)
	r.Tap(view.DoNext, "")
	r.At(view.ScreenProof)
	return r
}

// ask proves by card and gives what is asked then.
func (r *resident) ask() journey.Ask {
	r.T.Helper()
	r.Tap(view.DoChoose, "card")
	journeytest.Wanted[journey.ReadCard](r)
	r.Event(journey.CardRead{Card: card})
	r.At(view.ScreenAsking)
	return journeytest.Wanted[journey.Ask](r)
}

func stage(name string) inquiry.Stage {
	return inquiry.Stage{Code: "X", Name: policy.Text{"zh-CN": name}, Plain: policy.Text{"zh-CN": name + "的意思"}, Since: time.Date(2026, 11, 20, 1, 0, 0, 0, time.UTC)}
}

// running is a case that lacks a paper; refused is one with remedies.
func running() inquiry.Case {
	return inquiry.Case{ID: "1", SlipNo: slipNo, Item: "0101", ItemName: policy.Text{"zh-CN": "最低生活保障"}, Submitted: time.Date(2026, 11, 19, 20, 0, 0, 0, time.UTC),
		Stage: stage("待补正"), Past: []inquiry.Stage{stage("已提交")}, Light: inquiry.LightYellow, Due: 20261231, MissingBy: 20261220,
		Missing: []inquiry.Missing{{Code: "M07", Name: policy.Text{"zh-CN": "银行卡"}, Hint: "拍有账号的一面"}, {Code: "M09", Name: policy.Text{"zh-CN": "诊断证明"}, Sent: true}}}
}

func refused() inquiry.Case {
	return inquiry.Case{ID: "2", SlipNo: slipNo, Item: "0101", ItemName: policy.Text{"zh-CN": "最低生活保障"}, Stage: stage("不予确认"), Over: true,
		Remedy: policy.Text{"zh-CN": "可以申请行政复议"}, Until: inquiry.Until{Reconsideration: 20270120, Lawsuit: 20270520},
		Papers: []inquiry.Paper{{Code: "N10", No: "N10-1", Title: "不予确认告知书", Paragraphs: []string{"一、事实", "二、依据"}, Issued: 20261121}}}
}

func (r *resident) told(cases ...inquiry.Case) view.View {
	r.T.Helper()
	return r.Event(journey.Answered{Answer: inquiry.Answer{Outcome: inquiry.Found, Cases: cases}})
}

func TestTheCardAloneAsksForItsHoldersCases(t *testing.T) {
	r := newResident(t).begin()
	ask := r.ask()
	if p := ask.Inquiry.Proof; p.Number != secret || p.SlipNo != "" || ask.Inquiry.Kind != inquiry.Progress {
		t.Errorf("asked %s with %q, %q", ask.Inquiry.Kind, p.Number.Reveal(), p.SlipNo)
	}
	v := r.told(running())
	if v.Screen != view.ScreenCase || v.Cases.Case.Stage.Name.In("zh-CN") != "待补正" || v.Cases.Case.Due != "2026-12-31" || v.Cases.Case.Light != "yellow" {
		t.Errorf("shown %s %+v", v.Screen, v.Cases.Case)
	}
	if v.Cases.Case.Submitted != "2026-11-20" { // the hall's day, not Greenwich's
		t.Errorf("handed in on %s", v.Cases.Case.Submitted)
	}
}

func TestASlipAsksWithItsNumberAndItsCode(t *testing.T) {
	for name, give := range map[string]func(r *resident){
		"scanned": func(r *resident) {
			journeytest.Wanted[journey.ReadCode](r)
			r.Event(journey.CodeRead{Code: device.Code{Text: "https://elsewhere.example"}})
			if v := r.At(view.ScreenSlipNo); len(v.Notes) != 1 || v.Notes[0].ID != view.PhraseNotASlip {
				r.T.Errorf("a code that is no slip's is told %v", v.Notes)
			}
			journeytest.Wanted[journey.ReadCode](r)
			r.Event(journey.CodeRead{Code: device.Code{Text: slipNo + "\r\n"}})
			journeytest.Wanted[journey.StopCode](r)
		},
		"typed": func(r *resident) {
			if v := r.View(); v.Question.Value != "1501020001" {
				r.T.Errorf("the field holds %q", v.Question.Value)
			}
			r.Tap(view.DoAnswer, "1501020001")
			r.At(view.ScreenSlipNo)
			r.Tap(view.DoAnswer, "15010200012026112200001")
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := newResident(t).begin()
			r.Tap(view.DoChoose, "slip")
			give(r)
			r.At(view.ScreenCode)
			r.Tap(view.DoAnswer, "4071")
			r.At(view.ScreenCode)
			r.Tap(view.DoAnswer, code)
			r.At(view.ScreenAsking)
			if p := journeytest.Wanted[journey.Ask](r).Inquiry.Proof; p.SlipNo != slipNo || p.Code != code || p.Number != "" {
				t.Errorf("proved %q with code %q", p.SlipNo, p.Code.Reveal())
			}
		})
	}
}

func TestWhenTheLineIsDownItIsSaidAndTriedAgain(t *testing.T) {
	r := newResident(t).begin()
	r.ask()
	v := r.Event(journey.NotAnswered{Err: errors.New("no route to host")})
	if v.Screen != view.ScreenCases || v.Cases.Trouble != view.TroubleLine || v.Cases.Cases != nil {
		t.Fatalf("at %s, %+v", v.Screen, v.Cases)
	}
	r.Tap(view.DoRetake, "")
	journeytest.Wanted[journey.Ask](r)
	if v := r.told(running()); v.Screen != view.ScreenCase {
		t.Errorf("at %s", v.Screen)
	}
}

func TestWhyNothingIsShownIsToldApart(t *testing.T) {
	for outcome, want := range map[inquiry.Outcome]view.Trouble{inquiry.Nothing: view.TroubleNothing, inquiry.Locked: view.TroubleLocked, inquiry.Unable: view.TroubleUnable, "later": view.TroubleUnable} {
		r := newResident(t).begin()
		r.ask()
		v := r.Event(journey.Answered{Answer: inquiry.Answer{Outcome: outcome, Cases: []inquiry.Case{running()}}})
		if v.Screen != view.ScreenCases || v.Cases.Trouble != want || v.Cases.Cases != nil {
			t.Errorf("%s shows %s %+v", outcome, v.Screen, v.Cases)
		}
	}
}

func TestARefusalShowsItsRemediesAndPrintsThem(t *testing.T) {
	r := newResident(t).begin()
	r.ask()
	r.told(running(), refused())
	r.At(view.ScreenCases)
	v := r.Tap(view.DoChoose, "2")
	if v.Cases.Case.Remedy == nil || v.Cases.Case.Until != [2]string{"2027-01-20", "2027-05-20"} {
		t.Errorf("shown %+v", v.Cases.Case)
	}
	r.Tap(view.DoPrint, "")
	text := printed(journeytest.Wanted[journey.Print](r).Slip)
	for _, want := range []string{"办件进度", "不予确认", "可以申请行政复议", slipNo} {
		if !strings.Contains(text, want) {
			t.Errorf("the slip lacks %q:\n%s", want, text)
		}
	}
	if strings.Contains(text, secret) || strings.Contains(text, "王𠮷䶮") {
		t.Errorf("the slip names somebody:\n%s", text)
	}
}

func TestADocumentIsReadAndPrintedAsACopy(t *testing.T) {
	r := newResident(t).begin()
	r.ask()
	r.told(refused())
	v := r.Tap(view.DoChoose, "N10-1")
	if v.Screen != view.ScreenCopy || v.Cases.Copy.Title != "不予确认告知书" || len(v.Cases.Copy.Paragraphs) != 2 {
		t.Fatalf("at %s with %+v", v.Screen, v.Cases)
	}
	r.Tap(view.DoPrint, "")
	text := printed(journeytest.Wanted[journey.Print](r).Slip)
	for _, want := range []string{"副本", "不予确认告知书", "N10-1", "一、事实", "二、依据", "以原件为准"} {
		if !strings.Contains(text, want) {
			t.Errorf("the copy lacks %q:\n%s", want, text)
		}
	}
	if v := r.View(); slices.Contains(v.Offers, view.DoBack) || !v.Cases.Copy.Printing {
		t.Errorf("while it is printed: %v", v.Offers)
	}
	r.Event(journey.Printed{Printed: device.Printed{Confirmed: true}})
	r.Tap(view.DoBack, "")
	r.At(view.ScreenCase)
}

func printed(s device.Slip) string {
	var b strings.Builder
	for _, row := range s.Rows {
		fmt.Fprintf(&b, "%+v\n", row)
	}
	return b.String()
}

func TestWhoProvesAnewSeesNothingOfTheProofBefore(t *testing.T) {
	r := newResident(t).begin()
	r.ask()
	r.told(running())
	r.Tap(view.DoBack, "")
	r.At(view.ScreenProof)
	r.Tap(view.DoChoose, "card")
	v := r.Event(journey.CardRead{Card: device.Card{Name: "李示例", Number: "440524188001010014"}})
	if v.Screen != view.ScreenAsking || v.Cases.Case != nil || v.Cases.Cases != nil {
		t.Fatalf("at %s with %+v", v.Screen, v.Cases)
	}
	if p := journeytest.Wanted[journey.Ask](r).Inquiry.Proof; p.Number != "440524188001010014" {
		t.Errorf("asked for %q", p.Number.Reveal())
	}
}

func TestWhatWasToldIsCoveredAndWiped(t *testing.T) {
	r := newResident(t).begin()
	r.ask()
	r.told(running())
	r.Now = r.Now.Add(61 * time.Second)
	v := r.Event(journey.Tick{})
	if v.Screen != view.ScreenCovered || v.Cases != nil {
		t.Fatalf("after a minute: %s with %+v", v.Screen, v.Cases)
	}
	r.Now = r.Now.Add(10 * time.Minute)
	v = r.Event(journey.Tick{})
	if v.Screen != view.ScreenAttract || v.Cases != nil {
		t.Errorf("walked away: %s with %+v", v.Screen, v.Cases)
	}
	journeytest.Wanted[journey.End](r)
	if v := r.told(running()); v.Cases != nil { // a desk would not bring it: the visit is over
		t.Errorf("an answer after the visit is shown: %+v", v.Cases)
	}
}

func TestWhoOnlyLooksLeavesWithoutBeingFrightened(t *testing.T) {
	r := newResident(t).begin()
	r.ask()
	r.told(running())
	if v := r.Tap(view.DoLeave, ""); v.Screen != view.ScreenAttract {
		t.Errorf("asked whether to lose what was given: %s, %v", v.Screen, v.Cover)
	}
	r = newResident(t).begin()
	r.ask()
	r.told(running())
	r.Tap(view.DoNext, "")
	if v := r.Tap(view.DoLeave, ""); v.Cover == nil || v.Cover.Kind != view.CoverLeave {
		t.Errorf("with pages to lose: %s, %v", v.Screen, v.Cover)
	}
}

func TestOnlyWhatTheCaseLacksIsScannedAndSent(t *testing.T) {
	r := newResident(t).begin()
	r.ask()
	r.told(running())
	v := r.Tap(view.DoNext, "")
	if v.Screen != view.ScreenScan || v.Scan.Of != 1 || v.Scan.Material.Code != "M07" || v.Scan.Material.Hint.In("zh-CN") != "拍有账号的一面" {
		t.Fatalf("at %s with %+v", v.Screen, v.Scan)
	}
	r.Tap(view.DoLater, "")
	r.At(view.ScreenReview)
	r.Tap(view.DoSubmit, "")
	if v := r.At(view.ScreenReview); len(v.Notes) != 1 || v.Notes[0].ID != view.PhraseNoPages {
		t.Errorf("nothing to send is told %v", v.Notes)
	}
	r.Tap(view.DoEdit, "M07")
	r.Tap(view.DoShoot, "")
	journeytest.Wanted[journey.TakeFrame](r)
	r.Event(journey.FrameTaken{Frame: device.Frame{JPEG: []byte("frame")}, Page: device.Page{JPEG: []byte("page"), Sight: device.Sight{Quad: device.Quad{{X: .1, Y: .1}, {X: .9, Y: .1}, {X: .9, Y: .9}, {X: .1, Y: .9}}}}})
	v = r.View()
	r.Touch(journey.Touch{Do: view.DoAccept, Quad: &v.Scan.Quad})
	r.Tap(view.DoNext, "")
	r.At(view.ScreenReview)
	r.Tap(view.DoSubmit, "")
	l := journeytest.Wanted[journey.Post](r).Letter
	if l.About != slipNo || l.From.Number != secret || l.From.Proof != "card" || len(l.Pages) != 1 || l.Pages[0].Material != "M07" {
		t.Errorf("sent about %q, from %s, %d pages", l.About, l.From.Proof, len(l.Pages))
	}
	r.Event(journey.Kept{Dossier: "d", SlipNo: "SJ-150102-0001-20261122-00002-1", QueryCode: code})
	r.Event(journey.Central{Delivered: true})
	text := printed(journeytest.Wanted[journey.Print](r).Slip)
	for _, want := range []string{"补正材料收件凭条", slipNo, "1页", "110*************2X"} {
		if !strings.Contains(text, want) {
			t.Errorf("the slip lacks %q:\n%s", want, text)
		}
	}
	r.Event(journey.Printed{Printed: device.Printed{Confirmed: true}})
	r.Tap(view.DoFinish, "")
	r.At(view.ScreenAttract)
}

func TestTheDocumentedStepsStandUnderTheirChaptersWithTheirDays(t *testing.T) {
	one := running()
	told, check := policy.Text{"zh-CN": "告知受理"}, policy.Text{"zh-CN": "核实受理"}
	step := func(chapter policy.Text, name string, done household.Date) inquiry.Step {
		return inquiry.Step{Chapter: chapter, Name: policy.Text{"zh-CN": name}, Done: done}
	}
	one.Steps = []inquiry.Step{step(told, "政策告知", 20261119), step(told, "补正告知", 0), step(check, "入户调查", 20261120)}
	one.Stage.By, one.Stage.Late = 20261121, true
	r := newResident(t).begin()
	r.ask()
	r.Event(journey.Answered{Answer: inquiry.Answer{Outcome: inquiry.Found, Cases: []inquiry.Case{one}}})
	got := r.At(view.ScreenCase).Cases.Case
	if len(got.Chapters) != 2 || got.Chapters[0].Name["zh-CN"] != "告知受理" || got.Chapters[0].Done != 1 || got.Chapters[1].Done != 1 {
		t.Fatalf("%+v", got.Chapters)
	}
	if first := got.Chapters[0].Steps; len(first) != 2 || first[0].Done != "2026-11-19" || first[1].Done != "" || first[1].Name["zh-CN"] != "补正告知" {
		t.Errorf("%+v", first)
	}
	if !got.Stage.Late || got.Stage.By != "2026-11-21" {
		t.Errorf("a late step is shown as %+v", got.Stage)
	}
}
