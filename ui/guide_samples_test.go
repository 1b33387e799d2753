package ui

import (
	"fmt"

	"yimen/kiosk/journey/view"
)

func doorsView() *view.Menu {
	door := func(id, icon, phrase string) view.Door {
		return view.Door{ID: id, Icon: icon, Title: view.Phrase{ID: phrase}, Plain: view.Phrase{ID: phrase + view.Plainly}}
	}
	return &view.Menu{Doors: []view.Door{
		door("apply", "pen", view.PhraseDoorApply), door("progress", "calendar", view.PhraseDoorProgress), door("checkin", "hand", view.PhraseDoorCheckIn),
		door("reckon", "coin", view.PhraseDoorReckon), door("lookup", "book", view.PhraseDoorLookup), door("notices", "people", view.PhraseDoorNotices),
	}}
}

// guideSamples are the screens of looking up and of reckoning.
func guideSamples() []sample {
	results := base(view.ScreenResults, view.PhrasePartOutcome, 3, view.DoBack, view.DoChoose, view.DoDisagree, view.DoFinish, view.DoPrint)
	results.Service, results.Results = both("先算一算", "See what may fit"), resultsView()
	printing := results
	printing.Offers = printing.Offers[:len(printing.Offers)-1]
	going := *resultsView()
	going.Printing = true
	printing.Results = &going
	printed := results
	printed.Notes = []view.Note{{Kind: view.NoteProblem, Phrase: view.Phrase{ID: view.PhrasePrintUnconfirmed}}}
	worked := base(view.ScreenEstimate, view.PhrasePartOutcome, 3, view.DoNext, view.DoBack, view.DoWhy, view.DoDisagree)
	worked.Estimate = estimateView(-1)
	worked.Estimate.Programme = both("最低生活保障", "Subsistence allowance")
	worked.Estimate.Verdict, worked.Estimate.Monthly, worked.Estimate.Changes = "unlikely", "", changeViews()
	worked.Estimate.Hints = worked.Estimate.Sentences[2:3]
	danger := results
	danger.Results = resultsView()
	danger.Results.Colour, danger.Results.Pressing = "red", zh("红色：眼下有危险、没饭吃或没地方住，请马上找工作人员。")
	paused := results
	paused.Hall.Example, paused.Results = false, resultsView()
	paused.Results.Example, paused.Results.Colour, paused.Results.Pressing = false, "blue", zh("蓝色：这个月很难，按正常办理，可以先说明情况。")
	for i := range paused.Results.Findings {
		f := &paused.Results.Findings[i]
		f.Verdict, f.Monthly, f.Hint = "manual", "", zh("测算暂停：人均金融资产限额（低保标准的月数）现在是示例数据，还没有正式文件，请工作人员核实。")
	}
	return append([]sample{{"results", results}, {"results-danger", danger}, {"results-paused", paused}, {"results-printing", printing}, {"results-unconfirmed", printed}, {"results-worked", worked}}, lookupSamples()...)
}

func resultsView() *view.Results {
	f := func(id, name, english, verdict, monthly, hint string) view.Finding {
		v := view.Finding{ID: id, Programme: both(name, english), Verdict: verdict, Monthly: monthly}
		if hint != "" {
			v.Hint = zh(hint)
		}
		return v
	}
	return &view.Results{Edition: "2019.04-1", Example: true, Colour: "yellow", Pressing: zh("黄色：只能撑几天，先看急难救助，一般3天内办。"), Also: []view.Topic{
		{ID: "0601", Title: both("困难残疾人生活补贴", "Living subsidy for disabled persons"), Plain: zh("低保家庭里有残疾证的人，每月可以领生活补贴。"), Icon: "wheelchair"},
		{ID: "0801", Title: both("高龄津贴", "Old-age allowance"), Plain: zh("80岁以上的老人可以领，各地标准不同。"), Icon: "elder"},
		{ID: "0901", Title: both("医疗救助", "Medical assistance"), Plain: zh("看病自己负担太重，由医保部门帮一部分。"), Icon: "hospital"},
	}, Findings: []view.Finding{
		f("emergency", "急难型临时救助", "Emergency assistance", "likely", "", ""),
		f("dibao", "最低生活保障", "Subsistence allowance", "likely", "1,250", ""),
		f("temp_aid", "支出型临时救助", "Temporary assistance", "manual", "", ""),
		f("rigid", "刚性支出困难家庭", "Hardship from rigid spending", "manual", "", "当地还没有公布这一项的标准，请工作人员核实。"),
		f("edge", "低保边缘家庭", "Marginal household", "unlikely", "", "每人每月比低保线低，可以看看最低生活保障。"),
		f("single", "单人纳入低保", "Allowance for one person", "unlikely", "", ""),
		f("tekun", "特困人员供养", "Support in extreme hardship", "unlikely", "", ""),
	}}
}

