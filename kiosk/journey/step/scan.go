package step

import (
	"slices"

	"yimen/drivers/device"
	"yimen/kiosk/dossier"
	"yimen/kiosk/journey"
	"yimen/kiosk/policy"
)

// Scan walks through the papers: live picture, shot, corners, kept pages, one more or on to the next paper.
// A paper that is not at hand can be brought later; nothing here stops the visit.
type Scan struct {
	material string // code of the present paper
	only     bool   // one paper is being changed, then back to where that was asked
	taking   bool
	making   bool
	still    *still
}

// still is a frame whose corners the resident is judging.
type still struct {
	id    string
	frame device.Frame
	quad  device.Quad
}

// inset is where the corners stand before anybody moved them: a little inside the picture.
var inset = device.Quad{{X: .12, Y: .1}, {X: .88, Y: .1}, {X: .88, Y: .9}, {X: .12, Y: .9}}

func (s *Scan) Part() string { return journey.PhrasePartScan }

// Needless: this household need not bring any paper.
func (s *Scan) Needless(c *journey.Course) bool { return len(toScan(c)) == 0 }

func (s *Scan) Enter(c *journey.Course, _ journey.Event, arg string) []journey.Effect {
	s.only = arg != ""
	all := toScan(c)
	switch {
	case s.only:
		s.material = arg
	case len(all) == 0:
		s.material = ""
		return nil
	case s.index(all) < 0:
		s.material = all[0].Code
	}
	s.still, s.taking, s.making = nil, false, false
	return []journey.Effect{journey.Live{On: true}, journey.Light{Device: device.DocCam, On: true}}
}

func (s *Scan) index(all []*policy.Material) int {
	return slices.IndexFunc(all, func(m *policy.Material) bool { return m.Code == s.material })
}

func (s *Scan) now(c *journey.Course) (m *policy.Material, at, of int) {
	all := toScan(c)
	at = s.index(all)
	if at < 0 {
		return nil, at, len(all)
	}
	return all[at], at, len(all)
}

func (s *Scan) On(c *journey.Course, e journey.Event) (journey.Move, []journey.Effect) {
	switch h := e.Is.(type) {
	case journey.FrameTaken:
		if !s.taking {
			return journey.Stay(), nil // the resident has turned to another paper meanwhile
		}
		s.taking = false
		s.still = &still{id: e.ID, frame: h.Frame, quad: inset}
		return journey.Stay(), []journey.Effect{journey.Live{On: false}, journey.Remember{ID: e.ID, JPEG: h.Frame.JPEG}}
	case journey.FrameFault:
		s.taking = false
		c.Tell(journey.NoteProblem, journey.PhraseCameraGone)
	case journey.PageMade:
		return journey.Stay(), s.keep(c, h)
	case journey.PageFault:
		if s.still == nil || s.still.id != h.Frame {
			return journey.Stay(), nil
		}
		s.making = false
		c.Tell(journey.NoteProblem, journey.PhrasePageBad)
	case journey.Touch:
		return s.touch(c, h)
	}
	return journey.Stay(), nil
}

func (s *Scan) touch(c *journey.Course, t journey.Touch) (journey.Move, []journey.Effect) {
	switch t.Do {
	case journey.DoShoot:
		s.taking = true
		return journey.Stay(), []journey.Effect{journey.TakeFrame{}}
	case journey.DoRetake:
		return journey.Stay(), s.drop()
	case journey.DoAccept:
		if t.Quad == nil || !convex(*t.Quad) {
			c.Tell(journey.NoteProblem, journey.PhraseCorners)
			return journey.Stay(), nil
		}
		s.making, s.still.quad = true, *t.Quad
		return journey.Stay(), []journey.Effect{journey.MakePage{Frame: s.still.id, JPEG: s.still.frame.JPEG, Quad: *t.Quad}}
	case journey.DoDelete:
		return s.delete(c, t.Value), []journey.Effect{journey.Forget{ID: t.Value}}
	case journey.DoLater:
		if !slices.Contains(c.Draft.Later, s.material) && pages(c, s.material) == 0 {
			c.Draft.Later = append(slices.Clone(c.Draft.Later), s.material)
		}
		return s.onwards(c)
	case journey.DoNext:
		return s.onwards(c)
	case journey.DoBack:
		return s.backwards(c)
	}
	return journey.Stay(), nil
}

