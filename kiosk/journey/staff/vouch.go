package staff

import (
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/view"
	"yimen/kiosk/letter"
)

// confirm says to the bureau that a member of the staff has looked at somebody who checked in: the slip that asked for it is
// named, and nobody else.
func (d *desk) confirm(c *journey.Course, no string) []journey.Effect {
	d.busy = true
	return []journey.Effect{journey.Post{Letter: letter.Letter{
		Terminal: c.Draft.Terminal, Hall: c.Draft.Hall, Lang: c.Lang, Pack: c.Pack, About: no,
		Record: letter.CheckedIn{Way: letter.WayStaff, Confirmed: letter.ConfirmedStaff, Staff: d.member.No},
	}}}
}

// vouched tells whether that is safe.
func (d *desk) vouched(c *journey.Course, h journey.Happening) []journey.Effect {
	d.busy = false
	if _, kept := h.(journey.Kept); !kept {
		c.Tell(view.NoteProblem, view.PhraseKeepFailed)
		return d.listen()
	}
	d.page, d.vouch, d.typed = home, false, ""
	c.Tell(view.NoteNews, view.PhraseVouched)
	return []journey.Effect{journey.Attend{Staff: d.member.No, Did: journey.Vouched}}
}
