// Package staff is what a member of the staff does at the terminal, and whoever wants a slip printed again: signing in with
// the member's own card and a PIN, printing slips again (补打), seeing what does not get through and how the devices are,
// printing the day's sheet. It is a visit of its own; nothing of a resident's visit can be seen from it.
package staff

import (
	"time"

	"yimen/drivers/device"
	"yimen/kiosk/inquiry"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/step"
	"yimen/kiosk/journey/view"
	"yimen/kiosk/policy"
)

// Service is entered from the first screen and stands on no menu.
type Service struct{}

// Door has no place on the menu.
func (Service) Door() view.Door { return view.Door{ID: "staff"} }

// Offers gives nothing to residents.
func (Service) Offers(*policy.Pack) []view.Offer { return nil }

// Begin gives the one step.
func (Service) Begin(string, *journey.Course) []journey.Stage { return []journey.Stage{&desk{}} }

// page is the screen that is shown.
type page string

const (
	entrance page = ""
	card     page = "card"
	pin      page = "pin"
	home     page = "home"
	slips    page = "slips"
	why      page = "why"
	queue    page = "queue"
	devices  page = "devices"
	slipNo   page = "slipno"
	code     page = "code"
)

// What is chosen at the entrance and on the home page.
const (
	chooseSignIn  = "sign-in"
	chooseCode    = "by-code"
	chooseSlips   = "slips"
	chooseQueue   = "queue"
	chooseDevices = "devices"
	chooseSheet   = "day-sheet"
	chooseVouch   = "vouch"
)

// patience is how long the bureau may take.
const patience = 20 * time.Second

// desk is the whole visit.
type desk struct {
	page   page
	own    device.Card // the member's, until signed in
	member inquiry.Member
	busy   bool // the bureau or the disk is asked
	paper  step.Paper

	slips  []journey.CopyEntry
	again  again
	survey *journey.Surveyed
	// putting tells that the survey to come follows an envelope that was put back.
	putting bool
	typed   string // what stands in the field of a slip's number
	vouch   bool   // the number is that of a check-in to be confirmed
}

// again is a slip that is printed again.
type again struct {
	entry journey.CopyEntry
	why   view.CopyWhy
	paper device.Slip // as it was
}

// Part: there are no parts to count.
func (d *desk) Part() string { return "" }

// Enter: whoever walks away from here is not asked twice, and leaves nothing that had to be handed in.
func (d *desk) Enter(c *journey.Course, _ journey.Event, _ string) []journey.Effect {
	c.Over, c.Kept = true, true
	return nil
}

func (d *desk) On(c *journey.Course, e journey.Event) (journey.Move, []journey.Effect) {
	switch h := e.Is.(type) {
	case journey.Touch:
		return d.touch(c, e, h)
	case journey.CardRead:
		return journey.Stay(), d.carded(c, h.Card)
	case journey.CardFault:
		if d.page == card {
			c.Tell(view.NoteProblem, step.CardPhrase(h.Err))
			return journey.Stay(), []journey.Effect{journey.ReadCard{Pause: step.AfterFault}}
		}
	case journey.Answered:
		return journey.Stay(), d.answered(c, e, h.Answer)
	case journey.NotAnswered:
		d.notAnswered(c)
	case journey.Kept, journey.NotKept:
		return journey.Stay(), d.vouched(c, h)
	case journey.Surveyed:
		d.surveyed(c, h)
	case journey.NotPutBack:
		d.busy, d.putting = false, false
		c.Tell(view.NoteProblem, view.PhraseStaysAside)
	case journey.Printed, journey.PrintFault:
		d.paper.On(c, h)
	default:
		return journey.Stay(), d.copies(c, e, h)
	}
	return journey.Stay(), nil
}

// touch answers a touch on any of the pages.
func (d *desk) touch(c *journey.Course, e journey.Event, t journey.Touch) (journey.Move, []journey.Effect) {
	switch t.Do {
	case view.DoBack:
		return d.back()
	case view.DoFinish:
		return journey.Finish(), nil
	case view.DoChoose:
		return journey.Stay(), d.choose(c, t.Value)
	case view.DoAnswer:
		return journey.Stay(), d.entered(c, t.Value)
	}
	return journey.Stay(), nil
}

// back goes one page back; from the first, and from the home page, the visit ends.
func (d *desk) back() (journey.Move, []journey.Effect) {
	effects := d.leave()
	switch d.page {
	case entrance, home:
		return journey.Finish(), effects
	case slips, queue, devices:
		d.page = home
	case why:
		d.page = slips
	case code:
		d.page = slipNo
		return journey.Stay(), append(effects, d.listen()...)
	case slipNo:
		d.page, d.vouch = d.ground(), false
	default:
		d.page, d.own = entrance, device.Card{}
	}
	return journey.Stay(), effects
}

// ground is the page that one starts from.
func (d *desk) ground() page {
	if d.member.No != 0 {
		return home
	}
	return entrance
}

// choose takes what was chosen on the present page.
func (d *desk) choose(c *journey.Course, what string) []journey.Effect {
	switch d.page {
	case entrance:
		return d.enter(what)
	case home:
		return d.work(what)
	case slips:
		for _, s := range d.slips {
			if s.SlipNo == what {
				d.page, d.again = why, again{entry: s}
			}
		}
	case why:
		for _, w := range view.CopyWhys() {
			if string(w) == what {
				d.again.why, d.busy = w, true
				return []journey.Effect{journey.FetchCopy{SlipNo: d.again.entry.SlipNo}}
			}
		}
	case queue:
		return d.putBack(what)
	}
	return nil
}

// work begins what was chosen on the home page.
func (d *desk) work(what string) []journey.Effect {
	switch what {
	case chooseSlips:
		d.page, d.busy = slips, true
		return []journey.Effect{journey.ListCopies{}}
	case chooseQueue:
		d.page, d.busy, d.survey = queue, true, nil
		return []journey.Effect{journey.Survey{}}
	case chooseDevices:
		d.page = devices
	case chooseCode, chooseVouch:
		d.page, d.vouch = slipNo, what == chooseVouch
		return d.listen()
	case chooseSheet:
		d.paper.Printing = true
		return []journey.Effect{journey.Light{Device: device.Printer, On: true}, journey.PrintDaySheet{}}
	}
	return nil
}

// Exit ends the session here; at the bureau it ends by itself.
func (d *desk) Exit(*journey.Course) []journey.Effect {
	effects := append(d.leave(), journey.Light{Device: device.Printer})
	if d.member.No != 0 {
		effects = append(effects, journey.Attend{Staff: d.member.No, Did: journey.Left})
	}
	return effects
}

// leave stops what the present page waits for.
func (d *desk) leave() []journey.Effect {
	switch d.page {
	case card:
		return []journey.Effect{journey.StopCard{}, journey.Light{Device: device.IDCardReader}}
	case slipNo:
		return []journey.Effect{journey.StopCode{}, journey.Light{Device: device.Scanner}}
	}
	return nil
}
