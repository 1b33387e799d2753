package journey

import (
	"reflect"

	"yimen/drivers/device"
	"yimen/kiosk/journey/view"
)

// refresh makes the View of the state; its Seq grows when anything but the countdown has changed.
func (s *State) refresh() {
	v := view.View{Visit: s.id, Screen: s.screen, Lang: s.lang, Look: s.look, Hall: s.cfg.Hall}
	if s.course == nil {
		s.show(&v)
	} else {
		s.steps[s.at].Show(s.course, &v)
		v.Progress = s.progress()
		v.Service = s.offer.Title
		if s.course.Note != nil {
			v.Notes = append([]view.Note{*s.course.Note}, v.Notes...)
		}
		v.Offers = append(v.Offers, view.DoHelp, view.DoSight, view.DoStay)
		if !s.busy(&v) {
			v.Offers = append(v.Offers, view.DoLeave)
		}
	}
	s.lay(&v)
	v.Seq = s.view.Seq
	if !same(v, s.view) {
		v.Seq++
	}
	s.view = v
}

// same tells whether a touch on one of the views means the same on the other: all is alike but the countdown.
func same(a, b view.View) bool {
	if a.Cover != nil && b.Cover != nil && a.Cover.Kind == b.Cover.Kind {
		a.Cover = b.Cover
	}
	return reflect.DeepEqual(a, b)
}

// busy tells that the visit must not be left now, because a dossier is on its way to the disk.
func (s *State) busy(v *view.View) bool { return v.Screen == view.ScreenSending }

// show fills in the screens outside a service.
func (s *State) show(v *view.View) {
	switch s.screen {
	case view.ScreenAttract:
		v.Offers = []view.Do{view.DoStart, view.DoSize, view.DoSight, view.DoHelp}
		if s.cfg.Staff != nil {
			v.Offers = append(v.Offers, view.DoStaff)
		}
		v.Notes = s.standingNotes()
		if s.standing.LostSlip {
			v.Notes = append([]view.Note{{Kind: view.NoteProblem, Phrase: view.Phrase{ID: view.PhraseLostSlip}}}, v.Notes...)
		}
		if s.standing.Maintenance != nil {
			s.maintain(v)
		}
	case view.ScreenLanguage:
		v.Languages = s.cfg.Languages
		v.Offers = []view.Do{view.DoLanguage, view.DoSize, view.DoContrast, view.DoSight, view.DoNext, view.DoBack, view.DoHelp, view.DoLeave}
	case view.ScreenMenu:
		v.Menu = s.menu()
		v.Offers = []view.Do{view.DoChoose, view.DoBack, view.DoSight, view.DoHelp, view.DoLeave}
		v.Notes = s.standingNotes()
	case view.ScreenItem:
		v.Item = &view.Item{Title: s.offer.Title, Plain: s.offer.Plain, Deadline: s.offer.Deadline, Decider: s.offer.Decider, None: s.offer.None, Here: s.offer.Here && !s.standing.Full}
		v.Offers = []view.Do{view.DoBack, view.DoSight, view.DoHelp, view.DoLeave}
		if v.Item.Here {
			v.Offers = append(v.Offers, view.DoNext)
			if s.offer.Helped {
				v.Offers = append(v.Offers, view.DoAssist)
			}
			if _, ok := s.parking(); ok {
				v.Offers, v.Item.Agreed = append(v.Offers, view.DoPark), s.agreed
			}
		}
		v.Notes = s.standingNotes()
	case view.ScreenWiped:
		v.Offers = []view.Do{view.DoFinish, view.DoSight, view.DoHelp}
		if s.away {
			v.Notes = []view.Note{{Kind: view.NoteNews, Phrase: view.Phrase{ID: view.PhraseParkedAway}}}
		}
	}
}

// standingNotes says in words, before a visit begins, what this terminal cannot do now.
func (s *State) standingNotes() []view.Note {
	var notes []view.Note
	if s.standing.Full {
		notes = append(notes, view.Note{Kind: view.NoteProblem, Phrase: view.Phrase{ID: view.PhraseTerminalFull}})
	}
	for _, d := range []struct {
		id     device.ID
		phrase string
	}{{device.IDCardReader, view.PhraseNoCardReader}, {device.DocCam, view.PhraseNoCamera}, {device.Printer, view.PhraseNoPrinter}} {
		if st, known := s.standing.Devices[d.id]; known && !st.Ready() && st.State != device.Starting {
			notes = append(notes, view.Note{Kind: view.NoteProblem, Phrase: view.Phrase{ID: d.phrase}})
		}
	}
	return notes
}

// progress counts the parts of the visit.
func (s *State) progress() view.Progress {
	var p view.Progress
	last := ""
	for i, st := range s.steps {
		if st.Part() != last {
			last = st.Part()
			p.Of++
		}
		if i == s.at {
			p.Now = p.Of
			p.Part = view.Phrase{ID: last}
		}
	}
	return p
}

// lay puts the cover on: what lies under a privacy cover is not part of the View at all.
func (s *State) lay(v *view.View) {
	switch s.cover {
	case "":
		return
	case view.CoverHelp:
		v.Offers = []view.Do{view.DoHelpEnd}
	case view.CoverSight:
		v.Offers = []view.Do{view.DoSize, view.DoContrast, view.DoSightEnd, view.DoHelp}
	case view.CoverAssist:
		v.Offers = []view.Do{view.DoConfirm, view.DoDeny}
	case view.CoverLeave:
		v.Offers = s.orPark(view.DoLeaveYes, view.DoLeaveNo)
	case view.CoverPrivacy, view.CoverIdle:
		bare := view.View{Visit: v.Visit, Screen: view.ScreenCovered, Lang: v.Lang, Look: v.Look, Hall: v.Hall, Service: v.Service, Progress: v.Progress}
		*v = bare
		v.Offers = []view.Do{view.DoStay}
	}
	v.Cover = &view.Cover{Kind: s.cover}
	if s.cover == view.CoverAssist {
		v.Cover.Said = s.said(v.Question)
	}
	if s.cover == view.CoverIdle {
		v.Cover.Left = s.left()
		v.Offers = s.orPark(view.DoStay, view.DoLeaveYes)
	}
}

// orPark adds parking to what is offered, where it can be done.
func (s *State) orPark(offers ...view.Do) []view.Do {
	if _, ok := s.parker(); ok {
		return append(offers, view.DoPark)
	}
	return offers
}
