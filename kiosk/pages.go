package main

import (
	"fmt"

	"yimen/drivers/device"
	"yimen/drivers/jpeg"
	"yimen/drivers/pageimage"
)

// mostBytes is what a straightened page may take in a dossier: a hall's line may carry 2 Mbit/s, and a case forty pages.
const mostBytes = 1 << 20

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
	if err != nil || page.JPEG == nil {
		return p.pageOf(page), err
	}
	page.JPEG, err = slim(page.JPEG, page.DPI, mostBytes)
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
	page.JPEG, err = slim(page.JPEG, page.DPI, mostBytes)
	cut := p.pageOf(page)
	if turned {
		cut.WayUp = device.WayUpPerson
	}
	return cut, err
}

// slim writes a page's JPEG with less quality, step by step, until it takes no more than most bytes; at the last step 2 mm
// print can still be read, and it stays in colour. What is larger even then is kept: pages are not refused for their size.
func slim(page []byte, dpi float64, most int) ([]byte, error) {
	if len(page) <= most {
		return page, nil
	}
	picture, err := jpeg.Decode(page, jpeg.Full, 40e6)
	if err != nil {
		return nil, fmt.Errorf("slim page: %w", err)
	}
	for _, quality := range []int{75, 65, 55} {
		if page, err = jpeg.Encode(picture, quality, dpi); err != nil {
			return nil, fmt.Errorf("slim page: %w", err)
		}
		if len(page) <= most {
			break
		}
	}
	return page, nil
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
