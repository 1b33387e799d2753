package ui

import "yimen/kiosk/journey"

// progressSamples are the screens of 进度, with as much on them as comes.
func progressSamples() []sample {
	on := func(screen journey.Screen, part string, cases journey.CasesView, offers ...journey.Do) journey.View {
		v := base(screen, part, 2, append(offers, journey.DoBack)...)
		v.Service, v.Progress.Of, v.Cases = nil, 2, &cases
		return v
	}
	slipno := on(journey.ScreenSlipNo, journey.PhrasePartProve, journey.CasesView{Scan: true}, journey.DoAnswer)
	slipno.Question = &journey.QuestionView{Key: "slipno", Input: journey.InputSlipNo, Value: "1501020001", Must: true}
	slipno.Notes = []journey.Note{{Kind: journey.NoteProblem, Phrase: journey.Phrase{ID: journey.PhraseNotASlip}}}
	typed := slipno
	typed.Cases, typed.Notes = &journey.CasesView{}, nil
	code := on(journey.ScreenCode, journey.PhrasePartProve, journey.CasesView{Number: "SJ-150102-0001-20261122-00017-6"}, journey.DoAnswer)
	code.Question = &journey.QuestionView{Key: "code", Input: journey.InputCode, Must: true}
	samples := []sample{
		{"proof", on(journey.ScreenProof, journey.PhrasePartProve, journey.CasesView{}, journey.DoChoose)}, {"slipno", slipno}, {"slipno-typed", typed}, {"code", code},
		{"asking", on(journey.ScreenAsking, journey.PhrasePartProgress, journey.CasesView{})}, {"cases", on(journey.ScreenCases, journey.PhrasePartProgress, journey.CasesView{Cases: caseLines(), Drafts: draftLines()}, journey.DoChoose, journey.DoFinish)},
	}
	for _, trouble := range []journey.Trouble{journey.TroubleNothing, journey.TroubleLocked, journey.TroubleLine, journey.TroubleUnable} {
		offers := []journey.Do{journey.DoFinish}
		if trouble == journey.TroubleLine || trouble == journey.TroubleUnable {
			offers = append(offers, journey.DoRetake)
		}
		samples = append(samples, sample{"cases-" + string(trouble), on(journey.ScreenCases, journey.PhrasePartProgress, journey.CasesView{Trouble: trouble}, offers...)})
	}
	reading := []journey.Do{journey.DoChoose, journey.DoPrint, journey.DoFinish}
	lacking, refused, printing := caseSample(), caseSample(), caseSample()
	refused.Missing, refused.Light, refused.Stage.Name = nil, "red", both("不予确认", "Not confirmed")
	refused.Remedy = both("如不服本决定，可自知道之日起60日内向新城区人民政府申请行政复议，或者自知道之日起6个月内直接向新城区人民法院起诉新城区民政局。", "Reconsideration within 60 days, or a lawsuit within 6 months.")
	refused.Until = [2]string{"2027-01-20", "2027-05-20"}
	refused.Replies = []journey.ReplyLine{{SlipNo: "SJ-150102-0001-20261122-00018-4", Kind: "objection", State: "answered", Text: []string{"经核查，您反映的情况属实，已重新调查。"}, At: "2026-11-21"}}
	lacking.Stage.By = "2026-11-20"
	printing.Printing = true
	copied := journey.CopyView{No: "新民低收〔2026〕00018号", Title: "不予确认（批准）告知书", Issued: "2026-11-21", Paragraphs: noticeParagraphs()}
	return append(samples,
		sample{"case-lacking", on(journey.ScreenCase, journey.PhrasePartProgress, journey.CasesView{Case: &lacking}, append(reading, journey.DoNext)...)},
		sample{"case-refused", on(journey.ScreenCase, journey.PhrasePartProgress, journey.CasesView{Case: &refused}, reading...)},
		sample{"case-printing", on(journey.ScreenCase, journey.PhrasePartProgress, journey.CasesView{Case: &printing})},
		sample{"copy", on(journey.ScreenCopy, journey.PhrasePartProgress, journey.CasesView{Copy: &copied}, journey.DoPrint)})
}

func caseLines() []journey.CaseLine {
	return []journey.CaseLine{
		{ID: "1", Item: both("最低生活保障", "Subsistence allowance"), Stage: both("入户调查中", "Home visit"), Submitted: "2026-11-02", Light: "green"},
		{ID: "2", Item: both("支出型临时救助", "Temporary aid"), Stage: both("待补正", "Papers missing"), Submitted: "2026-10-12", Light: "yellow"},
		{ID: "3", Item: both("困难残疾人生活补贴", "Disability subsidy"), Stage: both("不予确认", "Not confirmed"), Submitted: "2026-08-01", Light: "red"},
	}
}

func draftLines() []journey.DraftLine {
	return []journey.DraftLine{{ID: "SJ-150102-0001-20261122-00019-2", Item: both("最低生活保障", "Subsistence allowance"), Parked: "2026-11-22", Until: "2026-12-22"}}
}

// parkSamples are what parking shows.
func parkSamples() []sample {
	ask := base(journey.ScreenNotice, journey.PhrasePartPark, 7, journey.DoNext, journey.DoBack)
	ask.Document = &journey.DocumentView{ID: "park", Version: "1", Title: "存起来，下次接着办", Digest: "sha256:44", Paragraphs: noticeParagraphs()[:2]}
	kept := base(journey.ScreenSlip, journey.PhrasePartSlip, 7, journey.DoFinish)
	kept.Slip = &journey.SlipView{Number: "SJ-150102-0001-20261122-00019-2", QueryCode: "48217730", Kept: true, Delivered: true, Print: "printed", Pages: 3, Parked: true}
	leave := questionSamples()[1].view
	leave.Offers, leave.Cover = []journey.Do{journey.DoLeaveYes, journey.DoLeaveNo, journey.DoPark}, &journey.Cover{Kind: journey.CoverLeave}
	idle := base(journey.ScreenCovered, journey.PhrasePartInterview, 2)
	idle.Offers, idle.Cover = []journey.Do{journey.DoStay, journey.DoLeaveYes, journey.DoPark}, &journey.Cover{Kind: journey.CoverIdle, Left: 37}
	return []sample{{"park-ask", ask}, {"park-kept", kept}, {"park-leave", leave}, {"park-idle", idle}}
}

func caseSample() journey.CaseView {
	stage := func(name, english, since string) journey.StageLine {
		return journey.StageLine{Name: both(name, english), Plain: both("街道正在看您交的材料，缺的会一次告诉您。", "The street office is looking at your papers."), Since: since}
	}
	return journey.CaseView{
		SlipNo: "SJ-150102-0001-20261122-00017-6", Item: both("最低生活保障", "Subsistence allowance"), Submitted: "2026-11-02", Stage: stage("待补正", "Papers missing", "2026-11-12"), Light: "yellow", Due: "2026-12-15",
		Past:    []journey.StageLine{stage("已提交", "Handed in", "2026-11-02"), stage("已受理", "Accepted", "2026-11-05"), stage("核对中", "Being checked", "2026-11-07")},
		Missing: []journey.MissingLine{{Name: both("银行卡或存折", "Bank card"), Hint: "请拍有账号的那一面，上次的看不清。"}, {Name: both("诊断证明、病历", "Medical papers"), Sent: true}}, MissingBy: "2026-12-01",
		Copies: []journey.CopyLine{{ID: "a", Title: "一次性告知单（补正通知书）", Issued: "2026-11-12"}, {ID: "b", Title: "受理通知书", Issued: "2026-11-05"}},
	}
}
