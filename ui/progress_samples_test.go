package ui

import "yimen/kiosk/journey/view"

// progressSamples are the screens of 进度, with as much on them as comes.
func progressSamples() []sample {
	on := func(screen view.Screen, part string, cases view.Cases, offers ...view.Do) view.View {
		v := base(screen, part, 2, append(offers, view.DoBack)...)
		v.Service, v.Progress.Of, v.Cases = nil, 2, &cases
		return v
	}
	slipno := on(view.ScreenSlipNo, view.PhrasePartProve, view.Cases{Scan: true}, view.DoAnswer)
	slipno.Question = &view.Question{Key: "slipno", Input: view.InputSlipNo, Value: "1501020001", Must: true}
	slipno.Notes = []view.Note{{Kind: view.NoteProblem, Phrase: view.Phrase{ID: view.PhraseNotASlip}}}
	typed := slipno
	typed.Cases, typed.Notes = &view.Cases{}, nil
	code := on(view.ScreenCode, view.PhrasePartProve, view.Cases{Number: "SJ-150102-0001-20261122-00017-6"}, view.DoAnswer)
	code.Question = &view.Question{Key: "code", Input: view.InputCode, Must: true}
	samples := []sample{
		{"proof", on(view.ScreenProof, view.PhrasePartProve, view.Cases{}, view.DoChoose)}, {"slipno", slipno}, {"slipno-typed", typed}, {"code", code},
		{"asking", on(view.ScreenAsking, view.PhrasePartProgress, view.Cases{})}, {"cases", on(view.ScreenCases, view.PhrasePartProgress, view.Cases{Cases: caseLines(), Drafts: draftLines()}, view.DoChoose, view.DoFinish)},
	}
	for _, trouble := range []view.Trouble{view.TroubleNothing, view.TroubleLocked, view.TroubleLine, view.TroubleUnable} {
		offers := []view.Do{view.DoFinish}
		if trouble == view.TroubleLine || trouble == view.TroubleUnable {
			offers = append(offers, view.DoRetake)
		}
		samples = append(samples, sample{"cases-" + string(trouble), on(view.ScreenCases, view.PhrasePartProgress, view.Cases{Trouble: trouble}, offers...)})
	}
	reading := []view.Do{view.DoChoose, view.DoPrint, view.DoFinish}
	lacking, refused, printing := caseSample(), caseSample(), caseSample()
	refused.Missing, refused.Light, refused.Stage.Name = nil, "red", both("不予确认", "Not confirmed")
	refused.Remedy = both("如不服本决定，可自知道之日起60日内向新城区人民政府申请行政复议，或者自知道之日起6个月内直接向新城区人民法院起诉新城区民政局。", "Reconsideration within 60 days, or a lawsuit within 6 months.")
	refused.Until = [2]string{"2027-01-20", "2027-05-20"}
	refused.Replies = []view.ReplyLine{{SlipNo: "SJ-150102-0001-20261122-00018-4", Kind: "objection", State: "answered", Text: []string{"经核查，您反映的情况属实，已重新调查。"}, At: "2026-11-21"}}
	lacking.Stage.By = "2026-11-20"
	printing.Printing = true
	late := caseSample()
	late.Past, late.Due = late.Past[:2], "2026-11-20"
	late.Missing, late.Light, late.Stage = nil, "red", view.StageLine{Name: both("核对中", "Being checked"), Plain: both("正在向有关部门核对家庭经济状况，不用您跑。", "Departments are being asked."), Since: "2026-11-07", By: "2026-11-18", Late: true}
	copied := view.Copy{No: "新民低收〔2026〕00018号", Title: "不予确认（批准）告知书", Issued: "2026-11-21", Paragraphs: noticeParagraphs()}
	return append(samples,
		sample{"case-lacking", on(view.ScreenCase, view.PhrasePartProgress, view.Cases{Case: &lacking}, append(reading, view.DoNext, view.DoAssist)...)},
		sample{"case-refused", on(view.ScreenCase, view.PhrasePartProgress, view.Cases{Case: &refused}, reading...)},
		sample{"case-late", on(view.ScreenCase, view.PhrasePartProgress, view.Cases{Case: &late}, reading...)},
		sample{"case-printing", on(view.ScreenCase, view.PhrasePartProgress, view.Cases{Case: &printing})},
		sample{"copy", on(view.ScreenCopy, view.PhrasePartProgress, view.Cases{Copy: &copied}, view.DoPrint)})
}

