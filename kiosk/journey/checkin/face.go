package checkin

import (
	"errors"
	"time"

	"yimen/drivers/device"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/step"
	"yimen/kiosk/journey/view"
	"yimen/kiosk/letter"
)

// consent asks whether the face may be compared, at the moment of use and apart from everything else (P03, SEC9). No is as
// good an answer as yes: the same check-in goes on with the staff, and nobody is asked again.
type consent struct {
	*visit
	shown *view.Document
}

func (s *consent) Part() string { return view.PhrasePartIdentify }

// Needless: there is nothing to agree to where no face can be compared, or it is over.
func (s *consent) Needless(*journey.Course) bool {
	return s.refused || s.confirmed || len(s.faces) >= mostTries
}

func (s *consent) Enter(c *journey.Course, _ journey.Event, _ string) []journey.Effect {
	s.shown = step.Document(c, consentDoc)
	return nil
}

func (s *consent) On(c *journey.Course, e journey.Event) (journey.Move, []journey.Effect) {
	t, ok := e.Is.(journey.Touch)
	if !ok {
		return journey.Stay(), nil
	}
	switch t.Do {
	case view.DoBack:
		return journey.Back(), nil
	case view.DoNext:
		s.visit.consent = &letter.Consent{Document: s.shown.ID, Version: s.shown.Version, Lang: c.Lang, Digest: s.shown.Digest, At: e.At.In(c.Zone).Truncate(time.Second)}
		return journey.Next(), nil
	case view.DoRefuse:
		s.visit.consent, s.refused = nil, true
		c.Tell(view.NoteNews, view.PhraseFaceRefused)
		return journey.Next(), nil
	}
	return journey.Stay(), nil
}

func (s *consent) Show(_ *journey.Course, v *view.View) {
	v.Screen, v.Offers = view.ScreenConsent, []view.Do{view.DoNext, view.DoRefuse, view.DoBack}
	v.Document = s.shown
}

func (s *consent) Exit(*journey.Course) []journey.Effect { return nil }

const (
	mostTries = 3                // then a person looks (P06)
	patience  = 30 * time.Second // for one good look into the camera
)

// compare has the face compared with the card's photo, at most three times, and goes on with the staff wherever that does
// not come off.
type compare struct {
	*visit
	live bool
	said string // id of the phrase about the last try
}

func (k *compare) Part() string { return view.PhrasePartIdentify }

// Needless: without consent no camera is switched on.
func (k *compare) Needless(*journey.Course) bool {
	return k.visit.consent == nil || k.refused || k.confirmed || len(k.faces) >= mostTries
}

func (k *compare) Enter(c *journey.Course, _ journey.Event, _ string) []journey.Effect {
	k.said = ""
	return k.look(c)
}

// look begins a try.
func (k *compare) look(c *journey.Course) []journey.Effect {
	k.live = true
	return []journey.Effect{
		journey.MatchFace{Photo: c.Draft.Card.Picture, Patience: patience}, journey.Light{Device: device.FaceCam, On: true},
	}
}

func (k *compare) On(c *journey.Course, e journey.Event) (journey.Move, []journey.Effect) {
	switch h := e.Is.(type) {
	case journey.FaceMatched:
		k.confirmed = h.Confirmed
		return k.tried(c, e, string(h.Band), view.PhraseFaceAgain), nil
	case journey.FaceFault:
		return k.failed(c, e, h.Err), nil
	case journey.Touch:
		switch h.Do {
		case view.DoBack:
			return journey.Back(), nil
		case view.DoRetake:
			return journey.Stay(), k.look(c)
		case view.DoRefuse: // consent can be taken back at any moment
			k.visit.consent, k.refused = nil, true
			c.Tell(view.NoteNews, view.PhraseFaceRefused)
			return journey.Next(), nil
		}
	}
	return journey.Stay(), nil
}

// tried notes a try and says what follows from it.
func (k *compare) tried(c *journey.Course, e journey.Event, band, said string) journey.Move {
	k.live = false
	k.faces = append(k.faces, letter.FaceTry{Band: band, At: e.At.In(c.Zone).Truncate(time.Second)})
	switch {
	case k.confirmed:
		return journey.Next()
	case len(k.faces) >= mostTries:
		c.Tell(view.NoteNews, view.PhraseFaceEnough)
		return journey.Next()
	}
	k.said = said
	return journey.Stay()
}

// failed says what to do where nothing was compared. That nobody looked here in time is a try; what the machine lacks is not.
func (k *compare) failed(c *journey.Course, e journey.Event, err error) journey.Move {
	switch {
	case errors.Is(err, device.ErrNoMedia):
		return k.tried(c, e, "none", view.PhraseFaceUnseen)
	case errors.Is(err, device.ErrInvalidMedia):
		c.Tell(view.NoteNews, view.PhraseFacePhoto)
	default:
		c.Tell(view.NoteNews, view.PhraseFaceGone)
	}
	k.live, k.refused = false, true // nothing that another try would change
	return journey.Next()
}

func (k *compare) Show(_ *journey.Course, v *view.View) {
	v.Screen, v.Offers = view.ScreenFace, []view.Do{view.DoRefuse, view.DoBack}
	v.Face = &view.Face{Live: k.live, Left: mostTries - len(k.faces), Said: view.Phrase{ID: k.said}}
	if !k.live {
		v.Offers = append(v.Offers, view.DoRetake)
	}
}

func (k *compare) Exit(*journey.Course) []journey.Effect {
	return []journey.Effect{journey.StopFace{}, journey.Light{Device: device.FaceCam}}
}
