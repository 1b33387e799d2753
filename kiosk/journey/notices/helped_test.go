package notices

import (
	"strings"
	"testing"

	"yimen/drivers/device"
	"yimen/kiosk/dossier"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/journeytest"
	"yimen/kiosk/journey/view"
	"yimen/kiosk/letter"
)

// helped begins an objection with somebody's help, up to whether it goes under a name.
func helped(t *testing.T) *resident {
	t.Helper()
	r := begin(t, hung("A-1001", "0101"))
	r.Tap(view.DoChoose, "A-1001")
	r.Tap(view.DoAssist, "")
	r.Tap(view.DoNext, "")
	r.At(view.ScreenQuestion)
	return r
}

// confirms touches as the helper does, and says as the resident that it is meant.
func (r *resident) confirms(do view.Do, value string) view.View {
	r.T.Helper()
	if v := r.Tap(do, value); v.Cover == nil || v.Cover.Kind != view.CoverAssist {
		r.T.Fatalf("%s %s of the helper is taken without the resident's word, at %s", do, value, v.Screen)
	}
	return r.Tap(view.DoConfirm, "")
}

// says answers the rest of the form and hands it in, each page confirmed.
func (r *resident) says() letter.Letter {
	r.T.Helper()
	for _, answer := range []string{"other", "没什么", "0"} {
		r.confirms(view.DoAnswer, answer)
	}
	r.confirms(view.DoUnknown, "")
	r.At(view.ScreenReview)
	r.confirms(view.DoSubmit, "")
	return journeytest.Wanted[journey.Post](r).Letter
}

func TestWhoHelpsWithAnObjectionIsNamedWhereTheResidentIs(t *testing.T) {
	r := helped(t)
	r.Tap(view.DoAnswer, named)
	r.Event(journey.CardRead{Card: identity})
	r.Tap(view.DoNext, "")
	if v := r.At(view.ScreenCard); v.Card.Whose.ID != view.PhraseCardOfHelper {
		t.Fatalf("whose card is asked for: %+v", v.Card)
	}
	r.Event(journey.CardRead{Card: journeytest.Helper()})
	r.Tap(view.DoNext, "")
	l := r.says()
	if l.From.Number != identity.Number || l.Assist == nil || *l.Assist != (dossier.Assist{Helper: journeytest.Helper().Name, Number: journeytest.Helper().Number, Confirmed: 5}) {
		t.Errorf("%+v, helped by %+v", l.From, l.Assist)
	}
}

// TestAHelpersNameDoesNotTellWhoObjects: an objection without a name would be no secret if the helper's stood in it.
func TestAHelpersNameDoesNotTellWhoObjects(t *testing.T) {
	r := helped(t)
	r.Tap(view.DoAnswer, named)
	r.Event(journey.CardRead{Card: identity})
	r.Tap(view.DoNext, "")
	r.Event(journey.CardRead{Card: journeytest.Helper()})
	r.Tap(view.DoNext, "")
	r.Tap(view.DoBack, "") // from the first question
	for r.View().Screen != view.ScreenQuestion {
		r.Tap(view.DoBack, "")
	}
	r.Tap(view.DoAnswer, unnamed)
	l := r.says()
	if l.From != (letter.Party{}) || l.Assist == nil || *l.Assist != (dossier.Assist{Confirmed: 5}) {
		t.Errorf("%+v, helped by %+v", l.From, l.Assist)
	}
	l.ID, l.SlipNo = "01k9zqv8w3m5n7p2r4s6t8v0xy", "SJ-150102-0001-20261122-00001-3"
	doc, err := letter.Compose(l)
	if err != nil {
		t.Fatal(err)
	}
	for _, body := range doc.Bodies {
		for _, never := range []device.Personal{journeytest.Helper().Name, journeytest.Helper().Number, identity.Name, identity.Number} {
			if strings.Contains(string(body), never.Reveal()) {
				t.Errorf("what goes up tells a name: %s", body)
			}
		}
	}
	if a := doc.Manifest.Assist; a == nil || *a != (dossier.Assistance{Confirmed: 5}) {
		t.Errorf("that somebody helped is told as %+v", a)
	}
}
