package step

import (
	"errors"
	"slices"
	"time"

	"yimen/drivers/device"
	"yimen/kiosk/dossier"
	"yimen/kiosk/household"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/view"
	"yimen/kiosk/policy"
	"yimen/kiosk/slip"
)

// Slip submits: the dossier or the letter is kept, central gets some seconds, and the slip says what is known by then. Each
// word on it was observed: 已上传 after central's receipt for the whole, printed after the printer said so.
type Slip struct {
	// Send brings to safety what was given, and Facts is what the slip tells of it; nil for the dossier of the draft.
	Send  func(*journey.Course) journey.Effect
	Facts func(*journey.Course) slip.Facts
	// Parked: what is kept is no submission, and neither screen nor slip says that it is one.
	Parked bool
	// CheckIn: a 签到 was handed in, of which nothing is to be accepted.
	CheckIn bool

	facts slip.Facts
	view  view.Slip
	kept  string // the dossier's id
}

// parkedSlip is the pack's slip about what was parked.
const parkedSlip = "parked"

// printing is view.Slip.Print while the printer is at work.
const printing = "printing"

// What central may take before the slip is printed without its receipt, and how long the screen still watches.
const (
	patience = 10 * time.Second
	watching = 10 * time.Minute
)

func (s *Slip) Part() string { return view.PhrasePartSlip }

func (s *Slip) Enter(c *journey.Course, e journey.Event, _ string) []journey.Effect {
	c.Sent = true
	if s.Send != nil {
		sent := s.Send(c)
		if post, ok := sent.(journey.Post); ok {
			post.Letter.Notice = c.Draft.Notice
			sent = post
		}
		return []journey.Effect{sent}
	}
	return []journey.Effect{journey.Keep{Draft: c.Draft}}
}

func (s *Slip) On(c *journey.Course, e journey.Event) (journey.Move, []journey.Effect) {
	switch h := e.Is.(type) {
	case journey.NotKept:
		// Everything is still here: back to the review, with what to do next.
		c.Sent = false
		if h.Full {
			c.Tell(view.NoteProblem, view.PhraseKeepFull)
		} else {
			c.Tell(view.NoteProblem, view.PhraseKeepFailed)
		}
		return journey.Back(), nil
	case journey.Kept:
		return journey.Stay(), s.keep(c, e, h)
	case journey.Central:
		return journey.Stay(), s.central(c, e, h.Delivered)
	case journey.Printed:
		if s.view.Print == printing { // what was printed before this step is not this slip
			s.printed(c, h.Printed)
		}
	case journey.PrintFault:
		if s.view.Print == printing {
			s.failed(c, h.Err)
		}
	case journey.Touch:
		switch h.Do {
		case view.DoPrint:
			return journey.Stay(), s.print(c, e)
		case view.DoFinish:
			return journey.Finish(), nil
		}
	}
	return journey.Stay(), nil
}

// keep notes the numbers and lets go of everything else that the resident gave.
func (s *Slip) keep(c *journey.Course, e journey.Event, k journey.Kept) []journey.Effect {
	s.kept = k.Dossier
	tell := s.Facts
	if tell == nil {
		tell = Facts
	}
	s.facts = tell(c)
	s.facts.SlipNo, s.facts.QueryCode, s.facts.ReceivedAt = k.SlipNo, k.QueryCode, e.At.In(c.Zone)
	s.view = view.Slip{Number: k.SlipNo, QueryCode: k.QueryCode, Kept: true, Pages: len(c.Draft.Pages), Parked: s.Parked}
	c.Draft = blank(c.Draft)
	c.Kept = true
	return []journey.Effect{journey.Await{Dossier: k.Dossier, Patience: patience}}
}

func (s *Slip) central(c *journey.Course, e journey.Event, delivered bool) []journey.Effect {
	s.view.Delivered = s.view.Delivered || delivered
	if s.view.Tries > 0 {
		return nil // the slip is out already; the screen shows the news
	}
	effects := s.print(c, e)
	if !delivered {
		effects = append(effects, journey.Await{Dossier: s.kept, Patience: watching})
	}
	return effects
}

// print puts the slip on paper with what is known now.
func (s *Slip) print(c *journey.Course, e journey.Event) []journey.Effect {
	s.view.Tries++
	s.view.Cause = view.Phrase{}
	s.facts.Delivered, s.facts.PrintedAt, s.facts.PrintNo = s.view.Delivered, e.At.In(c.Zone), s.view.Tries
	id := c.Draft.Item.Slip
	if s.Parked {
		id = parkedSlip
	}
	template, ok := c.Pack.Slip(id)
	if !ok {
		s.failed(c, device.ErrProtocol)
		return nil
	}
	paper, err := slip.Fill(template, c.Pack, s.facts)
	if err != nil {
		s.failed(c, err)
		return nil
	}
	s.view.Print = printing
	return []journey.Effect{journey.Light{Device: device.Printer, On: true}, journey.Print{Slip: paper, Original: s.original()}}
}

