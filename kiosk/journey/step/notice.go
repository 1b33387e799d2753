// Package step holds the steps that services share: notice, card, interview, estimate, materials, scan,
// sign, review, slip. Each is one part of a visit with its own small state; none knows which service it serves.
package step

import (
	"yimen/kiosk/journey"
	"yimen/kiosk/policy"
)

// Notice shows the pack's privacy notice before anything is asked (P01).
type Notice struct {
	Document string // id in the pack
	shown    policy.Shown
}

func (n *Notice) Part() string { return journey.PhrasePartIdentify }

func (n *Notice) Enter(c *journey.Course, _ journey.Event, _ string) []journey.Effect {
	n.shown = shown(c, n.Document)
	return nil
}

func (n *Notice) On(c *journey.Course, e journey.Event) (journey.Move, []journey.Effect) {
	if t, ok := e.Is.(journey.Touch); ok {
		switch t.Do {
		case journey.DoNext:
			return journey.Next(), nil
		case journey.DoBack:
			return journey.Back(), nil
		}
	}
	return journey.Stay(), nil
}

func (n *Notice) Show(c *journey.Course, v *journey.View) {
	v.Screen = journey.ScreenNotice
	v.Document = documentView(n.shown)
	v.Offers = []journey.Do{journey.DoNext, journey.DoBack}
}

func (n *Notice) Exit(*journey.Course) []journey.Effect { return nil }

// shown fills a document in for this visit's resident.
func shown(c *journey.Course, id string) policy.Shown {
	d, ok := c.Pack.Document(id)
	if !ok {
		return policy.Shown{ID: id}
	}
	s, _ := policy.DocumentDigest(d, c.Lang, map[string]string{
		"applicant": fullName(c.Draft.Card),
		"hall":      c.Hall.Name,
		"hotline":   c.Hall.Hotline,
		"item":      itemName(c),
	})
	return s
}

func itemName(c *journey.Course) string {
	if c.Draft.Item == nil {
		return ""
	}
	return c.Draft.Item.Name.In(c.Lang)
}

func documentView(s policy.Shown) *journey.DocumentView {
	return &journey.DocumentView{ID: s.ID, Version: s.Version, Title: s.Title, Paragraphs: s.Paragraphs, Digest: s.Digest()}
}
