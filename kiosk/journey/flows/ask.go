package flows

import (
	"time"

	"yimen/drivers/device"
	"yimen/kiosk/inquiry"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/journeytest"
	"yimen/kiosk/journey/view"
	"yimen/kiosk/noticeboard"
	"yimen/kiosk/policy"
)

// reckons has an estimate made, in English, in the largest letters and without a name, reads one line of it, and prints it.
func reckons(h *journeytest.Hands) {
	h.Tap(view.DoSize, string(view.SizeXL)) // begins the visit, as DoStart does
	h.Tap(view.DoContrast, string(view.WhiteOnBlack))
	h.Tap(view.DoLanguage, "en")
	h.Tap(view.DoNext, "")
	h.Tap(view.DoChoose, "reckon")
	h.At(view.ScreenNotice)
	h.Tap(view.DoNext, "")
	h.Answer(map[string]string{
		"urgent": "0", "household_size": "2", "member.1.birth": "19520302", "member.1.disability_grade": "none", "member.2.relation": "spouse",
		"member.1.income_kinds": "wage", "member.1.wage": "2187", "member.2.income_kinds": "none", "deposits": "48321",
	})
	h.At(view.ScreenResults)
	h.Tap(view.DoChoose, "dibao")
	h.Tap(view.DoWhy, "0")
	h.Tap(view.DoWhy, "")
	h.Tap(view.DoDisagree, "")
	h.Tap(view.DoBack, "")
	h.Tap(view.DoBack, "")
	h.Tap(view.DoPrint, "")
	printed(h)
	h.Tap(view.DoFinish, "")
	h.At(view.ScreenAttract)
}

// looksUp reads about an item, prints what to bring, goes over to its application and breaks that off.
func looksUp(h *journeytest.Hands) {
	goTo(h, "lookup", "")
	h.Tap(view.DoChoose, "situation:income")
	h.Tap(view.DoChoose, "item:0101")
	h.Tap(view.DoWhy, "")
	h.Tap(view.DoBack, "")
	h.Tap(view.DoPrint, "")
	printed(h)
	h.Tap(view.DoNext, "")
	h.At(view.ScreenNotice)
	h.Tap(view.DoNext, "")
	lays(h, elder)
	for range 6 {
		h.AnswerOne(household())
	}
	h.Tap(view.DoLeave, "")
	h.Tap(view.DoPark, "")
	h.Tap(view.DoNext, "")
	journeytest.Wanted[journey.Post](h)
	sent(h, slipNo)
}

func stage(name string) inquiry.Stage {
	return inquiry.Stage{Code: "X", Name: policy.Text{"zh-CN": name}, Plain: policy.Text{"zh-CN": name + "的意思"}, Since: time.Date(2026, 11, 20, 1, 0, 0, 0, time.UTC)}
}

// cases are one that lacks a paper and one that was refused.
func cases() []inquiry.Case {
	return []inquiry.Case{
		{ID: "1", SlipNo: slipNo, Item: "0101", ItemName: policy.Text{"zh-CN": "最低生活保障"}, Submitted: time.Date(2026, 11, 19, 20, 0, 0, 0, time.UTC),
			Stage: stage("待补正"), Past: []inquiry.Stage{stage("已提交")}, Light: inquiry.LightYellow, Due: 20261231, MissingBy: 20261220,
			Missing: []inquiry.Missing{{Code: "M07", Name: policy.Text{"zh-CN": "银行卡"}, Hint: "拍有账号的一面"}, {Code: "M09", Name: policy.Text{"zh-CN": "诊断证明"}, Sent: true}}},
		{ID: "2", SlipNo: slipNo2, Item: "0101", ItemName: policy.Text{"zh-CN": "最低生活保障"}, Stage: stage("不予确认"), Over: true,
			Remedy: policy.Text{"zh-CN": "可以申请行政复议"}, Until: inquiry.Until{Reconsideration: 20270120, Lawsuit: 20270520},
			Papers: []inquiry.Paper{{Code: "N10", No: "N10-1", Title: "不予确认告知书", Paragraphs: []string{"一、事实", "二、依据"}, Issued: 20261121}}},
	}
}

