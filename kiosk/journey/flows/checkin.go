package flows

import (
	"encoding/json"
	"time"

	"yimen/kiosk/inquiry"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/journeytest"
	"yimen/kiosk/journey/view"
	"yimen/kiosk/letter"
)

// checksIn goes a way of 签到 to the elder's confirmed card.
func checksIn(h *journeytest.Hands, way letter.Way) {
	h.T.Helper()
	goTo(h, "checkin", "")
	h.At(view.ScreenWays)
	h.Tap(view.DoChoose, string(way))
	h.At(view.ScreenNotice)
	h.Tap(view.DoNext, "")
	lays(h, elder)
}

// handsIn hands the check-in in and takes the slip.
func handsIn(h *journeytest.Hands) {
	h.T.Helper()
	h.At(view.ScreenCheckIn)
	if v := h.Tap(view.DoSubmit, ""); v.Cover != nil { // a helper touched it
		h.Tap(view.DoConfirm, "")
	}
	journeytest.Wanted[journey.Post](h)
	sent(h, slipNo)
}

// checksInVouched checks in with a member of the staff, who confirms at once.
func checksInVouched(h *journeytest.Hands) {
	checksIn(h, letter.WayStaff)
	h.Tap(view.DoStaff, "")
	h.At(view.ScreenCard)
	h.Event(journey.CardRead{Card: member})
	h.At(view.ScreenPIN)
	h.Tap(view.DoAnswer, pin)
	signed(h)
	handsIn(h)
}

// signed has the bureau say who card and PIN belong to.
func signed(h *journeytest.Hands) {
	h.T.Helper()
	journeytest.Wanted[journey.Ask](h)
	body, err := json.Marshal(inquiry.Member{No: 7, Name: "李**", Session: "the session of number seven", Until: h.Now.Add(30 * time.Minute)})
	if err != nil {
		h.T.Fatal(err)
	}
	h.Event(journey.Answered{Answer: inquiry.Answer{Outcome: inquiry.Found, Body: body}})
}

// checksInByFace is known at the second try.
func checksInByFace(h *journeytest.Hands) {
	checksIn(h, letter.WayFace)
	h.At(view.ScreenConsent)
	h.Tap(view.DoNext, "")
	h.At(view.ScreenFace)
	journeytest.Wanted[journey.MatchFace](h)
	h.Event(journey.FaceMatched{Band: journey.BandUnsure})
	h.Tap(view.DoRetake, "")
	h.Event(journey.FaceMatched{Confirmed: true, Band: journey.BandSame})
	handsIn(h)
}

// checksInWithGuardian comes with the son.
func checksInWithGuardian(h *journeytest.Hands) {
	checksIn(h, letter.WayGuardian)
	lays(h, son)
	handsIn(h)
}

// checksInAssisted is helped by the son.
func checksInAssisted(h *journeytest.Hands) {
	checksIn(h, letter.WayAssisted)
	lays(h, son)
	handsIn(h)
}
