package apply

import (
	"slices"
	"strings"
	"testing"

	"yimen/drivers/device"
	"yimen/kiosk/household"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/journeytest"
	"yimen/kiosk/journey/view"
)

func TestOneAnswerIsChangedAndTheRestIsKept(t *testing.T) {
	r := newResident(t).toReview()
	r.Tap(view.DoEdit, "answer:deposits")
	if v := r.At(view.ScreenQuestion); v.Question.Key != "deposits" || v.Question.Value != "300000" {
		t.Fatalf("asked %s with %q", v.Question.Key, v.Question.Value)
	}
	r.Tap(view.DoAnswer, "1250.5")
	r.At(view.ScreenReview)
	r.Tap(view.DoSubmit, "")
	d := journeytest.Wanted[journey.Keep](r).Draft
	if got := d.Answers.Get(household.Key{Fact: "deposits"}).Number; got != 125_050 {
		t.Errorf("deposits kept as %d fen", got)
	}
	if len(d.Pages) != 1 || len(d.Signatures) != len(d.Item.Documents) {
		t.Error("pages or signatures were lost by a change of one answer")
	}
}

func TestAChangeThatAsksForMoreAsksItAndReturns(t *testing.T) {
	r := newResident(t).toReview()
	r.Tap(view.DoEdit, "answer:household_size")
	r.Tap(view.DoAnswer, "2")
	v := r.At(view.ScreenQuestion)
	if !strings.HasPrefix(v.Question.Key, "member.2.") {
		t.Fatalf("asked %s after a second person was added", v.Question.Key)
	}
	r.answers(map[string]string{"member.2.name": "李明", "member.2.relation": "spouse"})
	r.At(view.ScreenReview)
}

func TestAPaperIsChangedFromTheReviewAndTheVisitReturns(t *testing.T) {
	r := newResident(t).toReview()
	r.Tap(view.DoEdit, "paper:M10")
	if v := r.At(view.ScreenScan); v.Scan.Material.Code != "M10" {
		t.Fatalf("scanning %s", v.Scan.Material.Code)
	}
	r.ScanPage()
	r.Tap(view.DoNext, "")
	r.At(view.ScreenReview)
}

func TestASignatureUnderOtherWordsThanNowCountsAsMissing(t *testing.T) {
	r := newResident(t).toReview()
	r.Tap(view.DoEdit, "answer:household_size") // the undertaking names it
	r.Tap(view.DoAnswer, "2")
	r.answers(map[string]string{"member.2.name": "李明", "member.2.relation": "spouse"})
	v := r.At(view.ScreenReview)
	if v.Review.Ready {
		t.Fatal("an undertaking signed for one person is taken for two")
	}
	r.Tap(view.DoSubmit, "")
	v = r.At(view.ScreenReview)
	for _, line := range lines(v) {
		if line.Problem.ID == view.PhraseReviewSignAgain {
			r.Tap(view.DoEdit, line.Edit)
			r.signatures()
		}
	}
	if v := r.At(view.ScreenReview); !v.Review.Ready {
		t.Fatal("signed again, and still not ready")
	}
	r.Tap(view.DoSubmit, "")
	d := journeytest.Wanted[journey.Keep](r).Draft
	var order []string
	for _, sig := range d.Signatures {
		order = append(order, sig.Document)
	}
	if !slices.Equal(order, d.Item.Documents) {
		t.Errorf("signed %v, want %v", order, d.Item.Documents)
	}
}

func lines(v view.View) (all []view.ReviewLine) {
	for _, s := range v.Review.Sections {
		all = append(all, s.Lines...)
	}
	return all
}

func TestAScannedPaperThatIsNotAskedForAnyMoreCanBeSeenAndTakenOut(t *testing.T) {
	r := newResident(t).toReview()
	r.Tap(view.DoEdit, "paper:M10")
	r.ScanPage()
	r.Tap(view.DoNext, "")
	r.Tap(view.DoEdit, "answer:medical_12m") // M10 is asked for because of it
	r.Tap(view.DoAnswer, "0")
	v := r.At(view.ScreenReview)
	if !slices.ContainsFunc(lines(v), func(l view.ReviewLine) bool { return l.Edit == "paper:M10" && l.Said.Args["n"] == "1" }) {
		t.Fatal("a page goes up that the resident cannot see")
	}
	r.Tap(view.DoEdit, "paper:M10")
	r.Tap(view.DoLook, r.At(view.ScreenScan).Scan.Pages[0].ID)
	r.Tap(view.DoDelete, "")
	v = r.At(view.ScreenReview)
	if slices.ContainsFunc(lines(v), func(l view.ReviewLine) bool { return l.Edit == "paper:M10" }) {
		t.Error("taken out and still listed")
	}
}

