package ui

import (
	"slices"
	"strings"

	"yimen/drivers/device"
	"yimen/kiosk/journey/view"
	"yimen/kiosk/policy"
)

// sample is a View that the screens are judged by.
type sample struct {
	name string
	view view.View
}

func zh(s string) policy.Text { return policy.Text{"zh-CN": s} }

// both is a wording in both languages.
func both(chinese, english string) policy.Text { return policy.Text{"zh-CN": chinese, "en": english} }

// base is what a View of a running visit has on every screen.
func base(screen view.Screen, part string, now int, offers ...view.Do) view.View {
	return view.View{
		Visit: "visit-1", Seq: 7, Screen: screen, Lang: "zh-CN", Look: view.Usual(),
		Hall:     view.Hall{Name: "新城区锡林路街道便民服务中心", Desk: both("社会救助窗口（2号）", "Social assistance desk (no. 2)"), Hotline: "0471-0000000", Example: true},
		Progress: view.Progress{Now: now, Of: 7, Part: view.Phrase{ID: part}},
		Service:  both("最低生活保障", "Subsistence allowance"),
		Offers:   append([]view.Do{view.DoHelp, view.DoSight, view.DoLeave}, offers...),
	}
}

func question(q view.Question, notes ...view.Note) view.View {
	offers := []view.Do{view.DoBack, view.DoAnswer}
	if !q.Must {
		offers = append(offers, view.DoUnknown)
	}
	v := base(view.ScreenQuestion, view.PhrasePartInterview, 2, offers...)
	q.Section, q.Now, q.Of = both("家庭成员", "Household"), 3, 9
	v.Question, v.Notes = &q, notes
	return v
}

// samples lists every screen in its states.
func samples() []sample {
	return slices.Concat(quietSamples(), maintenanceSamples(), questionSamples(), workSamples(), guideSamples(), checkinSamples(), staffSamples(), progressSamples(), parkSamples(), noticesSamples())
}

func quietSamples() []sample {
	attract := base(view.ScreenAttract, "", 0, view.DoStart)
	attract.Visit, attract.Progress, attract.Service, attract.Offers = "", view.Progress{}, nil, []view.Do{view.DoStart, view.DoSize, view.DoSight, view.DoHelp}
	out := attract
	out.Notes = []view.Note{{Kind: view.NoteProblem, Phrase: view.Phrase{ID: view.PhraseLostSlip}}, {Kind: view.NoteProblem, Phrase: view.Phrase{ID: view.PhraseNoPrinter}}}
	language := base(view.ScreenLanguage, "", 0, view.DoLanguage, view.DoSize, view.DoContrast, view.DoNext, view.DoBack)
	language.Progress, language.Service, language.Languages = view.Progress{}, nil, []string{"zh-CN", "en"}
	menu := base(view.ScreenMenu, "", 0, view.DoChoose, view.DoBack)
	menu.Progress, menu.Service = view.Progress{}, nil
	menu.Menu = &view.Menu{Behind: view.Phrase{ID: view.PhraseDoorApply}, Offers: menuOffers()}
	doors := menu
	doors.Menu = doorsView()
	item := base(view.ScreenItem, "", 0, view.DoNext, view.DoAssist, view.DoBack)
	item.Progress, item.Service = view.Progress{}, nil
	item.Item = &view.Item{Title: both("最低生活保障", "Subsistence allowance"), Plain: both("家里收入低于当地标准，可以申请每月补助。", "Monthly support for households whose income is below the local standard."),
		Deadline: both("受理后三十个工作日内办完", "Thirty working days from acceptance"), Decider: both("街道受理审核，区民政局确认", "The street office checks, the district bureau confirms"), Here: true}
	agreed := item
	agreed.Offers = append(slices.Clone(item.Offers), view.DoPark)
	kept := *item.Item
	kept.Agreed, kept.None = true, both("发多少由当地定，机器算不出来，请工作人员核实。", "The amount is set locally and is not reckoned here; staff will check it.")
	agreed.Item = &kept
	told := item
	told.Offers = []view.Do{view.DoHelp, view.DoSight, view.DoLeave, view.DoBack}
	told.Item = &view.Item{Title: zh("住房救助"), Plain: zh("低保家庭住房有困难的，可以申请公租房或者租金补贴。"), Decider: zh("住房保障部门")}
	wiped := base(view.ScreenWiped, "", 0)
	wiped.Progress, wiped.Service, wiped.Offers = view.Progress{}, nil, []view.Do{view.DoFinish, view.DoSight, view.DoHelp}
	away := wiped
	away.Notes = []view.Note{{Kind: view.NoteNews, Phrase: view.Phrase{ID: view.PhraseParkedAway}}}
	unknown := base("nonsense", "", 0)
	return []sample{{"attract", attract}, {"attract-trouble", out}, {"language", language}, {"doors", doors}, {"menu", menu}, {"item", item}, {"item-agreed", agreed}, {"item-told", told},
		{"wiped", wiped}, {"wiped-away", away}, {"trouble", unknown}}
}

