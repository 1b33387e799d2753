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
	"yimen/kiosk/journey/journeytest"
	"yimen/kiosk/journey/view"
	"yimen/kiosk/policy"
)

// resident walks through an application as a desk and a pair of hands would.
type resident struct{ *journeytest.Hands }

func newResident(t *testing.T) *resident {
	t.Helper()
	return newResidentOf(t, journeytest.Pack(t, policy.Demo))
}

func newResidentOf(t *testing.T, pack *policy.Pack) *resident {
	t.Helper()
	return &resident{journeytest.At(t, journeytest.Config(pack.With(policy.Demo), Service{}))}
}

var card = device.Card{
	Kind: device.CitizenCard, Name: "王𠮷䶮", Sex: "2", Ethnic: "01", Birth: "19491231", Address: "内蒙古呼和浩特市新城区示例街1号",
	Number: "11010519491231002X", ValidFrom: "20200101", ValidTo: "20400101",
}

// toCard goes from the first screen to the card reader.
func (r *resident) toCard() *resident {
	r.T.Helper()
	r.Tap(view.DoStart, "")
	r.Tap(view.DoNext, "")
	r.At(view.ScreenMenu)
	r.Tap(view.DoChoose, "apply:0101")
	r.Tap(view.DoNext, "")
	r.At(view.ScreenNotice)
	r.Tap(view.DoNext, "")
	r.At(view.ScreenCard)
	journeytest.Wanted[journey.ReadCard](r)
	return r
}

func (r *resident) withCard() *resident {
	r.T.Helper()
	r.toCard()
	r.Event(journey.CardRead{Card: card})
	r.At(view.ScreenConfirm)
	r.Tap(view.DoNext, "")
	return r
}

// answers goes through the interview, with what is given.
func (r *resident) answers(given map[string]string) *resident {
	r.T.Helper()
	r.Answer(given)
	return r
}

var alone = map[string]string{
	"household_size": "1", "member.1.health": "healthy", "member.1.disability_grade": "none", "member.1.work": "retired",
	"member.1.income_kinds": "none", "deposits": "300000", "medical_12m": "1200", "phone": "13800000000",
}

var corners = journeytest.Corners()

// papers scans one page of the first paper and brings the others later.
func (r *resident) papers() *resident {
	r.T.Helper()
	r.Papers()
	return r
}

func (r *resident) signatures() *resident {
	r.T.Helper()
	r.Sign()
	return r
}

func (r *resident) toReview() *resident {
	r.T.Helper()
	r.withCard().answers(alone)
	r.At(view.ScreenEstimate)
	r.Tap(view.DoNext, "")
	r.papers().signatures()
	r.At(view.ScreenReview)
	return r
}

func TestAnApplicationGoesFromTheCardToTheSlip(t *testing.T) {
	r := newResident(t).toReview()
	r.Tap(view.DoSubmit, "")
	r.At(view.ScreenSending)
	keep := journeytest.Wanted[journey.Keep](r)
	d := keep.Draft
	if d.Card.Number != card.Number || len(d.Pages) != 1 || d.Pages[0].No != 1 || len(d.Signatures) != len(d.Item.Documents) || d.Estimate == nil {
		t.Fatalf("draft: %d pages, %d signatures, estimate %v", len(d.Pages), len(d.Signatures), d.Estimate != nil)
	}
	if got := d.Answers.Get(household.Key{Fact: "deposits"}); got.Number != 30_000_000 {
		t.Errorf("deposits kept as %d fen", got.Number)
	}
	r.Event(journey.Kept{Dossier: "d1", SlipNo: "SJ-1", QueryCode: "12345678"})
	if a := journeytest.Wanted[journey.Await](r); a.Dossier != "d1" || a.Patience != 10*time.Second {
		t.Errorf("awaits %+v", a)
	}
	r.Event(journey.Central{Delivered: true})
	paper := journeytest.Wanted[journey.Print](r).Slip
	if text := words(paper); !strings.Contains(text, "SJ-1") || !strings.Contains(text, "已上传") || strings.Contains(text, "已受理") || strings.Contains(text, "19491231") {
		t.Errorf("slip says:\n%s", text)
	}
	v := r.Event(journey.Printed{Printed: device.Printed{Confirmed: true}})
	if v.Slip.Print != "printed" || !v.Slip.Delivered {
		t.Errorf("screen says %+v", v.Slip)
	}
	r.Tap(view.DoFinish, "")
	r.At(view.ScreenAttract)
	journeytest.Wanted[journey.End](r)
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
	r.Tap(view.DoSubmit, "")
	r.Event(journey.Kept{Dossier: "d1", SlipNo: "SJ-1", QueryCode: "12345678"})
	r.Event(journey.Central{})
	if text := words(journeytest.Wanted[journey.Print](r).Slip); !strings.Contains(text, "待上传") || strings.Contains(text, "已上传") {
		t.Errorf("slip says:\n%s", text)
	}
	v := r.Event(journey.Printed{})
	if v.Slip.Print != "unconfirmed" {
		t.Errorf("a printer that did not confirm made the screen say %q", v.Slip.Print)
	}
	if v = r.Event(journey.Central{Delivered: true}); !v.Slip.Delivered {
		t.Error("the screen does not tell that it has arrived after all")
	}
}

