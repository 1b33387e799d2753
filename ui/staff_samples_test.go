package ui

import (
	"fmt"

	"yimen/drivers/device"
	"yimen/kiosk/journey"
)

// staffSamples lists the screens of the staff in their states.
func staffSamples() []sample {
	of := func(screen journey.Screen, s journey.StaffView, offers ...journey.Do) journey.View {
		v := base(screen, "", 0, offers...)
		v.Service, v.Progress, v.Staff = nil, journey.Progress{}, &s
		return v
	}
	in := journey.StaffView{Name: "李**", Until: "10:30"}
	with := func(change func(*journey.StaffView)) journey.StaffView {
		s := in
		change(&s)
		return s
	}
	attract := quietSamples()[0].view
	attract.Offers = append(attract.Offers, journey.DoStaff)
	pin := of(journey.ScreenPIN, journey.StaffView{}, journey.DoBack, journey.DoAnswer)
	pin.Cases, pin.Question = &journey.CasesView{}, &journey.QuestionView{Key: "pin", Input: journey.InputPIN, Must: true}
	pin.Notes = []journey.Note{{Kind: journey.NoteProblem, Phrase: journey.Phrase{ID: journey.PhraseStaffUnknown}}}
	slips := with(func(s *journey.StaffView) {
		for i := range 9 {
			s.Slips = append(s.Slips, journey.SlipLine{SlipNo: fmt.Sprintf("SJ-150102-0001-20261122-0001%d-6", i), Title: []string{"收件回执", "签到凭条"}[i%2], At: "2026-11-22 09:05", Again: i % 3})
		}
	})
	why := with(func(s *journey.StaffView) {
		s.Slip = slips.Slips[0]
		for _, w := range journey.CopyWhys() {
			s.Whys = append(s.Whys, journey.WhyPhrase(w))
		}
	})
	stuck := func(kind string, c journey.StuckCause) journey.StuckLine {
		l := journey.StuckLine{ID: "01k9zqv8w3m5n7p2r4s6t8v0xy", At: "2026-11-21 16:40", Kind: journey.KindPhrase(kind)}
		l.Cause, l.Next = journey.StuckPhrases(c)
		return l
	}
	queue := with(func(s *journey.StaffView) {
		s.Queue = &journey.QueueView{Waiting: 4, Oldest: "2026-11-21 16:40", Stuck: []journey.StuckLine{stuck("application", journey.StuckRefused), stuck("checkin", journey.StuckUnheard)}}
	})
	devices := with(func(s *journey.StaffView) {
		s.Devices = journey.DeviceLines(map[device.ID]device.Status{
			device.IDCardReader: {State: device.Online}, device.DocCam: {State: device.NoDevice}, device.Printer: {State: device.Online, Paper: device.PaperOut},
			device.FaceCam: {State: device.Starting}, device.Scanner: {State: device.Online}, device.Lamps: {State: device.DeviceBusy},
		})
	})
	return []sample{
		{"attract-staff", attract},
		{"entrance", of(journey.ScreenEntrance, journey.StaffView{}, journey.DoChoose, journey.DoFinish)},
		{"pin", pin},
		{"staff", of(journey.ScreenStaff, in, journey.DoChoose, journey.DoFinish)},
		{"slips", of(journey.ScreenSlips, slips, journey.DoBack, journey.DoChoose)},
		{"slips-none", of(journey.ScreenSlips, in, journey.DoBack, journey.DoChoose)},
		{"why", of(journey.ScreenWhy, why, journey.DoBack, journey.DoChoose)},
		{"queue", of(journey.ScreenQueue, queue, journey.DoBack)},
		{"queue-empty", of(journey.ScreenQueue, with(func(s *journey.StaffView) { s.Queue = &journey.QueueView{} }), journey.DoBack)},
		{"devices", of(journey.ScreenDevices, devices, journey.DoBack)},
	}
}