func TestTheSlipListsEveryPaperThatGoesUp(t *testing.T) {
	r := newResident(t).toReview()
	r.Tap(view.DoEdit, "paper:M10")
	r.ScanPage()
	r.Tap(view.DoNext, "")
	r.Tap(view.DoEdit, "answer:medical_12m")
	r.Tap(view.DoAnswer, "0")
	r.Tap(view.DoSubmit, "")
	r.Event(journey.Kept{Dossier: "d", SlipNo: "SJ-1", QueryCode: "12345678"})
	r.Event(journey.Central{})
	if paper := words(journeytest.Wanted[journey.Print](r).Slip); !strings.Contains(paper, "医疗费票据") {
		t.Errorf("the slip does not list the bills:\n%s", paper)
	}
}

func TestTheReviewSaysWhomEachAnswerIsAbout(t *testing.T) {
	r := newResident(t).toReview()
	r.Tap(view.DoEdit, "answer:household_size")
	r.Tap(view.DoAnswer, "2")
	r.answers(map[string]string{"member.2.name": "李明", "member.2.relation": "spouse", "member.2.away": "none"})
	seen := map[string]string{}
	for _, s := range r.At(view.ScreenReview).Review.Sections {
		for _, l := range s.Lines {
			if strings.HasPrefix(l.Edit, "answer:member.") {
				label := s.Title.In("zh-CN") + l.Label.In("zh-CN")
				if other, twice := seen[label]; twice {
					t.Errorf("%s and %s read alike: %s", other, l.Edit, label)
				}
				seen[label] = l.Edit
			}
		}
	}
}

func TestAfterAChangeGoingBackComesToTheLastQuestion(t *testing.T) {
	r := newResident(t).toReview()
	r.Tap(view.DoEdit, "answer:deposits")
	r.Tap(view.DoAnswer, "1")
	for r.View().Screen != view.ScreenQuestion {
		r.Tap(view.DoBack, "")
	}
	if key := r.View().Question.Key; key != "account" {
		t.Errorf("back at %s, not at the last question", key)
	}
}

func TestGoingBackShowsNoQuestionThatIsNotAskedAnyMore(t *testing.T) {
	two := map[string]string{"household_size": "2", "member.2.name": "李明", "member.2.relation": "spouse"}
	r := newResident(t).withCard().answers(two)
	r.At(view.ScreenEstimate)
	r.Tap(view.DoNext, "")
	r.papers().signatures()
	r.At(view.ScreenReview)
	r.Tap(view.DoEdit, "answer:household_size")
	r.Tap(view.DoAnswer, "1")
	r.At(view.ScreenReview)
	for range 100 {
		v := r.Tap(view.DoBack, "")
		if v.Screen == view.ScreenConfirm {
			return
		}
		if v.Screen == view.ScreenQuestion && (v.Question.Key == "" || strings.HasPrefix(v.Question.Key, "member.2.")) {
			t.Fatalf("asked %q of a household of one", v.Question.Key)
		}
	}
	t.Fatal("going back does not end")
}

func TestALatePictureBelongsToNoOtherPaper(t *testing.T) {
	r := newResident(t).withCard().answers(alone)
	r.Tap(view.DoNext, "")
	r.Tap(view.DoNext, "")
	first := r.At(view.ScreenScan).Scan.Material.Code
	r.Tap(view.DoLater, "")
	r.Tap(view.DoShoot, "")
	r.Tap(view.DoBack, "")
	r.Event(journey.FrameTaken{Frame: device.Frame{JPEG: []byte("of the second paper"), At: r.Now}})
	if v := r.At(view.ScreenScan); v.Scan.Material.Code != first || v.Scan.Still != "" || !v.Scan.Live {
		t.Errorf("a picture shot for the second paper is shown for %s", v.Scan.Material.Code)
	}
}

func TestWhatTheEstimateLacksSaysOfWhom(t *testing.T) {
	r := newResident(t).withCard().answers(map[string]string{
		"household_size": "3", "member.2.name": "李明", "member.2.relation": "spouse", "member.3.name": "李红", "member.3.relation": "child",
	})
	seen := map[string]bool{}
	for _, m := range r.At(view.ScreenEstimate).Estimate.Missing {
		if label := m.In("zh-CN"); seen[label] {
			t.Errorf("%s is missing twice, and nobody knows of whom", label)
		} else {
			seen[label] = true
		}
	}
	if !seen["残疾等级：李红"] {
		t.Errorf("missing: %v", seen)
	}
}

func TestATextOfTheWrongLengthIsNotCalledANumber(t *testing.T) {
	r := newResident(t).withCard()
	for r.View().Question.Key != "address" {
		before := r.View().Question.Key
		if before == "household_size" {
			r.Tap(view.DoAnswer, "1")
		} else {
			r.Tap(view.DoUnknown, "")
		}
	}
	v := r.Tap(view.DoAnswer, strings.Repeat("长", 500))
	if len(v.Notes) == 0 || v.Notes[0].ID != view.PhraseAnswerLong {
		t.Errorf("a long address is answered with %v", v.Notes)
	}
}
