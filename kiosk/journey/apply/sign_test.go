package apply

import (
	"slices"
	"testing"

	"yimen/drivers/device"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/journeytest"
	"yimen/kiosk/journey/step"
	"yimen/kiosk/journey/view"
	"yimen/kiosk/slip"
)

// TestWhoCannotSignHandsInAndSignsAtTheDesk: the submission is not kept up, nothing is put in the signature's place, and what is
// missing is told. A signature given after all takes its place.
func TestWhoCannotSignHandsInAndSignsAtTheDesk(t *testing.T) {
	r := newResident(t).withCard().answers(alone)
	r.At(view.ScreenEstimate)
	r.Tap(view.DoNext, "")
	r.papers()
	for r.View().Screen == view.ScreenSign {
		r.Tap(view.DoLater, "")
	}
	r.At(view.ScreenReview)
	review := r.View().Review
	if !review.Ready {
		t.Error("the submission waits for a signature")
	}
	signatures := review.Sections[len(review.Sections)-1]
	for _, line := range signatures.Lines {
		if line.Said.ID != view.PhraseReviewUnsigned {
			t.Errorf("the review says %v of a text that nobody signed", line.Said)
		}
	}
	r.Tap(view.DoEdit, signatures.Lines[0].Edit)
	r.At(view.ScreenSign)
	r.Touch(journey.Touch{Do: view.DoSign, Strokes: [][]device.Sample{{{X: 10, Y: 10}, {X: 60, Y: 40, T: 300}}}})
	r.At(view.ScreenReview)
	r.Tap(view.DoSubmit, "")
	draft := journeytest.Wanted[journey.Keep](r).Draft
	if len(draft.Signatures) < 2 || draft.Signatures[0].Later || !draft.Signatures[1].Later || len(draft.Signatures[1].Strokes) > 0 {
		t.Errorf("handed in: %+v", draft.Signatures)
	}
	marks := step.Facts(&journey.Course{Config: journeytest.Config(draft.Pack), Draft: draft}).Materials
	for i, s := range draft.Signatures {
		name := ""
		for _, m := range draft.Item.Materials {
			if m.Code == s.Material {
				name = m.Name.In("zh-CN")
			}
		}
		want := []slip.Mark{slip.Here, slip.Unsigned}[min(i, 1)]
		if !slices.ContainsFunc(marks, func(m slip.Material) bool { return m.Name == name && m.Mark == want }) {
			t.Errorf("the slip says of %q: %+v, want %s", name, marks, want)
		}
	}
}
