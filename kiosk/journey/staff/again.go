package staff

import (
	"fmt"
	"strings"

	"yimen/drivers/device"
	"yimen/kiosk/inquiry"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/view"
	"yimen/kiosk/slip"
	"yimen/kiosk/slip/shape"
)

// headSlip is the pack's slip that stands above a copy.
const headSlip = "again"

// codeLength is how many digits a query code has.
const codeLength = 8

// listen waits for a slip under the scanner.
func (d *desk) listen() []journey.Effect {
	return []journey.Effect{journey.ReadCode{}, journey.Light{Device: device.Scanner, On: true}}
}

// numbered takes a slip's number that was typed.
func (d *desk) numbered(c *journey.Course, digits string) []journey.Effect {
	d.typed = digits
	no, ok := shape.Whole(digits)
	if !ok {
		c.Tell(view.NoteProblem, view.PhraseNumberWrong)
		return nil
	}
	return d.named(c, no)
}

// named goes on to the code, or confirms the check-in of that number.
func (d *desk) named(c *journey.Course, no string) []journey.Effect {
	effects := d.leave()
	if d.vouch {
		return append(effects, d.confirm(c, no)...)
	}
	d.page, d.again = code, again{entry: journey.CopyEntry{SlipNo: no}}
	c.Note, c.Private = nil, true
	return effects
}

// coded opens the copy with its code: that needs no line and no member.
func (d *desk) coded(c *journey.Course, digits string) []journey.Effect {
	if len(digits) != codeLength || strings.Trim(digits, "0123456789") != "" {
		c.Tell(view.NoteProblem, view.PhraseCodeShort)
		return nil
	}
	d.again.why, d.busy = view.WhyCode, true
	return []journey.Effect{journey.OpenCopy{SlipNo: d.again.entry.SlipNo, Code: device.Personal(digits)}}
}

// copies takes what comes of the copies.
func (d *desk) copies(c *journey.Course, e journey.Event, h journey.Happening) []journey.Effect {
	switch h := h.(type) {
	case journey.CodeRead:
		if no := strings.TrimSpace(h.Code.Text.Reveal()); d.page == slipNo && shape.Valid(no) {
			return d.named(c, no)
		} else if d.page == slipNo {
			c.Tell(view.NoteProblem, view.PhraseNotASlip)
			return []journey.Effect{journey.ReadCode{}}
		}
	case journey.CopiesListed:
		d.busy, d.slips = false, h.Copies
	case journey.CopyFetched:
		return d.ask(c, inquiry.StaffAsk{Do: inquiry.OpenCopy, Session: d.member.Session, Copy: h.Sealed, Why: string(d.again.why)}, device.Card{})
	case journey.CopyOpened:
		return d.count(h.Slip)
	case journey.CopyCounted:
		return d.print(c, e, h)
	case journey.CopyFault:
		d.busy = false
		c.Tell(view.NoteProblem, troubles[h.Trouble])
	}
	return nil
}

var troubles = map[journey.CopyTrouble]string{
	journey.CopyNone: view.PhraseCopyNone, journey.CopyClosed: view.PhraseCopyClosed,
	journey.CopyEnough: view.PhraseCopyEnough, journey.CopyBroken: view.PhraseCopyBroken,
}

// unsealed takes a copy that the bureau opened.
func (d *desk) unsealed(c *journey.Course, e journey.Event, a inquiry.Answer) []journey.Effect {
	if a.Outcome != inquiry.Found {
		c.Tell(view.NoteProblem, view.PhraseStaffOver)
		return nil
	}
	paper, err := slip.Decode(a.Body)
	if err != nil {
		c.Tell(view.NoteProblem, view.PhraseCopyBroken)
		return nil
	}
	return d.count(paper)
}

// count has it noted, before anything is printed, that the slip is printed again.
func (d *desk) count(paper device.Slip) []journey.Effect {
	d.again.paper, d.busy = paper, true
	staff := d.member.No
	if d.again.why == view.WhyCode {
		staff = 0 // the code is the resident's, whoever stands here
	}
	return []journey.Effect{journey.CountCopy{SlipNo: d.again.entry.SlipNo, Staff: staff, Why: d.again.why}}
}

// print prints the slip exactly as it was, under what says that it is a copy, which one, when, by whom and why.
func (d *desk) print(c *journey.Course, e journey.Event, n journey.CopyCounted) []journey.Effect {
	d.busy = false
	template, ok := c.Pack.Slip(headSlip)
	if !ok {
		c.Tell(view.NoteProblem, view.PhraseCopyBroken)
		return nil
	}
	by := word(c, "again.by.code")
	if d.again.why != view.WhyCode {
		by = strings.ReplaceAll(word(c, "again.by.staff"), "{no}", fmt.Sprintf("%03d", d.member.No))
	}
	head, err := slip.Fill(template, c.Pack, slip.Facts{
		SlipNo: d.again.entry.SlipNo, Terminal: c.Terminal, Hall: c.Hall.Name, Example: c.Hall.Example, PrintedAt: e.At.In(c.Zone), PrintNo: n.Nth,
		More: map[string]string{"first_at": n.First.In(c.Zone).Format("2006-01-02 15:04"), "by": by, "why": word(c, "again.why."+string(d.again.why))},
	})
	if err != nil {
		c.Tell(view.NoteProblem, view.PhraseCopyBroken)
		return nil
	}
	whole := slip.Copied(head, d.again.paper)
	d.again, d.page, d.paper.Printing = again{}, d.ground(), true
	return []journey.Effect{journey.Light{Device: device.Printer, On: true}, journey.Print{Slip: whole, Paper: journey.PaperCopy}}
}

// word is a text of the pack as an office's paper has it.
func word(c *journey.Course, id string) string { return c.Pack.Text(id).In("zh-CN") }
