package apply

import (
	"strings"
	"testing"
	"time"

	"yimen/drivers/device"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/view"
)

func TestACardWithAWrongCheckDigitIsRefusedInWordsAndAnotherMayBeLaid(t *testing.T) {
	r := newResident(t).toCard()
	wrong := card
	wrong.Number = "110105194912310021"
	v := r.event(journey.CardRead{Card: wrong})
	if v.Screen != view.ScreenCard || len(v.Notes) != 1 || v.Notes[0].ID != view.PhraseCardNumber {
		t.Fatalf("%s, notes %v", v.Screen, v.Notes)
	}
	wanted[journey.ReadCard](r)
	r.event(journey.CardRead{Card: card})
	r.at(view.ScreenConfirm)
}

func TestAnExpiredCardIsToldAndTheVisitGoesOn(t *testing.T) {
	r := newResident(t).toCard()
	old := card
	old.ValidTo = "20200101"
	v := r.event(journey.CardRead{Card: old})
	if v.Screen != view.ScreenConfirm || len(v.Notes) != 1 || v.Notes[0].ID != view.PhraseCardExpired {
		t.Fatalf("%s, notes %v", v.Screen, v.Notes)
	}
	r.tap(view.DoNext, "")
	r.at(view.ScreenQuestion)
}

func TestASilentReaderIsToldAndTriedAgain(t *testing.T) {
	r := newResident(t).toCard()
	v := r.event(journey.CardFault{Err: &device.Fault{Device: device.IDCardReader, Op: "read card", Err: device.ErrSilent}})
	if v.Screen != view.ScreenCard || v.Notes[0].ID != view.PhraseCardReader {
		t.Fatalf("%s, notes %v", v.Screen, v.Notes)
	}
	wanted[journey.ReadCard](r)
}

func TestAnotherPersonsCardLeavesNothingBehind(t *testing.T) {
	r := newResident(t).toCard()
	r.event(journey.CardRead{Card: card})
	r.tap(view.DoRetake, "")
	r.at(view.ScreenCard)
	other := card
	other.Name, other.Number, other.Sex, other.Birth = "李长期", "440524188001010014", "1", "18800101"
	r.event(journey.CardRead{Card: other})
	v := r.tap(view.DoNext, "")
	if strings.Contains(v.Question.Value, "王") {
		t.Errorf("the first card's holder shows in %+v", v.Question)
	}
}

func TestALaidCardIsASignOfLife(t *testing.T) {
	r := newResident(t).toCard()
	r.now = r.now.Add(journey.DefaultIdle().Cover + 10*time.Second) // looking for the card in a bag
	r.event(journey.CardRead{Card: card})
	r.event(journey.Tick{})
	if v := r.at(view.ScreenConfirm); v.Cover != nil {
		t.Errorf("a %s cover over what the card has just told", v.Cover.Kind)
	}
}

func TestTheNextCardDoesNotInheritPagesOrSignatures(t *testing.T) {
	r := newResident(t).toReview()
	for r.s.View().Screen != view.ScreenConfirm {
		r.tap(view.DoBack, "")
	}
	r.tap(view.DoRetake, "")
	forgotten, _ := effect[journey.Forget](r)
	r.event(journey.CardRead{Card: card})
	r.tap(view.DoNext, "")
	r.answers(alone)
	r.tap(view.DoNext, "")
	r.tap(view.DoNext, "")
	if v := r.at(view.ScreenScan); len(v.Scan.Pages) != 0 || forgotten.ID == "" {
		t.Error("the pages of the person before are still there")
	}
	r.tap(view.DoBack, "")
	r.papers().signatures()
	r.tap(view.DoSubmit, "")
	d := wanted[journey.Keep](r).Draft
	if len(d.Pages) != 1 || len(d.Signatures) != len(d.Item.Documents) || d.Terminal == "" || d.Kind == "" {
		t.Errorf("%d pages and %d signatures go up; of %q", len(d.Pages), len(d.Signatures), d.Terminal)
	}
}
