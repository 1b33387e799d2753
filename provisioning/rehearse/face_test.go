package main

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"yimen/drivers/face/onnx/onnxtest"
	"yimen/provisioning/hall"
	"yimen/provisioning/visitor"
)

// press touches until the page goes on: a text of several pages turns first.
func (w *walk) press(css string) visitor.Seen {
	w.t.Helper()
	before, err := visitor.Look(w.ctx, w.browser)
	must(w.t, err)
	for range 20 {
		must(w.t, visitor.Touch(w.ctx, w.browser, css))
		for end := time.Now().Add(time.Second); time.Now().Before(end); time.Sleep(30 * time.Millisecond) {
			now, err := visitor.Look(w.ctx, w.browser)
			must(w.t, err)
			if now.Screen != "" && now.Seq != before.Seq {
				w.see(now)
				return now
			}
		}
	}
	w.t.Fatalf("%s leads nowhere", css)
	return visitor.Seen{}
}

// at waits for a screen that says something.
func (w *walk) at(screen, words string) visitor.Seen {
	w.t.Helper()
	var s visitor.Seen
	eventually(w.t, screen+" with "+words, func() bool {
		var err error
		s, err = visitor.Look(w.ctx, w.browser)
		must(w.t, err)
		return s.Screen == screen && strings.Contains(s.Text, words)
	})
	w.see(s)
	return s
}

// toConsent lays a card and goes on to the question whether the camera may look.
func (w *walk) toConsent(bench *visitor.Bench, card string, elder bool) visitor.Seen {
	w.t.Helper()
	w.play(bench, card, "ways", elder)
	w.press(do("choose", "id_card+face"))
	w.play(bench, card, "confirm", elder)
	w.press(`[data-do="next"]`)
	return w.at("consent", "您愿意刷脸吗")
}

// handIn checks in, and gives the number of the slip and what was printed.
func (w *walk) handIn(paper *printer) (slipNo string, printed []byte) {
	w.t.Helper()
	w.press(`[data-do="submit"]`)
	printed = paper.slip(w.ctx, w.t)
	s := w.at("slip", "已打印")
	must(w.t, paper.bench.TakeCard(w.ctx))
	must(w.t, visitor.Touch(w.ctx, w.browser, `[data-do="finish"]`))
	w.at("attract", "")
	return slipNumber.FindString(s.Text), printed
}

// TestACheckInByFaceGoesFromItsConsentToTheBureau walks through what may come of a face, on a standing panel and a lying one.
func TestACheckInByFaceGoesFromItsConsentToTheBureau(t *testing.T) {
	h, _ := judgingHall(t, nil)
	bench := &visitor.Bench{Panel: h.Panel}
	paper := &printer{bench: bench}
	walks := map[string]func(*testing.T, *walk, *visitor.Bench, *printer, *hall.Hall, bool){
		"confirmed": faceIsConfirmed, "attacked": printIsRefused, "refused": faceIsRefused,
	}
	for _, panel := range []struct {
		name          string
		width, height int64
		elder         bool
		walks         []string
	}{{"portrait", 1080, 1920, true, []string{"confirmed", "attacked", "refused"}}, {"landscape", 1920, 1080, false, []string{"confirmed"}}} {
		w := walkOf(t, h, "face-"+panel.name, panel.width, panel.height)
		for _, what := range panel.walks {
			t.Run(panel.name+"/"+what, func(t *testing.T) {
				inner := *w
				inner.t = t
				walks[what](t, &inner, bench, paper, h, panel.elder)
			})
			if t.Failed() {
				return
			}
		}
		for _, complaint := range w.browser.Complaints() {
			t.Errorf("the page complains: %s", complaint)
		}
		w.browser.Close()
	}
	noPicture(t, h)
}

