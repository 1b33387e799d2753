package apply

import (
	"slices"
	"strings"
	"testing"

	"yimen/drivers/device"
	"yimen/kiosk/household"
	"yimen/kiosk/journey"
)

func TestOneAnswerIsChangedAndTheRestIsKept(t *testing.T) {
	r := newResident(t).toReview()
	r.tap(journey.DoEdit, "answer:deposits")
	if v := r.at(journey.ScreenQuestion); v.Question.Key != "deposits" || v.Question.Value != "300000" {
		t.Fatalf("asked %s with %q", v.Question.Key, v.Question.Value)
	}
	r.tap(journey.DoAnswer, "1250.5")
	r.at(journey.ScreenReview)
	r.tap(journey.DoSubmit, "")
	d := wanted[journey.Keep](r).Draft
	if got := d.Answers.Get(household.Key{Fact: "deposits"}).Number; got != 125_050 {
		t.Errorf("deposits kept as %d fen", got)
	}
	if len(d.Pages) != 1 || len(d.Signatures) != len(d.Item.Documents) {
		t.Error("pages or signatures were lost by a change of one answer")
	}
}

func TestAChangeThatAsksForMoreAsksItAndReturns(t *testing.T) {
	r := newResident(t).toReview()
	r.tap(journey.DoEdit, "answer:household_size")
	r.tap(journey.DoAnswer, "2")
	v := r.at(journey.ScreenQuestion)
	if !strings.HasPrefix(v.Question.Key, "member.2.") {
		t.Fatalf("asked %s after a second person was added", v.Question.Key)
	}
	r.answers(map[string]string{"member.2.name": "李明", "member.2.relation": "spouse"})
	r.at(journey.ScreenReview)
}

func TestAPaperIsChangedFromTheReviewAndTheVisitReturns(t *testing.T) {
	r := newResident(t).toReview()
	r.tap(journey.DoEdit, "paper:M10")
	if v := r.at(journey.ScreenScan); v.Scan.Material.Code != "M10" {
		t.Fatalf("scanning %s", v.Scan.Material.Code)
	}
	r.scanOne()
	r.tap(journey.DoNext, "")
	r.at(journey.ScreenReview)
}

func TestASignatureUnderOtherWordsThanNowCountsAsMissing(t *testing.T) {
	r := newResident(t).toReview()
	r.tap(journey.DoEdit, "answer:household_size") // the undertaking names it
	r.tap(journey.DoAnswer, "2")
	r.answers(map[string]string{"member.2.name": "李明", "member.2.relation": "spouse"})
	v := r.at(journey.ScreenReview)
	if v.Review.Ready {
		t.Fatal("an undertaking signed for one person is taken for two")
	}
	r.tap(journey.DoSubmit, "")
	v = r.at(journey.ScreenReview)
	for _, line := range lines(v) {
		if line.Problem.ID == journey.PhraseReviewSignAgain {
			r.tap(journey.DoEdit, line.Edit)
			r.signatures()
		}
	}
	if v := r.at(journey.ScreenReview); !v.Review.Ready {
		t.Fatal("signed again, and still not ready")
	}
	r.tap(journey.DoSubmit, "")
	d := wanted[journey.Keep](r).Draft
	var order []string
	for _, sig := range d.Signatures {
		order = append(order, sig.Document)
	}
	if !slices.Equal(order, d.Item.Documents) {
		t.Errorf("signed %v, want %v", order, d.Item.Documents)
	}
}

func lines(v journey.View) (all []journey.ReviewLine) {
	for _, s := range v.Review.Sections {
		all = append(all, s.Lines...)
	}
	return all
}

func TestAScannedPaperThatIsNotAskedForAnyMoreCanBeSeenAndTakenOut(t *testing.T) {
	r := newResident(t).toReview()
	r.tap(journey.DoEdit, "paper:M10")
	r.scanOne()
	r.tap(journey.DoNext, "")
	r.tap(journey.DoEdit, "answer:medical_12m") // M10 is asked for because of it
	r.tap(journey.DoAnswer, "0")
	v := r.at(journey.ScreenReview)
	if !slices.ContainsFunc(lines(v), func(l journey.ReviewLine) bool { return l.Edit == "paper:M10" && l.Said.Args["n"] == "1" }) {
		t.Fatal("a page goes up that the resident cannot see")
	}
	r.tap(journey.DoEdit, "paper:M10")
	r.tap(journey.DoLook, r.at(journey.ScreenScan).Scan.Pages[0].ID)
	r.tap(journey.DoDelete, "")
	v = r.at(journey.ScreenReview)
	if slices.ContainsFunc(lines(v), func(l journey.ReviewLine) bool { return l.Edit == "paper:M10" }) {
		t.Error("taken out and still listed")
	}
}