func menuOffers() []view.Offer {
	offers := []view.Offer{{ID: "apply:0101", Title: both("最低生活保障", "Subsistence allowance"), Plain: both("家里收入低于当地标准，可以申请每月补助。", "Monthly support for households with little income."), Icon: "bowl", Here: true, First: true}}
	for _, o := range []struct{ icon, title, english string }{
		{"elder", "特困人员救助供养", "Extreme hardship"}, {"alarm", "临时救助", "Temporary aid"}, {"ring", "低保边缘家庭认定", "Marginal household"},
		{"scale", "刚性支出困难家庭认定", "Rigid expenditure"}, {"wheelchair", "残疾人两项补贴", "Disability subsidies"}, {"child", "孤儿基本生活保障", "Orphans"},
		{"hospital", "医疗救助", "Medical aid"}, {"school", "教育救助", "Education aid"}, {"house", "住房救助", "Housing aid"}, {"work", "就业救助", "Employment aid"},
		{"storm", "受灾人员救助", "Disaster relief"}, {"heart", "慈善帮扶", "Charity"}, {"elder", "高龄津贴", "Old-age allowance"},
	} {
		offers = append(offers, view.Offer{ID: o.title, Title: both(o.title, o.english), Plain: zh("看看在哪里办、需要什么材料。"), Icon: o.icon})
	}
	return offers
}

func options(titles ...string) []policy.Option {
	var o []policy.Option
	for i, t := range titles {
		o = append(o, policy.Option{Code: string(rune('a' + i)), Title: zh(t)})
	}
	return o
}

