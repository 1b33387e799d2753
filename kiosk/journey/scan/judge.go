package scan

import (
	"math"
	"slices"
	"strconv"

	"yimen/drivers/device"
	"yimen/kiosk/dossier"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/step"
	"yimen/kiosk/journey/view"
)

// mostFailures is after how many pictures that were not good a page is taken as it is, to be looked at by a person.
const mostFailures = 3

// still is a picture that was taken, and the page in it.
type still struct {
	id     string
	frame  device.Frame
	page   device.Page
	quad   device.Quad // where the corners stand
	found  bool        // the corners were found, not guessed
	adjust bool        // they are to be set by hand all the same
	flaw   device.Flaw // what is to be put right; empty where the page is good
	cuts   int         // counts the pages cut out of it, so that each is another picture
}

// good tells whether the page itself is shown, and may be kept as it is.
func (s *still) good() bool { return s.found && !s.adjust && s.flaw == "" }

// cut is the id of the picture of the page.
func (s *still) cut() string { return s.id + "-" + strconv.Itoa(s.cuts) }

// show remembers the page's picture, in place of the one before.
func (s *still) show(p device.Page) []journey.Effect {
	old := s.cut()
	s.page = p
	s.cuts++
	return []journey.Effect{journey.Forget{ID: old}, journey.Remember{ID: s.cut(), JPEG: p.JPEG}}
}

// inset is where the corners stand before anybody moved them: a little inside the picture.
var inset = device.Quad{{X: .12, Y: .1}, {X: .88, Y: .1}, {X: .88, Y: .9}, {X: .12, Y: .9}}

// ready tells whether a picture can be taken now.
func (s *Papers) ready(c *journey.Course) bool {
	m, _, _ := s.now(c)
	room := m != nil && (m.Most == 0 || step.Pages(c, m.Code) < m.Most || s.instead != "")
	return room && s.still == nil && s.look == "" && !s.taking && !s.making && !s.printing
}

func (s *Papers) shoot() []journey.Effect {
	s.taking = true
	return []journey.Effect{journey.TakeFrame{}}
}

// light switches the live picture on.
func (s *Papers) light() []journey.Effect {
	return []journey.Effect{journey.Live{On: true, Auto: !s.manual}}
}

// reset forgets what belongs to the page that was to come.
func (s *Papers) reset() {
	s.still, s.taking, s.making, s.shots, s.failures = nil, false, false, 0, 0
	s.look, s.instead = "", ""
}

// judge looks at a picture that was taken: good ones are shown to be kept, others with what is wrong. After the third
// that is not good the page is taken as it is, and a person will look.
func (s *Papers) judge(c *journey.Course, e journey.Event, h journey.FrameTaken) []journey.Effect {
	s.shots++
	found := h.Page.JPEG != nil && !slices.Contains(h.Page.Flaws, device.Unsure)
	s.still = &still{id: e.ID, frame: h.Frame, page: h.Page, quad: inset, found: found, flaw: worst(h.Page.Flaws)}
	if convex(h.Page.Quad) {
		s.still.quad = h.Page.Quad
	}
	off := journey.Live{On: false}
	if s.still.flaw != "" {
		s.failures++
		if found && s.failures >= mostFailures {
			s.still.quad = h.Page.Quad
			return append([]journey.Effect{off}, s.keep(c, e, h.Page)...)
		}
	}
	effects := []journey.Effect{off, journey.Remember{ID: e.ID, JPEG: h.Frame.JPEG}}
	if s.still.good() {
		effects = append(effects, s.still.show(h.Page)...)
	}
	return effects
}

// worst is the flaw to be told: the first, in the order in which a person would put them right. Coarse is none to tell:
// nothing that a resident does gives the camera more dots.
func worst(flaws []device.Flaw) device.Flaw {
	for _, f := range device.Flaws() {
		if f != device.Coarse && slices.Contains(flaws, f) {
			return f
		}
	}
	return ""
}

// accept keeps the page that is shown. Where the corners are shown instead, the page is cut out anew and shown; as it
// was judged where they were left alone.
func (s *Papers) accept(c *journey.Course, e journey.Event, q *device.Quad) []journey.Effect {
	const left = 0.002 // of the picture
	switch {
	case s.look != "":
		return s.close()
	case s.still.good():
		return s.keep(c, e, s.still.page)
	case q == nil || !convex(*q):
		c.Tell(view.NoteProblem, view.PhraseCorners)
		return nil
	case s.still.found && apart(*q, s.still.quad) < left:
		s.still.adjust = false
		return nil
	}
	s.making, s.still.quad = true, *q
	return []journey.Effect{journey.MakePage{Frame: s.still.id, JPEG: s.still.frame.JPEG, Quad: *q, Turned: s.still.page.WayUp == device.WayUpPerson}}
}

// apart is how far the corner that moved most was moved, in parts of the picture.
func apart(a, b device.Quad) float64 {
	most := 0.0
	for i := range a {
		most = max(most, math.Hypot(a[i].X-b[i].X, a[i].Y-b[i].Y))
	}
	return most
}