// TestNetworksJudgeTheFaceInTheDaemonThatIsShipped: an operator's networks, made up here, run by ONNX Runtime in the terminal's own
// daemon. In make soak only, which has the library.
func TestNetworksJudgeTheFaceInTheDaemonThatIsShipped(t *testing.T) {
	networks := fmt.Sprintf("{library: %q, likeness: %q, living: %q, same_from: 0.9, other_to: 0.85, living_from: 0.05}",
		onnxtest.Library(t), onnxtest.InnerPatches(t), onnxtest.Darkness(t))
	h := startHall(t, func(o *hall.Options) { o.Verifier = networks })
	bench := &visitor.Bench{Panel: h.Panel}
	paper := &printer{bench: bench}
	w := walkOf(t, h, "networks", 1080, 1920)
	faceIsConfirmed(t, w, bench, paper, h, false)
	printIsRefused(t, w, bench, paper, h, false)
	noPicture(t, h)
}

// faceIsConfirmed: after the consent the camera guides whoever looks into it; a stranger is not the card's person, and the
// card's person is. Nothing of the face stays or goes up but what came of it (P03, P05).
func faceIsConfirmed(t *testing.T, w *walk, bench *visitor.Bench, paper *printer, h *hall.Hall, elder bool) {
	w.toConsent(bench, "liu", elder)
	for _, told := range []string{`#screen [data-do="next"]`, `#screen [data-do="refuse"]`} {
		if !w.has(told) {
			t.Errorf("there is no %s", told)
		}
	}
	if w.has(`#screen input`) || w.has(`#screen [aria-pressed="true"]`) || w.has(`#screen [aria-checked="true"]`) {
		t.Error("something is ticked already")
	}
	if !dark(w.ctx, t, h) {
		t.Error("the camera looks before anybody agreed")
	}
	w.press(`[data-do="next"]`)
	hint := func(name string) {
		t.Helper()
		eventually(t, name+" is said", func() bool { return w.has(`#guide [data-hint="` + name + `"]:not([hidden])`) })
	}
	hint("face.none")
	must(t, bench.Stand(w.ctx, "two"))
	hint("face.several")
	must(t, bench.Stand(w.ctx, "stranger"))
	w.at("face", "没有比对上，不是您的错")
	if s := w.at("face", "还可以试 2 次"); !strings.Contains(s.Text, "照片已经删掉") || !dark(w.ctx, t, h) {
		t.Errorf("after the comparison stands %q, dark %v", s.Text, dark(w.ctx, t, h))
	}
	must(t, bench.Stand(w.ctx, "holder"))
	must(t, visitor.Touch(w.ctx, w.browser, `[data-do="retake"]`))
	w.at("checkin", "已经刷脸确认是本人")
	if !dark(w.ctx, t, h) {
		t.Error("after the outcome the page still gives a picture")
	}
	slipNo, printed := w.handIn(paper)
	must(t, bench.Stand(w.ctx, "nobody"))
	for _, want := range []string{"签到凭条", "身份证加刷脸", "已签到", "下次签到", "不会因为没签到就停发"} {
		if !bytes.Contains(printed, inGB(t, want)) {
			t.Errorf("the slip does not say %s", want)
		}
	}
	in := atBureau(w.ctx, t, h, slipNo)
	if r := in.Record; in.Kind != "checkin" || r.Way != "id_card+face" || r.Confirmed != "face" || fmt.Sprint(r.Faces) != "[{other} {same}]" || r.Next == "" ||
		r.Consent == nil || r.Consent.Document != "face_consent" || !strings.HasPrefix(r.Consent.Digest, "sha256:") {
		t.Errorf("the bureau has %+v", in)
	}
}

// printIsRefused: a printed photograph of the card's person is held before the camera, three times; then a person looks (P06).
func printIsRefused(t *testing.T, w *walk, bench *visitor.Bench, paper *printer, h *hall.Hall, elder bool) {
	must(t, bench.Stand(w.ctx, "print"))
	w.toConsent(bench, "liu", elder)
	w.press(`[data-do="next"]`)
	for left := 2; left > 0; left-- {
		w.at("face", fmt.Sprintf("还可以试 %d 次", left))
		must(t, visitor.Touch(w.ctx, w.browser, `[data-do="retake"]`))
	}
	if s := w.at("checkin", "试了三次没有比对上"); !slices.Contains(s.Offers, "staff") || strings.Contains(s.Text, "已经刷脸") {
		t.Errorf("after three tries stands %q", s.Text)
	}
	slipNo, printed := w.handIn(paper)
	must(t, bench.Stand(w.ctx, "nobody"))
	if !bytes.Contains(printed, inGB(t, "请到窗口确认")) {
		t.Error("the slip claims more than is known")
	}
	if r := atBureau(w.ctx, t, h, slipNo).Record; r.Way != "id_card+staff" || r.Confirmed != "desk" || fmt.Sprint(r.Faces) != "[{not_living} {not_living} {not_living}]" {
		t.Errorf("the bureau has %+v", r)
	}
}