func questionSamples() []sample {
	relation := view.Question{Key: "member.2.relation", Input: policy.InputChoice, Must: true, Title: both("王𠮷䶮是您的什么人？", "Who is 王𠮷䶮 to you?"), Options: options("丈夫或妻子", "儿子或女儿", "父亲或母亲", "爷爷奶奶、外公外婆", "孙子孙女、外孙", "兄弟姐妹", "其他人"), Value: "b", Known: "given"}
	away := view.Question{Key: "member.2.away", Input: policy.InputChoice, Title: both("刘桂兰现在有下面的情况吗？", "Is 刘桂兰 in one of these situations?"), Help: both("在外打工、上学的，选“都没有”。", "Away for work or study: choose none of these."), Options: options("都没有", "在监狱服刑", "强制隔离戒毒", "法院宣告失踪", "在宗教场所居住三年以上")}
	yes := view.Question{Key: "hukou_here", Input: policy.InputYesNo, Title: both("您的户口在本区吗？", "Is your hukou in this district?"), Help: both("不在本区也可以继续，工作人员会告诉您去哪里办。", "If not you can still go on; staff will tell you where to apply."), Value: "1", Known: "given"}
	several := view.Question{Key: "illness", Input: policy.InputChoices, Title: zh("家里有下面这些情况吗？可以选几个。"), Options: options("有人长期生病", "有人住院", "有人残疾", "有孩子上学", "有人失业", "都没有")}
	money := view.Question{Key: "member.1.wage", Input: policy.InputMoney, Title: both("您每个月打工能挣多少钱？", "How much do you earn a month?"), Help: both("按最近半年平均。没有打工就按 0。", "Average of the last six months. 0 if you do not work."), Unit: both("元/月", "yuan a month"), Value: "1850.5", Known: "given"}
	count := view.Question{Key: "household_size", Input: policy.InputCount, Must: true, Title: both("跟您一起生活的，连您在内一共几口人？", "How many people live together, counting you?"), Help: both("在外上学的孩子、住在一起的老人都算上。分开另过的成年子女不算。", "Count children away at school and old people who live with you."), Unit: both("人", "people")}
	date := view.Question{Key: "member.2.birth", Input: policy.InputDate, Title: both("刘桂兰是哪年哪月哪日出生的？", "When was 刘桂兰 born?")}
	born := date
	born.Key, born.Value, born.Known, born.Card = "member.1.birth", "19520315", "given", true
	number := view.Question{Key: "member.2.number", Input: policy.InputIDNumber, Title: both("刘桂兰的身份证号码是多少？", "What is 刘桂兰's ID number?"), Help: both("户口簿上也有。不记得就按“不清楚”。", "It is also in the household book."), Value: "11010519491231002X", Known: "given"}
	phone := view.Question{Key: "phone", Input: policy.InputPhone, Title: zh("您的电话号码是多少？"), Known: "unknown"}
	account := view.Question{Key: "account", Input: policy.InputAccount, Title: zh("补助打到哪个银行账号？"), Help: zh("看银行卡正面的长号码。"), Value: "6200000000000000000", Known: "given"}
	name := view.Question{Key: "member.2.name", Input: policy.InputName, Must: true, Title: both("这位家人叫什么名字？", "What is this person's name?")}
	rare := name
	rare.Key, rare.Value, rare.Known, rare.Card = "member.1.name", "王𠮷䶮㛃𬭎", "given", true
	address := view.Question{Key: "address", Input: policy.InputText, Title: zh("您现在住在哪里？"), Value: "内蒙古自治区呼和浩特市新城区测试路街道测试社区一百二十三号院四号楼五单元六零七", Known: "given", Card: true}
	wrong := view.Note{Kind: view.NoteProblem, Phrase: view.Phrase{ID: view.PhraseAnswerDigit}}
	return []sample{{"question-choice", question(relation)}, {"question-choice-help", question(away)}, {"question-yesno", question(yes)}, {"question-choices", question(several)},
		{"question-money", question(money)}, {"question-count", question(count)}, {"question-date", question(date)}, {"question-date-given", question(born)},
		{"question-idnumber", question(number, wrong)}, {"question-phone", question(phone)}, {"question-account", question(account)}, {"question-name", question(name)}, {"question-name-rare", question(rare)}, {"question-text-long", question(address)}}
}