func TestTheSlipListsEveryPaperThatGoesUp(t *testing.T) {
	r := newResident(t).toReview()
	r.tap(journey.DoEdit, "paper:M10")
	r.scanOne()
	r.tap(journey.DoNext, "")
	r.tap(journey.DoEdit, "answer:medical_12m")
	r.tap(journey.DoAnswer, "0")
	r.tap(journey.DoSubmit, "")
	r.event(journey.Kept{Dossier: "d", SlipNo: "SJ-1", QueryCode: "12345678"})
	r.event(journey.Central{})
	if paper := words(wanted[journey.Print](r).Slip); !strings.Contains(paper, "医疗费票据") {
		t.Errorf("the slip does not list the bills:\n%s", paper)
	}
}

func TestTheReviewSaysWhomEachAnswerIsAbout(t *testing.T) {
	r := newResident(t).toReview()
	r.tap(journey.DoEdit, "answer:household_size")
	r.tap(journey.DoAnswer, "2")
	r.answers(map[string]string{"member.2.name": "李明", "member.2.relation": "spouse", "member.2.away": "none"})
	seen := map[string]string{}
	for _, s := range r.at(journey.ScreenReview).Review.Sections {
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
	r.tap(journey.DoEdit, "answer:deposits")
	r.tap(journey.DoAnswer, "1")
	for r.s.View().Screen != journey.ScreenQuestion {
		r.tap(journey.DoBack, "")
	}
	if key := r.s.View().Question.Key; key != "account" {
		t.Errorf("back at %s, not at the last question", key)
	}
}

func TestGoingBackShowsNoQuestionThatIsNotAskedAnyMore(t *testing.T) {
	two := map[string]string{"household_size": "2", "member.2.name": "李明", "member.2.relation": "spouse"}
	r := newResident(t).withCard().answers(two)
	r.at(journey.ScreenEstimate)
	r.tap(journey.DoNext, "")
	r.papers().signatures()
	r.at(journey.ScreenReview)
	r.tap(journey.DoEdit, "answer:household_size")
	r.tap(journey.DoAnswer, "1")
	r.at(journey.ScreenReview)
	for range 100 {
		v := r.tap(journey.DoBack, "")
		if v.Screen == journey.ScreenConfirm {
			return
		}
		if v.Screen == journey.ScreenQuestion && (v.Question.Key == "" || strings.HasPrefix(v.Question.Key, "member.2.")) {
			t.Fatalf("asked %q of a household of one", v.Question.Key)
		}
	}
	t.Fatal("going back does not end")
}

func TestALatePictureBelongsToNoOtherPaper(t *testing.T) {
	r := newResident(t).withCard().answers(alone)
	r.tap(journey.DoNext, "")
	r.tap(journey.DoNext, "")
	first := r.at(journey.ScreenScan).Scan.Material.Code
	r.tap(journey.DoLater, "")
	r.tap(journey.DoShoot, "")
	r.tap(journey.DoBack, "")
	r.event(journey.FrameTaken{Frame: device.Frame{JPEG: []byte("of the second paper"), At: r.now}})
	if v := r.at(journey.ScreenScan); v.Scan.Material.Code != first || v.Scan.Still != "" || !v.Scan.Live {
		t.Errorf("a picture shot for the second paper is shown for %s", v.Scan.Material.Code)
	}
}

func TestWhatTheEstimateLacksSaysOfWhom(t *testing.T) {
	r := newResident(t).withCard().answers(map[string]string{
		"household_size": "3", "member.2.name": "李明", "member.2.relation": "spouse", "member.3.name": "李红", "member.3.relation": "child",
	})
	seen := map[string]bool{}
	for _, m := range r.at(journey.ScreenEstimate).Estimate.Missing {
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
	for r.s.View().Question.Key != "address" {
		before := r.s.View().Question.Key
		if before == "household_size" {
			r.tap(journey.DoAnswer, "1")
		} else {
			r.tap(journey.DoUnknown, "")
		}
	}
	v := r.tap(journey.DoAnswer, strings.Repeat("长", 500))
	if len(v.Notes) == 0 || v.Notes[0].ID != journey.PhraseAnswerLong {
		t.Errorf("a long address is answered with %v", v.Notes)
	}
}