// faceIsRefused: whoever says no checks in with the staff, is not asked again, and no camera looks (P03).
func faceIsRefused(t *testing.T, w *walk, bench *visitor.Bench, paper *printer, h *hall.Hall, elder bool) {
	must(t, bench.Stand(w.ctx, "holder"))
	w.toConsent(bench, "longterm", elder)
	w.press(`[data-do="refuse"]`)
	w.at("checkin", "好的，不刷脸")
	if !dark(w.ctx, t, h) {
		t.Error("the camera looks at whoever refused")
	}
	for s := w.press(`[data-do="back"]`); s.Screen != "ways"; s = w.press(`[data-do="back"]`) {
		if s.Screen == "consent" || s.Screen == "face" {
			t.Fatal("who refused is asked again")
		}
	}
	if w.has(do("choose", "id_card+face")) {
		t.Error("the face is offered again")
	}
	w.press(do("choose", "id_card+staff"))
	w.play(bench, "longterm", "confirm", elder)
	w.press(`[data-do="next"]`)
	slipNo, _ := w.handIn(paper)
	must(t, bench.Stand(w.ctx, "nobody"))
	if r := atBureau(w.ctx, t, h, slipNo).Record; r.Way != "id_card+staff" || r.Consent != nil || len(r.Faces) != 0 {
		t.Errorf("the bureau has %+v", r)
	}
}

// TestAChildsFaceIsNotComparedAtTheTerminal: whoever is under fourteen comes with a guardian, whatever way was chosen, and no
// camera looks (P07).
func TestAChildsFaceIsNotComparedAtTheTerminal(t *testing.T) {
	h, _ := judgingHall(t, nil)
	ctx, bench := within(t, 4*time.Minute), &visitor.Bench{Panel: h.Panel}
	must(t, bench.Stand(ctx, "holder"))
	line, err := visitor.OpenLine(h.Screen)
	must(t, err)
	q := &visitor.Quick{Line: line, Bench: bench, Card: "child", Offer: "checkin:self"}
	must(t, line.Press(ctx, to(ctx, t, q, "ways"), "choose", "id_card+face"))
	must(t, line.Press(ctx, to(ctx, t, q, "confirm"), "next", ""))
	s := says(ctx, t, q, "未满14岁的孩子，请监护人一起来签到")
	if s.Screen != "card" || !dark(ctx, t, h) {
		t.Errorf("a child is at %s", s.Screen)
	}
	must(t, bench.TakeCard(ctx))
	q.Card = "batu"
	must(t, line.Press(ctx, to(ctx, t, q, "checkin"), "submit", ""))
	slipNo := slipNumber.FindString(says(ctx, t, q, "已上传，对方已签收").Text)
	over(ctx, t, q)
	if r := atBureau(ctx, t, h, slipNo).Record; r.Way != "guardian_on_behalf" || r.Consent != nil || len(r.Faces) != 0 || r.Companion == nil || r.Companion.Role != "guardian" {
		t.Errorf("the bureau has %+v", r)
	}
}