func caseLines() []view.CaseLine {
	return []view.CaseLine{
		{ID: "1", Item: both("最低生活保障", "Subsistence allowance"), Stage: both("入户调查中", "Home visit"), Submitted: "2026-11-02", Light: "green"},
		{ID: "2", Item: both("支出型临时救助", "Temporary aid"), Stage: both("待补正", "Papers missing"), Submitted: "2026-10-12", Light: "yellow"},
		{ID: "3", Item: both("困难残疾人生活补贴", "Disability subsidy"), Stage: both("不予确认", "Not confirmed"), Submitted: "2026-08-01", Light: "red"},
	}
}

func draftLines() []view.DraftLine {
	return []view.DraftLine{{ID: "SJ-150102-0001-20261122-00019-2", Item: both("最低生活保障", "Subsistence allowance"), Parked: "2026-11-22", Until: "2026-12-22"}}
}

// parkSamples are what parking shows.
func parkSamples() []sample {
	ask := base(view.ScreenNotice, view.PhrasePartPark, 7, view.DoNext, view.DoBack)
	ask.Document = &view.Document{ID: "park", Version: "1", Title: "存起来，下次接着办", Digest: "sha256:44", Paragraphs: noticeParagraphs()[:2]}
	kept := base(view.ScreenSlip, view.PhrasePartSlip, 7, view.DoFinish)
	kept.Slip = &view.Slip{Number: "SJ-150102-0001-20261122-00019-2", QueryCode: "48217730", Kept: true, Delivered: true, Print: "printed", Pages: 3, Parked: true}
	leave := questionSamples()[1].view
	leave.Offers, leave.Cover = []view.Do{view.DoLeaveYes, view.DoLeaveNo, view.DoPark}, &view.Cover{Kind: view.CoverLeave}
	idle := base(view.ScreenCovered, view.PhrasePartInterview, 2)
	idle.Offers, idle.Cover = []view.Do{view.DoStay, view.DoLeaveYes, view.DoPark}, &view.Cover{Kind: view.CoverIdle, Left: 37}
	return []sample{{"park-ask", ask}, {"park-kept", kept}, {"park-leave", leave}, {"park-idle", idle}}
}

func caseSample() view.Case {
	stage := func(name, english, since string) view.StageLine {
		return view.StageLine{Name: both(name, english), Plain: both("街道正在看您交的材料，缺的会一次告诉您。", "The street office is looking at your papers."), Since: since}
	}
	return view.Case{
		SlipNo: "SJ-150102-0001-20261122-00017-6", Item: both("最低生活保障", "Subsistence allowance"), Submitted: "2026-11-02", Stage: stage("待补正", "Papers missing", "2026-11-12"), Light: "yellow", Due: "2026-12-15",
		Past:    []view.StageLine{stage("已提交", "Handed in", "2026-11-02"), stage("已受理", "Accepted", "2026-11-05"), stage("核对中", "Being checked", "2026-11-07")},
		Missing: []view.MissingLine{{Name: both("银行卡或存折", "Bank card"), Hint: "请拍有账号的那一面，上次的看不清。"}, {Name: both("诊断证明、病历", "Medical papers"), Sent: true}}, MissingBy: "2026-12-01",
		Copies: []view.CopyLine{{ID: "a", Title: "一次性告知单（补正通知书）", Issued: "2026-11-12"}, {ID: "b", Title: "受理通知书", Issued: "2026-11-05"}},
		Chapters: []view.ChapterLine{
			{Name: both("告知受理（三步）", "Telling and accepting"), Done: 2, Steps: []view.StepLine{{Name: both("政策告知", "Policy told"), Done: "2026-11-05"}, {Name: both("补正告知", "What is missing told")}, {Name: both("受理或不予受理", "Accepted or not"), Done: "2026-11-05"}}},
			{Name: both("核实受理（八步）", "Verifying"), Done: 1, Steps: []view.StepLine{{Name: both("身份户籍核实", "Identity and household"), Done: "2026-11-07"}, {Name: both("核对授权", "Authorisation")}, {Name: both("经济状况核对", "Means check")}, {Name: both("入户调查", "Home visit")}, {Name: both("邻里访问", "Neighbours")}, {Name: both("信函索证", "Letters for proof")}, {Name: both("民主评议", "Appraisal")}, {Name: both("结果签认", "Findings signed")}}},
		},
	}
}