// toCases proves by card, and sees what there is.
func toCases(h *journeytest.Hands) {
	h.T.Helper()
	goTo(h, "progress", "")
	h.At(view.ScreenNotice)
	h.Tap(view.DoNext, "")
	h.At(view.ScreenProof)
	h.Tap(view.DoChoose, "card")
	journeytest.Wanted[journey.ReadCard](h)
	h.Event(journey.CardRead{Card: elder})
	journeytest.Wanted[journey.Ask](h)
	h.Event(journey.Answered{Answer: inquiry.Answer{Outcome: inquiry.Found, Cases: cases()}})
	h.At(view.ScreenCases)
}

// asksByCard reads a refusal and has it and the case printed.
func asksByCard(h *journeytest.Hands) {
	toCases(h)
	h.Tap(view.DoChoose, "2")
	h.At(view.ScreenCase)
	h.Tap(view.DoChoose, "N10-1")
	h.At(view.ScreenCopy)
	h.Tap(view.DoPrint, "")
	printed(h)
	h.Tap(view.DoBack, "")
	h.Tap(view.DoPrint, "")
	printed(h)
	leaves(h)
}

// bySlip holds a slip under the scanner, gives its code and waits for the bureau.
func bySlip(h *journeytest.Hands) {
	h.T.Helper()
	goTo(h, "progress", "")
	h.Tap(view.DoNext, "")
	h.Tap(view.DoChoose, "slip")
	journeytest.Wanted[journey.ReadCode](h)
	h.Event(journey.CodeRead{Code: device.Code{Text: slipNo}})
	h.At(view.ScreenCode)
	h.Tap(view.DoAnswer, code)
	h.At(view.ScreenAsking)
	journeytest.Wanted[journey.Ask](h)
}

// asksBySlip reads one case.
func asksBySlip(h *journeytest.Hands) {
	bySlip(h)
	h.Event(journey.Answered{Answer: inquiry.Answer{Outcome: inquiry.Found, Cases: cases()[:1]}})
	h.At(view.ScreenCase)
	leaves(h)
}

// supplies hands in the paper that a case lacks (补正).
func supplies(h *journeytest.Hands) {
	toCases(h)
	h.Tap(view.DoChoose, "1")
	h.Tap(view.DoNext, "")
	h.At(view.ScreenScan)
	scans(h)
	h.NoMorePapers()
	h.At(view.ScreenReview)
	h.Tap(view.DoSubmit, "")
	journeytest.Wanted[journey.Post](h)
	sent(h, slipNo2)
}

// noticeNo is the number of the notice that hangs.
const noticeNo = "150102-2026-00001-N07"

// toNotice reads the notice that hangs.
func toNotice(h *journeytest.Hands) {
	h.T.Helper()
	goTo(h, "notices", "")
	look := journeytest.Wanted[journey.LookAtBoard](h)
	h.Event(journey.BoardSeen{On: look.On, Notices: []noticeboard.Notice{{
		No: noticeNo, Item: "0101", Name: "佟子试", Members: 3, Amount: 74850, Posted: 20261120, First: 20261121, Last: 20261127, Office: "新城区民政局", Phone: "12349",
	}}})
	h.At(view.ScreenBoard)
	h.Tap(view.DoChoose, noticeNo)
	h.At(view.ScreenPosting)
}

// readsNotice reads a public notice and goes.
func readsNotice(h *journeytest.Hands) {
	toNotice(h)
	h.Tap(view.DoBack, "")
	leaves(h)
}

// objects objects to a notice under a name, with evidence.
func objects(h *journeytest.Hands) {
	toNotice(h)
	h.Tap(view.DoDisagree, "")
	h.At(view.ScreenNotice)
	h.Tap(view.DoNext, "")
	h.Tap(view.DoAnswer, "named")
	lays(h, elder)
	for _, answer := range []string{"income,members", "他家只有两口人", "1"} {
		h.Tap(view.DoAnswer, answer)
	}
	h.Tap(view.DoAnswer, "13900000000")
	h.At(view.ScreenScan)
	scans(h)
	h.NoMorePapers()
	h.At(view.ScreenReview)
	h.Tap(view.DoSubmit, "")
	journeytest.Wanted[journey.Post](h)
	sent(h, slipNo)
}