// TestWithoutAVerifierNobodysFaceIsLookedAt: the camera is there, but nothing to compare with; the other ways are offered, and
// the staff confirm (P04; TestACheckInIsConfirmedByStaffAndItsSlipIsPrintedAgain goes on from there).
func TestWithoutAVerifierNobodysFaceIsLookedAt(t *testing.T) {
	h := startHall(t, nil)
	ctx, bench := within(t, 2*time.Minute), &visitor.Bench{Panel: h.Panel}
	must(t, bench.Stand(ctx, "holder"))
	line, err := visitor.OpenLine(h.Screen)
	must(t, err)
	q := &visitor.Quick{Line: line, Bench: bench, Card: "liu", Offer: "checkin:self"}
	s := to(ctx, t, q, "ways")
	if !strings.Contains(s.Text, "这台机器现在不能刷脸") || strings.Contains(s.Text, "身份证加刷脸") {
		t.Errorf("without a verifier it says %q", s.Text)
	}
	must(t, line.Press(ctx, s, "choose", "id_card+staff"))
	if s := to(ctx, t, q, "checkin"); !strings.Contains(s.Text, "工作人员") || !dark(ctx, t, h) {
		t.Errorf("it says %q", s.Text)
	}
	over(ctx, t, q)
}

// TestNothingOfOneResidentReachesTheNextAtCheckIn: the first walks away while the own card is being read, the next one while
// the own face is being compared; what comes of it afterwards is seen by nobody.
func TestNothingOfOneResidentReachesTheNextAtCheckIn(t *testing.T) {
	h, thinks := judgingHall(t, nil)
	ctx, bench := within(t, 5*time.Minute), &visitor.Bench{Panel: h.Panel}
	line, err := visitor.OpenLine(h.Screen)
	must(t, err)
	resident := func(card string) *visitor.Quick {
		return &visitor.Quick{Line: line, Bench: bench, Card: card, Offer: "checkin:self"}
	}
	toCard := func(q *visitor.Quick, way string) visitor.Seen {
		t.Helper()
		must(t, line.Press(ctx, to(ctx, t, q, "ways"), "choose", way))
		return to(ctx, t, q, "card")
	}

	// A card that the reader gives late.
	first := resident("liu")
	s := toCard(first, "id_card+face")
	must(t, bench.Fault(ctx, "idcard", "late", true))
	must(t, bench.LayCard(ctx, "liu"))
	must(t, line.Press(ctx, s, "leave", ""))
	over(ctx, t, first)
	second := resident("longterm")
	waiting := toCard(second, "id_card+face")
	must(t, bench.Fault(ctx, "idcard", "late", false))
	unmoved(ctx, t, line, waiting, "刘桂兰")

	// A face whose comparison does not end in time.
	must(t, os.WriteFile(thinks, nil, 0o600))
	must(t, bench.Stand(ctx, "holder"))
	must(t, line.Press(ctx, to(ctx, t, second, "confirm"), "next", ""))
	must(t, line.Press(ctx, to(ctx, t, second, "consent"), "next", ""))
	says(ctx, t, second, "请看着屏幕上方的摄像头")
	time.Sleep(3 * time.Second) // the countdown is over, and the verifier thinks
	over(ctx, t, second)
	waiting, err = line.Look(ctx)
	must(t, err)
	must(t, line.Do(ctx, waiting, "start", ""))
	unmoved(ctx, t, line, waiting, "孙老汉") // nobody's visit begins while a face is being compared
	must(t, os.Remove(thinks))
	third := resident("specimen")
	must(t, bench.Stand(ctx, "nobody"))
	waiting = toCard(third, "id_card+face")
	unmoved(ctx, t, line, waiting, "孙老汉")
	must(t, line.Press(ctx, to(ctx, t, third, "confirm"), "next", ""))
	s = to(ctx, t, third, "consent")
	must(t, line.Press(ctx, s, "refuse", ""))
	s = to(ctx, t, third, "checkin")
	if strings.Contains(s.Text, "已经刷脸") || strings.Contains(s.Text, "孙老汉") || !strings.Contains(s.Text, "张测试") {
		t.Errorf("the third resident sees %q", s.Text)
	}
	must(t, line.Press(ctx, s, "submit", ""))
	slipNo := slipNumber.FindString(says(ctx, t, third, "已上传，对方已签收").Text)
	over(ctx, t, third)
	if r := atBureau(ctx, t, h, slipNo).Record; r.Confirmed != "desk" || len(r.Faces) != 0 {
		t.Errorf("the bureau has %+v", r)
	}
	noPicture(t, h)
}