func TestASlipThatWasNotPrintedCanBePrintedAgain(t *testing.T) {
	r := newResident(t).toReview()
	r.Tap(view.DoSubmit, "")
	r.Event(journey.Kept{Dossier: "d1", SlipNo: "SJ-1", QueryCode: "12345678"})
	r.Event(journey.Central{Delivered: true})
	v := r.Event(journey.PrintFault{Err: &device.Fault{Device: device.Printer, Op: "print", Err: device.ErrPaperOut}})
	if v.Slip.Print != "failed" || v.Slip.Cause.ID != view.PhrasePrinterPaper {
		t.Fatalf("screen says %+v", v.Slip)
	}
	r.Tap(view.DoPrint, "")
	if text := words(journeytest.Wanted[journey.Print](r).Slip); !strings.Contains(text, "SJ-1") {
		t.Errorf("second slip says:\n%s", text)
	}
}

func TestAFullDiskLosesNothingAndGoesBackToTheReview(t *testing.T) {
	r := newResident(t).toReview()
	r.Tap(view.DoSubmit, "")
	v := r.Event(journey.NotKept{Err: errors.New("no space"), Full: true})
	if v.Screen != view.ScreenReview || len(v.Notes) == 0 || v.Notes[0].ID != view.PhraseKeepFull || !v.Review.Ready {
		t.Fatalf("%s with notes %v", v.Screen, v.Notes)
	}
	r.Tap(view.DoSubmit, "")
	if d := journeytest.Wanted[journey.Keep](r).Draft; len(d.Pages) != 1 || len(d.Signatures) == 0 {
		t.Error("something was lost between the tries")
	}
}

func TestACameraThatIsGoneIsToldAndThePaperCanComeLater(t *testing.T) {
	r := newResident(t).withCard().answers(alone)
	r.Tap(view.DoNext, "")
	r.Tap(view.DoNext, "")
	r.Tap(view.DoShoot, "")
	v := r.Event(journey.FrameFault{Err: device.ErrGone})
	if v.Notes[0].ID != view.PhraseCameraGone || !slices.Contains(v.Offers, view.DoLater) || !slices.Contains(v.Offers, view.DoShoot) {
		t.Errorf("notes %v, offers %v", v.Notes, v.Offers)
	}
}

func TestCornersThatGoRoundNoPageAreRefused(t *testing.T) {
	r := newResident(t).withCard().answers(alone)
	r.Tap(view.DoNext, "")
	r.Tap(view.DoNext, "")
	r.Tap(view.DoShoot, "")
	r.Event(journey.FrameTaken{Frame: device.Frame{JPEG: []byte("frame")}})
	crossed := device.Quad{corners[0], corners[2], corners[1], corners[3]}
	for _, q := range []*device.Quad{nil, &crossed, {}} {
		v := r.Touch(journey.Touch{Do: view.DoAccept, Quad: q})
		if _, made := journeytest.Asked[journey.MakePage](r); made || v.Notes[0].ID != view.PhraseCorners {
			t.Errorf("%v taken, notes %v", q, v.Notes)
		}
	}
}

