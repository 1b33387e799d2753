package journey

import (
	"yimen/kiosk/household"
	"yimen/kiosk/noticeboard"
)

// LookAtBoard looks which public notices hang on a day: BoardSeen. It needs no line.
type LookAtBoard struct{ On household.Date }

// BoardSeen is what hangs, the notice that is over soonest first.
type BoardSeen struct {
	On      household.Date
	Notices []noticeboard.Notice
}

func (LookAtBoard) effect() {}

func (BoardSeen) happening() {}
