package ui

import (
	"strconv"

	"yimen/kiosk/journey/view"
	"yimen/kiosk/policy"
)

// noticesSamples are the screens of 公示, with as much on them as comes.
func noticesSamples() []sample {
	on := func(screen view.Screen, board view.Board, offers ...view.Do) view.View {
		v := base(screen, view.PhrasePartNotices, 1, append(offers, view.DoBack)...)
		v.Service, v.Progress.Of, v.Board = nil, 1, &board
		return v
	}
	var lines []view.PostingLine
	for i, name := range []string{"佟子试", "欧阳示例", "买买提·示例", "王𠮷䶮", "李一", "赵二", "孙三", "周四"} {
		lines = append(lines, view.PostingLine{ID: "150102-2026-0000" + strconv.Itoa(i+1) + "-N07", Name: name, Item: both("最低生活保障", "Subsistence allowance"), Left: i/2 + 1})
	}
	mixed := append([]view.PostingLine{}, lines[:2]...)
	for _, line := range lines[2:5] {
		line.Result, line.Left = true, 26
		mixed = append(mixed, line)
	}
	asked := func(q view.Question) view.View {
		v := question(q)
		v.Service = both("公示异议", "Objection to a public notice")
		return v
	}
	posting := view.Posting{
		No: "150102-2026-00001-N07-2", Name: "买买提·示例", Item: both("最低生活保障", "Subsistence allowance"), Members: 3, Amount: "1748.50",
		First: "2026-11-21", Last: "2026-11-27", Left: 5, Office: "新城区民政局", Phone: "12349", Here: true,
	}
	last := posting
	last.Left, last.Here, last.Amount = 1, false, ""
	result := posting
	result.No, result.Result, result.Here, result.Left, result.First, result.Last = "150102-2026-00001-N11", true, false, 26, "2026-11-19", "2026-12-18"
	return []sample{
		{"board-results", on(view.ScreenBoard, view.Board{Lines: mixed, Results: true}, view.DoChoose)}, {"posting-result", on(view.ScreenPosting, view.Board{Posting: &result}, view.DoFinish)},
		{"board", on(view.ScreenBoard, view.Board{Lines: lines}, view.DoChoose)}, {"board-empty", on(view.ScreenBoard, view.Board{})}, {"board-looking", on(view.ScreenBoard, view.Board{Looking: true})},
		{"objection-who", asked(view.Question{Key: "objection_named", Input: policy.InputChoice, Must: true, Title: both("要不要写您的名字？", "Do you want to give your name?"), Help: both("写不写都一样核查、一样答复。", "It is examined and answered alike either way."),
			Options: []policy.Option{{Code: "unnamed", Title: both("不写名字", "Without my name")}, {Code: "named", Title: both("写名字（要刷身份证）", "With my name (ID card)")}}})},
		{"objection-grounds", asked(view.Question{Key: "objection_grounds", Input: policy.InputChoices, Must: true, Title: both("您觉得公示的哪里不对？有几样选几样。", "What is wrong with the notice? Choose all that apply."), Options: grounds()})},
		{"posting", on(view.ScreenPosting, view.Board{Posting: &posting}, view.DoFinish, view.DoDisagree, view.DoAssist)}, {"posting-last", on(view.ScreenPosting, view.Board{Posting: &last}, view.DoFinish)},
	}
}

// grounds are what may be wrong with a notice.
func grounds() (list []policy.Option) {
	for _, g := range [][2]string{
		{"收入没有说全", "Income left out"}, {"有房、有车、有存款没有算", "House, car or savings left out"}, {"家里人数不对", "Wrong number of people"},
		{"金额不对", "Wrong amount"}, {"人不住在这里", "They do not live here"}, {"靠关系、走后门", "Favour for somebody known"}, {"其他", "Something else"},
	} {
		list = append(list, policy.Option{Code: g[1][:5], Title: both(g[0], g[1])})
	}
	return list
}
