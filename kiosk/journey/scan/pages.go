package scan

import (
	"slices"

	"yimen/drivers/device"
	"yimen/kiosk/dossier"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/step"
	"yimen/kiosk/journey/view"
)

// pageAt is where a kept page stands in the draft; -1 where it is none.
func pageAt(c *journey.Course, id string) int {
	return slices.IndexFunc(c.Draft.Pages, func(p dossier.Page) bool { return p.ID == id })
}

// arrange does what can be done with a kept page: look at it, move it, take it again, throw it away.
func (s *Papers) arrange(c *journey.Course, t journey.Touch) (journey.Move, []journey.Effect) {
	switch t.Do {
	case view.DoLook:
		if at := pageAt(c, t.Value); at < 0 || c.Draft.Pages[at].Material != s.material {
			return journey.Stay(), nil
		}
		s.look = t.Value
		return journey.Stay(), []journey.Effect{journey.Live{On: false}}
	case view.DoSooner:
		s.move(c, -1)
	case view.DoAfter:
		s.move(c, 1)
	case view.DoReplace:
		s.instead, s.look = s.look, ""
		s.shots, s.failures = 0, 0
		return journey.Stay(), []journey.Effect{journey.Live{On: true, Auto: !s.manual, Again: true}}
	case view.DoDelete:
		id := s.look
		return s.delete(c, id), append(s.close(), journey.Forget{ID: id})
	}
	return journey.Stay(), nil
}

// close goes back from a kept page to the live picture.
func (s *Papers) close() []journey.Effect {
	s.look, s.making = "", false
	return s.light()
}

// move changes places with the page of this material that stands so many numbers further.
func (s *Papers) move(c *journey.Course, by int) {
	at := pageAt(c, s.look)
	other := slices.IndexFunc(c.Draft.Pages, func(p dossier.Page) bool {
		return at >= 0 && p.Material == s.material && p.No == c.Draft.Pages[at].No+by
	})
	if other < 0 {
		return
	}
	all := slices.Clone(c.Draft.Pages)
	all[at], all[other] = all[other], all[at]
	all[at].No, all[other].No = all[other].No, all[at].No
	c.Draft.Pages = all
}

// turn has the page that is shown turned clockwise by a quarter: cut out anew, so that nothing of it is lost.
func (s *Papers) turn(c *journey.Course) []journey.Effect {
	s.making = true
	if s.still != nil {
		return []journey.Effect{journey.MakePage{Frame: s.still.id, JPEG: s.still.frame.JPEG, Quad: quarter(s.still.quad), Turned: true}}
	}
	p := c.Draft.Pages[pageAt(c, s.look)]
	return []journey.Effect{journey.MakePage{Frame: p.ID, JPEG: p.Original, Quad: quarter(p.Quad), Turned: true}}
}

// turned puts a kept page that was turned in its place. How it was judged stays.
func (s *Papers) turned(c *journey.Course, made device.Page) []journey.Effect {
	all := slices.Clone(c.Draft.Pages)
	p := &all[pageAt(c, s.look)]
	p.Derived, p.Quad, p.DPI, p.WayUp = made.JPEG, made.Quad, made.DPI, made.WayUp
	c.Draft.Pages = all
	return []journey.Effect{journey.Remember{ID: p.ID, JPEG: p.Derived}}
}

// quarter gives the corners of a page that is turned clockwise: what was its lower left is its upper left.
func quarter(q device.Quad) device.Quad { return device.Quad{q[3], q[0], q[1], q[2]} }

// lying tells how a page lies in its frame: which of its corners is nearest the frame's top left.
func lying(q device.Quad) int {
	first := 0
	for i, p := range q {
		if p.X+p.Y < q[first].X+q[first].Y {
			first = i
		}
	}
	return first
}

// showKept shows a kept page large, with what can be done with it.
func (s *Papers) showKept(v *view.View) {
	of := len(v.Scan.Pages)
	for i, p := range v.Scan.Pages {
		if p.ID != s.look {
			continue
		}
		v.Scan.Look = &v.Scan.Pages[i]
		if s.making {
			return
		}
		v.Offers = append(v.Offers, view.DoAccept, view.DoTurn, view.DoReplace, view.DoDelete)
		if p.No > 1 {
			v.Offers = append(v.Offers, view.DoSooner)
		}
		if p.No < of {
			v.Offers = append(v.Offers, view.DoAfter)
		}
	}
}

// delete takes a page out. A paper that is not asked for any more goes with its last page.
func (s *Papers) delete(c *journey.Course, id string) journey.Move {
	at := s.index(step.ToScan(c))
	s.remove(c, id)
	all := step.ToScan(c)
	switch {
	case s.index(all) >= 0:
		return journey.Stay()
	case s.only || at >= len(all):
		return journey.Next()
	}
	s.material = all[at].Code
	return journey.Stay()
}

// remove takes a page out and numbers the rest of its material anew.
func (s *Papers) remove(c *journey.Course, id string) {
	var rest []dossier.Page
	no := 0
	for _, p := range c.Draft.Pages {
		if p.ID == id && p.Material == s.material {
			continue
		}
		if p.Material == s.material {
			no++
			p.No = no
		}
		rest = append(rest, p)
	}
	c.Draft.Pages = rest
}