func lookupSamples() []sample {
	topics := base(view.ScreenTopics, view.PhrasePartLookup, 1, view.DoBack, view.DoChoose)
	topics.Progress, topics.Service, topics.Topics = view.Progress{}, nil, homeView()
	items := topics
	items.Topics = &view.Topics{Title: both("生病了，花钱多", "Illness and its costs")}
	for _, o := range menuOffers()[:5] {
		items.Topics.Topics = append(items.Topics.Topics, view.Topic{ID: "item:" + o.ID, Title: o.Title, Plain: o.Plain, Icon: o.Icon, Here: o.Here})
	}
	about := base(view.ScreenPolicy, view.PhrasePartLookup, 1, view.DoBack, view.DoWhy, view.DoNext, view.DoPrint)
	about.Progress, about.Service = view.Progress{}, nil
	about.Policy = &view.Policy{Name: both("最低生活保障", "Subsistence allowance"), Plain: both("家里每人每月收入低于低保线的，每月可以领钱。", "Monthly money for households whose income per person is below the standard."),
		Deadline: zh("不超过30个工作日；已委托街道办理的不超过20个工作日；情况特殊的不超过45个工作日"), Decider: zh("街道办事处（乡镇）或县级民政部门"),
		Materials: *materialsView(), Source: "最低生活保障审核确认办法", Article: "22", Form: true, Here: true}
	told := about
	told.Offers = []view.Do{view.DoHelp, view.DoSight, view.DoLeave, view.DoBack, view.DoPrint}
	told.Policy = &view.Policy{Name: zh("慈善帮扶转介"), Plain: zh("政府救助以后还有困难，帮您联系慈善组织。"), Deadline: zh("按慈善项目规定"), Decider: zh("慈善组织"), None: zh("帮什么、帮多少由慈善组织定，机器不算。"), Source: "关于加强低收入人口动态监测做好分层分类社会救助工作的意见", Article: "四(六)"}
	standards := base(view.ScreenStandards, view.PhrasePartLookup, 1, view.DoBack)
	standards.Progress, standards.Service, standards.Standards = view.Progress{}, nil, standardsView()
	form := base(view.ScreenForm, view.PhrasePartLookup, 1, view.DoBack)
	form.Progress, form.Service, form.Form = view.Progress{}, nil, formView()
	danger := base(view.ScreenDanger, view.PhrasePartReckon, 1, view.DoBack, view.DoNext, view.DoChoose)
	danger.Service = both("先算一算", "See what may fit")
	danger.Document = &view.Document{ID: "danger", Title: "请马上找工作人员", Paragraphs: []string{"有人受伤、得急病：打120。着火：打119。有人伤害您：打110。", "没饭吃、没地方住：马上告诉大厅里的工作人员，先帮您过了眼下这一关。", "您也可以现在就申请急难救助，不用先算。"}}
	long := base(view.ScreenMenu, view.PhrasePartLookup, 1, view.DoChoose, view.DoBack)
	long.Progress, long.Service, long.Menu = view.Progress{}, nil, &view.Menu{Behind: view.Phrase{ID: view.PhraseDoorApply}}
	for i := range 134 { // as many as 尧化 has (domain.md §1 row 28)
		o := menuOffers()[i%5]
		o.ID, o.First = fmt.Sprintf("apply:%04d", i), i == 0
		long.Menu.Offers = append(long.Menu.Offers, o)
	}
	return []sample{{"menu-long", long}, {"danger", danger}, {"topics", topics}, {"topics-items", items}, {"policy", about}, {"policy-told", told}, {"standards", standards}, {"form", form}}
}

