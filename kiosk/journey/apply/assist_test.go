package apply

import (
	"slices"
	"testing"
	"time"

	"yimen/drivers/device"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/view"
)

var helper = device.Card{Kind: device.CitizenCard, Name: "帮试忙", Number: "440524188001010014", Birth: "18800101", LongTerm: true}

// assisted begins an application with a helper, up to the first question.
func assisted(t *testing.T) *resident {
	t.Helper()
	r := newResident(t)
	r.tap(view.DoStart, "")
	r.tap(view.DoNext, "")
	r.tap(view.DoChoose, "apply:0101")
	r.at(view.ScreenItem)
	r.tap(view.DoAssist, "")
	r.at(view.ScreenNotice)
	r.tap(view.DoNext, "")
	r.event(journey.CardRead{Card: card})
	r.tap(view.DoNext, "")
	if v := r.at(view.ScreenCard); v.Card.Whose.ID != view.PhraseCardOfHelper {
		t.Fatalf("whose card is asked for: %+v", v.Card)
	}
	r.event(journey.CardRead{Card: helper})
	r.tap(view.DoNext, "")
	r.at(view.ScreenQuestion)
	return r
}

func TestEachPageOfAnAssistedVisitWaitsForTheResidentsOwnWord(t *testing.T) {
	r := assisted(t)
	first := r.s.View().Question.Key
	v := r.tap(view.DoAnswer, r.answerNow())
	if v.Cover == nil || v.Cover.Kind != view.CoverAssist || v.Question.Key != first || len(v.Offers) != 2 {
		t.Fatalf("after the helper's touch: %+v, offers %v", v.Cover, v.Offers)
	}
	if s := v.Cover.Said; s == nil || s.Value != r.answerNow() && len(s.Options) == 0 {
		t.Errorf("the resident is asked about %+v", s)
	}
	v = r.tap(view.DoDeny, "")
	if v.Cover != nil || v.Question.Key != first || v.Question.Known != "" {
		t.Errorf("what the resident did not mean was taken: %+v", v.Question)
	}
	r.tap(view.DoAnswer, r.answerNow())
	if v = r.tap(view.DoConfirm, ""); v.Cover != nil || v.Question != nil && v.Question.Key == first {
		t.Errorf("what the resident meant was not taken: %+v", v.Question)
	}
}

// answerNow is an answer that the present question takes.
func (r *resident) answerNow() string {
	r.t.Helper()
	q := r.s.View().Question
	if len(q.Options) > 0 {
		return q.Options[0].Code
	}
	return "1"
}

func TestGoingBackAndAskingForHelpNeedNoConfirmation(t *testing.T) {
	r := assisted(t)
	if v := r.tap(view.DoHelp, ""); v.Cover.Kind != view.CoverHelp {
		t.Errorf("%+v", v.Cover)
	}
	r.tap(view.DoHelpEnd, "")
	if v := r.tap(view.DoBack, ""); v.Cover != nil {
		t.Errorf("%+v", v.Cover)
	}
}

func TestAHelperIsNamedInTheRecordWithThePagesThatWereConfirmed(t *testing.T) {
	r := assisted(t)
	for range 300 {
		v := r.s.View()
		switch {
		case v.Cover != nil:
			r.tap(view.DoConfirm, "")
			continue
		case v.Screen == view.ScreenReview:
			r.tap(view.DoSubmit, "")
			r.tap(view.DoConfirm, "")
			with := wanted[journey.Keep](r).Draft.Assist
			if with == nil || with.Helper != helper.Name || with.Number != helper.Number || with.Confirmed < 5 {
				t.Fatalf("%+v", with)
			}
			r.event(journey.Kept{SlipNo: "SJ-150102-0001-20261122-00001-3", QueryCode: "12345678"})
			r.event(journey.Central{})
			wanted[journey.Print](r)
			return
		case v.Screen == view.ScreenQuestion && slices.Contains(v.Offers, view.DoUnknown):
			r.tap(view.DoUnknown, "")
		case v.Screen == view.ScreenQuestion && v.Question.Value != "":
			r.tap(view.DoAnswer, v.Question.Value)
		case v.Screen == view.ScreenQuestion:
			r.tap(view.DoAnswer, r.answerNow())
		case v.Screen == view.ScreenScan && slices.Contains(v.Offers, view.DoLater):
			r.tap(view.DoLater, "")
		case v.Screen == view.ScreenSign:
			r.touch(journey.Touch{Do: view.DoSign, Strokes: [][]device.Sample{{{X: 10, Y: 10}, {X: 90, Y: 40}}}})
		default:
			r.tap(view.DoNext, "")
		}
	}
	t.Fatalf("stuck at %s", r.s.View().Screen)
}

func TestAPageThatWasHeldIsForgottenWithTheVisit(t *testing.T) {
	r := assisted(t)
	r.tap(view.DoAnswer, r.answerNow())
	for range 8 {
		r.now = r.now.Add(time.Minute)
		r.event(journey.Tick{})
	}
	r.at(view.ScreenAttract)
	r.tap(view.DoStart, "")
	r.tap(view.DoNext, "")
	if v := r.tap(view.DoChoose, "apply:0101"); v.Cover != nil {
		t.Errorf("the next resident is asked about it: %+v", v.Cover)
	}
	r.tap(view.DoNext, "")
	r.at(view.ScreenNotice)
	r.tap(view.DoNext, "")
	r.event(journey.CardRead{Card: card})
	r.tap(view.DoNext, "")
	if v := r.at(view.ScreenQuestion); v.Cover != nil {
		t.Error("the next resident's visit is assisted")
	}
}