func TestAnEmptySignatureIsNotTaken(t *testing.T) {
	r := newResident(t).withCard().answers(alone)
	r.Tap(view.DoNext, "")
	r.papers()
	r.At(view.ScreenSign)
	outside := [][]device.Sample{{{X: -5, Y: 10}, {X: 500, Y: 10}}}
	for _, strokes := range [][][]device.Sample{nil, {{{X: 1, Y: 1}}}, outside} {
		if v := r.Touch(journey.Touch{Do: view.DoSign, Strokes: strokes}); v.Notes[0].ID != view.PhraseSignFirst || v.Document.Now != 1 {
			t.Errorf("%v taken", strokes)
		}
	}
}

func TestASignatureBindsToTheWordsThatWereShown(t *testing.T) {
	r := newResident(t).withCard().answers(alone)
	r.Tap(view.DoNext, "")
	r.papers()
	shown := r.At(view.ScreenSign).Document
	r.signatures()
	r.Tap(view.DoSubmit, "")
	sig := journeytest.Wanted[journey.Keep](r).Draft.Signatures[0]
	if sig.ShownDigest != shown.Digest || sig.Document != shown.ID || !slices.Equal(sig.Paragraphs, shown.Paragraphs) {
		t.Errorf("signed %s %s, shown %s %s", sig.Document, sig.ShownDigest, shown.ID, shown.Digest)
	}
}

func TestNoScreenShowsTheWholeNumber(t *testing.T) {
	r := newResident(t).toCard()
	r.Event(journey.CardRead{Card: card})
	if v := r.View(); v.Card.Number != "110*************2X" {
		t.Errorf("shown %s", v.Card.Number)
	}
	r.Tap(view.DoNext, "")
	r.answers(alone)
	r.Tap(view.DoNext, "")
	r.papers().signatures()
	for _, s := range r.View().Review.Sections {
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
		if !slices.Contains(r.View().Offers, do) {
			t.Errorf("review does not offer %s", do)
		}
	}
}

func TestAfterKeepingLeavingDoesNotThreatenToWipe(t *testing.T) {
	r := newResident(t).toReview()
	r.Tap(view.DoSubmit, "")
	r.Event(journey.Kept{Dossier: "d1", SlipNo: "SJ-1", QueryCode: "12345678"})
	r.Event(journey.Central{})
	r.Event(journey.PrintFault{Err: device.ErrPaperOut})
	r.Tap(view.DoLeave, "")
	r.At(view.ScreenAttract)
}

func TestAKeptVisitThatIsLeftAloneIsNotSaidToBeUnsubmitted(t *testing.T) {
	r := newResident(t).toReview()
	r.Tap(view.DoSubmit, "")
	r.Event(journey.Kept{Dossier: "d1", SlipNo: "SJ-1", QueryCode: "12345678"})
	r.Event(journey.Central{})
	r.Event(journey.PrintFault{Err: device.ErrPaperOut})
	for range 10 {
		at, ok := r.State.Wake()
		if !ok {
			break
		}
		r.Now = at
		if v := r.Event(journey.Tick{}); v.Screen == view.ScreenWiped || v.Cover != nil && v.Cover.Kind != view.CoverPrivacy {
			t.Fatalf("%s %v", v.Screen, v.Cover)
		}
	}
	r.At(view.ScreenAttract)
}

func TestGoingBackNeverMeetsAQuestionThatHasGone(t *testing.T) {
	r := newResident(t).withCard()
	two := map[string]string{"household_size": "2", "member.2.name": "李明", "member.2.relation": "spouse", "member.1.income_kinds": "none", "member.2.income_kinds": "none"}
	r.answers(two)
	r.Tap(view.DoNext, "")
	r.papers().signatures()
	r.At(view.ScreenReview)
	r.Tap(view.DoEdit, "answer:household_size")
	r.Tap(view.DoAnswer, "1")
	r.At(view.ScreenReview)
	for range 120 {
		v := r.View()
		if v.Cover != nil || v.Screen == view.ScreenConfirm {
			return
		}
		if v.Screen == view.ScreenQuestion && (v.Question.Key == "" || strings.HasPrefix(v.Question.Key, "member.2")) {
			t.Fatalf("going back meets %q", v.Question.Key)
		}
		r.Tap(view.DoBack, "")
	}
	t.Fatal("going back does not end")
}
