package ui

import (
	"slices"
	"strings"

	"yimen/drivers/device"
	"yimen/kiosk/journey"
	"yimen/kiosk/policy"
)

// sample is a View that the screens are judged by.
type sample struct {
	name string
	view journey.View
}

func zh(s string) policy.Text { return policy.Text{"zh-CN": s} }

// both is a wording in both languages.
func both(chinese, english string) policy.Text { return policy.Text{"zh-CN": chinese, "en": english} }

// base is what a View of a running visit has on every screen.
func base(screen journey.Screen, part string, now int, offers ...journey.Do) journey.View {
	return journey.View{
		Visit: "visit-1", Seq: 7, Screen: screen, Lang: "zh-CN", Mode: journey.Plain,
		Hall:     journey.Hall{Name: "新城区锡林路街道便民服务中心", Desk: both("社会救助窗口（2号）", "Social assistance desk (no. 2)"), Hotline: "0471-0000000", Example: true},
		Progress: journey.Progress{Now: now, Of: 7, Part: journey.Phrase{ID: part}},
		Service:  both("最低生活保障", "Subsistence allowance"),
		Offers:   append([]journey.Do{journey.DoHelp, journey.DoMode, journey.DoLeave}, offers...),
	}
}

func question(q journey.QuestionView, notes ...journey.Note) journey.View {
	offers := []journey.Do{journey.DoBack, journey.DoAnswer}
	if !q.Must {
		offers = append(offers, journey.DoUnknown)
	}
	v := base(journey.ScreenQuestion, journey.PhrasePartInterview, 2, offers...)
	q.Section, q.Now, q.Of = both("家庭成员", "Household"), 3, 9
	v.Question, v.Notes = &q, notes
	return v
}

// samples lists every screen in its states.
func samples() []sample {
	return slices.Concat(quietSamples(), maintenanceSamples(), questionSamples(), workSamples(), guideSamples(), checkinSamples(), staffSamples(), progressSamples(), parkSamples(), noticesSamples())
}

func quietSamples() []sample {
	attract := base(journey.ScreenAttract, "", 0, journey.DoStart)
	attract.Visit, attract.Progress, attract.Service, attract.Offers = "", journey.Progress{}, nil, []journey.Do{journey.DoStart, journey.DoHelp}
	out := attract
	out.Notes = []journey.Note{{Kind: journey.NoteProblem, Phrase: journey.Phrase{ID: journey.PhraseLostSlip}}, {Kind: journey.NoteProblem, Phrase: journey.Phrase{ID: journey.PhraseNoPrinter}}}
	language := base(journey.ScreenLanguage, "", 0, journey.DoLanguage, journey.DoNext, journey.DoBack)
	language.Progress, language.Service, language.Languages = journey.Progress{}, nil, []string{"zh-CN", "en"}
	menu := base(journey.ScreenMenu, "", 0, journey.DoChoose, journey.DoBack)
	menu.Progress, menu.Service = journey.Progress{}, nil
	menu.Menu = &journey.MenuView{Behind: journey.Phrase{ID: journey.PhraseDoorApply}, Offers: menuOffers()}
	doors := menu
	doors.Menu = doorsView()
	item := base(journey.ScreenItem, "", 0, journey.DoNext, journey.DoAssist, journey.DoBack)
	item.Progress, item.Service = journey.Progress{}, nil
	item.Item = &journey.ItemView{Title: both("最低生活保障", "Subsistence allowance"), Plain: both("家里收入低于当地标准，可以申请每月补助。", "Monthly support for households whose income is below the local standard."),
		Deadline: both("受理后三十个工作日内办完", "Thirty working days from acceptance"), Decider: both("街道受理审核，区民政局确认", "The street office checks, the district bureau confirms"), Here: true}
	agreed := item
	agreed.Offers = append(slices.Clone(item.Offers), journey.DoPark)
	kept := *item.Item
	kept.Agreed, kept.None = true, both("发多少由当地定，机器算不出来，请工作人员核实。", "The amount is set locally and is not reckoned here; staff will check it.")
	agreed.Item = &kept
	told := item
	told.Offers = []journey.Do{journey.DoHelp, journey.DoMode, journey.DoLeave, journey.DoBack}
	told.Item = &journey.ItemView{Title: zh("住房救助"), Plain: zh("低保家庭住房有困难的，可以申请公租房或者租金补贴。"), Decider: zh("住房保障部门")}
	wiped := base(journey.ScreenWiped, "", 0)
	wiped.Progress, wiped.Service, wiped.Offers = journey.Progress{}, nil, []journey.Do{journey.DoFinish, journey.DoHelp}
	away := wiped
	away.Notes = []journey.Note{{Kind: journey.NoteNews, Phrase: journey.Phrase{ID: journey.PhraseParkedAway}}}
	unknown := base("nonsense", "", 0)
	return []sample{{"attract", attract}, {"attract-trouble", out}, {"language", language}, {"doors", doors}, {"menu", menu}, {"item", item}, {"item-agreed", agreed}, {"item-told", told},
		{"wiped", wiped}, {"wiped-away", away}, {"trouble", unknown}}
}

