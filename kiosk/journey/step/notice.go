// Package step holds the steps that services share: notice, card, interview, estimate, materials,
// sign, review, slip. Each is one part of a visit with its own small state; none knows which service it serves.
package step

import (
	"cmp"
	"strconv"
	"time"

	"yimen/kiosk/dossier"
	"yimen/kiosk/household"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/view"
	"yimen/kiosk/policy"
)

// Notice shows a document of the pack before anything is asked: the privacy notice (P01), or what an estimate is.
type Notice struct {
	Document string // id in the pack
	Of       string // the part it belongs to; identify where empty
	shown    policy.Shown
}

func (n *Notice) Part() string { return cmp.Or(n.Of, view.PhrasePartIdentify) }

func (n *Notice) Enter(c *journey.Course, _ journey.Event, _ string) []journey.Effect {
	n.shown = shown(c, n.Document)
	return nil
}

func (n *Notice) On(c *journey.Course, e journey.Event) (journey.Move, []journey.Effect) {
	if t, ok := e.Is.(journey.Touch); ok {
		switch t.Do {
		case view.DoNext:
			c.Draft.Notice = &dossier.Told{Document: n.shown.ID, Version: n.shown.Version, Lang: c.Lang, Digest: n.shown.Digest(), At: e.At.In(c.Zone).Truncate(time.Second)}
			return journey.Next(), nil
		case view.DoBack:
			return journey.Back(), nil
		}
	}
	return journey.Stay(), nil
}

func (n *Notice) Show(c *journey.Course, v *view.View) {
	v.Screen = view.ScreenNotice
	v.Document = documentView(n.shown)
	v.Offers = []view.Do{view.DoNext, view.DoBack}
}

func (n *Notice) Exit(*journey.Course) []journey.Effect { return nil }

// shown fills a document in for this visit's resident.
func shown(c *journey.Course, id string) policy.Shown {
	d, ok := c.Pack.Document(id)
	if !ok {
		return policy.Shown{ID: id}
	}
	size := ""
	if n := c.Draft.Answers.Get(household.Size); n.State == household.Given {
		size = strconv.FormatInt(n.Number, 10)
	}
	item := ""
	if c.Draft.Item != nil { // a service may be for none
		item = c.Draft.Item.Name.In(c.Lang)
	}
	s, _ := policy.DocumentDigest(d, c.Lang, map[string]string{
		"office":         c.Pack.Text("office_name").In(c.Lang),
		"hall":           c.Hall.Name,
		"hotline":        c.Hall.Hotline,
		"item":           item,
		"name":           FullName(c.Draft.Card),
		"number":         c.Draft.Card.Number.MaskNumber(), // others may look on (P13); the signature holds it in full
		"household_size": size,
		"date":           c.Pack.ShowDate(household.DateOf(c.Began), c.Lang),
	})
	return s
}

// Document is a document of the pack as it is shown now.
func Document(c *journey.Course, id string) *view.Document { return documentView(shown(c, id)) }

func documentView(s policy.Shown) *view.Document {
	return &view.Document{ID: s.ID, Version: s.Version, Title: s.Title, Paragraphs: s.Paragraphs, Digest: s.Digest()}
}