func homeView() *view.Topics {
	v := &view.Topics{Phrase: view.Phrase{ID: view.PhraseTopicsHome}}
	for _, s := range []struct{ id, icon, name, english string }{
		{"ill", "hospital", "生病了，花钱多", "Illness and its costs"}, {"income", "wallet", "没收入、收入少", "No income or little"}, {"old", "elder", "家里有老人", "Old age"},
		{"disabled", "wheelchair", "有残疾", "Disability"}, {"child", "child", "孩子没人管", "A child without care"}, {"disaster", "storm", "遇到灾害", "Disaster"},
		{"school", "school", "上学有困难", "Schooling"}, {"home", "house", "住房有困难", "Housing"}, {"sudden", "alarm", "突然出了事", "Sudden trouble"},
	} {
		v.Topics = append(v.Topics, view.Topic{ID: "situation:" + s.id, Title: both(s.name, s.english), Icon: s.icon})
	}
	for _, x := range []struct{ id, icon, phrase string }{{"items:", "book", view.PhraseTopicsItems}, {"standards:", "coin", view.PhraseTopicsStandards}, {"forms:", "papers", view.PhraseTopicsForms}} {
		v.Topics = append(v.Topics, view.Topic{ID: x.id, Icon: x.icon, Phrase: view.Phrase{ID: x.phrase}})
	}
	return v
}

func standardsView() *view.Standards {
	row := func(kind, amount, unit, from, doc string, example bool) view.StandardRow {
		return view.StandardRow{Kind: zh(kind), Amount: amount, Unit: zh(unit), From: from, Area: zh("城乡"), DocTitle: doc, Example: example}
	}
	return &view.Standards{Rows: []view.StandardRow{
		row("最低生活保障标准", "725", "元/人·月", "2019-04-01", "革弊鼎新开拓进取 推动新城区社救工作再上新台阶", false),
		row("特困人员基本生活标准", "1.3", "倍低保标准", "2016-01-01", "", true),
		row("低保增发：70岁以上老人", "10%", "的低保标准/人·月", "2013-01-01", "", true),
		row("支出型临时救助最高金额", "", "元/次", "", "", false),
	}}
}

func formView() *view.Form {
	lines := func(pairs ...string) (list []view.FormLine) {
		for i := 0; i < len(pairs); i += 2 {
			list = append(list, view.FormLine{Label: zh(pairs[i]), Value: pairs[i+1]})
		}
		return list
	}
	return &view.Form{Item: both("最低生活保障", "Subsistence allowance"), Sections: []view.FormSection{
		{Title: both("您本人：王小明", "You: 王小明"), Lines: lines("姓名", "王小明", "身份证号", "990000196805120031", "性别", "男", "出生日期", "1968年5月12日")},
		{Title: both("家里几口人", "How many"), Lines: lines("家庭人数", "3 人", "户口在本区", "是")},
		{Title: both("一起生活的家人：李红", "Who lives with you: 李红"), Lines: lines("姓名", "李红", "与申请人关系", "丈夫或妻子", "身份证号", "990000197008230021", "在外情况", "都没有")},
		{Title: both("收入：李红", "Income: 李红"), Lines: lines("收入种类", "工资、打工钱", "工资性收入", "1,100 元/月", "就业成本", "100 元/月", "不算收入的钱", "没有")},
		{Title: both("财产", "Property"), Lines: lines("存款和现金", "3,000 元", "车辆", "普通摩托车、三轮车", "住房", "1 套", "租房居住", "否", "近三年放弃或转移财产", "否")},
		{Title: both("联系方式与账户", "Contact and account"), Lines: lines("联系电话", "13800000000", "现住址", "示例街道示例小区1号楼101", "开户银行", "示例银行", "银行账号", "6200000000000000")},
	}}
}
