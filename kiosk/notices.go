package main

import (
	"log/slog"
	"time"

	"yimen/kiosk/bulletin"
	"yimen/kiosk/central"
	"yimen/kiosk/desk"
	"yimen/kiosk/household"
	"yimen/kiosk/noticeboard"
)

// hallBoard is the board of public notices as the bureau's bulletin fills it.
type hallBoard struct {
	bulletin *bulletin.Bulletin
	now      func() time.Time
	log      *slog.Logger
}

var _ desk.Board = hallBoard{}

// Hanging gives the notices that the bureau has put up and not taken down, and that hang on a day. What is no notice by the
// rules is not shown, whoever signed it.
func (b hallBoard) Hanging(on household.Date) []noticeboard.Notice {
	var came []noticeboard.Notice
	for _, e := range b.bulletin.InForce(central.KindNotice, b.now()) {
		n, err := noticeboard.Parse(e.Body)
		if err != nil {
			b.log.Error("notice not shown", "event", e.Number, "err", err)
			continue
		}
		came = append(came, n)
	}
	return noticeboard.Hanging(came, on)
}
