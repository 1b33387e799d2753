package apply

import (
	"slices"
	"testing"
	"time"

	"yimen/drivers/device"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/journeytest"
	"yimen/kiosk/journey/view"
)

// assisted begins an application with a journeytest.Helper(), up to the first question.
func assisted(t *testing.T) *resident {
	t.Helper()
	r := newResident(t)
	r.Tap(view.DoStart, "")
	r.Tap(view.DoNext, "")
	r.Tap(view.DoChoose, "apply:0101")
	r.At(view.ScreenItem)
	r.Tap(view.DoAssist, "")
	r.At(view.ScreenNotice)
	r.Tap(view.DoNext, "")
	r.Event(journey.CardRead{Card: card})
	r.Tap(view.DoNext, "")
	if v := r.At(view.ScreenCard); v.Card.Whose.ID != view.PhraseCardOfHelper {
		t.Fatalf("whose card is asked for: %+v", v.Card)
	}
	r.Event(journey.CardRead{Card: journeytest.Helper()})
	r.Tap(view.DoNext, "")
	r.At(view.ScreenQuestion)
	return r
}

func TestEachPageOfAnAssistedVisitWaitsForTheResidentsOwnWord(t *testing.T) {
	r := assisted(t)
	first := r.View().Question.Key
	v := r.Tap(view.DoAnswer, r.answerNow())
	if v.Cover == nil || v.Cover.Kind != view.CoverAssist || v.Question.Key != first || len(v.Offers) != 2 {
		t.Fatalf("after the helper's touch: %+v, offers %v", v.Cover, v.Offers)
	}
	if s := v.Cover.Said; s == nil || s.Value != r.answerNow() && len(s.Options) == 0 {
		t.Errorf("the resident is asked about %+v", s)
	}
	v = r.Tap(view.DoDeny, "")
	if v.Cover != nil || v.Question.Key != first || v.Question.Known != "" {
		t.Errorf("what the resident did not mean was taken: %+v", v.Question)
	}
	r.Tap(view.DoAnswer, r.answerNow())
	if v = r.Tap(view.DoConfirm, ""); v.Cover != nil || v.Question != nil && v.Question.Key == first {
		t.Errorf("what the resident meant was not taken: %+v", v.Question)
	}
}

// answerNow is an answer that the present question takes.
func (r *resident) answerNow() string {
	r.T.Helper()
	q := r.View().Question
	if len(q.Options) > 0 {
		return q.Options[0].Code
	}
	return "1"
}

func TestGoingBackAndAskingForHelpNeedNoConfirmation(t *testing.T) {
	r := assisted(t)
	if v := r.Tap(view.DoHelp, ""); v.Cover.Kind != view.CoverHelp {
		t.Errorf("%+v", v.Cover)
	}
	r.Tap(view.DoHelpEnd, "")
	if v := r.Tap(view.DoBack, ""); v.Cover != nil {
		t.Errorf("%+v", v.Cover)
	}
}

func TestAHelperIsNamedInTheRecordWithThePagesThatWereConfirmed(t *testing.T) {
	r := assisted(t)
	for range 300 {
		v := r.View()
		switch {
		case v.Cover != nil:
			r.Tap(view.DoConfirm, "")
			continue
		case v.Screen == view.ScreenReview:
			r.Tap(view.DoSubmit, "")
			r.Tap(view.DoConfirm, "")
			with := journeytest.Wanted[journey.Keep](r).Draft.Assist
			if with == nil || with.Helper != journeytest.Helper().Name || with.Number != journeytest.Helper().Number || with.Confirmed < 5 {
				t.Fatalf("%+v", with)
			}
			r.Event(journey.Kept{SlipNo: "SJ-150102-0001-20261122-00001-3", QueryCode: "12345678"})
			r.Event(journey.Central{})
			journeytest.Wanted[journey.Print](r)
			return
		case v.Screen == view.ScreenQuestion && slices.Contains(v.Offers, view.DoUnknown):
			r.Tap(view.DoUnknown, "")
		case v.Screen == view.ScreenQuestion && v.Question.Value != "":
			r.Tap(view.DoAnswer, v.Question.Value)
		case v.Screen == view.ScreenQuestion:
			r.Tap(view.DoAnswer, r.answerNow())
		case v.Screen == view.ScreenScan && slices.Contains(v.Offers, view.DoLater):
			r.Tap(view.DoLater, "")
		case v.Screen == view.ScreenSign:
			r.Touch(journey.Touch{Do: view.DoSign, Strokes: [][]device.Sample{{{X: 10, Y: 10}, {X: 90, Y: 40}}}})
		default:
			r.Tap(view.DoNext, "")
		}
	}
	t.Fatalf("stuck at %s", r.View().Screen)
}

func TestAPageThatWasHeldIsForgottenWithTheVisit(t *testing.T) {
	r := assisted(t)
	r.Tap(view.DoAnswer, r.answerNow())
	for range 8 {
		r.Now = r.Now.Add(time.Minute)
		r.Event(journey.Tick{})
	}
	r.At(view.ScreenAttract)
	r.Tap(view.DoStart, "")
	r.Tap(view.DoNext, "")
	if v := r.Tap(view.DoChoose, "apply:0101"); v.Cover != nil {
		t.Errorf("the next resident is asked about it: %+v", v.Cover)
	}
	r.Tap(view.DoNext, "")
	r.At(view.ScreenNotice)
	r.Tap(view.DoNext, "")
	r.Event(journey.CardRead{Card: card})
	r.Tap(view.DoNext, "")
	if v := r.At(view.ScreenQuestion); v.Cover != nil {
		t.Error("the next resident's visit is assisted")
	}
}
