package staff

import (
	"strings"

	"yimen/drivers/device"
	"yimen/kiosk/journey"
	"yimen/kiosk/slip/shape"
)

// stamp is how times are shown.
const stamp = "2006-01-02 15:04"

func (d *desk) Show(c *journey.Course, v *journey.View) {
	v.Staff = &journey.StaffView{Busy: d.busy || d.paper.Printing}
	if d.member.No != 0 {
		v.Staff.Name, v.Staff.Until = d.member.Name, d.member.Until.In(c.Zone).Format("15:04")
	}
	v.Screen = screens[d.page]
	switch d.page {
	case entrance, home:
		v.Offers = []journey.Do{journey.DoChoose, journey.DoFinish}
	case card:
		v.Card = &journey.CardView{Whose: journey.Phrase{ID: journey.PhraseStaffCard}}
		v.Offers = []journey.Do{journey.DoBack}
	case pin, slipNo, code:
		d.showField(c, v)
		v.Offers = []journey.Do{journey.DoBack, journey.DoAnswer}
	case slips:
		for _, s := range d.slips {
			v.Staff.Slips = append(v.Staff.Slips, line(c, s))
		}
		v.Offers = []journey.Do{journey.DoBack, journey.DoChoose}
	case why:
		v.Staff.Slip = line(c, d.again.entry)
		for _, w := range journey.CopyWhys() {
			v.Staff.Whys = append(v.Staff.Whys, journey.WhyPhrase(w))
		}
		v.Offers = []journey.Do{journey.DoBack, journey.DoChoose}
	case queue:
		d.showQueue(c, v)
		v.Offers = []journey.Do{journey.DoBack}
	case devices:
		v.Staff.Devices = journey.DeviceLines(c.Standing.Devices)
		v.Offers = []journey.Do{journey.DoBack}
	}
	if v.Staff.Busy {
		v.Offers = nil
	}
}

var screens = map[page]journey.Screen{
	entrance: journey.ScreenEntrance, card: journey.ScreenCard, pin: journey.ScreenPIN, home: journey.ScreenStaff, slips: journey.ScreenSlips,
	why: journey.ScreenWhy, queue: journey.ScreenQueue, devices: journey.ScreenDevices, slipNo: journey.ScreenSlipNo, code: journey.ScreenCode,
}

func line(c *journey.Course, s journey.CopyEntry) journey.SlipLine {
	return journey.SlipLine{SlipNo: s.SlipNo, Title: s.Title, At: s.At.In(c.Zone).Format(stamp), Again: s.Again}
}

// showField is a page on which digits are typed.
func (d *desk) showField(c *journey.Course, v *journey.View) {
	v.Cases = &journey.CasesView{Number: d.again.entry.SlipNo}
	q := &journey.QuestionView{Key: string(d.page), Must: true}
	switch d.page {
	case pin:
		q.Input = journey.InputPIN
	case code:
		q.Input = journey.InputCode
	case slipNo:
		q.Input, q.Value = journey.InputSlipNo, d.typed
		if here := strings.ReplaceAll(c.Terminal, "-", ""); q.Value == "" && len(here) == shape.Typed-13 {
			q.Value = here // most slips come from this very terminal
		}
		st, known := c.Standing.Devices[device.Scanner]
		v.Cases.Scan = known && st.Ready()
	}
	v.Question = q
}

func (d *desk) showQueue(c *journey.Course, v *journey.View) {
	if d.survey == nil {
		return
	}
	q := &journey.QueueView{Waiting: d.survey.Waiting}
	if !d.survey.Oldest.IsZero() {
		q.Oldest = d.survey.Oldest.In(c.Zone).Format(stamp)
	}
	for _, s := range d.survey.Stuck {
		l := journey.StuckLine{ID: s.ID, At: s.PutAt.In(c.Zone).Format(stamp), Kind: journey.KindPhrase(s.Kind)}
		l.Cause, l.Next = journey.StuckPhrases(s.Cause)
		q.Stuck = append(q.Stuck, l)
	}
	v.Staff.Queue = q
}
