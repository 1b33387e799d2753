package apply

import (
	"slices"
	"testing"

	"yimen/drivers/device"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/journeytest"
	"yimen/kiosk/journey/view"
)

func TestLampsPointToOneDeviceAfterTheOther(t *testing.T) {
	r := newResident(t).toReview()
	r.Tap(view.DoSubmit, "")
	r.Event(journey.Kept{Dossier: "d1", SlipNo: "SJ-1", QueryCode: "12345678"})
	r.Event(journey.Central{Delivered: true})
	r.Event(journey.Printed{Printed: device.Printed{Confirmed: true}})
	if lit := journeytest.Every[journey.Light](r); !lit[len(lit)-1].On {
		t.Error("dark before the slip was taken")
	}
	r.Tap(view.DoFinish, "")
	want := []journey.Light{
		{Device: device.IDCardReader, On: true}, {Device: device.IDCardReader},
		{Device: device.DocCam, On: true}, {Device: device.DocCam},
		{Device: device.Printer, On: true}, {Device: device.Printer},
	}
	if lit := journeytest.Every[journey.Light](r); !slices.Equal(lit, want) {
		t.Errorf("lamps %v", lit)
	}
}

func TestNoLampOutlivesAVisitThatIsLeft(t *testing.T) {
	for name, walk := range map[string]func(r *resident){
		"at the reader": func(r *resident) { r.toCard() },
		"with the card": func(r *resident) { r.toCard().Event(journey.CardRead{Card: card}) },
		"another card": func(r *resident) {
			r.toCard().Event(journey.CardRead{Card: card})
			r.Tap(view.DoRetake, "")
			if lit := journeytest.Every[journey.Light](r); lit[len(lit)-1] != (journey.Light{Device: device.IDCardReader, On: true}) {
				r.T.Errorf("no lamp points to the reader again: %v", lit)
			}
		},
		"at the bed": func(r *resident) {
			r.withCard().answers(alone)
			r.Tap(view.DoNext, "")
			r.Tap(view.DoNext, "")
			r.At(view.ScreenScan)
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := newResident(t)
			walk(r)
			r.Tap(view.DoLeave, "")
			if slices.Contains(r.View().Offers, view.DoLeaveYes) {
				r.Tap(view.DoLeaveYes, "")
			}
			r.At(view.ScreenAttract)
			on := map[device.ID]bool{}
			for _, l := range journeytest.Every[journey.Light](r) {
				on[l.Device] = l.On
			}
			for id, lit := range on {
				if lit {
					t.Errorf("%s is still lit", id)
				}
			}
		})
	}
}