// drop throws the still away and goes back to the live picture.
func (s *Scan) drop() []journey.Effect {
	if s.still == nil {
		return nil
	}
	id := s.still.id
	s.still, s.making = nil, false
	return []journey.Effect{journey.Forget{ID: id}, journey.Live{On: true}}
}

// keep puts a made page with the others.
func (s *Scan) keep(c *journey.Course, m journey.PageMade) []journey.Effect {
	if s.still == nil || s.still.id != m.Frame {
		return nil // the still was thrown away meanwhile
	}
	c.Draft.Pages = append(slices.Clone(c.Draft.Pages), dossier.Page{
		ID: m.Frame, Material: s.material, No: pages(c, s.material) + 1,
		Original: s.still.frame.JPEG, Derived: m.JPEG, Quad: s.still.quad, DPI: m.DPI,
		TakenAt: s.still.frame.At, Device: device.DocCam,
	})
	c.Draft.Later = slices.DeleteFunc(slices.Clone(c.Draft.Later), func(code string) bool { return code == s.material })
	s.still, s.making = nil, false
	return []journey.Effect{journey.Remember{ID: m.Frame, JPEG: m.JPEG}, journey.Live{On: true}}
}

// delete takes a page out. A paper that is not asked for any more goes with its last page.
func (s *Scan) delete(c *journey.Course, id string) journey.Move {
	at := s.index(toScan(c))
	s.remove(c, id)
	all := toScan(c)
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
func (s *Scan) remove(c *journey.Course, id string) {
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

func (s *Scan) onwards(c *journey.Course) (journey.Move, []journey.Effect) {
	all := toScan(c)
	if i := s.index(all); !s.only && i >= 0 && i+1 < len(all) {
		s.material = all[i+1].Code
		return journey.Stay(), s.drop()
	}
	return journey.Next(), nil
}

func (s *Scan) backwards(c *journey.Course) (journey.Move, []journey.Effect) {
	s.taking = false
	if s.still != nil {
		return journey.Stay(), s.drop()
	}
	all := toScan(c)
	if i := s.index(all); !s.only && i > 0 {
		s.material = all[i-1].Code
		return journey.Stay(), nil
	}
	return journey.Back(), nil
}

func (s *Scan) Show(c *journey.Course, v *journey.View) {
	v.Screen = journey.ScreenScan
	v.Offers = []journey.Do{journey.DoBack}
	m, at, of := s.now(c)
	v.Scan = &journey.ScanView{Live: s.still == nil, Taking: s.taking || s.making, Now: at + 1, Of: of}
	if m == nil {
		v.Offers = append(v.Offers, journey.DoNext)
		return
	}
	v.Scan.Material, v.Scan.Most, v.Scan.Must = materialLine(c, m), m.Most, must(c, m.Code)
	for _, p := range c.Draft.Pages {
		if p.Material == s.material {
			v.Scan.Pages = append(v.Scan.Pages, journey.PageView{ID: p.ID, No: p.No})
		}
	}
	kept := len(v.Scan.Pages)
	switch {
	case s.taking || s.making:
	case s.still != nil:
		v.Scan.Still, v.Scan.Quad = s.still.id, s.still.quad
		v.Offers = append(v.Offers, journey.DoAccept, journey.DoRetake)
	default:
		if m.Most == 0 || kept < m.Most {
			v.Offers = append(v.Offers, journey.DoShoot)
		}
		if kept > 0 {
			v.Offers = append(v.Offers, journey.DoDelete, journey.DoNext)
		} else if v.Scan.Must {
			v.Offers = append(v.Offers, journey.DoLater)
		} else {
			v.Offers = append(v.Offers, journey.DoNext) // a paper that may not exist
		}
	}
}

func (s *Scan) Exit(*journey.Course) []journey.Effect {
	effects := []journey.Effect{journey.Live{On: false}, journey.Light{Device: device.DocCam}}
	if s.still != nil {
		effects = append(effects, journey.Forget{ID: s.still.id})
	}
	s.still, s.taking, s.making = nil, false, false
	return effects
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
