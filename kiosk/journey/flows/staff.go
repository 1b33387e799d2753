package flows

import (
	"time"

	"yimen/drivers/device"
	"yimen/kiosk/inquiry"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/journeytest"
	"yimen/kiosk/journey/view"
	"yimen/kiosk/slip"
)

// original is a slip that is printed again.
func original() device.Slip {
	return device.Slip{Rows: []device.Row{device.Text{Text: "收件回执", Size: 2}, device.Columns{Left: "申请人", Right: "王*样"}, device.Rule{}, device.Feed{Lines: 3}}}
}

// signsIn is a member of the staff with card and PIN.
func signsIn(h *journeytest.Hands) {
	h.T.Helper()
	h.Tap(view.DoStaff, "")
	h.At(view.ScreenEntrance)
	h.Tap(view.DoChoose, "sign-in")
	journeytest.Wanted[journey.ReadCard](h)
	h.Event(journey.CardRead{Card: member})
	h.At(view.ScreenPIN)
	h.Tap(view.DoAnswer, pin)
	signed(h)
	h.At(view.ScreenStaff)
}

// reprints prints a slip again, because it was lost (补打).
func reprints(h *journeytest.Hands) {
	signsIn(h)
	h.Tap(view.DoChoose, "slips")
	journeytest.Wanted[journey.ListCopies](h)
	h.Event(journey.CopiesListed{Copies: []journey.CopyEntry{{SlipNo: slipNo, Title: "收件回执", At: h.Now.Add(-time.Hour), Again: 1}}})
	h.Tap(view.DoChoose, slipNo)
	h.At(view.ScreenWhy)
	h.Tap(view.DoChoose, "lost")
	journeytest.Wanted[journey.FetchCopy](h)
	h.Event(journey.CopyFetched{Sealed: []byte("sealed to the bureau")})
	body, err := slip.Encode(original())
	if err != nil {
		h.T.Fatal(err)
	}
	h.Event(journey.Answered{Answer: inquiry.Answer{Outcome: inquiry.Found, Body: body}})
	countsAndPrints(h)
	h.At(view.ScreenStaff)
	h.Tap(view.DoFinish, "")
	h.At(view.ScreenAttract)
}

func countsAndPrints(h *journeytest.Hands) {
	h.T.Helper()
	journeytest.Wanted[journey.CountCopy](h)
	h.Event(journey.CopyCounted{Nth: 2, First: h.Now.Add(-time.Hour)})
	printed(h)
}

// works looks at the devices and at what does not get through, and confirms a check-in by its slip.
func works(h *journeytest.Hands) {
	signsIn(h)
	h.Tap(view.DoChoose, "devices")
	h.Tap(view.DoBack, "")
	h.Tap(view.DoChoose, "queue")
	h.Event(journey.Surveyed{Waiting: 3, Oldest: h.Now, Stuck: []journey.Stuck{{ID: "e1", Kind: "checkin", PutAt: h.Now, Cause: view.StuckUnheard}}})
	h.Tap(view.DoBack, "")
	h.Tap(view.DoChoose, "vouch")
	journeytest.Wanted[journey.ReadCode](h)
	h.Event(journey.CodeRead{Code: device.Code{Text: slipNo}})
	journeytest.Wanted[journey.Post](h)
	h.Event(journey.Kept{Dossier: "d", SlipNo: slipNo2})
	h.At(view.ScreenStaff)
	h.Tap(view.DoFinish, "")
	h.At(view.ScreenAttract)
}

// reprintsByCode is whoever knows the code that stands on a slip.
func reprintsByCode(h *journeytest.Hands) {
	h.Tap(view.DoStaff, "")
	h.Tap(view.DoChoose, "by-code")
	h.Event(journey.CodeRead{Code: device.Code{Text: slipNo}})
	h.At(view.ScreenCode)
	h.Tap(view.DoAnswer, code)
	journeytest.Wanted[journey.OpenCopy](h)
	h.Event(journey.CopyOpened{Slip: original()})
	countsAndPrints(h)
	h.At(view.ScreenEntrance)
	h.Tap(view.DoFinish, "")
	h.At(view.ScreenAttract)
}

// comesWhileLocked looks something up while a technician locks the terminal, and opens it when the visit is over.
func comesWhileLocked(h *journeytest.Hands) {
	goTo(h, "lookup", "")
	locked := Standing()
	locked.Maintenance = &view.Maintenance{Lines: []view.MaintenanceLine{{Name: "磁盘", Outcome: "正常", Text: "还剩 20 GiB", Mark: view.MarkGood}}}
	h.Event(locked)
	h.Tap(view.DoChoose, "situation:income")
	h.Tap(view.DoLeave, "")
	h.At(view.ScreenMaintenance)
	h.Event(Standing())
	h.At(view.ScreenAttract)
}
