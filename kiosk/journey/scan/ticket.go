package scan

import (
	"yimen/drivers/device"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/step"
	"yimen/kiosk/journey/view"
	"yimen/kiosk/slip"
)

// ticketSlip is the id of the pack's slip that tells which paper to show at the desk.
const ticketSlip = "desk"

// ticket tells that a person will look at the page just kept, and prints what to bring to the desk where the pack has a
// slip for that. Without paper the screen has said so.
func (s *Papers) ticket(c *journey.Course, e journey.Event) []journey.Effect {
	c.Tell(view.NoteNews, view.PhrasePageCheck)
	template, ok := c.Pack.Slip(ticketSlip)
	m, _, _ := s.now(c)
	if !ok || m == nil {
		return nil
	}
	f := step.Facts(c)
	f.PrintedAt = e.At.In(c.Zone)
	f.Materials = []slip.Material{{Name: m.Name.In("zh-CN"), Mark: slip.Check, Pages: step.Pages(c, m.Code)}}
	paper, err := slip.Fill(template, c.Pack, f)
	if err != nil {
		c.Tell(view.NoteProblem, step.PrintPhrase(err))
		return nil
	}
	s.printing = true
	return []journey.Effect{journey.Light{Device: device.Printer, On: true}, journey.Print{Slip: paper}}
}

// printed ends the waiting for the ticket; until then nobody goes on, so that its outcome is not taken for another slip's.
func (s *Papers) printed() []journey.Effect {
	s.printing = false
	return []journey.Effect{journey.Light{Device: device.Printer}}
}
