package apply

import (
	"strings"
	"testing"
	"time"

	"yimen/drivers/device"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/journeytest"
	"yimen/kiosk/journey/view"
)

func TestACardWithAWrongCheckDigitIsRefusedInWordsAndAnotherMayBeLaid(t *testing.T) {
	r := newResident(t).toCard()
	wrong := card
	wrong.Number = "110105194912310021"
	v := r.Event(journey.CardRead{Card: wrong})
	if v.Screen != view.ScreenCard || len(v.Notes) != 1 || v.Notes[0].ID != view.PhraseCardNumber {
		t.Fatalf("%s, notes %v", v.Screen, v.Notes)
	}
	journeytest.Wanted[journey.ReadCard](r)
	r.Event(journey.CardRead{Card: card})
	r.At(view.ScreenConfirm)
}

func TestAnExpiredCardIsToldAndTheVisitGoesOn(t *testing.T) {
	r := newResident(t).toCard()
	old := card
	old.ValidTo = "20200101"
	v := r.Event(journey.CardRead{Card: old})
	if v.Screen != view.ScreenConfirm || len(v.Notes) != 1 || v.Notes[0].ID != view.PhraseCardExpired {
		t.Fatalf("%s, notes %v", v.Screen, v.Notes)
	}
	r.Tap(view.DoNext, "")
	r.At(view.ScreenQuestion)
}

func TestASilentReaderIsToldAndTriedAgain(t *testing.T) {
	r := newResident(t).toCard()
	v := r.Event(journey.CardFault{Err: &device.Fault{Device: device.IDCardReader, Op: "read card", Err: device.ErrSilent}})
	if v.Screen != view.ScreenCard || v.Notes[0].ID != view.PhraseCardReader {
		t.Fatalf("%s, notes %v", v.Screen, v.Notes)
	}
	journeytest.Wanted[journey.ReadCard](r)
}

func TestAnotherPersonsCardLeavesNothingBehind(t *testing.T) {
	r := newResident(t).toCard()
	r.Event(journey.CardRead{Card: card})
	r.Tap(view.DoRetake, "")
	r.At(view.ScreenCard)
	other := card
	other.Name, other.Number, other.Sex, other.Birth = "李长期", "440524188001010014", "1", "18800101"
	r.Event(journey.CardRead{Card: other})
	v := r.Tap(view.DoNext, "")
	if strings.Contains(v.Question.Value, "王") {
		t.Errorf("the first card's holder shows in %+v", v.Question)
	}
}

func TestALaidCardIsASignOfLife(t *testing.T) {
	r := newResident(t).toCard()
	r.Now = r.Now.Add(journey.DefaultIdle().Cover + 10*time.Second) // looking for the card in a bag
	r.Event(journey.CardRead{Card: card})
	r.Event(journey.Tick{})
	if v := r.At(view.ScreenConfirm); v.Cover != nil {
		t.Errorf("a %s cover over what the card has just told", v.Cover.Kind)
	}
}

func TestTheNextCardDoesNotInheritPagesOrSignatures(t *testing.T) {
	r := newResident(t).toReview()
	for r.View().Screen != view.ScreenConfirm {
		r.Tap(view.DoBack, "")
	}
	r.Tap(view.DoRetake, "")
	forgotten, _ := journeytest.Asked[journey.Forget](r)
	r.Event(journey.CardRead{Card: card})
	r.Tap(view.DoNext, "")
	r.answers(alone)
	r.Tap(view.DoNext, "")
	r.Tap(view.DoNext, "")
	if v := r.At(view.ScreenScan); len(v.Scan.Pages) != 0 || forgotten.ID == "" {
		t.Error("the pages of the person before are still there")
	}
	r.Tap(view.DoBack, "")
	r.papers().signatures()
	r.Tap(view.DoSubmit, "")
	d := journeytest.Wanted[journey.Keep](r).Draft
	if len(d.Pages) != 1 || len(d.Signatures) != len(d.Item.Documents) || d.Terminal == "" || d.Kind == "" {
		t.Errorf("%d pages and %d signatures go up; of %q", len(d.Pages), len(d.Signatures), d.Terminal)
	}
}