func menuOffers() []journey.Offer {
	offers := []journey.Offer{{ID: "apply:0101", Title: both("最低生活保障", "Subsistence allowance"), Plain: both("家里收入低于当地标准，可以申请每月补助。", "Monthly support for households with little income."), Icon: "bowl", Here: true, First: true}}
	for _, o := range []struct{ icon, title, english string }{
		{"elder", "特困人员救助供养", "Extreme hardship"}, {"alarm", "临时救助", "Temporary aid"}, {"ring", "低保边缘家庭认定", "Marginal household"},
		{"scale", "刚性支出困难家庭认定", "Rigid expenditure"}, {"wheelchair", "残疾人两项补贴", "Disability subsidies"}, {"child", "孤儿基本生活保障", "Orphans"},
		{"hospital", "医疗救助", "Medical aid"}, {"school", "教育救助", "Education aid"}, {"house", "住房救助", "Housing aid"}, {"work", "就业救助", "Employment aid"},
		{"storm", "受灾人员救助", "Disaster relief"}, {"heart", "慈善帮扶", "Charity"}, {"elder", "高龄津贴", "Old-age allowance"},
	} {
		offers = append(offers, journey.Offer{ID: o.title, Title: both(o.title, o.english), Plain: zh("看看在哪里办、需要什么材料。"), Icon: o.icon})
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
	relation := journey.QuestionView{Key: "member.2.relation", Input: policy.InputChoice, Must: true, Title: both("王𠮷䶮是您的什么人？", "Who is 王𠮷䶮 to you?"), Options: options("丈夫或妻子", "儿子或女儿", "父亲或母亲", "爷爷奶奶、外公外婆", "孙子孙女、外孙", "兄弟姐妹", "其他人"), Value: "b", Known: "given"}
	away := journey.QuestionView{Key: "member.2.away", Input: policy.InputChoice, Title: both("刘桂兰现在有下面的情况吗？", "Is 刘桂兰 in one of these situations?"), Help: both("在外打工、上学的，选“都没有”。", "Away for work or study: choose none of these."), Options: options("都没有", "在监狱服刑", "强制隔离戒毒", "法院宣告失踪", "在宗教场所居住三年以上")}
	yes := journey.QuestionView{Key: "hukou_here", Input: policy.InputYesNo, Title: both("您的户口在本区吗？", "Is your hukou in this district?"), Help: both("不在本区也可以继续，工作人员会告诉您去哪里办。", "If not you can still go on; staff will tell you where to apply."), Value: "1", Known: "given"}
	several := journey.QuestionView{Key: "illness", Input: policy.InputChoices, Title: zh("家里有下面这些情况吗？可以选几个。"), Options: options("有人长期生病", "有人住院", "有人残疾", "有孩子上学", "有人失业", "都没有")}
	money := journey.QuestionView{Key: "member.1.wage", Input: policy.InputMoney, Title: both("您每个月打工能挣多少钱？", "How much do you earn a month?"), Help: both("按最近半年平均。没有打工就按 0。", "Average of the last six months. 0 if you do not work."), Unit: both("元/月", "yuan a month"), Value: "1850.5", Known: "given"}
	count := journey.QuestionView{Key: "household_size", Input: policy.InputCount, Must: true, Title: both("跟您一起生活的，连您在内一共几口人？", "How many people live together, counting you?"), Help: both("在外上学的孩子、住在一起的老人都算上。分开另过的成年子女不算。", "Count children away at school and old people who live with you."), Unit: both("人", "people")}
	date := journey.QuestionView{Key: "member.2.birth", Input: policy.InputDate, Title: both("刘桂兰是哪年哪月哪日出生的？", "When was 刘桂兰 born?")}
	born := date
	born.Key, born.Value, born.Known, born.Card = "member.1.birth", "19520315", "given", true
	number := journey.QuestionView{Key: "member.2.number", Input: policy.InputIDNumber, Title: both("刘桂兰的身份证号码是多少？", "What is 刘桂兰's ID number?"), Help: both("户口簿上也有。不记得就按“不清楚”。", "It is also in the household book."), Value: "11010519491231002X", Known: "given"}
	phone := journey.QuestionView{Key: "phone", Input: policy.InputPhone, Title: zh("您的电话号码是多少？"), Known: "unknown"}
	account := journey.QuestionView{Key: "account", Input: policy.InputAccount, Title: zh("补助打到哪个银行账号？"), Help: zh("看银行卡正面的长号码。"), Value: "6200000000000000000", Known: "given"}
	name := journey.QuestionView{Key: "member.2.name", Input: policy.InputName, Must: true, Title: both("这位家人叫什么名字？", "What is this person's name?")}
	rare := name
	rare.Key, rare.Value, rare.Known, rare.Card = "member.1.name", "王𠮷䶮㛃𬭎", "given", true
	address := journey.QuestionView{Key: "address", Input: policy.InputText, Title: zh("您现在住在哪里？"), Value: "内蒙古自治区呼和浩特市新城区测试路街道测试社区一百二十三号院四号楼五单元六零七", Known: "given", Card: true}
	wrong := journey.Note{Kind: journey.NoteProblem, Phrase: journey.Phrase{ID: journey.PhraseAnswerDigit}}
	return []sample{{"question-choice", question(relation)}, {"question-choice-help", question(away)}, {"question-yesno", question(yes)}, {"question-choices", question(several)},
		{"question-money", question(money)}, {"question-count", question(count)}, {"question-date", question(date)}, {"question-date-given", question(born)},
		{"question-idnumber", question(number, wrong)}, {"question-phone", question(phone)}, {"question-account", question(account)}, {"question-name", question(name)}, {"question-name-rare", question(rare)}, {"question-text-long", question(address)}}
}

func workSamples() []sample {
	notice := base(journey.ScreenNotice, journey.PhrasePartIdentify, 1, journey.DoNext, journey.DoBack)
	notice.Document = &journey.DocumentView{ID: "privacy", Version: "1", Title: "个人信息处理告知书", Digest: "sha256:11", Paragraphs: noticeParagraphs()}
	card := base(journey.ScreenCard, journey.PhrasePartIdentify, 1, journey.DoBack)
	card.Card = &journey.CardView{}
	reading := card
	reading.Card = &journey.CardView{Reading: true}
	again := card
	again.Notes = []journey.Note{{Kind: journey.NoteProblem, Phrase: journey.Phrase{ID: journey.PhraseCardAgain}}}
	confirm := base(journey.ScreenConfirm, journey.PhrasePartIdentify, 1, journey.DoBack, journey.DoNext, journey.DoRetake)
	confirm.Card = &journey.CardView{Name: "王𠮷䶮㛃𬭎", Sex: journey.Phrase{ID: journey.PhraseSexFemale}, Ethnic: "02", Birth: "1952-**-**", Address: "内蒙古自治区********", Number: "990***************1X", Long: true}
	confirm.Notes = []journey.Note{{Kind: journey.NoteNews, Phrase: journey.Phrase{ID: journey.PhraseCardExpired}}}
	estimate := base(journey.ScreenEstimate, journey.PhrasePartEstimate, 3, journey.DoNext, journey.DoBack, journey.DoWhy)
	estimate.Estimate = estimateView(-1)
	why := estimate
	why.Estimate = estimateView(1)
	unlikely := estimate
	unlikely.Estimate = estimateView(-1)
	unlikely.Estimate.Verdict, unlikely.Estimate.Monthly, unlikely.Estimate.Changes = "unlikely", "", changeViews()
	materials := base(journey.ScreenMaterials, journey.PhrasePartScan, 4, journey.DoNext, journey.DoBack)
	materials.Materials = materialsView()
	review := base(journey.ScreenReview, journey.PhrasePartReview, 6, journey.DoBack, journey.DoEdit, journey.DoSubmit)
	review.Review = reviewView()
	sending := base(journey.ScreenSending, journey.PhrasePartSlip, 7)
	sending.Offers, sending.Slip = []journey.Do{journey.DoHelp, journey.DoMode}, &journey.SlipView{Kept: true}
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
func changeViews() []journey.ChangeView {
	return []journey.ChangeView{
		{Distance: true, Sentence: zh("每人每月1,250元，低保线是725元，相差525元。"), Article: "9"},
		{Sentence: zh("如果最近12个月看病自己花的钱一共有12,600.01元（您填的是0元），拿得出票据，算进去以后就够条件了。"), Proof: zh("医疗费票据或结算单"), Article: "13"},
		{Sentence: zh("如果第2位家人（丈夫或妻子）上班的路费、饭费等必要花费实际每月有1,150.01元（您填的是100元），收入就低于线。能说明的都算。"), Article: "13"},
	}
}

func estimateView(open int) *journey.EstimateView {
	line := func(outcome, words string) journey.LineView {
		return journey.LineView{Outcome: outcome, Sentence: zh(words), Source: "最低生活保障审核确认办法", Article: "第十三条", Quote: "共同生活家庭成员的全部可支配收入计入家庭收入。",
			Inputs: []journey.FigureView{{Label: zh("工资"), Value: "1,850 元"}, {Label: zh("人数"), Value: "3 人"}}, Example: outcome == "figure"}
	}
	return &journey.EstimateView{Verdict: "likely", Monthly: "1250", Edition: "CN-150102 2026.1", Digest: "3f9a 20c1", Example: true, Open: open,
		Sentences: []journey.LineView{line("figure", "一起生活、要算进来的有 3 个人。"), line("figure", "全家每月收入一共 1,850 元，平均每人 616.67 元。"), line("met", "平均每人收入低于当地标准 725 元。"),
			line("not_met", "家里有一辆小汽车，需要说明用途。"), line("not_known", "存款多少还不清楚。")},
		Flags: []journey.LineView{line("flag", "有近亲属在民政部门工作，按规定要另外登记。")}, Missing: []policy.Text{zh("存款"), zh("赡养费")}}
}

func materialsView() *journey.MaterialsView {
	m := func(name, hint string) journey.MaterialLine {
		return journey.MaterialLine{Code: name, Name: zh(name), Hint: zh(hint)}
	}
	return &journey.MaterialsView{
		Scan:  []journey.MaterialLine{m("银行卡或存折", "拍有账号的那一面。")},
		Maybe: []journey.MaterialLine{m("诊断证明、病历", "最近一年的。"), m("看病的发票和结算单", "最近十二个月自己花的钱。"), m("租房合同", "租房住的才需要。")},
		Share: []journey.MaterialLine{m("户口簿", ""), m("残疾人证", ""), m("结婚证、离婚证", ""), m("房产、车辆、存款、社保", "")},
		Here:  []journey.MaterialLine{m("申请表", ""), m("诚信承诺书", ""), m("核对授权书", "")},
	}
}

func scanSamples() []sample {
	scan := func(s journey.ScanView, offers ...journey.Do) journey.View {
		v := base(journey.ScreenScan, journey.PhrasePartScan, 4, append(offers, journey.DoBack)...)
		s.Material, s.Now, s.Of, s.Most = materialsView().Scan[0], 1, 3, max(s.Most, 4)
		v.Scan = &s
		return v
	}
	pages := []journey.PageView{{ID: "page1", No: 1}, {ID: "page2", No: 2}}
	var many []journey.PageView
	for no := range 20 {
		many = append(many, journey.PageView{ID: "page1", No: no + 1, Check: no == 3})
	}
	full := many[:4]
	quad := device.Quad{{X: .12, Y: .1}, {X: .88, Y: .1}, {X: .88, Y: .9}, {X: .12, Y: .9}}
	return []sample{
		{"scan-live", scan(journey.ScanView{Live: true, Auto: true}, journey.DoShoot, journey.DoAuto, journey.DoLater)},
		{"scan-corners", scan(journey.ScanView{Still: "page1", Quad: quad, Adjust: true}, journey.DoAccept, journey.DoRetake)},
		{"scan-still", scan(journey.ScanView{Still: "page1", Cut: "page2", Quad: quad}, journey.DoAccept, journey.DoTurn, journey.DoAdjust, journey.DoRetake)},
		{"scan-turning", scan(journey.ScanView{Still: "page1", Cut: "page2", Quad: quad, Taking: true})},
		{"scan-kept", scan(journey.ScanView{Live: true, Pages: pages}, journey.DoShoot, journey.DoAuto, journey.DoLook, journey.DoNext)},
		{"scan-look", scan(journey.ScanView{Pages: pages, Look: &pages[1]}, journey.DoAccept, journey.DoTurn, journey.DoSooner, journey.DoReplace, journey.DoDelete)},
		{"scan-look-many", scan(journey.ScanView{Pages: many, Look: &many[3], Most: 30}, journey.DoAccept, journey.DoTurn, journey.DoSooner, journey.DoAfter, journey.DoReplace, journey.DoDelete)},
		{"scan-instead", scan(journey.ScanView{Live: true, Auto: true, Pages: pages, Instead: 2}, journey.DoShoot, journey.DoAuto)},
		{"scan-full", scan(journey.ScanView{Live: true, Auto: true, Pages: full}, journey.DoAuto, journey.DoLook, journey.DoNext)},
		{"scan-many", scan(journey.ScanView{Live: true, Auto: true, Pages: many, Most: 30}, journey.DoShoot, journey.DoAuto, journey.DoLook, journey.DoNext)},
		{"scan-taking", scan(journey.ScanView{Live: true, Taking: true})},
		{"scan-bad", scan(journey.ScanView{Still: "page1", Quad: quad, Hint: "hint.cut_off", Left: 1}, journey.DoRetake)},
		{"scan-unsure", scan(journey.ScanView{Still: "page1", Quad: quad, Adjust: true, Hint: "hint.unsure", Left: 2}, journey.DoAccept, journey.DoRetake)},
		{"scan-check", scan(journey.ScanView{Live: true, Auto: true, Pages: []journey.PageView{{ID: "page1", No: 1, Check: true}}}, journey.DoShoot, journey.DoAuto, journey.DoLook, journey.DoNext)},
		{"scan-printing", scan(journey.ScanView{Live: true, Printing: true, Pages: pages})},
	}
}

func signView() journey.View {
	v := base(journey.ScreenSign, journey.PhrasePartSign, 5, journey.DoSign, journey.DoBack)
	v.Document = &journey.DocumentView{ID: "undertaking", Version: "1", Title: "诚信承诺书", Digest: "sha256:22", Signer: "王****", Pad: journey.Pad{Width: 160, Height: 60}, Now: 1, Of: 2,
		Paragraphs: []string{"本人申请最低生活保障，郑重承诺：", "一、本人提供的家庭成员、收入、财产、支出情况和材料全部真实、完整。", "二、家庭情况有变化时，本人在三十日内主动告诉街道。", "三、如果弄虚作假、隐瞒情况，愿意退回多领的钱，并按规定承担责任。", noticeParagraphs()[0], noticeParagraphs()[1]}}
	return v
}

func reviewView() *journey.ReviewView {
	l := func(label, value string) journey.ReviewLine {
		return journey.ReviewLine{Label: zh(label), Value: value, Edit: "answer:" + label}
	}
	missing := l("存款", "")
	missing.Problem = journey.Phrase{ID: journey.PhraseReviewMissing}
	return &journey.ReviewView{Sections: []journey.ReviewSection{
		{Title: zh("家庭成员"), Lines: []journey.ReviewLine{l("家庭人数", "3 人"), l("姓名", "刘桂兰"), l("与申请人关系", "丈夫或妻子"), l("身份证号", "990***************1X")}},
		{Title: zh("收入"), Lines: []journey.ReviewLine{l("工资", "1,850 元/月"), missing}}}}
}

func slipSamples() []sample {
	slip := func(s journey.SlipView, offers ...journey.Do) journey.View {
		v := base(journey.ScreenSlip, journey.PhrasePartSlip, 7, offers...)
		s.Number, s.QueryCode, s.Kept, s.Pages = "SJ-150102-0001-20261122-00017-6", "48217730", true, 3
		v.Slip = &s
		return v
	}
	return []sample{
		{"slip-delivered", slip(journey.SlipView{Delivered: true, Print: "printed"}, journey.DoFinish)},
		{"slip-printing", slip(journey.SlipView{Print: "printing"})},
		{"slip-unconfirmed", slip(journey.SlipView{Print: "unconfirmed"}, journey.DoPrint, journey.DoFinish)},
		{"slip-failed", slip(journey.SlipView{Print: "failed", Cause: journey.Phrase{ID: journey.PhrasePrinterPaper}}, journey.DoPrint, journey.DoFinish)},
	}
}

func coverSamples() []sample {
	covered := func(kind journey.CoverKind, offers ...journey.Do) journey.View {
		v := base(journey.ScreenCovered, journey.PhrasePartInterview, 2)
		v.Offers, v.Cover = offers, &journey.Cover{Kind: kind, Left: 37}
		return v
	}
	over := func(kind journey.CoverKind, offers ...journey.Do) journey.View {
		v := questionSamples()[1].view
		v.Offers, v.Cover = offers, &journey.Cover{Kind: kind}
		return v
	}
	said := over(journey.CoverAssist, journey.DoConfirm, journey.DoDeny)
	said.Cover.Said = &journey.Said{Input: policy.InputChoice, Value: "a", Options: []policy.Text{both("在外打工、上学", "Away for work or study")}}
	return []sample{
		{"cover-privacy", covered(journey.CoverPrivacy, journey.DoStay)},
		{"cover-idle", covered(journey.CoverIdle, journey.DoStay, journey.DoLeaveYes)},
		{"cover-leave", over(journey.CoverLeave, journey.DoLeaveYes, journey.DoLeaveNo)},
		{"cover-help", over(journey.CoverHelp, journey.DoHelpEnd)},
		{"cover-assist", said},
	}
}