func workSamples() []sample {
	notice := base(view.ScreenNotice, view.PhrasePartIdentify, 1, view.DoNext, view.DoBack)
	notice.Document = &view.Document{ID: "privacy", Version: "1", Title: "个人信息处理告知书", Digest: "sha256:11", Paragraphs: noticeParagraphs()}
	card := base(view.ScreenCard, view.PhrasePartIdentify, 1, view.DoBack)
	card.Card = &view.Card{}
	reading := card
	reading.Card = &view.Card{Reading: true}
	again := card
	again.Notes = []view.Note{{Kind: view.NoteProblem, Phrase: view.Phrase{ID: view.PhraseCardAgain}}}
	confirm := base(view.ScreenConfirm, view.PhrasePartIdentify, 1, view.DoBack, view.DoNext, view.DoRetake)
	confirm.Card = &view.Card{Name: "王𠮷䶮㛃𬭎", Sex: view.Phrase{ID: view.PhraseSexFemale}, Ethnic: "02", Birth: "1952-**-**", Address: "内蒙古自治区********", Number: "990***************1X", Long: true}
	confirm.Notes = []view.Note{{Kind: view.NoteNews, Phrase: view.Phrase{ID: view.PhraseCardExpired}}}
	estimate := base(view.ScreenEstimate, view.PhrasePartEstimate, 3, view.DoNext, view.DoBack, view.DoWhy)
	estimate.Estimate = estimateView(-1)
	why := estimate
	why.Estimate = estimateView(1)
	unlikely := estimate
	unlikely.Estimate = estimateView(-1)
	unlikely.Estimate.Verdict, unlikely.Estimate.Monthly, unlikely.Estimate.Changes = "unlikely", "", changeViews()
	materials := base(view.ScreenMaterials, view.PhrasePartScan, 4, view.DoNext, view.DoBack)
	materials.Materials = materialsView()
	review := base(view.ScreenReview, view.PhrasePartReview, 6, view.DoBack, view.DoEdit, view.DoSubmit)
	review.Review = reviewView()
	sending := base(view.ScreenSending, view.PhrasePartSlip, 7)
	sending.Offers, sending.Slip = []view.Do{view.DoHelp, view.DoSight}, &view.Slip{Kept: true}
	samples := []sample{{"notice", notice}, {"card", card}, {"card-reading", reading}, {"card-again", again}, {"confirm", confirm}, {"estimate", estimate},
		{"estimate-why", why}, {"estimate-unlikely", unlikely}, {"materials", materials}}
	samples = append(samples, scanSamples()...)
	samples = append(samples, sample{"sign", signView()}, sample{"review", review}, sample{"sending", sending})
	return append(append(samples, slipSamples()...), coverSamples()...)
}

func noticeParagraphs() []string {
	one := "为了办理社会救助，新城区民政局和街道办事处需要收集、使用您和家庭成员的个人信息：姓名、身份证号、住址、电话、家庭成员、收入、财产、支出、健康和残疾状况、银行账号，以及您放到机器上拍下的材料。"
	two := "其中健康、财产、身份证件属于敏感个人信息。不提供这些信息，就没有办法核实家庭情况；提供以后，只用于审核救助，不作别的用途。"
	three := "您有权查看、复制、更正自己的信息，也可以撤回授权、要求说明。请到窗口或者拨打电话提出。"
	return []string{one, two, three, strings.Repeat(three, 3), one, two, strings.Repeat(one, 2), three}
}

// changeViews are ways to another answer, as long as they come.
func changeViews() []view.Change {
	return []view.Change{
		{Distance: true, Sentence: zh("每人每月1,250元，低保线是725元，相差525元。"), Article: "9"},
		{Sentence: zh("如果最近12个月看病自己花的钱一共有12,600.01元（您填的是0元），拿得出票据，算进去以后就够条件了。"), Proof: zh("医疗费票据或结算单"), Article: "13"},
		{Sentence: zh("如果第2位家人（丈夫或妻子）上班的路费、饭费等必要花费实际每月有1,150.01元（您填的是100元），收入就低于线。能说明的都算。"), Article: "13"},
	}
}

func estimateView(open int) *view.Estimate {
	line := func(outcome, words string) view.Line {
		return view.Line{Outcome: outcome, Sentence: zh(words), Source: "最低生活保障审核确认办法", Article: "第十三条", Quote: "共同生活家庭成员的全部可支配收入计入家庭收入。",
			Inputs: []view.Figure{{Label: zh("工资"), Value: "1,850 元"}, {Label: zh("人数"), Value: "3 人"}}, Example: outcome == "figure"}
	}
	return &view.Estimate{Verdict: "likely", Monthly: "1250", Edition: "CN-150102 2026.1", Digest: "3f9a 20c1", Example: true, Open: open,
		Sentences: []view.Line{line("figure", "一起生活、要算进来的有 3 个人。"), line("figure", "全家每月收入一共 1,850 元，平均每人 616.67 元。"), line("met", "平均每人收入低于当地标准 725 元。"),
			line("not_met", "家里有一辆小汽车，需要说明用途。"), line("not_known", "存款多少还不清楚。")},
		Flags: []view.Line{line("flag", "有近亲属在民政部门工作，按规定要另外登记。")}, Missing: []policy.Text{zh("存款"), zh("赡养费")}}
}

