package apply

import (
	"slices"
	"testing"

	"yimen/drivers/device"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/view"
)

func TestLampsPointToOneDeviceAfterTheOther(t *testing.T) {
	r := newResident(t).toReview()
	r.tap(view.DoSubmit, "")
	r.event(journey.Kept{Dossier: "d1", SlipNo: "SJ-1", QueryCode: "12345678"})
	r.event(journey.Central{Delivered: true})
	r.event(journey.Printed{Printed: device.Printed{Confirmed: true}})
	if last := r.lit[len(r.lit)-1]; !last.On {
		t.Error("dark before the slip was taken")
	}
	r.tap(view.DoFinish, "")
	want := []journey.Light{
		{Device: device.IDCardReader, On: true}, {Device: device.IDCardReader},
		{Device: device.DocCam, On: true}, {Device: device.DocCam},
		{Device: device.Printer, On: true}, {Device: device.Printer},
	}
	if !slices.Equal(r.lit, want) {
		t.Errorf("lamps %v", r.lit)
	}
}

func TestNoLampOutlivesAVisitThatIsLeft(t *testing.T) {
	for name, walk := range map[string]func(r *resident){
		"at the reader": func(r *resident) { r.toCard() },
		"with the card": func(r *resident) { r.toCard().event(journey.CardRead{Card: card}) },
		"another card": func(r *resident) {
			r.toCard().event(journey.CardRead{Card: card})
			r.tap(view.DoRetake, "")
			if last := r.lit[len(r.lit)-1]; last != (journey.Light{Device: device.IDCardReader, On: true}) {
				r.t.Errorf("no lamp points to the reader again: %v", r.lit)
			}
		},
		"at the bed": func(r *resident) {
			r.withCard().answers(alone)
			r.tap(view.DoNext, "")
			r.tap(view.DoNext, "")
			r.at(view.ScreenScan)
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := newResident(t)
			walk(r)
			r.tap(view.DoLeave, "")
			if slices.Contains(r.s.View().Offers, view.DoLeaveYes) {
				r.tap(view.DoLeaveYes, "")
			}
			r.at(view.ScreenAttract)
			on := map[device.ID]bool{}
			for _, l := range r.lit {
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
