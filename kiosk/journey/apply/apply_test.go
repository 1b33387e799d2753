package apply

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"yimen/drivers/device"
	"yimen/kiosk/household"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/view"
	"yimen/kiosk/policy"
)

// resident walks through an application as a desk and a pair of hands would.
type resident struct {
	t       *testing.T
	s       journey.State
	now     time.Time
	effects []journey.Effect // of the last event
	lit     []journey.Light  // what the lamps were told so far
	ids     int
}

func newResident(t *testing.T) *resident {
	t.Helper()
	pack, err := policy.Load("../../policy/packs/CN-150102")
	if err != nil {
		t.Fatal(err)
	}
	return newResidentOf(t, pack)
}

func newResidentOf(t *testing.T, pack *policy.Pack) *resident {
	t.Helper()
	cfg := &journey.Config{
		Pack: pack.With(policy.Demo), Services: []journey.Service{Service{}}, Terminal: "150102-0001",
		Hall: view.Hall{Name: "示例大厅", Hotline: "12349"}, Languages: []string{"zh-CN"},
		Zone: time.FixedZone("CST", 8*3600), Pad: view.Pad{Width: 180, Height: 70}, Idle: journey.DefaultIdle(),
	}
	now := time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC)
	return &resident{t: t, s: journey.New(cfg, now), now: now}
}

func (r *resident) event(h journey.Happening) view.View {
	r.t.Helper()
	r.now = r.now.Add(time.Second)
	r.ids++
	r.s, r.effects = journey.Step(r.s, journey.Event{At: r.now, ID: strings.Repeat("i", r.ids), Is: h})
	for _, e := range r.effects {
		if l, ok := e.(journey.Light); ok {
			r.lit = append(r.lit, l)
		}
	}
	return r.s.View()
}

func (r *resident) touch(t journey.Touch) view.View {
	r.t.Helper()
	v := r.s.View()
	if !slices.Contains(v.Offers, t.Do) {
		r.t.Fatalf("%s offers %v, not %s", v.Screen, v.Offers, t.Do)
	}
	t.Visit, t.Seq = v.Visit, v.Seq
	return r.event(t)
}

func (r *resident) tap(do view.Do, value string) view.View {
	r.t.Helper()
	return r.touch(journey.Touch{Do: do, Value: value})
}

func (r *resident) at(want view.Screen) view.View {
	r.t.Helper()
	v := r.s.View()
	if v.Screen != want {
		r.t.Fatalf("at %s, want %s; notes %v", v.Screen, want, v.Notes)
	}
	return v
}

func effect[E journey.Effect](r *resident) (E, bool) {
	for _, e := range r.effects {
		if want, ok := e.(E); ok {
			return want, true
		}
	}
	var none E
	return none, false
}

func wanted[E journey.Effect](r *resident) E {
	r.t.Helper()
	e, ok := effect[E](r)
	if !ok {
		r.t.Fatalf("want a %T, got %v", e, r.effects)
	}
	return e
}

var card = device.Card{
	Kind: device.CitizenCard, Name: "王𠮷䶮", Sex: "2", Ethnic: "01", Birth: "19491231", Address: "内蒙古呼和浩特市新城区示例街1号",
	Number: "11010519491231002X", ValidFrom: "20200101", ValidTo: "20400101",
}

// toCard goes from the first screen to the card reader.
func (r *resident) toCard() *resident {
	r.t.Helper()
	r.tap(view.DoStart, "")
	r.tap(view.DoNext, "")
	r.at(view.ScreenMenu)
	r.tap(view.DoChoose, "apply:0101")
	r.tap(view.DoNext, "")
	r.at(view.ScreenNotice)
	r.tap(view.DoNext, "")
	r.at(view.ScreenCard)
	wanted[journey.ReadCard](r)
	return r
}

func (r *resident) withCard() *resident {
	r.t.Helper()
	r.toCard()
	r.event(journey.CardRead{Card: card})
	r.at(view.ScreenConfirm)
	r.tap(view.DoNext, "")
	return r
}