// awaits tells whether a page is still wanted that is cut out of this frame.
func (s *Papers) awaits(frame string) bool {
	return s.making && (s.still != nil && s.still.id == frame || s.look == frame)
}

// made takes in a page that was turned, or whose corners a person set. Of a picture that was good already nothing is asked
// again; what is good now is shown before it is kept.
func (s *Papers) made(c *journey.Course, e journey.Event, m journey.PageMade) []journey.Effect {
	if !s.awaits(m.Frame) {
		return nil // it was thrown away meanwhile
	}
	s.making = false
	if s.look == m.Frame {
		return s.turned(c, m.Page)
	}
	if s.still.good() { // it was only turned
		quad := m.Page.Quad
		m.Page.Sight, m.Page.Upright = s.still.page.Sight, s.still.page.Upright
		m.Page.Quad = quad
	} else if s.still.flaw == "" { // what is judged within the person's corners is the corners, not the picture
		m.Page.Flaws = s.still.page.Flaws
	} else if s.still.flaw = worst(m.Page.Flaws); s.still.flaw != "" {
		s.still.page, s.still.found = m.Page, true
		if s.failures < mostFailures {
			return nil
		}
		return s.keep(c, e, m.Page)
	}
	s.still.found, s.still.adjust = true, false
	if convex(m.Page.Quad) {
		s.still.quad = m.Page.Quad
	}
	return s.still.show(m.Page)
}

// keep puts a page with the others, or in the place of the one that was taken again. One that is not good is marked, and
// a ticket tells what to bring to the desk.
func (s *Papers) keep(c *journey.Course, e journey.Event, page device.Page) []journey.Effect {
	check := worst(page.Flaws) != ""
	id := s.still.id
	kept := dossier.Page{
		ID: id, Material: s.material, No: step.Pages(c, s.material) + 1,
		Original: s.still.frame.JPEG, Derived: page.JPEG, Quad: s.still.quad, DPI: page.DPI, WayUp: page.WayUp, Upright: page.Upright,
		TakenAt: s.still.frame.At, Device: device.DocCam,
		Shots: s.shots, Check: check, Flaws: page.Flaws, Scores: page.Scores, Limits: page.Limits,
	}
	effects := []journey.Effect{journey.Forget{ID: s.still.cut()}}
	c.Draft.Pages = slices.Clone(c.Draft.Pages)
	if at := pageAt(c, s.instead); at >= 0 {
		kept.No = c.Draft.Pages[at].No
		c.Draft.Pages[at] = kept
		effects = append(effects, journey.Forget{ID: s.instead})
	} else {
		c.Draft.Pages = append(c.Draft.Pages, kept)
	}
	c.Draft.Later = slices.DeleteFunc(slices.Clone(c.Draft.Later), func(code string) bool { return code == s.material })
	s.reset()
	effects = append(append(effects, journey.Remember{ID: id, JPEG: page.JPEG}), s.light()...)
	if check {
		effects = append(effects, s.ticket(c, e)...)
	}
	return effects
}

// drop throws the still away and goes back to the live picture.
func (s *Papers) drop() []journey.Effect {
	if s.still == nil {
		return nil
	}
	effects := s.forget()
	s.still, s.making = nil, false
	return append(effects, journey.Live{On: true, Auto: !s.manual, Again: true})
}

// forget forgets the still's pictures.
func (s *Papers) forget() []journey.Effect {
	if s.still == nil {
		return nil
	}
	return []journey.Effect{journey.Forget{ID: s.still.id}, journey.Forget{ID: s.still.cut()}}
}

// showStill shows a picture that was taken: the page in it to be kept, corners to be dragged, or what is wrong.
func (s *Papers) showStill(v *view.View) {
	v.Scan.Still, v.Scan.Quad = s.still.id, s.still.quad
	if s.still.good() {
		v.Scan.Cut = s.still.cut()
	}
	switch {
	case s.making:
		return
	case s.still.good():
		v.Offers = append(v.Offers, view.DoAccept, view.DoTurn, view.DoAdjust, view.DoRetake)
		return
	}
	if s.still.flaw != "" {
		v.Scan.Hint, v.Scan.Left = view.FlawHint(s.still.flaw), max(0, mostFailures-s.failures)
	}
	if s.still.flaw == "" || !s.still.found {
		v.Scan.Adjust = true
		v.Offers = append(v.Offers, view.DoAccept)
	}
	v.Offers = append(v.Offers, view.DoRetake)
}

// convex tells whether the corners go round a page: all within the picture, all turns to the right, and not
// too small to be one.
func convex(q device.Quad) bool {
	area := 0.0
	for i := range q {
		a, b, c := q[i], q[(i+1)%4], q[(i+2)%4]
		if !(a.X >= 0 && a.X <= 1 && a.Y >= 0 && a.Y <= 1) {
			return false
		}
		if !((b.X-a.X)*(c.Y-b.Y)-(b.Y-a.Y)*(c.X-b.X) > 0) {
			return false
		}
		area += a.X*b.Y - b.X*a.Y
	}
	return area/2 > .01
}
