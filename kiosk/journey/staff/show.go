package staff

import (
	"strings"

	"yimen/drivers/device"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/view"
	"yimen/kiosk/slip/shape"
)

// stamp is how times are shown.
const stamp = "2006-01-02 15:04"

func (d *desk) Show(c *journey.Course, v *view.View) {
	v.Staff = &view.Staff{Busy: d.busy || d.paper.Printing}
	if d.member.No != 0 {
		v.Staff.Name, v.Staff.Until = d.member.Name, d.member.Until.In(c.Zone).Format("15:04")
	}
	v.Screen = screens[d.page]
	switch d.page {
	case entrance, home:
		v.Offers = []view.Do{view.DoChoose, view.DoFinish}
	case card:
		v.Card = &view.Card{Whose: view.Phrase{ID: view.PhraseStaffCard}}
		v.Offers = []view.Do{view.DoBack}
	case pin, slipNo, code:
		d.showField(c, v)
		v.Offers = []view.Do{view.DoBack, view.DoAnswer}
	case slips:
		for _, s := range d.slips {
			v.Staff.Slips = append(v.Staff.Slips, line(c, s))
		}
		v.Offers = []view.Do{view.DoBack, view.DoChoose}
	case why:
		v.Staff.Slip = line(c, d.again.entry)
		for _, w := range view.CopyWhys() {
			v.Staff.Whys = append(v.Staff.Whys, view.WhyPhrase(w))
		}
		v.Offers = []view.Do{view.DoBack, view.DoChoose}
	case queue:
		d.showQueue(c, v)
		v.Offers = []view.Do{view.DoBack, view.DoChoose}
	case devices:
		v.Staff.Devices = view.DeviceLines(c.Standing.Devices)
		v.Offers = []view.Do{view.DoBack}
	}
	if v.Staff.Busy {
		v.Offers = nil
	}
}

var screens = map[page]view.Screen{
	entrance: view.ScreenEntrance, card: view.ScreenCard, pin: view.ScreenPIN, home: view.ScreenStaff, slips: view.ScreenSlips,
	why: view.ScreenWhy, queue: view.ScreenQueue, devices: view.ScreenDevices, slipNo: view.ScreenSlipNo, code: view.ScreenCode,
}

func line(c *journey.Course, s journey.CopyEntry) view.SlipLine {
	return view.SlipLine{SlipNo: s.SlipNo, Title: s.Title, At: s.At.In(c.Zone).Format(stamp), Again: s.Again}
}

// showField is a page on which digits are typed.
func (d *desk) showField(c *journey.Course, v *view.View) {
	v.Cases = &view.Cases{Number: d.again.entry.SlipNo}
	q := &view.Question{Key: string(d.page), Must: true}
	switch d.page {
	case pin:
		q.Input = view.InputPIN
	case code:
		q.Input = view.InputCode
	case slipNo:
		q.Input, q.Value = view.InputSlipNo, d.typed
		if here := strings.ReplaceAll(c.Terminal, "-", ""); q.Value == "" && len(here) == shape.Typed-13 {
			q.Value = here // most slips come from this very terminal
		}
		st, known := c.Standing.Devices[device.Scanner]
		v.Cases.Scan = known && st.Ready()
	}
	v.Question = q
}
