package flows

import (
	"yimen/drivers/device"
	"yimen/kiosk/inquiry"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/journeytest"
	"yimen/kiosk/journey/view"
	"yimen/kiosk/letter"
)

// household is what whoever applies says.
func household() map[string]string {
	return map[string]string{
		"household_size": "2", "member.2.name": "王试样", "member.2.relation": "child", "member.1.health": "healthy", "member.1.disability_grade": "none",
		"member.1.work": "retired", "member.1.income_kinds": "pension", "member.1.pension": "613.50", "member.2.income_kinds": "none", "member.2.away": "none",
		"deposits": "48321", "medical_12m": "1200", "phone": "13900000000", "address": "新城区试样巷七号",
	}
}

// toQuestions begins an application and lays the card.
func toQuestions(h *journeytest.Hands) {
	h.T.Helper()
	goTo(h, "apply", "apply:0101")
	h.At(view.ScreenItem)
	h.Tap(view.DoPark, "") // what is given may be kept, should the resident walk away
	h.Tap(view.DoNext, "")
	h.At(view.ScreenNotice)
	h.Tap(view.DoNext, "")
	lays(h, elder)
}

// applies applies for 最低生活保障, with a page that the camera found and one that was set by hand.
func applies(h *journeytest.Hands) {
	toQuestions(h)
	h.Answer(household())
	h.At(view.ScreenEstimate)
	h.Tap(view.DoWhy, "0")
	h.Tap(view.DoWhy, "")
	h.Tap(view.DoNext, "")
	h.At(view.ScreenMaterials)
	h.Tap(view.DoNext, "")
	h.ScanPage()
	if h.Offered(view.DoShoot) {
		scans(h)
	}
	h.NoMorePapers()
	h.Sign()
	h.At(view.ScreenReview)
	h.Tap(view.DoEdit, "answer:deposits")
	h.Tap(view.DoAnswer, "51200")
	for h.View().Screen != view.ScreenReview || !h.View().Review.Ready {
		again(h)
	}
	h.Tap(view.DoSubmit, "")
	journeytest.Wanted[journey.Keep](h)
	sent(h, slipNo)
}

// again signs what the change of an answer has made void.
func again(h *journeytest.Hands) {
	h.T.Helper()
	for _, s := range h.At(view.ScreenReview).Review.Sections {
		for _, l := range s.Lines {
			if l.Problem.ID == view.PhraseReviewSignAgain {
				h.Tap(view.DoEdit, l.Edit)
				h.Sign()
				return
			}
		}
	}
	h.T.Fatal("the review is not ready, and says not why")
}

// scans takes a good page.
func scans(h *journeytest.Hands) {
	h.T.Helper()
	h.Tap(view.DoShoot, "")
	h.Event(journey.FrameTaken{Frame: device.Frame{JPEG: []byte("frame of a bankbook"), At: h.Now}, Page: device.Page{JPEG: []byte("page of a bankbook"), DPI: 300, Sight: device.Sight{Quad: journeytest.Corners()}}})
	h.Tap(view.DoAccept, "")
}

// appliesAssisted applies with the son's help, who brings all papers later.
func appliesAssisted(h *journeytest.Hands) {
	goTo(h, "apply", "apply:0101")
	h.Tap(view.DoAssist, "")
	h.Tap(view.DoNext, "")
	lays(h, elder)
	lays(h, son)
	for range 300 {
		v := h.View()
		switch {
		case v.Cover != nil:
			h.Tap(view.DoConfirm, "")
		case v.Screen == view.ScreenSending:
			journeytest.Wanted[journey.Keep](h)
			sent(h, slipNo)
			return
		case v.Screen == view.ScreenReview:
			h.Tap(view.DoSubmit, "")
		case v.Screen == view.ScreenQuestion:
			h.AnswerOne(household())
		case v.Screen == view.ScreenScan && h.Offered(view.DoLater):
			h.Tap(view.DoLater, "")
		case v.Screen == view.ScreenSign:
			h.Touch(journey.Touch{Do: view.DoSign, Strokes: [][]device.Sample{{{X: 10, Y: 10}, {X: 90, Y: 40}}}})
		default:
			h.Tap(view.DoNext, "")
		}
	}
	h.T.Fatalf("stuck at %s", h.View().Screen)
}

// begins answers some questions and breaks off, agreeing to be parked; the letter is what goes up.
func begins(h *journeytest.Hands) letter.Letter {
	toQuestions(h)
	for range 6 {
		h.AnswerOne(household())
	}
	h.Tap(view.DoLeave, "")
	h.Tap(view.DoPark, "")
	h.At(view.ScreenNotice)
	h.Tap(view.DoNext, "")
	return journeytest.Wanted[journey.Post](h).Letter
}

// parks breaks an application off and takes a slip.
func parks(h *journeytest.Hands) {
	begins(h)
	sent(h, slipNo)
}

// resumes goes on with what was parked at another terminal, and leaves it.
func resumes(h *journeytest.Hands) {
	doc, err := letter.Compose(begins(journeytest.At(h.T, Config(h.T))))
	if err != nil {
		h.T.Fatal(err)
	}
	bySlip(h)
	h.Event(journey.Answered{Answer: inquiry.Answer{Outcome: inquiry.Found, Drafts: []inquiry.Parked{{SlipNo: slipNo, Item: "0101", Until: 20261222}}}})
	h.At(view.ScreenCases)
	h.Tap(view.DoChoose, slipNo)
	h.Event(journey.Answered{Answer: inquiry.Answer{Outcome: inquiry.Found, Body: doc.Bodies[1]}})
	h.At(view.ScreenNotice)
	h.Tap(view.DoNext, "")
	lays(h, elder)
	h.Answer(household())
	h.At(view.ScreenEstimate)
	leaves(h)
}
