package staff

import (
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/view"
)

// putBack lets an envelope that central had refused be sent again. One that nobody answered for is sent by itself.
func (d *desk) putBack(envelope string) []journey.Effect {
	if d.survey == nil {
		return nil
	}
	for _, s := range d.survey.Stuck {
		if s.ID == envelope && s.Cause == view.StuckRefused {
			d.busy, d.putting = true, true
			return []journey.Effect{journey.PutBack{Envelope: envelope, Staff: d.member.No}}
		}
	}
	return nil
}

// surveyed takes how the terminal stands, asked for or after an envelope was put back.
func (d *desk) surveyed(c *journey.Course, s journey.Surveyed) {
	if d.putting {
		c.Tell(view.NoteNews, view.PhrasePutBack)
	}
	d.busy, d.putting, d.survey = false, false, &s
}

func (d *desk) showQueue(c *journey.Course, v *view.View) {
	if d.survey == nil {
		return
	}
	q := &view.Queue{Waiting: d.survey.Waiting}
	if !d.survey.Oldest.IsZero() {
		q.Oldest = d.survey.Oldest.In(c.Zone).Format(stamp)
	}
	for _, s := range d.survey.Stuck {
		l := view.StuckLine{ID: s.ID, At: s.PutAt.In(c.Zone).Format(stamp), Kind: view.KindPhrase(s.Kind)}
		l.Cause, l.Next = view.StuckPhrases(s.Cause)
		l.Again = s.Cause == view.StuckRefused
		q.Stuck = append(q.Stuck, l)
	}
	v.Staff.Queue = q
}
