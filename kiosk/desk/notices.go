package desk

import (
	"context"

	"yimen/kiosk/household"
	"yimen/kiosk/journey"
	"yimen/kiosk/noticeboard"
)

// Board knows which public notices hang on a day, the one that is over soonest first. It asks nobody over a line.
type Board interface {
	Hanging(on household.Date) []noticeboard.Notice
}

func (d *Desk) lookAtBoard(v *visit, e journey.LookAtBoard) {
	v.do(func(context.Context) journey.Happening {
		return journey.BoardSeen{On: e.On, Notices: d.hands.Board.Hanging(e.On)}
	})
}