func materialsView() *view.Materials {
	m := func(name, hint string) view.MaterialLine {
		return view.MaterialLine{Code: name, Name: zh(name), Hint: zh(hint)}
	}
	return &view.Materials{
		Scan:  []view.MaterialLine{m("银行卡或存折", "拍有账号的那一面。")},
		Maybe: []view.MaterialLine{m("诊断证明、病历", "最近一年的。"), m("看病的发票和结算单", "最近十二个月自己花的钱。"), m("租房合同", "租房住的才需要。")},
		Share: []view.MaterialLine{m("户口簿", ""), m("残疾人证", ""), m("结婚证、离婚证", ""), m("房产、车辆、存款、社保", "")},
		Here:  []view.MaterialLine{m("申请表", ""), m("诚信承诺书", ""), m("核对授权书", "")},
	}
}

func scanSamples() []sample {
	scan := func(s view.Scan, offers ...view.Do) view.View {
		v := base(view.ScreenScan, view.PhrasePartScan, 4, append(offers, view.DoBack)...)
		s.Material, s.Now, s.Of, s.Most = materialsView().Scan[0], 1, 3, max(s.Most, 4)
		v.Scan = &s
		return v
	}
	pages := []view.Page{{ID: "page1", No: 1}, {ID: "page2", No: 2}}
	var many []view.Page
	for no := range 20 {
		many = append(many, view.Page{ID: "page1", No: no + 1, Check: no == 3})
	}
	full := many[:4]
	quad := device.Quad{{X: .12, Y: .1}, {X: .88, Y: .1}, {X: .88, Y: .9}, {X: .12, Y: .9}}
	return []sample{
		{"scan-live", scan(view.Scan{Live: true, Auto: true}, view.DoShoot, view.DoAuto, view.DoLater)},
		{"scan-corners", scan(view.Scan{Still: "page1", Quad: quad, Adjust: true}, view.DoAccept, view.DoRetake)},
		{"scan-still", scan(view.Scan{Still: "page1", Cut: "page2", Quad: quad}, view.DoAccept, view.DoTurn, view.DoAdjust, view.DoRetake)},
		{"scan-turning", scan(view.Scan{Still: "page1", Cut: "page2", Quad: quad, Taking: true})},
		{"scan-kept", scan(view.Scan{Live: true, Pages: pages}, view.DoShoot, view.DoAuto, view.DoLook, view.DoNext)},
		{"scan-look", scan(view.Scan{Pages: pages, Look: &pages[1]}, view.DoAccept, view.DoTurn, view.DoSooner, view.DoReplace, view.DoDelete)},
		{"scan-look-many", scan(view.Scan{Pages: many, Look: &many[3], Most: 30}, view.DoAccept, view.DoTurn, view.DoSooner, view.DoAfter, view.DoReplace, view.DoDelete)},
		{"scan-instead", scan(view.Scan{Live: true, Auto: true, Pages: pages, Instead: 2}, view.DoShoot, view.DoAuto)},
		{"scan-full", scan(view.Scan{Live: true, Auto: true, Pages: full}, view.DoAuto, view.DoLook, view.DoNext)},
		{"scan-many", scan(view.Scan{Live: true, Auto: true, Pages: many, Most: 30}, view.DoShoot, view.DoAuto, view.DoLook, view.DoNext)},
		{"scan-taking", scan(view.Scan{Live: true, Taking: true})},
		{"scan-bad", scan(view.Scan{Still: "page1", Quad: quad, Hint: "hint.cut_off", Left: 1}, view.DoRetake)},
		{"scan-unsure", scan(view.Scan{Still: "page1", Quad: quad, Adjust: true, Hint: "hint.unsure", Left: 2}, view.DoAccept, view.DoRetake)},
		{"scan-check", scan(view.Scan{Live: true, Auto: true, Pages: []view.Page{{ID: "page1", No: 1, Check: true}}}, view.DoShoot, view.DoAuto, view.DoLook, view.DoNext)},
		{"scan-printing", scan(view.Scan{Live: true, Printing: true, Pages: pages})},
	}
}

