package step

import (
	"yimen/drivers/device"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/view"
	"yimen/kiosk/slip"
)

// Paper prints slips from a screen that stays, and tells in a note what the printer said, and no more.
type Paper struct {
	Printing bool // nothing else can be printed now
	lit      bool // the printer's lamp points to where slips come out
}

// Print puts a slip of the pack on paper and points to where it comes out.
func (p *Paper) Print(c *journey.Course, template string, f slip.Facts) []journey.Effect {
	t, ok := c.Pack.Slip(template)
	if !ok {
		c.Tell(view.NoteProblem, PrintPhrase(device.ErrProtocol))
		return nil
	}
	paper, err := slip.Fill(t, c.Pack, f)
	if err != nil {
		c.Tell(view.NoteProblem, PrintPhrase(err))
		return nil
	}
	p.Printing, p.lit = true, true
	return []journey.Effect{journey.Light{Device: device.Printer, On: true}, journey.Print{Slip: paper}}
}

// On takes what the printer says.
func (p *Paper) On(c *journey.Course, h journey.Happening) {
	switch h := h.(type) {
	case journey.Printed:
		p.Printing = false
		if h.Printed.Confirmed {
			c.Tell(view.NoteNews, view.PhrasePrintDone)
		} else {
			c.Tell(view.NoteProblem, view.PhrasePrintUnconfirmed)
		}
	case journey.PrintFault:
		p.Printing = false
		c.Tell(view.NoteProblem, PrintPhrase(h.Err))
	}
}

// Exit darkens the lamp if it was lit.
func (p *Paper) Exit() []journey.Effect {
	if !p.lit {
		return nil
	}
	return []journey.Effect{journey.Light{Device: device.Printer}}
}