// answers goes through the interview: what is in given, 不清楚 otherwise, or what stands there, or the first option.
func (r *resident) answers(given map[string]string) *resident {
	r.t.Helper()
	for range 200 {
		v := r.s.View()
		if v.Screen != view.ScreenQuestion {
			return r
		}
		q := v.Question
		switch value, ok := given[q.Key]; {
		case ok:
			r.tap(view.DoAnswer, value)
		case q.Value != "":
			r.tap(view.DoAnswer, q.Value)
		case !q.Must:
			r.tap(view.DoUnknown, "")
		case len(q.Options) > 0:
			r.tap(view.DoAnswer, q.Options[0].Code)
		default:
			r.tap(view.DoAnswer, map[policy.Input]string{policy.InputName: "李明", policy.InputCount: "1", policy.InputText: "某处", policy.InputPhone: "13800000000"}[q.Input])
		}
		if w := r.s.View(); w.Screen == view.ScreenQuestion && w.Question.Key == q.Key {
			r.t.Fatalf("stuck at %s: %v", q.Key, w.Notes)
		}
	}
	r.t.Fatal("the interview does not end")
	return r
}

var alone = map[string]string{
	"household_size": "1", "member.1.health": "healthy", "member.1.disability_grade": "none", "member.1.work": "retired",
	"member.1.income_kinds": "none", "deposits": "300000", "medical_12m": "1200", "phone": "13800000000",
}

var corners = device.Quad{{X: .1, Y: .1}, {X: .9, Y: .1}, {X: .9, Y: .9}, {X: .1, Y: .9}}

// papers scans one page of the first paper and brings the others later.
func (r *resident) papers() *resident {
	r.t.Helper()
	r.at(view.ScreenMaterials)
	r.tap(view.DoNext, "")
	r.at(view.ScreenScan)
	r.scanOne()
	for r.s.View().Screen == view.ScreenScan {
		if slices.Contains(r.s.View().Offers, view.DoNext) {
			r.tap(view.DoNext, "")
		} else {
			r.tap(view.DoLater, "")
		}
	}
	return r
}

func (r *resident) scanOne() {
	r.t.Helper()
	r.tap(view.DoShoot, "")
	wanted[journey.TakeFrame](r)
	r.event(journey.FrameTaken{Frame: device.Frame{JPEG: []byte("frame"), At: r.now}})
	r.touch(journey.Touch{Do: view.DoAccept, Quad: &corners})
	m := wanted[journey.MakePage](r)
	r.event(journey.PageMade{Frame: m.Frame, Page: device.Page{JPEG: []byte("page"), DPI: 200}})
	r.tap(view.DoAccept, "")
}

func (r *resident) signatures() *resident {
	r.t.Helper()
	for r.s.View().Screen == view.ScreenSign {
		r.touch(journey.Touch{Do: view.DoSign, Strokes: [][]device.Sample{{{X: 10, Y: 10}, {X: 60, Y: 40, T: 300}}}})
	}
	return r
}

func (r *resident) toReview() *resident {
	r.t.Helper()
	r.withCard().answers(alone)
	r.at(view.ScreenEstimate)
	r.tap(view.DoNext, "")
	r.papers().signatures()
	r.at(view.ScreenReview)
	return r
}

func TestAnApplicationGoesFromTheCardToTheSlip(t *testing.T) {
	r := newResident(t).toReview()
	r.tap(view.DoSubmit, "")
	r.at(view.ScreenSending)
	keep := wanted[journey.Keep](r)
	d := keep.Draft
	if d.Card.Number != card.Number || len(d.Pages) != 1 || d.Pages[0].No != 1 || len(d.Signatures) != len(d.Item.Documents) || d.Estimate == nil {
		t.Fatalf("draft: %d pages, %d signatures, estimate %v", len(d.Pages), len(d.Signatures), d.Estimate != nil)
	}
	if got := d.Answers.Get(household.Key{Fact: "deposits"}); got.Number != 30_000_000 {
		t.Errorf("deposits kept as %d fen", got.Number)
	}
	r.event(journey.Kept{Dossier: "d1", SlipNo: "SJ-1", QueryCode: "12345678"})
	if a := wanted[journey.Await](r); a.Dossier != "d1" || a.Patience != 10*time.Second {
		t.Errorf("awaits %+v", a)
	}
	r.event(journey.Central{Delivered: true})
	paper := wanted[journey.Print](r).Slip
	if text := words(paper); !strings.Contains(text, "SJ-1") || !strings.Contains(text, "已上传") || strings.Contains(text, "已受理") || strings.Contains(text, "19491231") {
		t.Errorf("slip says:\n%s", text)
	}
	v := r.event(journey.Printed{Printed: device.Printed{Confirmed: true}})
	if v.Slip.Print != "printed" || !v.Slip.Delivered {
		t.Errorf("screen says %+v", v.Slip)
	}
	r.tap(view.DoFinish, "")
	r.at(view.ScreenAttract)
	wanted[journey.End](r)
}

