package staff

import (
	"testing"

	"yimen/kiosk/journey"
	"yimen/kiosk/journey/journeytest"
	"yimen/kiosk/journey/view"
)

func TestWhatWasRefusedIsSentAgainByAMemberAndNothingElseIs(t *testing.T) {
	w := newWorker(t).signIn()
	w.Tap(view.DoChoose, chooseQueue)
	told := journey.Surveyed{Waiting: 1, Stuck: []journey.Stuck{{ID: "unheard", PutAt: w.Now, Cause: view.StuckUnheard}, {ID: "refused", PutAt: w.Now, Cause: view.StuckRefused}}}
	v := w.Event(told)
	if q := v.Staff.Queue; q.Stuck[0].Again || !q.Stuck[1].Again {
		t.Errorf("what is offered to be sent again: %+v", q.Stuck)
	}
	w.Tap(view.DoChoose, "unheard")
	if back, asked := journeytest.Asked[journey.PutBack](w); asked {
		t.Errorf("%+v, and it is sent by itself", back)
	}
	v = w.Tap(view.DoChoose, "refused")
	if back := journeytest.Wanted[journey.PutBack](w); back != (journey.PutBack{Envelope: "refused", Staff: 7}) || !v.Staff.Busy || v.Offers[0] == view.DoChoose {
		t.Errorf("%+v; busy %v, offered %v", back, v.Staff.Busy, v.Offers)
	}
	v = w.Event(journey.NotPutBack{})
	if v.Screen != view.ScreenQueue || v.Staff.Busy || len(v.Notes) != 1 || v.Notes[0].ID != view.PhraseStaysAside || len(v.Staff.Queue.Stuck) != 2 {
		t.Errorf("%s, %+v", v.Screen, v.Notes)
	}
	w.Tap(view.DoChoose, "refused")
	v = w.Event(journey.Surveyed{Waiting: 2})
	if len(v.Notes) != 1 || v.Notes[0].ID != view.PhrasePutBack || len(v.Staff.Queue.Stuck) != 0 {
		t.Errorf("%+v, %+v", v.Notes, v.Staff.Queue)
	}
	w.Tap(view.DoBack, "")
	w.Tap(view.DoChoose, chooseQueue)
	if v = w.Event(told); len(v.Notes) != 0 {
		t.Errorf("a survey without anything put back says %+v", v.Notes)
	}
}
