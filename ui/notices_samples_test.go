package ui

import (
	"strconv"

	"yimen/kiosk/journey"
)

// noticesSamples are the screens of 公示, with as much on them as comes.
func noticesSamples() []sample {
	on := func(screen journey.Screen, board journey.BoardView, offers ...journey.Do) journey.View {
		v := base(screen, journey.PhrasePartNotices, 1, append(offers, journey.DoBack)...)
		v.Service, v.Progress.Of, v.Board = nil, 1, &board
		return v
	}
	var lines []journey.PostingLine
	for i, name := range []string{"佟子试", "欧阳示例", "买买提·示例", "王𠮷䶮", "李一", "赵二", "孙三", "周四"} {
		lines = append(lines, journey.PostingLine{ID: "150102-2026-0000" + strconv.Itoa(i+1) + "-N07", Name: name, Item: both("最低生活保障", "Subsistence allowance"), Left: i/2 + 1})
	}
	posting := journey.PostingView{
		No: "150102-2026-00001-N07-2", Name: "买买提·示例", Item: both("最低生活保障", "Subsistence allowance"), Members: 3, Amount: "1748.50",
		First: "2026-11-21", Last: "2026-11-27", Left: 5, Office: "新城区民政局", Phone: "12349", Here: true,
	}
	last := posting
	last.Left, last.Here, last.Amount = 1, false, ""
	return []sample{
		{"board", on(journey.ScreenBoard, journey.BoardView{Lines: lines}, journey.DoChoose)}, {"board-empty", on(journey.ScreenBoard, journey.BoardView{})}, {"board-looking", on(journey.ScreenBoard, journey.BoardView{Looking: true})},
		{"posting", on(journey.ScreenPosting, journey.BoardView{Posting: &posting}, journey.DoFinish, journey.DoDisagree)}, {"posting-last", on(journey.ScreenPosting, journey.BoardView{Posting: &last}, journey.DoFinish)},
	}
}
