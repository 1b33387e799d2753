package main

import (
	"yimen/drivers/device"
	"yimen/drivers/pageimage"
)

// pages finds, cuts out and judges pages for the desk. What paper lies there is not known: it is guessed.
type pages struct{ limits pageimage.Limits }

func (p pages) Glance(jpeg []byte) (device.Sight, error) {
	s, err := pageimage.Glance(jpeg, p.limits)
	return sightOf(s), err
}

func (p pages) Find(jpeg []byte) (device.Page, error) {
	picture, err := pageimage.Decode(jpeg)
	if err != nil {
		return device.Page{}, err
	}
	page, err := picture.Capture(pageimage.Paper{}, p.limits)
	return p.pageOf(page), err
}

func (p pages) Cut(jpeg []byte, q device.Quad, turned bool) (device.Page, error) {
	picture, err := pageimage.Decode(jpeg)
	if err != nil {
		return device.Page{}, err
	}
	way := pageimage.ByWriting
	if turned {
		way = pageimage.AsGiven
	}
	page, err := picture.Take(q, pageimage.Paper{}, way, p.limits)
	if err != nil {
		return device.Page{}, err
	}
	cut := p.pageOf(page)
	if turned {
		cut.WayUp = device.WayUpPerson
	}
	return cut, nil
}

func sightOf(s pageimage.Sight) device.Sight {
	seen := device.Sight{Quad: s.Quad, Scores: device.PageScores(s.Scores)}
	for _, f := range s.Flaws {
		seen.Flaws = append(seen.Flaws, device.Flaw(f))
	}
	return seen
}

func (p pages) pageOf(page pageimage.Page) device.Page {
	l := p.limits
	way := device.WayUpLaid
	if page.Turned {
		way = device.WayUpWriting
	}
	return device.Page{JPEG: page.JPEG, DPI: page.DPI, Sight: sightOf(page.Sight), WayUp: way, Upright: page.Upright, Limits: device.PageLimits{
		Certainty: l.Certainty, Light: l.Light, Evenness: l.Evenness, Glare: l.Glare, Spread: l.Spread, Ink: l.Ink,
		Covered: l.Covered, Skew: l.Skew, Resolution: l.Resolution,
	}}
}