// original is what the slip goes by when it is printed again.
func (s *Slip) original() *journey.Original {
	return &journey.Original{SlipNo: s.facts.SlipNo, QueryCode: device.Personal(s.facts.QueryCode)}
}

func (s *Slip) printed(c *journey.Course, p device.Printed) {
	s.view.Print = "unconfirmed"
	if p.Confirmed {
		s.view.Print = "printed"
		c.Over = true // nothing is left to lose: the resident holds the paper
	}
}

func (s *Slip) failed(c *journey.Course, err error) {
	s.view.Print = "failed"
	if errors.Is(err, device.ErrUnconfirmed) {
		s.view.Print = "unconfirmed"
	}
	s.view.Cause = view.Phrase{ID: PrintPhrase(err)}
}

func (s *Slip) Show(c *journey.Course, v *view.View) {
	shown := s.view
	shown.CheckIn = s.CheckIn
	v.Slip = &shown
	v.Screen = view.ScreenSlip
	switch {
	case s.view.Print == "":
		v.Screen = view.ScreenSending
	case s.view.Print == printing:
	case s.view.Print == "printed":
		v.Offers = []view.Do{view.DoFinish}
	default:
		v.Offers = []view.Do{view.DoPrint, view.DoFinish}
	}
}

// Exit darkens the printer's lamp only now: until then it points to where the slip comes out.
func (s *Slip) Exit(*journey.Course) []journey.Effect {
	return []journey.Effect{journey.Light{Device: device.Printer}}
}

// Facts gathers what the slip tells before the draft is let go.
func Facts(c *journey.Course) slip.Facts {
	const lang = "zh-CN" // a slip is an office's paper
	f := slip.Facts{
		Item: c.Draft.Item.Name.In(lang), ItemCode: c.Draft.Item.Code, Deadline: c.Draft.Item.Deadline.In(lang),
		Applicant: device.Personal(FullName(c.Draft.Card)), Number: c.Draft.Card.Number,
		Terminal: c.Draft.Terminal, Hall: c.Draft.Hall, Example: c.Hall.Example,
	}
	if n := c.Draft.Answers.Get(household.Size); n.State == household.Given {
		f.HouseholdSize = int(n.Number)
	}
	for _, r := range c.Pack.Materials(c.Draft.Item, c.Draft.Answers) {
		m := slip.Material{Name: r.Material.Name.In(lang)}
		switch n := Pages(c, r.Material.Code); {
		case n > 0:
			m.Mark, m.Pages = scanned(c, r.Material.Code), n
		case r.Material.Need == policy.NeedShare:
			m.Mark = slip.Shared
		case slices.ContainsFunc(c.Draft.Signatures, func(s dossier.Signature) bool { return s.Later && s.Material == r.Material.Code }):
			m.Mark = slip.Unsigned
		case r.Material.Need == policy.NeedHere:
			m.Mark = slip.Here
		case r.Must:
			m.Mark = slip.Later
		default:
			continue
		}
		f.Materials = append(f.Materials, m)
	}
	for _, m := range unasked(c) {
		f.Materials = append(f.Materials, slip.Material{Name: m.Name.In(lang), Mark: scanned(c, m.Code), Pages: Pages(c, m.Code)})
	}
	return f
}

// scanned is the mark of a material of which there are pages.
func scanned(c *journey.Course, code string) slip.Mark {
	for _, p := range c.Draft.Pages {
		if p.Material == code && p.Check {
			return slip.Check
		}
	}
	return slip.Scanned
}

// PrintPhrase is the id of the phrase that says why printing failed, and what to do.
func PrintPhrase(err error) string {
	switch {
	case errors.Is(err, device.ErrPaperOut):
		return view.PhrasePrinterPaper
	case errors.Is(err, device.ErrNeedsUser):
		return view.PhrasePrinterCover
	case errors.Is(err, device.ErrJammed):
		return view.PhrasePrinterJam
	case errors.Is(err, device.ErrGone), errors.Is(err, device.ErrSilent), errors.Is(err, device.ErrUnconfirmed):
		return view.PhrasePrinterGone
	}
	return view.PhrasePrinterFault
}