func signView() view.View {
	v := base(view.ScreenSign, view.PhrasePartSign, 5, view.DoSign, view.DoLater, view.DoBack)
	v.Document = &view.Document{ID: "undertaking", Version: "1", Title: "诚信承诺书", Digest: "sha256:22", Signer: "王****", Pad: view.Pad{Width: 160, Height: 60}, Now: 1, Of: 2,
		Paragraphs: []string{"本人申请最低生活保障，郑重承诺：", "一、本人提供的家庭成员、收入、财产、支出情况和材料全部真实、完整。", "二、家庭情况有变化时，本人在三十日内主动告诉街道。", "三、如果弄虚作假、隐瞒情况，愿意退回多领的钱，并按规定承担责任。", noticeParagraphs()[0], noticeParagraphs()[1]}}
	return v
}

func reviewView() *view.Review {
	l := func(label, value string) view.ReviewLine {
		return view.ReviewLine{Label: zh(label), Value: value, Edit: "answer:" + label}
	}
	missing := l("存款", "")
	missing.Problem = view.Phrase{ID: view.PhraseReviewMissing}
	return &view.Review{Sections: []view.ReviewSection{
		{Title: zh("家庭成员"), Lines: []view.ReviewLine{l("家庭人数", "3 人"), l("姓名", "刘桂兰"), l("与申请人关系", "丈夫或妻子"), l("身份证号", "990***************1X")}},
		{Title: zh("收入"), Lines: []view.ReviewLine{l("工资", "1,850 元/月"), missing}}}}
}

func slipSamples() []sample {
	slip := func(s view.Slip, offers ...view.Do) view.View {
		v := base(view.ScreenSlip, view.PhrasePartSlip, 7, offers...)
		s.Number, s.QueryCode, s.Kept, s.Pages = "SJ-150102-0001-20261122-00017-6", "48217730", true, 3
		v.Slip = &s
		return v
	}
	return []sample{
		{"slip-delivered", slip(view.Slip{Delivered: true, Print: "printed"}, view.DoFinish)},
		{"slip-printing", slip(view.Slip{Print: "printing"})},
		{"slip-unconfirmed", slip(view.Slip{Print: "unconfirmed"}, view.DoPrint, view.DoFinish)},
		{"slip-failed", slip(view.Slip{Print: "failed", Cause: view.Phrase{ID: view.PhrasePrinterPaper}}, view.DoPrint, view.DoFinish)},
	}
}

func coverSamples() []sample {
	covered := func(kind view.CoverKind, offers ...view.Do) view.View {
		v := base(view.ScreenCovered, view.PhrasePartInterview, 2)
		v.Offers, v.Cover = offers, &view.Cover{Kind: kind, Left: 37}
		return v
	}
	over := func(kind view.CoverKind, offers ...view.Do) view.View {
		v := questionSamples()[1].view
		v.Offers, v.Cover = offers, &view.Cover{Kind: kind}
		return v
	}
	said := over(view.CoverAssist, view.DoConfirm, view.DoDeny)
	said.Cover.Said = &view.Said{Input: policy.InputChoice, Value: "a", Options: []policy.Text{both("在外打工、上学", "Away for work or study")}}
	return []sample{
		{"cover-privacy", covered(view.CoverPrivacy, view.DoStay)},
		{"cover-idle", covered(view.CoverIdle, view.DoStay, view.DoLeaveYes)},
		{"cover-leave", over(view.CoverLeave, view.DoLeaveYes, view.DoLeaveNo)},
		{"cover-help", over(view.CoverHelp, view.DoHelpEnd)},
		{"cover-sight", over(view.CoverSight, view.DoSize, view.DoContrast, view.DoSightEnd, view.DoHelp)},
		{"cover-assist", said},
	}
}
