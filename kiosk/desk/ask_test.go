package desk

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"yimen/kiosk/inquiry"
	"yimen/kiosk/journey/view"
)

func (h *hands) Ask(ctx context.Context, _ inquiry.Inquiry) (inquiry.Answer, error) {
	h.reading.Add(1)
	defer h.reading.Add(-1)
	select {
	case a := <-h.answers:
		return a, nil
	case <-ctx.Done():
		return inquiry.Answer{}, ctx.Err()
	}
}

func TestWhatTheBureauAnswersReachesTheVisitThatAsked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := open(t, &hands{answers: make(chan inquiry.Answer)})
		b.enter()
		b.tap(view.DoWhy, "")
		b.hands.answers <- inquiry.Answer{Outcome: inquiry.Found}
		if v := b.view(); v.Question.Value != "found" {
			t.Errorf("the visit was told %q", v.Question.Value)
		}
		b.stop()
	})
}

func TestAnAnswerThatComesLateReachesNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := open(t, &hands{answers: make(chan inquiry.Answer)})
		b.enter()
		b.tap(view.DoWhy, "")
		b.tap(view.DoFinish, "")
		b.enter()
		select {
		case b.hands.answers <- inquiry.Answer{Outcome: inquiry.Found}:
			t.Error("somebody still waits for the last visit's answer")
		default:
		}
		if v := b.view(); v.Question.Value != "" {
			t.Errorf("the next resident sees %q", v.Question.Value)
		}
		b.stop()
	})
}

func TestASilentBureauIsToldWhenThePatienceEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := open(t, &hands{answers: make(chan inquiry.Answer)})
		b.enter()
		b.tap(view.DoWhy, "")
		time.Sleep(21 * time.Second)
		if v := b.view(); v.Question.Now != 1 {
			t.Error("the visit was not told that nobody answers")
		}
		b.stop()
	})
}
