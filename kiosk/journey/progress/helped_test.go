package progress

import (
	"testing"

	"yimen/drivers/device"
	"yimen/kiosk/dossier"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/journeytest"
	"yimen/kiosk/journey/view"
)

func TestWhoHelpsWithMissingPapersIsNamedAndEachPageConfirmed(t *testing.T) {
	r := newResident(t).begin()
	r.ask()
	r.told(running())
	r.Tap(view.DoAssist, "")
	if v := r.At(view.ScreenCard); v.Card.Whose.ID != view.PhraseCardOfHelper {
		t.Fatalf("whose card is asked for: %+v", v.Card)
	}
	r.Event(journey.CardRead{Card: journeytest.Helper()})
	r.Tap(view.DoNext, "")
	r.At(view.ScreenScan)
	r.Tap(view.DoShoot, "")
	r.Event(journey.FrameTaken{Frame: device.Frame{JPEG: []byte("frame")}, Page: device.Page{JPEG: []byte("page"), Sight: device.Sight{Quad: device.Quad{{X: .1, Y: .1}, {X: .9, Y: .1}, {X: .9, Y: .9}, {X: .1, Y: .9}}}}})
	v := r.View()
	if v = r.Touch(journey.Touch{Do: view.DoAccept, Quad: &v.Scan.Quad}); v.Cover == nil || v.Cover.Kind != view.CoverAssist {
		t.Fatalf("a page is kept without the resident's word, at %s", v.Screen)
	}
	r.Tap(view.DoConfirm, "")
	r.Tap(view.DoNext, "")
	r.Tap(view.DoConfirm, "")
	r.At(view.ScreenReview)
	r.Tap(view.DoSubmit, "")
	r.Tap(view.DoConfirm, "")
	l := journeytest.Wanted[journey.Post](r).Letter
	if l.From.Number != secret || l.Assist == nil || *l.Assist != (dossier.Assist{Helper: journeytest.Helper().Name, Number: journeytest.Helper().Number, Confirmed: 3}) {
		t.Errorf("from %s, helped by %+v", l.From.Proof, l.Assist)
	}
}

func TestWhoGoesBackFromTheHelpersCardLooksWithoutAHelper(t *testing.T) {
	r := newResident(t).begin()
	r.ask()
	r.told(running())
	r.Tap(view.DoAssist, "")
	r.Event(journey.CardRead{Card: journeytest.Helper()})
	r.Tap(view.DoNext, "")
	r.At(view.ScreenScan)
	r.Tap(view.DoBack, "")
	for r.View().Screen != view.ScreenCase {
		r.Tap(view.DoBack, "")
	}
	if v := r.Tap(view.DoNext, ""); v.Screen != view.ScreenScan || v.Cover != nil {
		t.Errorf("at %s under %+v", v.Screen, v.Cover)
	}
	r.Tap(view.DoLater, "")
	if v := r.At(view.ScreenReview); v.Cover != nil {
		t.Errorf("a helper who is gone has to be confirmed: %+v", v.Cover)
	}
}
