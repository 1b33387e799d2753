package ui

import (
	"fmt"

	"yimen/drivers/device"
	"yimen/kiosk/journey/view"
)

// staffSamples lists the screens of the staff in their states.
func staffSamples() []sample {
	of := func(screen view.Screen, s view.Staff, offers ...view.Do) view.View {
		v := base(screen, "", 0, offers...)
		v.Service, v.Progress, v.Staff = nil, view.Progress{}, &s
		return v
	}
	in := view.Staff{Name: "李**", Until: "10:30"}
	with := func(change func(*view.Staff)) view.Staff {
		s := in
		change(&s)
		return s
	}
	attract := quietSamples()[0].view
	attract.Offers = append(attract.Offers, view.DoStaff)
	pin := of(view.ScreenPIN, view.Staff{}, view.DoBack, view.DoAnswer)
	pin.Cases, pin.Question = &view.Cases{}, &view.Question{Key: "pin", Input: view.InputPIN, Must: true}
	pin.Notes = []view.Note{{Kind: view.NoteProblem, Phrase: view.Phrase{ID: view.PhraseStaffUnknown}}}
	slips := with(func(s *view.Staff) {
		for i := range 9 {
			s.Slips = append(s.Slips, view.SlipLine{SlipNo: fmt.Sprintf("SJ-150102-0001-20261122-0001%d-6", i), Title: []string{"收件回执", "签到凭条"}[i%2], At: "2026-11-22 09:05", Again: i % 3})
		}
	})
	why := with(func(s *view.Staff) {
		s.Slip = slips.Slips[0]
		for _, w := range view.CopyWhys() {
			s.Whys = append(s.Whys, view.WhyPhrase(w))
		}
	})
	stuck := func(kind string, c view.StuckCause) view.StuckLine {
		l := view.StuckLine{ID: "01k9zqv8w3m5n7p2r4s6t8v0xy", At: "2026-11-21 16:40", Kind: view.KindPhrase(kind)}
		l.Cause, l.Next = view.StuckPhrases(c)
		l.Again = c == view.StuckRefused
		return l
	}
	queue := with(func(s *view.Staff) {
		s.Queue = &view.Queue{Waiting: 4, Oldest: "2026-11-21 16:40", Stuck: []view.StuckLine{stuck("application", view.StuckRefused), stuck("checkin", view.StuckUnheard)}}
	})
	devices := with(func(s *view.Staff) {
		s.Devices = view.DeviceLines(map[device.ID]device.Status{
			device.IDCardReader: {State: device.Online}, device.DocCam: {State: device.NoDevice}, device.Printer: {State: device.Online, Paper: device.PaperOut},
			device.FaceCam: {State: device.Starting}, device.Scanner: {State: device.Online}, device.Lamps: {State: device.DeviceBusy},
			device.Loudspeaker: {State: device.NoDevice}, device.Earpiece: {State: device.Online},
		})
	})
	return []sample{
		{"attract-staff", attract},
		{"entrance", of(view.ScreenEntrance, view.Staff{}, view.DoChoose, view.DoFinish)},
		{"pin", pin},
		{"staff", of(view.ScreenStaff, in, view.DoChoose, view.DoFinish)},
		{"slips", of(view.ScreenSlips, slips, view.DoBack, view.DoChoose)},
		{"slips-none", of(view.ScreenSlips, in, view.DoBack, view.DoChoose)},
		{"why", of(view.ScreenWhy, why, view.DoBack, view.DoChoose)},
		{"queue", of(view.ScreenQueue, queue, view.DoBack, view.DoChoose)},
		{"queue-empty", of(view.ScreenQueue, with(func(s *view.Staff) { s.Queue = &view.Queue{} }), view.DoBack, view.DoChoose)},
		{"devices", of(view.ScreenDevices, devices, view.DoBack)},
	}
}
