package progress

import (
	"strings"

	"yimen/drivers/device"
	"yimen/kiosk/dossier"
	"yimen/kiosk/inquiry"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/step"
	"yimen/kiosk/journey/view"
	"yimen/kiosk/slip/shape"
)

// prove lets the resident prove who asks: by the card, or by a slip's number and its code (two factors, domain.md §3.6).
type prove struct {
	way    way
	slipNo string
	proof  inquiry.Proof
	card   device.Card // that was read; zero where a code proves
}

// way is the screen that is shown.
type way string

const (
	choosing way = ""
	byCard   way = "card"
	bySlip   way = "slip" // its number
	byCode   way = "code" // and then its code
)

// codeLength is how many digits a query code has.
const codeLength = 8

func (p *prove) Part() string { return view.PhrasePartProve }

// Enter begins anew: what was proved before is proved no more, and what was brought under it is let go.
func (p *prove) Enter(c *journey.Course, _ journey.Event, _ string) (effects []journey.Effect) {
	*p = prove{}
	c.Looking = true
	for _, page := range c.Draft.Pages {
		effects = append(effects, journey.Forget{ID: page.ID})
	}
	d := c.Draft
	c.Draft = dossier.Draft{Terminal: d.Terminal, Hall: d.Hall, Lang: d.Lang, Pack: d.Pack, Notice: d.Notice}
	return effects
}

func (p *prove) On(c *journey.Course, e journey.Event) (journey.Move, []journey.Effect) {
	switch h := e.Is.(type) {
	case journey.CardRead:
		if p.way != byCard {
			return journey.Stay(), nil
		}
		p.card, p.proof = h.Card, inquiry.Proof{Name: h.Card.Name, Number: h.Card.Number}
		c.Private = true
		return journey.Next(), nil
	case journey.CardFault:
		if p.way == byCard {
			c.Tell(view.NoteProblem, step.CardPhrase(h.Err))
			return journey.Stay(), []journey.Effect{journey.ReadCard{Pause: step.AfterFault}}
		}
	case journey.CodeRead:
		if p.way == bySlip {
			return journey.Stay(), p.scanned(c, h.Code)
		}
	case journey.Touch:
		return p.touch(c, h)
	}
	return journey.Stay(), nil
}

// scanned takes a code that was held under the scanner. A code that is no slip's may say anything, and is not shown.
func (p *prove) scanned(c *journey.Course, code device.Code) []journey.Effect {
	number := strings.TrimSpace(code.Text.Reveal())
	if !shape.Valid(number) {
		c.Tell(view.NoteProblem, view.PhraseNotASlip)
		return []journey.Effect{journey.ReadCode{}}
	}
	return p.numbered(c, number)
}

// numbered goes on to the code.
func (p *prove) numbered(c *journey.Course, number string) []journey.Effect {
	effects := p.leave()
	p.way, p.slipNo = byCode, number
	c.Private = true
	c.Note = nil
	return effects
}

func (p *prove) touch(c *journey.Course, t journey.Touch) (journey.Move, []journey.Effect) {
	switch t.Do {
	case view.DoBack:
		return p.back()
	case view.DoChoose:
		return journey.Stay(), p.choose(c, way(t.Value))
	case view.DoAnswer:
		return p.answer(c, t.Value)
	}
	return journey.Stay(), nil
}

func (p *prove) back() (journey.Move, []journey.Effect) {
	effects := p.leave()
	switch p.way {
	case choosing:
		return journey.Back(), nil
	case byCode:
		p.way = bySlip
		return journey.Stay(), p.listen()
	}
	p.way, p.slipNo = choosing, ""
	return journey.Stay(), effects
}

func (p *prove) choose(_ *journey.Course, w way) []journey.Effect {
	switch w {
	case byCard:
		p.way = byCard
		return []journey.Effect{journey.ReadCard{}, journey.Light{Device: device.IDCardReader, On: true}}
	case bySlip:
		p.way = bySlip
		return p.listen()
	}
	return nil
}

// listen waits for a slip under the scanner.
func (p *prove) listen() []journey.Effect {
	return []journey.Effect{journey.ReadCode{}, journey.Light{Device: device.Scanner, On: true}}
}

// answer takes typed digits.
func (p *prove) answer(c *journey.Course, digits string) (journey.Move, []journey.Effect) {
	switch p.way {
	case bySlip:
		number, ok := shape.Whole(digits)
		if !ok {
			c.Tell(view.NoteProblem, view.PhraseNumberWrong)
			return journey.Stay(), nil
		}
		return journey.Stay(), p.numbered(c, number)
	case byCode:
		if len(digits) != codeLength || strings.Trim(digits, "0123456789") != "" {
			c.Tell(view.NoteProblem, view.PhraseCodeShort)
			return journey.Stay(), nil
		}
		p.proof = inquiry.Proof{SlipNo: p.slipNo, Code: device.Personal(digits)}
		return journey.Next(), nil
	}
	return journey.Stay(), nil
}

// leave stops what the present screen waits for.
func (p *prove) leave() []journey.Effect {
	switch p.way {
	case byCard:
		return []journey.Effect{journey.StopCard{}, journey.Light{Device: device.IDCardReader}}
	case bySlip:
		return []journey.Effect{journey.StopCode{}, journey.Light{Device: device.Scanner}}
	}
	return nil
}

func (p *prove) Exit(*journey.Course) []journey.Effect { return p.leave() }

func (p *prove) Show(c *journey.Course, v *view.View) {
	v.Offers = []view.Do{view.DoBack}
	v.Cases = &view.Cases{}
	switch p.way {
	case byCard:
		v.Screen, v.Card = view.ScreenCard, &view.Card{}
	case bySlip:
		v.Screen = view.ScreenSlipNo
		st, known := c.Standing.Devices[device.Scanner]
		v.Cases.Scan = known && st.Ready()
		v.Question = &view.Question{Key: "slipno", Input: view.InputSlipNo, Value: p.typed(c), Must: true}
		v.Offers = append(v.Offers, view.DoAnswer)
	case byCode:
		v.Screen = view.ScreenCode
		v.Cases.Number = p.slipNo
		v.Question = &view.Question{Key: "code", Input: view.InputCode, Must: true}
		v.Offers = append(v.Offers, view.DoAnswer)
	default:
		v.Screen = view.ScreenProof
		v.Offers = append(v.Offers, view.DoChoose)
	}
}

// typed is what stands in the number's field before anything is typed: most slips come from this very terminal.
func (p *prove) typed(c *journey.Course) string {
	if p.slipNo != "" {
		return strings.ReplaceAll(p.slipNo[3:len(p.slipNo)-2], "-", "")
	}
	here := strings.ReplaceAll(c.Terminal, "-", "")
	if len(here) != shape.Typed-13 {
		return ""
	}
	return here
}