func words(s device.Slip) string {
	var b strings.Builder
	for _, row := range s.Rows {
		switch row := row.(type) {
		case device.Text:
			b.WriteString(row.Text)
		case device.Columns:
			b.WriteString(row.Left + "\t" + row.Right)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func TestTheSlipSaysWaitingWhenCentralHasNotReceiptedYet(t *testing.T) {
	r := newResident(t).toReview()
	r.tap(view.DoSubmit, "")
	r.event(journey.Kept{Dossier: "d1", SlipNo: "SJ-1", QueryCode: "12345678"})
	r.event(journey.Central{})
	if text := words(wanted[journey.Print](r).Slip); !strings.Contains(text, "待上传") || strings.Contains(text, "已上传") {
		t.Errorf("slip says:\n%s", text)
	}
	v := r.event(journey.Printed{})
	if v.Slip.Print != "unconfirmed" {
		t.Errorf("a printer that did not confirm made the screen say %q", v.Slip.Print)
	}
	if v = r.event(journey.Central{Delivered: true}); !v.Slip.Delivered {
		t.Error("the screen does not tell that it has arrived after all")
	}
}

func TestASlipThatWasNotPrintedCanBePrintedAgain(t *testing.T) {
	r := newResident(t).toReview()
	r.tap(view.DoSubmit, "")
	r.event(journey.Kept{Dossier: "d1", SlipNo: "SJ-1", QueryCode: "12345678"})
	r.event(journey.Central{Delivered: true})
	v := r.event(journey.PrintFault{Err: &device.Fault{Device: device.Printer, Op: "print", Err: device.ErrPaperOut}})
	if v.Slip.Print != "failed" || v.Slip.Cause.ID != view.PhrasePrinterPaper {
		t.Fatalf("screen says %+v", v.Slip)
	}
	r.tap(view.DoPrint, "")
	if text := words(wanted[journey.Print](r).Slip); !strings.Contains(text, "SJ-1") {
		t.Errorf("second slip says:\n%s", text)
	}
}

func TestAFullDiskLosesNothingAndGoesBackToTheReview(t *testing.T) {
	r := newResident(t).toReview()
	r.tap(view.DoSubmit, "")
	v := r.event(journey.NotKept{Err: errors.New("no space"), Full: true})
	if v.Screen != view.ScreenReview || len(v.Notes) == 0 || v.Notes[0].ID != view.PhraseKeepFull || !v.Review.Ready {
		t.Fatalf("%s with notes %v", v.Screen, v.Notes)
	}
	r.tap(view.DoSubmit, "")
	if d := wanted[journey.Keep](r).Draft; len(d.Pages) != 1 || len(d.Signatures) == 0 {
		t.Error("something was lost between the tries")
	}
}

func TestACameraThatIsGoneIsToldAndThePaperCanComeLater(t *testing.T) {
	r := newResident(t).withCard().answers(alone)
	r.tap(view.DoNext, "")
	r.tap(view.DoNext, "")
	r.tap(view.DoShoot, "")
	v := r.event(journey.FrameFault{Err: device.ErrGone})
	if v.Notes[0].ID != view.PhraseCameraGone || !slices.Contains(v.Offers, view.DoLater) || !slices.Contains(v.Offers, view.DoShoot) {
		t.Errorf("notes %v, offers %v", v.Notes, v.Offers)
	}
}

func TestCornersThatGoRoundNoPageAreRefused(t *testing.T) {
	r := newResident(t).withCard().answers(alone)
	r.tap(view.DoNext, "")
	r.tap(view.DoNext, "")
	r.tap(view.DoShoot, "")
	r.event(journey.FrameTaken{Frame: device.Frame{JPEG: []byte("frame")}})
	crossed := device.Quad{corners[0], corners[2], corners[1], corners[3]}
	for _, q := range []*device.Quad{nil, &crossed, {}} {
		v := r.touch(journey.Touch{Do: view.DoAccept, Quad: q})
		if _, made := effect[journey.MakePage](r); made || v.Notes[0].ID != view.PhraseCorners {
			t.Errorf("%v taken, notes %v", q, v.Notes)
		}
	}
}

func TestAnEmptySignatureIsNotTaken(t *testing.T) {
	r := newResident(t).withCard().answers(alone)
	r.tap(view.DoNext, "")
	r.papers()
	r.at(view.ScreenSign)
	outside := [][]device.Sample{{{X: -5, Y: 10}, {X: 500, Y: 10}}}
	for _, strokes := range [][][]device.Sample{nil, {{{X: 1, Y: 1}}}, outside} {
		if v := r.touch(journey.Touch{Do: view.DoSign, Strokes: strokes}); v.Notes[0].ID != view.PhraseSignFirst || v.Document.Now != 1 {
			t.Errorf("%v taken", strokes)
		}
	}
}

func TestASignatureBindsToTheWordsThatWereShown(t *testing.T) {
	r := newResident(t).withCard().answers(alone)
	r.tap(view.DoNext, "")
	r.papers()
	shown := r.at(view.ScreenSign).Document
	r.signatures()
	r.tap(view.DoSubmit, "")
	sig := wanted[journey.Keep](r).Draft.Signatures[0]
	if sig.ShownDigest != shown.Digest || sig.Document != shown.ID || !slices.Equal(sig.Paragraphs, shown.Paragraphs) {
		t.Errorf("signed %s %s, shown %s %s", sig.Document, sig.ShownDigest, shown.ID, shown.Digest)
	}
}

func TestNoScreenShowsTheWholeNumber(t *testing.T) {
	r := newResident(t).toCard()
	r.event(journey.CardRead{Card: card})
	if v := r.s.View(); v.Card.Number != "110*************2X" {
		t.Errorf("shown %s", v.Card.Number)
	}
	r.tap(view.DoNext, "")
	r.answers(alone)
	r.tap(view.DoNext, "")
	r.papers().signatures()
	for _, s := range r.s.View().Review.Sections {
		for _, l := range s.Lines {
			if strings.Contains(l.Value, "11010519491231002X") || strings.Contains(l.Value, "13800000000") {
				t.Errorf("%s shows %s", l.Label["zh-CN"], l.Value)
			}
		}
	}
}

func TestEveryServiceScreenOffersAPersonAndAWayOut(t *testing.T) {
	r := newResident(t)
	r.toReview()
	for _, do := range []view.Do{view.DoHelp, view.DoLeave, view.DoBack} {
		if !slices.Contains(r.s.View().Offers, do) {
			t.Errorf("review does not offer %s", do)
		}
	}
}

func TestAfterKeepingLeavingDoesNotThreatenToWipe(t *testing.T) {
	r := newResident(t).toReview()
	r.tap(view.DoSubmit, "")
	r.event(journey.Kept{Dossier: "d1", SlipNo: "SJ-1", QueryCode: "12345678"})
	r.event(journey.Central{})
	r.event(journey.PrintFault{Err: device.ErrPaperOut})
	r.tap(view.DoLeave, "")
	r.at(view.ScreenAttract)
}

func TestAKeptVisitThatIsLeftAloneIsNotSaidToBeUnsubmitted(t *testing.T) {
	r := newResident(t).toReview()
	r.tap(view.DoSubmit, "")
	r.event(journey.Kept{Dossier: "d1", SlipNo: "SJ-1", QueryCode: "12345678"})
	r.event(journey.Central{})
	r.event(journey.PrintFault{Err: device.ErrPaperOut})
	for range 10 {
		at, ok := r.s.Wake()
		if !ok {
			break
		}
		r.now = at
		if v := r.event(journey.Tick{}); v.Screen == view.ScreenWiped || v.Cover != nil && v.Cover.Kind != view.CoverPrivacy {
			t.Fatalf("%s %v", v.Screen, v.Cover)
		}
	}
	r.at(view.ScreenAttract)
}

func TestGoingBackNeverMeetsAQuestionThatHasGone(t *testing.T) {
	r := newResident(t).withCard()
	two := map[string]string{"household_size": "2", "member.2.name": "李明", "member.2.relation": "spouse", "member.1.income_kinds": "none", "member.2.income_kinds": "none"}
	r.answers(two)
	r.tap(view.DoNext, "")
	r.papers().signatures()
	r.at(view.ScreenReview)
	r.tap(view.DoEdit, "answer:household_size")
	r.tap(view.DoAnswer, "1")
	r.at(view.ScreenReview)
	for range 120 {
		v := r.s.View()
		if v.Cover != nil || v.Screen == view.ScreenConfirm {
			return
		}
		if v.Screen == view.ScreenQuestion && (v.Question.Key == "" || strings.HasPrefix(v.Question.Key, "member.2")) {
			t.Fatalf("going back meets %q", v.Question.Key)
		}
		r.tap(view.DoBack, "")
	}
	t.Fatal("going back does not end")
}
