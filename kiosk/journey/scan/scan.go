// Package scan is the step that takes pictures of the papers: live, judged, turned, in order, page by page and paper by
// paper. What fails three times is taken for a person to look at. Pure.
package scan

import (
	"slices"

	"yimen/drivers/device"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/step"
	"yimen/kiosk/journey/view"
	"yimen/kiosk/policy"
)

// Papers walks through the papers: live picture, shot by itself or by hand, judged, kept pages, one more or on to the next
// paper. A paper that is not at hand can be brought later; nothing here stops the visit.
type Papers struct {
	material string // code of the present paper
	only     bool   // one paper is being changed, then back to where that was asked
	manual   bool   // no shot by itself
	taking   bool
	making   bool
	printing bool // the ticket for the desk
	still    *still
	look     string // id of the kept page that is looked at
	instead  string // id of the kept page that is taken again
	shots    int    // of the page that is to come
	failures int    // among them
}

func (s *Papers) Part() string { return view.PhrasePartScan }

// Needless: this household need not bring any paper.
func (s *Papers) Needless(c *journey.Course) bool { return len(step.ToScan(c)) == 0 }

func (s *Papers) Enter(c *journey.Course, _ journey.Event, arg string) []journey.Effect {
	s.only = arg != ""
	all := step.ToScan(c)
	switch {
	case s.only:
		s.material = arg
	case len(all) == 0:
		s.material = ""
		return nil
	case s.index(all) < 0:
		s.material = all[0].Code
	}
	s.reset()
	return append(s.light(), journey.Light{Device: device.DocCam, On: true})
}

func (s *Papers) index(all []*policy.Material) int {
	return slices.IndexFunc(all, func(m *policy.Material) bool { return m.Code == s.material })
}

func (s *Papers) now(c *journey.Course) (m *policy.Material, at, of int) {
	all := step.ToScan(c)
	at = s.index(all)
	if at < 0 {
		return nil, at, len(all)
	}
	return all[at], at, len(all)
}

func (s *Papers) On(c *journey.Course, e journey.Event) (journey.Move, []journey.Effect) {
	switch h := e.Is.(type) {
	case journey.FrameTaken:
		if !s.taking {
			return journey.Stay(), nil // the resident has turned to another paper meanwhile
		}
		s.taking = false
		return journey.Stay(), s.judge(c, e, h)
	case journey.Settled:
		if !s.manual && s.ready(c) {
			return journey.Stay(), s.shoot()
		}
	case journey.FrameFault:
		s.taking = false
		c.Tell(view.NoteProblem, view.PhraseCameraGone)
	case journey.PageMade:
		return journey.Stay(), s.made(c, e, h)
	case journey.PageFault:
		if !s.awaits(h.Frame) {
			return journey.Stay(), nil
		}
		s.making = false
		c.Tell(view.NoteProblem, view.PhrasePageBad)
	case journey.Printed:
		return journey.Stay(), s.printed()
	case journey.PrintFault:
		c.Tell(view.NoteProblem, step.PrintPhrase(h.Err))
		return journey.Stay(), s.printed()
	case journey.Touch:
		return s.touch(c, e, h)
	}
	return journey.Stay(), nil
}

func (s *Papers) touch(c *journey.Course, e journey.Event, t journey.Touch) (journey.Move, []journey.Effect) {
	switch t.Do {
	case view.DoShoot:
		return journey.Stay(), s.shoot()
	case view.DoAuto:
		s.manual = !s.manual
		return journey.Stay(), s.light()
	case view.DoRetake:
		return journey.Stay(), s.drop()
	case view.DoAccept:
		return journey.Stay(), s.accept(c, e, t.Quad)
	case view.DoTurn:
		return journey.Stay(), s.turn(c)
	case view.DoAdjust:
		s.still.adjust = true
	case view.DoLook, view.DoSooner, view.DoAfter, view.DoReplace, view.DoDelete:
		return s.arrange(c, t)
	case view.DoLater:
		if !slices.Contains(c.Draft.Later, s.material) && step.Pages(c, s.material) == 0 {
			c.Draft.Later = append(slices.Clone(c.Draft.Later), s.material)
		}
		return s.onwards(c)
	case view.DoNext:
		return s.onwards(c)
	case view.DoBack:
		return s.backwards(c)
	}
	return journey.Stay(), nil
}

func (s *Papers) onwards(c *journey.Course) (journey.Move, []journey.Effect) {
	all := step.ToScan(c)
	if i := s.index(all); !s.only && i >= 0 && i+1 < len(all) {
		s.material = all[i+1].Code
		s.shots, s.failures, s.instead = 0, 0, ""
		return journey.Stay(), s.drop()
	}
	return journey.Next(), nil
}

func (s *Papers) backwards(c *journey.Course) (journey.Move, []journey.Effect) {
	s.taking = false
	switch {
	case s.still != nil:
		return journey.Stay(), s.drop()
	case s.look != "":
		return journey.Stay(), s.close()
	case s.instead != "":
		s.shots, s.failures, s.instead = 0, 0, ""
		return journey.Stay(), nil
	}
	all := step.ToScan(c)
	if i := s.index(all); !s.only && i > 0 {
		s.material = all[i-1].Code
		s.shots, s.failures = 0, 0
		return journey.Stay(), nil
	}
	return journey.Back(), nil
}

func (s *Papers) Show(c *journey.Course, v *view.View) {
	v.Screen = view.ScreenScan
	m, at, of := s.now(c)
	v.Scan = &view.Scan{Live: s.still == nil && s.look == "", Taking: s.taking || s.making, Printing: s.printing, Auto: !s.manual, Now: at + 1, Of: of}
	if !s.printing {
		v.Offers = []view.Do{view.DoBack}
	}
	if m == nil {
		v.Offers = append(v.Offers, view.DoNext)
		return
	}
	v.Scan.Material, v.Scan.Most, v.Scan.Must = step.MaterialLine(c, m), m.Most, step.Must(c, m.Code)
	for _, p := range c.Draft.Pages {
		if p.Material == s.material {
			v.Scan.Pages = append(v.Scan.Pages, view.Page{ID: p.ID, No: p.No, Turn: lying(p.Quad), Check: p.Check})
		}
		if p.ID == s.instead {
			v.Scan.Instead = p.No
		}
	}
	switch {
	case s.look != "":
		s.showKept(v)
	case s.taking || s.printing:
	case s.still != nil:
		s.showStill(v)
	default:
		v.Offers = append(v.Offers, s.onBed(c, len(v.Scan.Pages), v.Scan.Must)...)
	}
}

// onBed is what can be done while the live picture is on.
func (s *Papers) onBed(c *journey.Course, kept int, must bool) (offers []view.Do) {
	if s.ready(c) {
		offers = append(offers, view.DoShoot, view.DoAuto)
	}
	switch {
	case s.instead != "": // first that page, or back
		return offers
	case kept > 0:
		return append(offers, view.DoLook, view.DoNext)
	case must:
		return append(offers, view.DoLater)
	}
	return append(offers, view.DoNext) // a paper that may not exist
}

func (s *Papers) Exit(*journey.Course) []journey.Effect {
	effects := []journey.Effect{journey.Live{On: false}, journey.Light{Device: device.DocCam}}
	effects = append(effects, s.forget()...)
	s.reset()
	return effects
}
