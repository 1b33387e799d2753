package apply

import (
	"slices"
	"testing"
	"time"

	"yimen/drivers/device"
	"yimen/kiosk/journey"
)

var helper = device.Card{Kind: device.CitizenCard, Name: "帮试忙", Number: "440524188001010014", Birth: "18800101", LongTerm: true}

// assisted begins an application with a helper, up to the first question.
func assisted(t *testing.T) *resident {
	t.Helper()
	r := newResident(t)
	r.tap(journey.DoStart, "")
	r.tap(journey.DoNext, "")
	r.tap(journey.DoChoose, "apply:0101")
	r.at(journey.ScreenItem)
	r.tap(journey.DoAssist, "")
	r.at(journey.ScreenNotice)
	r.tap(journey.DoNext, "")
	r.event(journey.CardRead{Card: card})
	r.tap(journey.DoNext, "")
	if v := r.at(journey.ScreenCard); v.Card.Whose.ID != journey.PhraseCardOfHelper {
		t.Fatalf("whose card is asked for: %+v", v.Card)
	}
	r.event(journey.CardRead{Card: helper})
	r.tap(journey.DoNext, "")
	r.at(journey.ScreenQuestion)
	return r
}

func TestEachPageOfAnAssistedVisitWaitsForTheResidentsOwnWord(t *testing.T) {
	r := assisted(t)
	first := r.s.View().Question.Key
	v := r.tap(journey.DoAnswer, r.answerNow())
	if v.Cover == nil || v.Cover.Kind != journey.CoverAssist || v.Question.Key != first || len(v.Offers) != 2 {
		t.Fatalf("after the helper's touch: %+v, offers %v", v.Cover, v.Offers)
	}
	if s := v.Cover.Said; s == nil || s.Value != r.answerNow() && len(s.Options) == 0 {
		t.Errorf("the resident is asked about %+v", s)
	}
	v = r.tap(journey.DoDeny, "")
	if v.Cover != nil || v.Question.Key != first || v.Question.Known != "" {
		t.Errorf("what the resident did not mean was taken: %+v", v.Question)
	}
	r.tap(journey.DoAnswer, r.answerNow())
	if v = r.tap(journey.DoConfirm, ""); v.Cover != nil || v.Question != nil && v.Question.Key == first {
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
	if v := r.tap(journey.DoHelp, ""); v.Cover.Kind != journey.CoverHelp {
		t.Errorf("%+v", v.Cover)
	}
	r.tap(journey.DoHelpEnd, "")
	if v := r.tap(journey.DoBack, ""); v.Cover != nil {
		t.Errorf("%+v", v.Cover)
	}
}

func TestAHelperIsNamedInTheRecordWithThePagesThatWereConfirmed(t *testing.T) {
	r := assisted(t)
	for range 300 {
		v := r.s.View()
		switch {
		case v.Cover != nil:
			r.tap(journey.DoConfirm, "")
			continue
		case v.Screen == journey.ScreenReview:
			r.tap(journey.DoSubmit, "")
			r.tap(journey.DoConfirm, "")
			with := wanted[journey.Keep](r).Draft.Assist
			if with == nil || with.Helper != helper.Name || with.Number != helper.Number || with.Confirmed < 5 {
				t.Fatalf("%+v", with)
			}
			r.event(journey.Kept{SlipNo: "SJ-150102-0001-20261122-00001-3", QueryCode: "12345678"})
			r.event(journey.Central{})
			wanted[journey.Print](r)
			return
		case v.Screen == journey.ScreenQuestion && slices.Contains(v.Offers, journey.DoUnknown):
			r.tap(journey.DoUnknown, "")
		case v.Screen == journey.ScreenQuestion && v.Question.Value != "":
			r.tap(journey.DoAnswer, v.Question.Value)
		case v.Screen == journey.ScreenQuestion:
			r.tap(journey.DoAnswer, r.answerNow())
		case v.Screen == journey.ScreenScan && slices.Contains(v.Offers, journey.DoLater):
			r.tap(journey.DoLater, "")
		case v.Screen == journey.ScreenSign:
			r.touch(journey.Touch{Do: journey.DoSign, Strokes: [][]device.Sample{{{X: 10, Y: 10}, {X: 90, Y: 40}}}})
		default:
			r.tap(journey.DoNext, "")
		}
	}
	t.Fatalf("stuck at %s", r.s.View().Screen)
}

func TestAPageThatWasHeldIsForgottenWithTheVisit(t *testing.T) {
	r := assisted(t)
	r.tap(journey.DoAnswer, r.answerNow())
	for range 8 {
		r.now = r.now.Add(time.Minute)
		r.event(journey.Tick{})
	}
	r.at(journey.ScreenAttract)
	r.tap(journey.DoStart, "")
	r.tap(journey.DoNext, "")
	if v := r.tap(journey.DoChoose, "apply:0101"); v.Cover != nil {
		t.Errorf("the next resident is asked about it: %+v", v.Cover)
	}
	r.tap(journey.DoNext, "")
	r.at(journey.ScreenNotice)
	r.tap(journey.DoNext, "")
	r.event(journey.CardRead{Card: card})
	r.tap(journey.DoNext, "")
	if v := r.at(journey.ScreenQuestion); v.Cover != nil {
		t.Error("the next resident's visit is assisted")
	}
}
