package progress

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"yimen/drivers/device"
	"yimen/kiosk/inquiry"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/view"
)

// asksAndSupplies is a whole visit, event by event: by the card to the case, its document on paper, what it lacks, the slip.
func asksAndSupplies() []func(r *resident) {
	do := func(d view.Do, value string) func(*resident) { return func(r *resident) { r.Tap(d, value) } }
	happens := func(h journey.Happening) func(*resident) { return func(r *resident) { r.Event(h) } }
	lacking := running()
	lacking.Papers = refused().Papers
	quad := device.Quad{{X: .1, Y: .1}, {X: .9, Y: .1}, {X: .9, Y: .9}, {X: .1, Y: .9}}
	return []func(r *resident){
		do(view.DoStart, ""), do(view.DoNext, ""), do(view.DoChoose, "progress"), do(view.DoNext, ""),
		do(view.DoChoose, "card"), happens(journey.CardRead{Card: card}),
		happens(journey.Answered{Answer: inquiry.Answer{Outcome: inquiry.Found, Cases: []inquiry.Case{lacking, refused()}}}),
		do(view.DoChoose, "1"), do(view.DoChoose, "N10-1"), do(view.DoPrint, ""), happens(journey.Printed{Printed: device.Printed{Confirmed: true}}),
		do(view.DoBack, ""), do(view.DoNext, ""), do(view.DoShoot, ""),
		happens(journey.FrameTaken{Frame: device.Frame{JPEG: []byte("frame")}, Page: device.Page{JPEG: []byte("page"), Sight: device.Sight{Quad: quad}}}),
		func(r *resident) {
			v := r.View()
			r.Event(journey.Touch{Visit: v.Visit, Seq: v.Seq, Do: view.DoAccept, Quad: &v.Scan.Quad})
		},
		do(view.DoNext, ""), do(view.DoSubmit, ""), happens(journey.Kept{Dossier: "d", SlipNo: "SJ-150102-0001-20261122-00002-1", QueryCode: code}),
		happens(journey.Central{Delivered: true}), happens(journey.Printed{Printed: device.Printed{Confirmed: true}}),
	}
}

func TestWalkingAwayAtAnyScreenLeavesNothingForTheNextResident(t *testing.T) {
	steps := asksAndSupplies()
	for gone := range len(steps) + 1 {
		r := newResident(t)
		for _, step := range steps[:gone] {
			step(r)
		}
		at, ended := r.View().Screen, gone == 0
		for range 40 {
			if wake, ok := r.State.Wake(); ok && wake.After(r.Now) {
				r.Now = wake
			}
			r.Event(journey.Tick{})
			for _, e := range r.Effects {
				_, end := e.(journey.End)
				ended = ended || end
			}
			if r.View().Screen == view.ScreenAttract {
				break
			}
			r.Now = r.Now.Add(30 * time.Second)
		}
		v := r.View()
		if v.Screen != view.ScreenAttract || !ended || v.Visit != "" {
			t.Errorf("left at %s: still at %s, ended %v", at, v.Screen, ended)
			continue
		}
		for _, late := range []journey.Happening{journey.Answered{Answer: inquiry.Answer{Outcome: inquiry.Found, Cases: []inquiry.Case{running()}}}, journey.CardRead{Card: card}} {
			r.Event(late) // no desk would bring it
		}
		r.begin()
		seen, err := json.Marshal(r.View())
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{slipNo, "待补正", "不予确认", secret, "王𠮷䶮", "00002"} {
			if strings.Contains(string(seen), secret) {
				t.Errorf("left at %s: the next resident sees %q", at, secret)
			}
		}
	}
}
