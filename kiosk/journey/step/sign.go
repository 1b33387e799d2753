package step

import (
	"slices"

	"yimen/drivers/device"
	"yimen/kiosk/dossier"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/view"
	"yimen/kiosk/policy"
)

// Sign shows each document of the item in full and takes a signature by hand under it, bound to the digest
// of exactly what was shown (P23). Who cannot draw on the glass signs on paper at the desk instead: nothing else is put in
// the place of a signature, and the dossier, its manifest and the slip say that it is missing.
type Sign struct {
	at   int
	only bool
}

func (s *Sign) Part() string { return view.PhrasePartSign }

// Needless: an item without documents is not signed for.
func (s *Sign) Needless(c *journey.Course) bool { return len(c.Draft.Item.Documents) == 0 }

func (s *Sign) Enter(c *journey.Course, _ journey.Event, arg string) []journey.Effect {
	s.only = false
	if i := slices.Index(c.Draft.Item.Documents, arg); i >= 0 {
		s.at, s.only = i, true
	}
	s.at = min(s.at, max(0, len(c.Draft.Item.Documents)-1))
	return nil
}

func (s *Sign) On(c *journey.Course, e journey.Event) (journey.Move, []journey.Effect) {
	t, ok := e.Is.(journey.Touch)
	if !ok {
		return journey.Stay(), nil
	}
	switch t.Do {
	case view.DoBack:
		if s.only || s.at == 0 {
			return journey.Back(), nil
		}
		s.at--
	case view.DoSign:
		if !drawn(t.Strokes, c.Pad) {
			c.Tell(view.NoteProblem, view.PhraseSignFirst)
			return journey.Stay(), nil
		}
		s.take(c, e, t.Strokes)
		return s.onwards(c), nil
	case view.DoLater:
		s.take(c, e, nil)
		return s.onwards(c), nil
	}
	return journey.Stay(), nil
}

func (s *Sign) onwards(c *journey.Course) journey.Move {
	if s.only || s.at+1 >= len(c.Draft.Item.Documents) {
		return journey.Next()
	}
	s.at++
	return journey.Stay()
}

// take binds the strokes to the shown words, or notes that they are to be signed later where there are none. What comes
// second under the same document replaces the first.
func (s *Sign) take(c *journey.Course, e journey.Event, strokes [][]device.Sample) {
	doc := s.shown(c)
	sig := dossier.Signature{
		Document: doc.ID, Version: doc.Version, Lang: doc.Lang, Title: doc.Title, Paragraphs: doc.Paragraphs, ShownDigest: doc.Digest(),
		Material: materialOf(c, doc.ID), Later: strokes == nil,
		Signer: device.Personal(FullName(c.Draft.Card)), Number: c.Draft.Card.Number,
		Strokes: strokes, Width: c.Pad.Width, Height: c.Pad.Height, At: e.At.In(c.Zone),
	}
	all := slices.Clone(c.Draft.Signatures)
	if i := slices.IndexFunc(all, func(o dossier.Signature) bool { return o.Document == sig.Document }); i >= 0 {
		all[i] = sig // documents keep their order
	} else {
		all = append(all, sig)
	}
	c.Draft.Signatures = all
}

// materialOf is the material that a document is once it is signed.
func materialOf(c *journey.Course, document string) string {
	d, _ := c.Pack.Document(document)
	return d.Material
}

func (s *Sign) shown(c *journey.Course) policy.Shown {
	return shown(c, c.Draft.Item.Documents[s.at])
}

func (s *Sign) Show(c *journey.Course, v *view.View) {
	v.Screen = view.ScreenSign
	v.Document = documentView(s.shown(c))
	v.Document.Signer = c.Draft.Card.Name.MaskName()
	v.Document.Pad = c.Pad
	v.Document.Now, v.Document.Of = s.at+1, len(c.Draft.Item.Documents)
	v.Offers = []view.Do{view.DoSign, view.DoLater, view.DoBack}
}

func (s *Sign) Exit(*journey.Course) []journey.Effect { return nil }

// Limits of a signature: what a hand can draw in a minute, and more than a slip of the finger.
const (
	maxStrokes = 400
	maxSamples = 20_000
	minInk     = 15.0 // millimetres of line
)

// drawn tells whether the strokes are a signature: something was drawn, all of it on the pad, and not more
// than a hand can do.
func drawn(strokes [][]device.Sample, pad view.Pad) bool {
	if len(strokes) > maxStrokes {
		return false
	}
	ink, samples := 0.0, 0
	for _, st := range strokes {
		samples += len(st)
		for i, p := range st {
			if !(p.X >= 0 && p.X <= pad.Width && p.Y >= 0 && p.Y <= pad.Height) {
				return false
			}
			if i > 0 {
				ink += abs(p.X-st[i-1].X) + abs(p.Y-st[i-1].Y)
			}
		}
	}
	return samples <= maxSamples && ink >= minInk
}

func abs(x float64) float64 { return max(x, -x) }
